"""What waits, the least time left in front, with the clock that runs out first."""

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from cases.choices import CaseState, Clock, Light
from cases.models import Case, Deadline
from cases.reports.looks import light
from cases.reports.time_words import clock_light, deadline_left, time_left


def by_time_left(rows: QuerySet, clocks: Collection[Clock]) -> QuerySet:
    """Cases ROWS with those of their CLOCKS that run as `.ticking` (whichever run, if none are named), in the order in which
    they run out. A clock that stands still doesn't run out; what has none comes last, the oldest first."""
    ticking = Deadline.objects.running().filter(paused_at=None)
    if clocks:
        ticking = ticking.filter(clock__in=clocks)
    rows = rows.prefetch_related(Prefetch("deadlines", ticking.order_by("due_at", "id"), to_attr="ticking"))
    if tuple(clocks) == (Clock.CASE,):
        return rows.order_by("due_at", "id")
    first = ticking.filter(case=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    return rows.annotate(until=Subquery(first)).order_by("until", "id")


def time_of(case: Case, at: dt.datetime) -> tuple[Light | None, str]:
    """Light and time left of the clock of CASE (as `by_time_left` read it) that runs out first; no light where none runs yet.
    A step clock that ends with the case clock is no other."""
    clock = next(iter(case.ticking), None)  # type: ignore[attr-defined]
    if clock is None or clock.clock == Clock.CASE or (clock.clock == Clock.HANDLE and clock.due_at == case.due_at):
        # Of what is not accepted yet only the response clock runs.
        return None if case.state == CaseState.SUBMITTED else light(case, at), time_left(case, at)
    return clock_light(clock.started_at, clock.due_at, at), deadline_left(clock, at)
