"""What a report seems to be about: category with tier and urgency, unit and grid, each with the words that led to it.

Only proposals: nothing here is ever set by itself, a person confirms. Nothing leaves the house for it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from cases.choices import Urgency
from cases.models import Category, in_readers_language
from cases.reports.learned import Learned, learned
from cases.reports.learner import Guess, Matter
from cases.reports.meant_units import meant_unit
from cases.reports.wording import SERIOUSNESS, danger
from grids.models import Grid, Unit
from grids.queries import heavy, locate, path_to

Point = tuple[float, float]


@dataclass(frozen=True)
class UnitGuess:
    """Where it would go. `unit` is None where only the matter list's name is known, or where the grid settles it."""

    unit: int | None
    name: str
    score: float
    because: tuple[str, ...]
    own_grid: bool = False


@dataclass(frozen=True)
class CategoryGuess:
    code: str
    name: str
    tier: str
    urgency: str
    score: float
    because: tuple[str, ...]
    unit: UnitGuess | None = None


@dataclass(frozen=True)
class GridGuess:
    code: str
    name: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """`danger` are the words for which `urgency` is proposed whatever the category; `unit` is that of the category
    chosen, else of the first one proposed."""

    categories: tuple[CategoryGuess, ...] = ()
    unit: UnitGuess | None = None
    grid: GridGuess | None = None
    urgency: str = ""
    danger: tuple[str, ...] = ()
    trained_at: dt.datetime | None = None
    cases: int = 0
    path: tuple[Grid, ...] = field(default=(), compare=False)


class _Row(NamedTuple):
    """A category that can be chosen, as read for every question."""

    code: str
    name: str
    name_en: str
    tier: str
    urgency: str
    lead_unit: str
    keywords: list[str]


def suggest(
    *, text: str, place: str = "", point: Point | None = None, grid: str = "", category: str = "", by: User,
    at: dt.datetime, limit: int = 3,
) -> Suggestion:  # fmt: skip
    """What TEXT at PLACE, POINT (WGS-84) or GRID (a code) seems to be, for BY, who may have chosen CATEGORY already. Six
    queries at most besides the scope; one or two more when a minute has passed and something new was learned."""
    rows = [_Row(*row) for row in Category.objects.choosable().order_by("code").values_list(*_Row._fields)]
    known = learned(tuple(Matter(row.code, row.name, tuple(row.keywords)) for row in rows), at)
    by_code = {row.code: row for row in rows}
    guesses = known.classifier.guess(known.ground.names.cut_out_of(text), by_code.keys(), limit)
    where, path = _where(known, text, place, point, grid, by, at)
    dangers = danger(text)
    raised = max(dangers.values(), key=SERIOUSNESS.__getitem__, default=Urgency.NORMAL)
    asked = [code for code in (category, *(guess.code for guess in guesses)) if code in by_code]
    units = _units([by_code[code] for code in dict.fromkeys(asked)], known, path, by)
    return Suggestion(
        categories=tuple(_guess(by_code[guess.code], guess, raised, units) for guess in guesses),
        unit=units.get(asked[0]) if asked else None,
        grid=where,
        urgency=str(raised) if dangers else "",
        danger=tuple(word for word, urgency in dangers.items() if urgency == raised),
        trained_at=known.trained_at,
        cases=known.cases,
        path=tuple(path),
    )


def _guess(row: _Row, guess: Guess, raised: Urgency, units: dict[str, UnitGuess]) -> CategoryGuess:
    name, urgency = in_readers_language(row.name, row.name_en), _graver(row.urgency, raised)
    return CategoryGuess(row.code, name, row.tier, urgency, guess.score, guess.because, units.get(row.code))


def _graver(one: str, other: str) -> str:
    return str(max(Urgency(one or Urgency.NORMAL), Urgency(other), key=SERIOUSNESS.__getitem__))


# --- the grid --------------------------------------------------------------------------------------------------------


def _where(
    known: Learned, text: str, place: str, point: Point | None, code: str, by: User, at: dt.datetime
) -> tuple[GridGuess | None, list[Grid]]:
    """The grid proposed, and the grids from the street down to where the report lies: to the grid CODE if it was named
    (then only a grid inside it is proposed), else to the one proposed."""
    named = path_to(code) if code else []
    guess = _located(point, at) or _by_names(known, text, place, by)
    path = path_to(guess.code) if guess else []
    if not named:
        return guess, path
    inside = len(path) > len(named) and path[len(named) - 1] == named[-1]
    return (guess if inside else None), named


def _located(point: Point | None, at: dt.datetime) -> GridGuess | None:
    found = locate(*point, localdate(at)) if point is not None else None
    return None if found is None else GridGuess(found.code, found.name, 1.0, ())


def _by_names(known: Learned, text: str, place: str, by: User) -> GridGuess | None:
    """The grid in sight of BY that the nearest of the places named stands for."""
    names = known.ground.named_in(place, text)
    wanted = {pk for _name, grids in names for pk, _count in grids}
    if not wanted:
        return None
    seen = Grid.objects.visible_to(by).filter(pk__in=wanted, valid_to=None).defer(*heavy(""))
    in_scope = {grid.pk: grid for grid in seen}
    for name, grids in names:
        counts = {pk: count for pk, count in grids if pk in in_scope}
        if counts:
            best = max(counts, key=counts.__getitem__)
            score = round(counts[best] / sum(counts.values()), 4)
            return GridGuess(in_scope[best].code, in_scope[best].name, score, (name,))
    return None


# --- the unit --------------------------------------------------------------------------------------------------------


def _units(rows: Sequence[_Row], known: Learned, path: Sequence[Grid], by: User) -> dict[str, UnitGuess]:
    """By category the unit it would go to: where such cases went on this ground, else whom the matter list names."""
    ground = [grid.pk for grid in reversed(path)]
    went = {row.code: known.ground.went_to(row.code, ground) for row in rows}
    names = {row.lead_unit for row in rows if row.lead_unit}
    wanted = Q(pk__in=[pk for ways in went.values() for pk, _count in ways if pk]) | Q(name__in=names)
    for name in names:
        wanted |= Q(aliases__contains=[name])
    found: list[Unit] = []
    if rows:
        around = Unit.objects.visible_to(by)
        around = around.serving(path[0].code) if path else around
        found = list(around.filter(wanted, is_active=True).order_by("pk"))
    by_pk = {unit.pk: unit for unit in found}
    code = path[-1].code if path else ""
    return {
        row.code: guess for row in rows if (guess := _went(went[row.code], by_pk) or _named(row.lead_unit, found, code))
    }  # fmt: skip


def _went(ways: Sequence[Sequence[int]], units: dict[int, Unit]) -> UnitGuess | None:
    total = sum(count for _pk, count in ways)
    for pk, count in ways:
        if pk == 0:
            return UnitGuess(None, "", round(count / total, 4), (_ways(count, total),), own_grid=True)
        if pk in units:
            return UnitGuess(pk, units[pk].name, round(count / total, 4), (_ways(count, total),))
    return None


def _ways(count: int, total: int) -> str:
    return _("%(count)d of %(total)d such orders here") % {"count": count, "total": total}


def _named(name: str, units: Iterable[Unit], code: str) -> UnitGuess | None:
    """The unit that the matter list's NAME means on the ground CODE, or its name alone."""
    if not name:
        return None
    named = [unit for unit in units if unit.goes_by(name)]
    # Without a ground only a name that one unit alone goes by says which is meant.
    unit = meant_unit(name, named, code) if code else named[0] if len(named) == 1 else None
    return UnitGuess(unit.pk, unit.name, 0.5, (name,)) if unit else UnitGuess(None, name, 0.2, (name,))
