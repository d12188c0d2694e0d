"""What is announced to a grid, and which groups its neighbours have."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from grids.choices import GroupKind, GroupLevel
from grids.models import GridNotice, GroupLink

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Announced:
    """`grid`: to whom it is said; `by` is empty where residents read it."""

    pk: int
    title: str
    text: str
    grid: str
    first: dt.date
    last: dt.date | None
    is_public: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of neighbours. Without a `url` there is a picture of its code."""

    pk: int
    label: str
    level: GroupLevel
    kind: GroupKind
    url: str
    until: dt.date | None
    is_public: bool
    grid: str
    over: bool = False


def announced(path: Sequence[int], on: dt.date, *, public: bool) -> tuple[Announced, ...]:
    """What is announced on the day ON to the last grid of PATH (keys): for residents, or all of it. One query."""
    rows = GridNotice.objects.reaching(path).current(on).for_list()
    found = rows.public() if public else rows
    return tuple(
        Announced(
            row.pk, row.title, row.text, row.grid.name, row.valid_from, row.valid_to, row.is_public,
            "" if public else row.by.full_name,
        )
        for row in found[:MOST_SHOWN]
    )  # fmt: skip


def groups_at(path: Sequence[int], on: dt.date, *, public: bool) -> tuple[Group, ...]:
    """The groups of the grids of PATH, the nearest grid's first: those that residents see and can still join, or all that
    stand. One query."""
    rows = GroupLink.objects.reaching(path).for_list()
    found = rows.usable(on).public() if public else rows.standing()
    return tuple(
        Group(
            row.pk, row.label, GroupLevel(row.level), GroupKind(row.kind), row.url, row.valid_until, row.is_public,
            row.grid.name, row.has_run_out(on),
        )
        for row in found.order_by("-grid__level", "label", "pk")[:MOST_SHOWN]
    )  # fmt: skip
