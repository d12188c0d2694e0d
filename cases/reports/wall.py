"""The numbers of the wall screen: what is open now, by place and by unit, and how the month goes. No person, no case."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from cases.choices.figures import MEASURES, Dimension
from cases.models import Case
from cases.reports.narrowing import NOTHING, Asked, narrow
from cases.reports.parts import all_names, column_for, in_order
from cases.reports.spans import DAY, last_day
from cases.reports.tallies import Sums, read, read_sets, reading

# The trend goes back so many days, today included.
BACK = 30
TREND = ("reported", "completed", "closed")


@dataclass(frozen=True)
class Row:
    """A community, or a unit: its open cases now, and its sums of the month."""

    code: str
    label: str
    now: Mapping[str, int]
    month: Mapping[str, int]


@dataclass(frozen=True)
class Wall:
    """`now` counts open cases, those that run out of time (`near`) and the overdue ones (`late`)."""

    now: Mapping[str, int]
    month: Mapping[str, int]
    days: list[tuple[dt.date, Mapping[str, int]]]
    places: list[Row]
    units: list[Row]


def wall(*, by: User, at: dt.datetime, today: dt.date, near: Q, late: Q) -> Wall | None:
    """What BY may see AT; None where that is nothing. NEAR and LATE are what the workbench calls so. Five queries."""
    first = today.replace(day=1)
    narrowed = narrow(Asked(first, last_day(first)), by)
    if narrowed is None:
        return None
    place = column_for(Dimension.GRID, None, by)
    with reading() as cursor:
        asked: dict[str, Any] = {"at": at, "where": narrowed.where, "cursor": cursor}
        sums = read_sets(first, today, by=["", place, "unit_id"], measures=MEASURES, **asked)
        days = read(today - (BACK - 1) * DAY, today, by="day", measures=TREND, **asked)
    of_place, of_unit = _open(narrowed.cases(), place, near, late)
    names = all_names({
        Dimension.GRID: {*of_place, *sums[place]}, Dimension.UNIT: {*of_unit, *sums["unit_id"]},
    })  # fmt: skip
    whole: Counter[str] = Counter()
    for counts in of_place.values():
        whole.update(counts)
    back = [today - number * DAY for number in reversed(range(BACK))]
    return Wall(
        whole, sums[""].get(None, {}), [(day, days.get(day, {})) for day in back],
        _rows(Dimension.GRID, names[Dimension.GRID], of_place, sums[place]),
        _rows(Dimension.UNIT, names[Dimension.UNIT], of_unit, sums["unit_id"]),
    )  # fmt: skip


def _open(mine: Q, place: str, near: Q, late: Q) -> tuple[dict[int, Counter[str]], dict[int, Counter[str]]]:
    """Open cases by place and by leading unit; one query over the open cases, which are few."""
    counted = {"open": Count("pk"), "near": Count("pk", filter=near), "late": Count("pk", filter=late)}
    rows = Case.objects.open().filter(mine).order_by().values_list(place, "lead_order__unit").annotate(**counted)
    of_place: dict[int, Counter[str]] = {}
    of_unit: dict[int, Counter[str]] = {}
    for where, unit, *counts in rows:
        for found, key in ((of_place, where), (of_unit, unit)):
            found.setdefault(key or NOTHING, Counter()).update(dict(zip(counted, counts, strict=True)))
    return of_place, of_unit


def _rows(
    by: str, names: Mapping[Any, tuple[str, str]], now: Mapping[int, Mapping[str, int]], month: Mapping[int, Sums]
) -> list[Row]:
    """Every part in which something is open, or was due this month."""
    rows = [
        Row(*names.get(key, (str(key), str(key))), now.get(key, {}), month.get(key, {}))
        for key in {*now, *month}
        if now.get(key) or month.get(key, {}).get("due")
    ]
    return sorted(rows, key=in_order(by))
