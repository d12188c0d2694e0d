"""Spans of days, both ends included: the periods that have names, the span before one, and its cuts."""

import datetime as dt
from collections.abc import Callable

from cases.choices.figures import Grain, Period

Span = tuple[dt.date, dt.date]
DAY = dt.timedelta(days=1)
Edge = Callable[[dt.date], dt.date]


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after DAY's."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def last_day(month: dt.date) -> dt.date:
    """The last day of MONTH."""
    return next_month(month) - DAY


def split(first: dt.date, last: dt.date) -> tuple[list[dt.date], list[Span]]:
    """FIRST to LAST as whole months (their first days) and the spans of days before and after them."""
    months, month = [], first if first.day == 1 else next_month(first)
    while (following := next_month(month)) <= last + DAY:
        months.append(month)
        month = following
    if not months:
        return [], [(first, last)] if first <= last else []
    edges = [(first, months[0] - DAY), (next_month(months[-1]), last)]
    return months, [(start, end) for start, end in edges if start <= end]


def named(period: str, today: dt.date) -> Span:
    """The days of PERIOD, seen from TODAY; weeks begin on Monday."""
    this, last = _STARTS[Period(period)]
    first = this(today)
    if last:
        first = this(first - DAY)
    return first, _ENDS[this](first)


def before(first: dt.date, last: dt.date) -> Span:
    """The span before: as many whole months, or as many days."""
    months, edges = split(first, last)
    if months and not edges:
        start = first
        for _month in months:
            start = (start - DAY).replace(day=1)
        return start, first - DAY
    return first - (last - first + DAY), first - DAY


def so_far(first: dt.date, last: dt.date, today: dt.date) -> tuple[Span, Span]:
    """What is over of FIRST to LAST by TODAY, and as much of the span before, so that the two can be compared."""
    earlier = before(first, last)
    if not first <= today < last:
        return (first, last), earlier
    return (first, today), (earlier[0], min(earlier[0] + (today - first), earlier[1]))


def cut(first: dt.date, last: dt.date, grain: str) -> list[Span]:
    """FIRST to LAST in pieces of a day, a calendar week or a calendar month; those at the ends may be shorter."""
    pieces, start = [], first
    while start <= last:
        end = min(_PIECE_END[Grain(grain)](start), last)
        pieces.append((start, end))
        start = end + DAY
    return pieces


def usual_grain(first: dt.date, last: dt.date) -> Grain:
    """The grain that leaves a chart readable."""
    days = (last - first).days + 1
    return Grain.DAY if days <= 35 else Grain.WEEK if days <= 135 else Grain.MONTH


def _week(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _month(day: dt.date) -> dt.date:
    return day.replace(day=1)


def _quarter(day: dt.date) -> dt.date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _year(day: dt.date) -> dt.date:
    return day.replace(month=1, day=1)


_ENDS: dict[Edge, Edge] = {
    _week: lambda first: first + dt.timedelta(days=6), _month: last_day,
    _quarter: lambda first: last_day(next_month(next_month(first))), _year: lambda first: first.replace(month=12, day=31),
}  # fmt: skip
# How a period's first day is found, and whether it is the one before.
_STARTS: dict[Period, tuple[Edge, bool]] = {
    Period.THIS_WEEK: (_week, False), Period.LAST_WEEK: (_week, True), Period.THIS_MONTH: (_month, False),
    Period.LAST_MONTH: (_month, True), Period.THIS_QUARTER: (_quarter, False), Period.LAST_QUARTER: (_quarter, True),
    Period.THIS_YEAR: (_year, False), Period.LAST_YEAR: (_year, True),
}  # fmt: skip
_PIECE_END: dict[Grain, Edge] = {
    Grain.DAY: lambda day: day, Grain.WEEK: lambda day: _week(day) + dt.timedelta(days=6), Grain.MONTH: last_day,
}  # fmt: skip
