"""The parts of a breakdown: which column it goes by, what the parts are called, and what is asked to get one alone."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _t

from accounts.models import User
from cases.choices import Channel, Tier
from cases.choices.figures import Dimension
from cases.models import Category
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
    named = _NAMES.get(by, _plain)(by, [key for key in keys if key])
    none = _t("no unit: settled in the grid") if by == Dimension.UNIT else _t("of no grid below")
    return named | {NOTHING: ("", none)}


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


def _grids(_by: str, keys: list[Any]) -> Names:
    return {pk: (code, name) for pk, code, name in Grid.objects.filter(pk__in=keys).values_list("pk", "code", "name")}


def _units(_by: str, keys: list[Any]) -> Names:
    return {pk: (str(pk), name) for pk, name in Unit.objects.filter(pk__in=keys).values_list("pk", "name")}


def _categories(_by: str, keys: list[Any]) -> Names:
    return {row.pk: (row.code, row.label) for row in Category.objects.filter(pk__in=keys)}


def _plain(by: str, keys: list[Any]) -> Names:
    if by == Dimension.MONTH:
        return {key: (f"{key:%Y-%m}", f"{key:%Y-%m}") for key in keys}
    words = dict(Tier.choices if by == Dimension.TIER else Channel.choices)
    return {key: (key, str(words.get(key, key))) for key in keys}


_NAMES: dict[str, Callable[[str, list[Any]], Names]] = {
    Dimension.GRID: _grids, Dimension.UNIT: _units, Dimension.CATEGORY: _categories,
}  # fmt: skip
