"""Keeping the rollups: folding what the triggers appended, and counting all anew (ADR 0005)."""

import datetime as dt

from django.db import connection, transaction

from accounts.models import User
from cases.choices.figures import MEASURES
from cases.reports.recount import Difference, recount
from cases.reports.tallies import PLACE
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record

# What records of a check are about.
CHECKED = "cases.figures"
# So many deltas at once, that a lease is not overrun after much was loaded.
MOST = 100_000
_REST = ", ".join(PLACE)
_ALL = ", ".join(MEASURES)
_SUMS = ", ".join(f"nullif(sum({name}), 0) AS {name}" for name in MEASURES)
_ADDED = ", ".join(
    f"{name} = nullif(coalesce(cases_tally.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in MEASURES
)
_PUT = f"ON CONFLICT (span, day, {_REST}) DO UPDATE SET {_ADDED}"
_FOLD = f"""
    WITH gone AS (
        DELETE FROM cases_tallydelta WHERE id IN (SELECT id FROM cases_tallydelta ORDER BY id LIMIT %s)
        RETURNING day, {_REST}, {_ALL}
    ), days AS (
        INSERT INTO cases_tally (span, day, {_REST}, {_ALL})
        SELECT 'd', day, {_REST}, {_SUMS} FROM gone GROUP BY day, {_REST} ORDER BY day, {_REST} {_PUT}
    ), months AS (
        INSERT INTO cases_tally (span, day, {_REST}, {_ALL})
        SELECT 'm', date_trunc('month', day)::date, {_REST}, {_SUMS} FROM gone GROUP BY 2, {_REST} ORDER BY 2, {_REST} {_PUT}
    ) SELECT count(*) FROM gone
"""
# Cells of which nothing is left: cases were filed elsewhere.
_EMPTY = f"DELETE FROM cases_tally WHERE coalesce({_ALL}) IS NULL AND day >= %s"
_ANEW = f"""
    INSERT INTO cases_tally (span, day, {_REST}, {_ALL})
    SELECT 'd', day, {_REST}, {_SUMS} FROM cases_contribution GROUP BY day, {_REST} ORDER BY day, {_REST}
"""
_MONTHS = f"""
    INSERT INTO cases_tally (span, day, {_REST}, {_ALL})
    SELECT 'm', date_trunc('month', day)::date, {_REST}, {_SUMS} FROM cases_tally WHERE span = 'd'
    GROUP BY 2, {_REST} ORDER BY 2, {_REST}
"""
COUNTED = ("cases_case", "cases_order", "cases_deadline", "cases_rating", "cases_callback", "cases_pause")
_LOCK = "figures"


@transaction.atomic
def fold(*, most: int = MOST) -> int:
    """Add up to MOST appended deltas to the rollups; how many. In one statement: whoever reads finds them on one side.

    Folders wait for one another; writers and readers wait for none.
    """
    advisory_lock(_LOCK)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_FOLD, [most])
        return int(cursor.fetchone()[0])


@transaction.atomic
def sweep_empty(*, since: dt.date) -> int:
    """Take away cells from SINCE on that hold nothing any more; how many."""
    advisory_lock(_LOCK)
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY, [since])
        return int(cursor.rowcount)


@transaction.atomic
def rebuild_figures(*, by: User, at: dt.datetime) -> int:
    """Count everything anew and put it in the place of the rollups; the number of cells. Who writes cases waits meanwhile."""
    advisory_lock(_LOCK)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(COUNTED)} IN SHARE MODE")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("DELETE FROM cases_tallydelta")
        cursor.execute("DELETE FROM cases_tally")
        cursor.execute(_ANEW)
        cells = int(cursor.rowcount)
        cursor.execute(_MONTHS)
    record("cases.figures_rebuilt", Subject("cases.tally", 0), by=by, at=at, data={"cells": cells})
    return cells


@transaction.atomic
def check_figures(*, by: User, at: dt.datetime) -> list[Difference]:
    """Compare the rollups with a full count and record how many cells differ; those cells, a hundred of each span at most."""
    advisory_lock(CHECKED)
    found = recount()
    record("cases.figures_checked", Subject(CHECKED, 0), by=by, at=at, data={"differences": len(found)})
    return found
