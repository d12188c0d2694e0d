"""What is on in a month: the services of the resources, day by day."""

import calendar
import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass

from resources import rules
from resources.models import Service
from resources.queries import ServiceQuerySet

# More services than a community can hold: a month never becomes a page that nobody reads.
MOST_SERVICES = 1000


@dataclass(frozen=True)
class Day:
    date: dt.date
    services: list[Service]


def _begins(time: str) -> str:
    """What a TIME in words is sorted by: 9:00 goes before 14:30."""
    return re.sub(r"^\d(?!\d)", r"0\g<0>", time)


def month_of(rows: ServiceQuerySet, first: dt.date) -> list[Day]:
    """The days of the month that begins on FIRST on which something of ROWS takes place, with what; one query."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    days: dict[dt.date, list[Service]] = defaultdict(list)
    found = rows.within(first, last).for_list().order_by("resource__name", "pk")[:MOST_SERVICES]
    for row in sorted(found, key=lambda row: _begins(row.time)):
        for day in rules.days_of(row, first):
            days[day].append(row)
    return [Day(date, services) for date, services in sorted(days.items())]
