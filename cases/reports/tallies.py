"""Reading the rollups: sums of what was counted from day to day, exact as of the moment of asking (ADR 0005)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate, localtime

from cases.choices.case import OWN_CHANNELS
from cases.choices.figures import AHEAD, GRID_TIERS, MEASURES

PLACE = ("street_id", "total_id", "comprehensive_id", "category_id", "tier", "channel", "unit_id")
_KEYS = ", ".join(("day", *PLACE))
_ALL = ", ".join(MEASURES)
_SUMS = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in MEASURES)
# What the key columns tell by themselves.
_MORE = (
    "coalesce(sum(accepted) FILTER (WHERE channel = ANY(%(own)s)), 0)::bigint AS accepted_own, "
    "coalesce(sum(closed) FILTER (WHERE tier = ANY(%(grid_tiers)s)), 0)::bigint AS closed_in_grid"
)
# Days that are not over yet: taken out as whole days, put in again up to the moment.
_OFF = ", ".join(f"-{name}" if name in AHEAD else "NULL::int" for name in MEASURES)


@dataclass(frozen=True)
class Condition:
    """A condition on the key columns: `column` is one of `among`."""

    column: str
    among: tuple[Any, ...]


def read(
    first: dt.date, last: dt.date, *, at: dt.datetime, where: Iterable[Iterable[Condition]] = (), by: str = ""
) -> dict[Any, dict[str, int]]:
    """Sums of all measures from FIRST to LAST (both included), by the column BY ("month", "" for one row under None).

    WHERE is an "and" of "or"s. One statement, and so one snapshot: a transaction is in it whole or not at all.
    """
    args: dict[str, Any] = {"own": list(OWN_CHANNELS), "grid_tiers": list(GRID_TIERS)}
    group = {"": "NULL::int", "month": "date_trunc('month', day)::date"}.get(by, by)
    sql = (
        f"SELECT {group} AS part, {_SUMS}, {_MORE} FROM ({_sources(first, last, at, args)}) cells "
        f"WHERE {_conditions(where, args)} GROUP BY 1"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # Compiling three dozen sums takes longer than working them out.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql, args)
        names = [column[0] for column in cursor.description][1:]
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}


def _sources(first: dt.date, last: dt.date, at: dt.datetime, args: dict[str, Any]) -> str:
    """Whole months, the days at the edges, what is not folded yet, and of today what is due already."""
    months, edges = split(first, last)
    args |= {"first": first, "last": last, "months": months}
    parts = [f"SELECT {_KEYS}, {_ALL} FROM cases_tallydelta WHERE day BETWEEN %(first)s AND %(last)s"]
    if months:
        parts.append(f"SELECT {_KEYS}, {_ALL} FROM cases_tally WHERE span = 'm' AND day = ANY(%(months)s)")
    for number, (start, end) in enumerate(edges):
        args |= {f"start{number}": start, f"end{number}": end}
        days = f"day BETWEEN %(start{number})s AND %(end{number})s"
        parts.append(f"SELECT {_KEYS}, {_ALL} FROM cases_tally WHERE span = 'd' AND {days}")
    open_from = max(first, localdate(at))
    if open_from <= last:
        midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        args |= {"open": open_from, "midnight": midnight, "at": at}
        days = "day BETWEEN %(open)s AND %(last)s"
        parts += [
            f"SELECT {_KEYS}, {_OFF} FROM cases_tally WHERE span = 'd' AND {days}",
            f"SELECT {_KEYS}, {_OFF} FROM cases_tallydelta WHERE {days}",
        ]
        if open_from == localdate(at):
            moments = "moment >= %(midnight)s AND moment < %(at)s"
            parts.append(f"SELECT {_KEYS}, {_ALL} FROM cases_contribution_ahead WHERE {moments}")
    return " UNION ALL ".join(parts)


def split(first: dt.date, last: dt.date) -> tuple[list[dt.date], list[tuple[dt.date, dt.date]]]:
    """FIRST to LAST as whole months (their first days) and the spans of days before and after them."""
    months, month = [], first if first.day == 1 else next_month(first)
    while (following := next_month(month)) <= last + dt.timedelta(days=1):
        months.append(month)
        month = following
    if not months:
        return [], [(first, last)] if first <= last else []
    day = dt.timedelta(days=1)
    edges = [(first, months[0] - day), (next_month(months[-1]), last)]
    return months, [(start, end) for start, end in edges if start <= end]


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after DAY's."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def last_day(month: dt.date) -> dt.date:
    """The last day of MONTH."""
    return next_month(month) - dt.timedelta(days=1)


def _conditions(where: Iterable[Iterable[Condition]], args: dict[str, Any]) -> str:
    sql = []
    for either in where:
        choices = []
        for condition in either:
            name = f"w{len(args)}"
            args[name] = list(condition.among)
            choices.append(f"{condition.column} = ANY(%({name})s)")
        sql.append(f"({' OR '.join(choices)})" if choices else "false")
    return " AND ".join(sql) or "true"


_BY_DAY = f"""
    SELECT {_KEYS}, {_ALL} FROM cases_contribution
    UNION ALL SELECT {_KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tally WHERE span = 'd'
    UNION ALL SELECT {_KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tallydelta
"""
_BY_MONTH = f"""
    SELECT date_trunc('month', day)::date AS day, {", ".join(PLACE)}, {_ALL} FROM cases_tally WHERE span = 'd'
    UNION ALL SELECT {_KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tally WHERE span = 'm'
"""
_DIFFERS = ", ".join(f"nullif(sum({name}), 0)" for name in MEASURES)


@dataclass(frozen=True)
class Difference:
    """A cell where the rollups say something else than a full count: by how much, measure by measure."""

    span: str
    cell: tuple[Any, ...]
    missing: dict[str, int]


def recount(limit: int = 100) -> list[Difference]:
    """Compare the rollups with a full count; up to LIMIT cells of each span that differ. Reads everything, holds up nobody."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        for span, rows in (("d", _BY_DAY), ("m", _BY_MONTH)):
            cursor.execute(
                f"SELECT {_KEYS}, {_DIFFERS} FROM ({rows}) x GROUP BY {_KEYS} HAVING coalesce({_DIFFERS}) IS NOT NULL "
                f"ORDER BY {_KEYS} LIMIT %s",
                [limit],
            )
            for row in cursor.fetchall():
                sums = zip(MEASURES, row[1 + len(PLACE) :], strict=True)
                missing = {name: int(value) for name, value in sums if value}
                found.append(Difference(span, row[: 1 + len(PLACE)], missing))
    return found
