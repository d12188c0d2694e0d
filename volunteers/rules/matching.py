"""Who would fit which shift, and why: a pure function over rows.

A score is a sum of what can be told: the place (the own grid, the community, the street), the time (among the free ones), skills
that are wanted, less what somebody has done lately and has before them, so that the load is shared. It only suggests: nobody is
put anywhere by it, and who may not take part at all is left out, not marked down.
"""

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice

from django.utils.timezone import localtime

from volunteers.choices.people import ADULT, PART_BEGINS, Skill
from volunteers.rules.people import age_on

# What counts how much; the load in steps of so many minutes, up to a most.
NEAR, FREE, SKILLED, MOST_SKILLED = 10, 20, 15, 30
MINUTES_A_POINT, MOST_LOAD, AHEAD = 120, 20, 5
SHOWN, FIRST_LOOK = 10, 64


class Nearness(IntEnum):
    STREET = 1
    COMMUNITY = 2
    GRID = 3


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer as far as matching asks. `grids`: the own one first, then those served in; `minutes` of service in the last
    quarter; `ahead`: shifts signed up for; `busy`: when these are."""

    pk: int
    grids: tuple[int, ...]
    skills: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    minutes: int = 0
    ahead: int = 0
    born_on: dt.date | None = None
    has_guardian: bool = False
    insured_until: dt.date | None = None
    busy: tuple[tuple[dt.datetime, dt.datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A shift as far as matching asks."""

    pk: int
    grid: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    free: int = 1
    skills: frozenset[str] = frozenset()
    least_age: int = 0
    is_dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Why somebody fits. `free` is None where they never said when they have time."""

    helper: int
    score: int
    near: Nearness
    free: bool | None
    skills: frozenset[str]
    minutes: int
    ahead: int

    @property
    def can(self) -> list[str]:
        """The wanted skills that are there, in words."""
        return [str(Skill(one).label) for one in sorted(self.skills)]

    @property
    def hours(self) -> float:
        """What was served lately, in hours to one place."""
        return round(self.minutes / 60, 1)


@dataclass(frozen=True)
class Map:
    """Where grids lie: `parents` by key, and which of them are communities."""

    parents: Mapping[int, int | None]
    communities: frozenset[int]
    _paths: dict[int, frozenset[int]] = field(default_factory=dict)

    def path(self, grid: int) -> frozenset[int]:
        """GRID and all above it."""
        found = self._paths.get(grid)
        if found is None:
            parent = self.parents.get(grid)
            found = self._paths[grid] = frozenset({grid}) | (self.path(parent) if parent else frozenset())
        return found

    def nearness(self, grids: Sequence[int], to: int) -> Nearness:
        """The nearest of GRIDS to the grid TO."""
        return max(self._near(grid, to) for grid in grids)

    def _near(self, grid: int, to: int) -> Nearness:
        here, there = self.path(grid), self.path(to)
        if to in here or grid in there:
            return Nearness.GRID
        return Nearness.STREET if here.isdisjoint(there & self.communities) else Nearness.COMMUNITY


def slot_of(moment: dt.datetime) -> str:
    """The free time that MOMENT falls into: `3a` is a Wednesday's afternoon."""
    local = localtime(moment)
    part = max((begins, part) for part, begins in PART_BEGINS.items() if begins <= local.time())[1]
    return f"{local.isoweekday()}{part}"


def load_of(helper: Helper) -> int:
    return min(helper.minutes // MINUTES_A_POINT, MOST_LOAD) + AHEAD * helper.ahead


def match(
    openings: Sequence[Opening], helpers: Sequence[Helper], grids: Map, most: int = SHOWN
) -> dict[int, list[Match]]:
    """For each of OPENINGS the MOST helpers who fit best, the best first. Whoever is suggested for a free place counts as having one
    more shift ahead for the next opening: so in one pass the load is shared.

    Work is done once for each time of the week, set of skills and place; what is left for each pair is one sum.
    """
    # A sum is a score and, in its last places, whose it is: of equals, who stands first in HELPERS comes first.
    many = max(len(helpers), 1)
    stands = [many - 1 - n - many * load_of(helper) for n, helper in enumerate(helpers)]
    lives = _Homes(helpers, grids)
    near: dict[int, list[int]] = {}
    free: dict[str, list[int]] = {}
    skilled: dict[frozenset[str], list[int]] = {}
    found = {}
    for opening in openings:
        slot, day = slot_of(opening.starts_at), localtime(opening.starts_at).date()
        if opening.grid not in near:
            near[opening.grid] = [many * NEAR * one for one in lives.nearness(opening.grid)]
        if slot not in free:
            free[slot] = [many * FREE * (slot in helper.times) for helper in helpers]
        if opening.skills not in skilled:
            wanted = opening.skills
            skilled[wanted] = [many * min(SKILLED * len(wanted & one.skills), MOST_SKILLED) for one in helpers]
        sums = list(map(sum, zip(near[opening.grid], free[slot], skilled[opening.skills], stands, strict=True)))
        fitting = (one for one in _falling(sums) if may_come(opening, helpers[_whose(one, many)], day))
        best = list(islice(fitting, most))
        found[opening.pk] = [
            _explain(opening, helpers[_whose(one, many)], one // many, grids, slot) for one in best
        ]  # fmt: skip
        for one in best[: opening.free]:
            stands[_whose(one, many)] -= many * AHEAD
    return found


class _Homes:
    """Where helpers live and serve, so that who is near a grid is looked up and not worked out for each of them."""

    def __init__(self, helpers: Sequence[Helper], grids: Map) -> None:
        self.grids, self.many = grids, len(helpers)
        # The places in the list of those at a grid, and of those at or below it.
        self.at: dict[int, list[int]] = defaultdict(list)
        self.under: dict[int, list[int]] = defaultdict(list)
        for n, helper in enumerate(helpers):
            for grid in helper.grids:
                self.at[grid].append(n)
                for above in grids.path(grid):
                    self.under[above].append(n)

    def nearness(self, to: int) -> list[int]:
        """How near each helper is to the grid TO, as `Map.nearness` says of one."""
        found, path = [int(Nearness.STREET)] * self.many, self.grids.path(to)
        for community in path & self.grids.communities:
            for n in self.under.get(community, ()):
                found[n] = Nearness.COMMUNITY
        for n in (*self.under.get(to, ()), *(n for above in path for n in self.at.get(above, ()))):
            found[n] = Nearness.GRID
        return found


def _whose(one: int, many: int) -> int:
    """The place in the list of MANY helpers of whom the sum ONE is."""
    return many - 1 - one % many


def _falling(sums: list[int]) -> Iterator[int]:
    """SUMS from the largest; the first few are mostly all that is asked for."""
    first = heapq.nlargest(FIRST_LOOK, sums)
    yield from first
    if len(first) < len(sums):
        yield from sorted(sums, reverse=True)[len(first) :]


def may_come(opening: Opening, helper: Helper, day: dt.date) -> bool:
    """Old enough on DAY, with a guardian's word where it is needed, insured where it is dangerous, and nowhere else at that time."""
    if opening.is_dangerous and (helper.insured_until is None or helper.insured_until < day):
        return False
    age = ADULT if helper.born_on is None else age_on(helper.born_on, day)
    if age < opening.least_age or (age < ADULT and not helper.has_guardian):
        return False
    return not any(begins < opening.ends_at and ends > opening.starts_at for begins, ends in helper.busy)


def _explain(opening: Opening, helper: Helper, score: int, grids: Map, slot: str) -> Match:
    return Match(
        helper=helper.pk,
        score=score,
        near=grids.nearness(helper.grids, opening.grid),
        free=slot in helper.times if helper.times else None,
        skills=opening.skills & helper.skills,
        minutes=helper.minutes,
        ahead=helper.ahead,
    )
