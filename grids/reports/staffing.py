"""Who serves which grid since when, and what is wrong with it: vacancies, doubles, too much for one person."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from grids.choices import MOST_HOUSEHOLDS, NEEDED, SOLE_POSTS, WORKER_POSTS, GridKind, PostKind, StaffGap
from grids.models import Grid, Post


@dataclass(slots=True)
class Holder:
    """A post in force, and who holds it. `households`: of all grids that a worker makes the rounds of, together."""

    post: int
    grid: int
    kind: PostKind
    user: int
    name: str
    username: str
    since: dt.date
    until: dt.date | None
    able: bool
    households: int = 0
    gaps: set[StaffGap] = field(default_factory=set)


@dataclass(slots=True)
class StaffLine:
    """A grid in force with those who serve it, leads first. `community`: code of the total grid it lies in, '' above."""

    pk: int
    code: str
    name: str
    kind: GridKind
    level: int
    households: int | None
    community: str
    holders: list[Holder] = field(default_factory=list)
    # The grid's own; `gaps` has those of its holders, too.
    lacks: set[StaffGap] = field(default_factory=set)

    @property
    def gaps(self) -> set[StaffGap]:
        return self.lacks.union(*(holder.gaps for holder in self.holders))


@dataclass(frozen=True, slots=True)
class Load:
    """What a full-time worker has to look after."""

    name: str
    username: str
    grids: int
    households: int

    @property
    def too_much(self) -> bool:
        return self.households > MOST_HOUSEHOLDS


@dataclass(frozen=True, slots=True)
class CommunityStaff:
    """A community's numbers: its grids, those held as they should be, and how many grids show each kind of gap."""

    code: str
    name: str
    grids: int
    people: int
    gaps: dict[StaffGap, int]


_ORDER = {kind: place for place, kind in enumerate(PostKind)}


def staffing(top: Grid, on: dt.date) -> list[StaffLine]:
    """The grids at and below TOP on the day ON in the order of the tree; two queries, whatever their number.

    What one person has elsewhere than below TOP is not counted.
    """
    lines = _lines(top, on)
    by_grid = {line.pk: line for line in lines}
    for holder in _holders(top, on):
        if holder.grid in by_grid:
            by_grid[holder.grid].holders.append(holder)
    _judge_people(lines)
    for line in lines:
        kinds, people = Counter(h.kind for h in line.holders), Counter(h.user for h in line.holders)
        if not NEEDED[line.kind] & kinds.keys():
            line.lacks.add(StaffGap.VACANT)
        if any(kinds[kind] > 1 for kind in SOLE_POSTS):
            line.lacks.add(StaffGap.DOUBLE)
        for holder in line.holders:
            if people[holder.user] > 1:
                holder.gaps.add(StaffGap.TWICE)
        line.holders.sort(key=lambda holder: (_ORDER[holder.kind], holder.since, holder.post))
    return lines


def _lines(top: Grid, on: dt.date) -> list[StaffLine]:
    lines, community = [], ""
    rows = Grid.objects.under(top).current(on).order_by("lft")
    for pk, code, name, kind, level, households in rows.values_list(
        "pk", "code", "name", "kind", "level", "households"
    ):
        if kind in {GridKind.STREET, GridKind.TOTAL}:
            community = code if kind == GridKind.TOTAL else ""
        lines.append(StaffLine(pk, code, name, GridKind(kind), level, households, community))
    return lines


def _holders(top: Grid, on: dt.date) -> list[Holder]:
    ground = Grid.objects.under(top).order_by().values("pk")
    rows = Post.objects.current(on).filter(grid__in=ground).order_by()
    fields = (
        "pk", "grid_id", "kind", "user_id", "user__full_name", "user__username", "valid_from", "valid_to", "user__is_active",
    )  # fmt: skip
    return [
        Holder(pk, grid, PostKind(kind), *rest)
        for pk, grid, kind, *rest in rows.values_list(*fields)
    ]  # fmt: skip


def _judge_people(lines: list[StaffLine]) -> None:
    """Mark the holders who lead several grids, have too many households or may not sign in."""
    of_person: defaultdict[tuple[int, PostKind], list[tuple[StaffLine, Holder]]] = defaultdict(list)
    for line in lines:
        for holder in line.holders:
            of_person[holder.user, holder.kind].append((line, holder))
    for (_user, kind), held in of_person.items():
        households = sum({line.pk: line.households or 0 for line, _holder in held}.values())
        for _line, holder in held:
            holder.households = households if kind in WORKER_POSTS else 0
            if not holder.able:
                holder.gaps.add(StaffGap.LOCKED)
            if kind in SOLE_POSTS and len(held) > 1:
                holder.gaps.add(StaffGap.SPREAD)
            if kind == PostKind.GRID_WORKER_FT and households > MOST_HOUSEHOLDS:
                holder.gaps.add(StaffGap.OVERLOAD)


def by_community(lines: Iterable[StaffLine]) -> list[CommunityStaff]:
    """LINES summed up by community, in their order; what lies above the communities (the street itself) comes first."""
    groups: dict[str, list[StaffLine]] = {}
    for line in lines:
        groups.setdefault(line.community, []).append(line)
    return [
        CommunityStaff(
            code=code,
            name=group[0].name,
            grids=len(group),
            people=len({holder.user for line in group for holder in line.holders}),
            gaps={gap: sum(gap in line.gaps for line in group) for gap in StaffGap},
        )
        for code, group in groups.items()
    ]


def loads(lines: Iterable[StaffLine]) -> list[Load]:
    """The full-time workers among the holders of LINES, the one with the most households first."""
    grids: Counter[int] = Counter()
    found: dict[int, Holder] = {}
    for line in lines:
        for holder in line.holders:
            if holder.kind == PostKind.GRID_WORKER_FT:
                grids[holder.user] += 1
                found[holder.user] = holder
    made = [Load(h.name, h.username, grids[user], h.households) for user, h in found.items()]
    return sorted(made, key=lambda load: (-load.households, load.username))
