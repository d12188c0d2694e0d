"""Reading the rollups: sums of what was counted from day to day, exact as of the moment of asking (ADR 0005)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate, localtime

from cases.choices.case import OWN_CHANNELS
from cases.choices.figures import AHEAD, BY_KEY, GRID_TIERS, MEASURES
from cases.reports.spans import split

PLACE = ("street_id", "total_id", "comprehensive_id", "category_id", "tier", "channel", "unit_id")
KEYS = ", ".join(("day", *PLACE))
ALL = ", ".join(MEASURES)
# What the key columns tell by themselves.
_MORE = (
    "coalesce(sum(accepted) FILTER (WHERE channel = ANY(%(own)s)), 0)::bigint AS accepted_own, "
    "coalesce(sum(closed) FILTER (WHERE tier = ANY(%(grid_tiers)s)), 0)::bigint AS closed_in_grid"
)
# Days that are not over yet: taken out as whole days, put in again up to the moment.
_OFF = ", ".join(f"-{name}" if name in AHEAD else "NULL::int" for name in MEASURES)
_COLUMNS = {"": "NULL::int", "month": "date_trunc('month', day)::date"}

Sums = dict[str, int]


@dataclass(frozen=True)
class Condition:
    """A condition on the key columns: `column` is one of `among`."""

    column: str
    among: tuple[Any, ...]


Where = Iterable[Iterable[Condition]]


def read(
    first: dt.date, last: dt.date, *, at: dt.datetime, where: Where = (), by: str = "",
    measures: Sequence[str] = MEASURES, cursor: Any = None,
) -> dict[Any, Sums]:  # fmt: skip
    """Sums of MEASURES from FIRST to LAST (both included), by the column BY ("day", "month", "" for one row under None).

    WHERE is an "and" of "or"s. One statement, and so one snapshot: a transaction is in it whole or not at all.
    """
    return read_sets(first, last, at=at, where=where, by=[by], measures=measures, cursor=cursor)[by]


def read_sets(
    first: dt.date, last: dt.date, *, at: dt.datetime, where: Where = (), by: Sequence[str],
    measures: Sequence[str] = MEASURES, cursor: Any = None,
) -> dict[str, dict[Any, Sums]]:  # fmt: skip
    """The same by each column of BY at once: the cells are read once for all of them. CURSOR is one of `reading`, where
    more than one question is asked."""
    args: dict[str, Any] = {"own": list(OWN_CHANNELS), "grid_tiers": list(GRID_TIERS)}
    keys = [_COLUMNS.get(name, name) for name in by]
    sums = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in measures)
    cells = _sources(first, last, at, args, by_day="day" in by)
    sets = ", ".join(f"({number})" for number in range(2, len(by) + 2))
    sql = (
        f"SELECT GROUPING({', '.join(keys)}), {', '.join(keys)}, {sums}, {_MORE} FROM ({cells}) cells "
        f"WHERE {_conditions(where, args)} GROUP BY GROUPING SETS ({sets})"
    )
    found: dict[str, dict[Any, Sums]] = {name: {} for name in by}
    # GROUPING has a bit for each key that a row is not grouped by.
    rest = (1 << len(by)) - 1
    place = {rest ^ (1 << (len(by) - 1 - number)): number for number in range(len(by))}
    names = (*measures, *BY_KEY)
    with reading() if cursor is None else nullcontext(cursor) as open_cursor:
        open_cursor.execute(sql, args)
        for which, *row in open_cursor.fetchall():
            number = place[which]
            found[by[number]][row[number]] = dict(zip(names, row[len(by) :], strict=True))
    return found


@contextmanager
def reading() -> Iterator[Any]:
    """A cursor for one question or several."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Compiling three dozen sums takes longer than working them out.
        cursor.execute("SET LOCAL jit = off")
        yield cursor


def _sources(first: dt.date, last: dt.date, at: dt.datetime, args: dict[str, Any], *, by_day: bool) -> str:
    """Whole months, the days at the edges, what is not folded yet, and of today what is due already. Whole months only
    where nobody asks BY_DAY."""
    months, edges = ([], [(first, last)]) if by_day else split(first, last)
    args |= {"first": first, "last": last, "months": months}
    parts = [f"SELECT {KEYS}, {ALL} FROM cases_tallydelta WHERE day BETWEEN %(first)s AND %(last)s"]
    if months:
        parts.append(f"SELECT {KEYS}, {ALL} FROM cases_tally WHERE span = 'm' AND day = ANY(%(months)s)")
    for number, (start, end) in enumerate(edges):
        args |= {f"start{number}": start, f"end{number}": end}
        days = f"day BETWEEN %(start{number})s AND %(end{number})s"
        parts.append(f"SELECT {KEYS}, {ALL} FROM cases_tally WHERE span = 'd' AND {days}")
    open_from = max(first, localdate(at))
    if open_from <= last:
        midnight = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        args |= {"open": open_from, "midnight": midnight, "at": at}
        days = "day BETWEEN %(open)s AND %(last)s"
        parts += [
            f"SELECT {KEYS}, {_OFF} FROM cases_tally WHERE span = 'd' AND {days}",
            f"SELECT {KEYS}, {_OFF} FROM cases_tallydelta WHERE {days}",
        ]
        if open_from == localdate(at):
            moments = "moment >= %(midnight)s AND moment < %(at)s"
            parts.append(f"SELECT {KEYS}, {ALL} FROM cases_contribution_ahead WHERE {moments}")
    return " UNION ALL ".join(parts)


def _conditions(where: Where, args: dict[str, Any]) -> str:
    sql = []
    for either in where:
        choices = []
        for condition in either:
            name = f"w{len(args)}"
            args[name] = list(condition.among)
            choices.append(f"{condition.column} = ANY(%({name})s)")
        sql.append(f"({' OR '.join(choices)})" if choices else "false")
    return " AND ".join(sql) or "true"
