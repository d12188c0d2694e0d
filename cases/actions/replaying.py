"""Playing a deadline's ledger again: where it is due by the calendar as it is now."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from cases.choices import Entry
from cases.models import Deadline, LedgerEntry
from gridgov.core.calendar import Due, due_after, due_after_pause


def replay(deadline: Deadline, scope: str) -> Due:
    """Where DEADLINE is due by the calendar as it is now: its ledger played again from the start. One query, and one for
    each row that counts working time."""
    due, guessed, skipped = deadline.original_due_at, False, list[tuple[dt.date, str]]()
    unit, stood_still = deadline.unit, list[LedgerEntry]()
    for row in deadline.ledger.order_by("pk"):
        given = row.data
        if row.entry == Entry.START:
            unit = given["unit"]
            step = due_after(scope, deadline.started_at, Decimal(given["value"]), unit)
        elif row.entry in {Entry.TIER, Entry.CATEGORY}:
            unit = given["unit"]
            step = due_after(scope, deadline.started_at, Decimal(given["value"]), unit)
            step = paused_again(scope, step, unit, stood_still)
            step = step if step.at > due else Due(due)
        elif row.entry == Entry.EXTENDED:
            step = due_after(scope, due, Decimal(given["value"]), given["unit"])
        elif row.entry == Entry.RESUMED:
            paused = dt.datetime.fromisoformat(given["paused_at"])
            stood_still.append(row)
            step = after_pause(scope, due, paused, row.at, unit)
            step = step if step.at > due else Due(due)
        else:
            continue
        due, guessed = step.at, guessed or step.provisional
        skipped += step.skipped
    return Due(due, guessed, tuple(skipped))


def paused_again(scope: str, due: Due, unit: str, resumed: Iterable[LedgerEntry]) -> Due:
    """DUE, a fresh limit counted in UNIT, moved by the times in which the clock stood still."""
    for row in resumed:
        paused = dt.datetime.fromisoformat(row.data["paused_at"])
        step = after_pause(scope, due.at, paused, row.at, unit)
        due = Due(step.at, due.provisional or step.provisional, (*due.skipped, *step.skipped))
    return due


def after_pause(scope: str, due: dt.datetime, paused: dt.datetime, resumed: dt.datetime, unit: str) -> Due:
    """Where DUE moves. What had run out before the pause has nothing left that could run on."""
    return Due(due) if due <= paused else due_after_pause(scope, due, paused, resumed, unit)
