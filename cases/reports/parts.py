"""The parts of a breakdown: which column it goes by, what the parts are called, and what is asked to get one alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _t

from accounts.models import User
from cases.choices import Channel, Tier
from cases.choices.figures import Dimension
from cases.models import Category, in_readers_language
from cases.reports.narrowing import NOTHING, Asked
from cases.reports.spans import last_day
from grids.choices import GridKind
from grids.models import Grid, Unit
from grids.queries import scope_of

# Which grids lie right below one of a kind, in the columns of the rollups.
BELOW = {GridKind.STREET: "total", GridKind.TOTAL: "comprehensive"}
Names = dict[Any, tuple[str, str]]


def column_for(by: str, grid: Grid | None, user: User) -> str:
    """The column of the rollups that a breakdown BY goes by; of grids, the level right below GRID or what USER has."""
    if by != Dimension.GRID:
        return {"": "", "month": "month", "channel": "channel", "tier": "tier"}.get(by, f"{by}_id")
    if grid is not None:
        return f"{BELOW.get(GridKind(grid.kind), 'comprehensive')}_id"
    grids = scope_of(user).grids
    if GridKind.STREET in grids:
        return "street_id" if len(grids[GridKind.STREET]) > 1 else "total_id"
    return "comprehensive_id" if grids else "total_id"


def names_of(by: str, keys: Iterable[Any]) -> Names:
    """Key → (code, name) of the parts with KEYS; NOTHING too."""
    return all_names({by: keys})[by]


def all_names(keys: Mapping[str, Iterable[Any]]) -> dict[str, Names]:
    """The same of several breakdowns; one query for all that have rows of their own."""
    found: dict[str, Names] = {by: {NOTHING: ("", _none(by))} for by in keys}
    rows = [_ROWS[by]([key for key in some if key]) for by, some in keys.items() if by in _ROWS]
    for by, key, code, name, name_en in rows[0].union(*rows[1:], all=True) if rows else ():
        found[by][key] = (code or str(key), in_readers_language(name, name_en) if name_en else name)
    for by, some in keys.items():
        if by in _WORDS:
            found[by] |= {key: _WORDS[by](key) for key in some if key}
    return found


def in_order(by: str) -> Callable[[Any], Any]:
    """How parts (with `code` and `label`) are sorted: by their codes, units by their names, what has none last."""
    return lambda part: (not part.code, part.label if by == Dimension.UNIT else part.code)


def asked_of_part(asked: Asked, by: str, column: str, key: Any, code: str) -> Asked:
    """ASKED for one part alone."""
    if by == Dimension.MONTH:
        return replace(asked, first=max(key, asked.first), last=min(last_day(key), asked.last))
    if by == Dimension.GRID:
        return replace(asked, grid=code) if key else replace(asked, missing=column)
    return replace(asked, **{by: key if by == Dimension.UNIT else code})  # type: ignore[arg-type]


def _none(by: str) -> str:
    return _t("no unit: settled in the grid") if by == Dimension.UNIT else _t("of no grid below")


def _rows(model: Any, by: str, code: Any, name_en: Any) -> Callable[[list[Any]], QuerySet]:
    """The rows of MODEL with some keys, in a shape in which rows of all models go into one query."""
    columns = (Value(by), "pk", code, "name", name_en)
    return lambda keys: model.objects.filter(pk__in=keys).order_by().values_list(*columns)


def _month(key: Any) -> tuple[str, str]:
    return f"{key:%Y-%m}", f"{key:%Y-%m}"


_ROWS: dict[str, Callable[[list[Any]], QuerySet]] = {
    Dimension.GRID: _rows(Grid, "grid", "code", Value("")), Dimension.UNIT: _rows(Unit, "unit", Value(""), Value("")),
    Dimension.CATEGORY: _rows(Category, "category", "code", "name_en"),
}  # fmt: skip
_WORDS: dict[str, Callable[[Any], tuple[str, str]]] = {
    Dimension.MONTH: _month,
    Dimension.TIER: lambda key: (key, str(dict(Tier.choices).get(key, key))),
    Dimension.CHANNEL: lambda key: (key, str(dict(Channel.choices).get(key, key))),
}
