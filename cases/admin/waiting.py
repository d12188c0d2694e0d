"""The lines of the workbench: what waits, by time left, with the light of its clock and the next sensible step."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from cases.admin import looks
from cases.admin.queues import DECIDERS, MINE, Queue, Surveyed
from cases.choices import CaseState, Clock, Light
from cases.forms.verbs import VERBS
from cases.models import Application, Case, Deadline
from cases.reports import asked_for, time_words

BY_VERB = {verb.name: verb for verb in VERBS}
# Where only time is watched there is nothing to do but to hurry whoever has it, and who leads may.
URGED_IN = frozenset({CaseState.DISPATCHED, CaseState.HANDLING})


@dataclass(frozen=True)
class Next:
    """The next sensible step of a line: a link to the form of a verb, or to a page where more must be read first."""

    label: Any
    icon: str
    url: str
    is_form: bool = True


@dataclass(frozen=True)
class Line:
    """One thing that waits. `key` is its name for as long as it waits: by it the page knows it again when it is redrawn."""

    key: str
    url: str
    title: str
    where: str
    light: SafeString
    left: str
    chips: tuple[SafeString | str, ...]
    next: Next | None


def case_lines(user: User, found: Surveyed, queue: Queue, at: dt.datetime, limit: int) -> list[Line]:
    """The first LIMIT cases of QUEUE as they were FOUND, the least time left first; two queries however many."""
    rows = _by_time_left(Case.objects.filter(pk__in=found.cases[queue.name]).for_list(), queue)
    return [_case_line(user, case, queue, found.steps[case.pk], at) for case in rows[:limit]]


def _by_time_left(rows: QuerySet, queue: Queue) -> QuerySet:
    """ROWS with the clocks that count in QUEUE as `.ticking`, in the order in which they run out. A clock that stands still
    doesn't run out; what has none comes last, the oldest first."""
    ticking = Deadline.objects.running().filter(paused_at=None)
    if queue.clocks:
        ticking = ticking.filter(clock__in=queue.clocks)
    rows = rows.prefetch_related(Prefetch("deadlines", ticking.order_by("due_at", "id"), to_attr="ticking"))
    if queue.clocks == (Clock.CASE,):
        return rows.order_by(F("due_at").asc(nulls_last=True), "id")
    first = ticking.filter(case=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    return rows.annotate(until=Subquery(first)).order_by(F("until").asc(nulls_last=True), "id")


def _case_line(user: User, case: Case, queue: Queue, verbs: list[str], at: dt.datetime) -> Line:
    light, left = _time(case, next(iter(case.ticking), None), at)  # type: ignore[attr-defined]
    return Line(
        key=f"case-{case.pk}",
        url=reverse("admin:cases_case_change", args=[case.pk]),
        title=case.title,
        where=" ".join(filter(None, (f"{case.no} ·", case.total.name if case.total else "", case.grid.name))),
        light=light,
        left=left,
        chips=(looks.urgency_chip(case), looks.card_chip(case), looks.tier_chip(case), looks.state_chip(case)),
        next=_next(user, case, queue, verbs),
    )


def _time(case: Case, clock: Deadline | None, at: dt.datetime) -> tuple[SafeString, str]:
    """Light and time left of the CLOCK that runs out first. A step clock that ends with the case clock is no other."""
    if clock is None or clock.clock == Clock.CASE or (clock.clock == Clock.HANDLE and clock.due_at == case.due_at):
        return looks.light_chip(case, at), time_words.time_left(case, at)
    shown = time_words.clock_light(clock.started_at, clock.due_at, at)
    return looks.chip_of(shown), time_words.deadline_left(clock, at)


def _next(user: User, case: Case, queue: Queue, verbs: list[str]) -> Next | None:
    """The first of VERBS that waits for USER; where a queue is about one of them, that one."""
    found = verbs
    if queue.name == "to-call":
        found = ["call-back"]
    elif queue.verbs and queue.name != MINE:
        found = [verb for verb in verbs if verb in queue.verbs]
    elif not verbs and user.role in DECIDERS and case.state in URGED_IN:
        found = ["urge"]
    if not found:
        return None
    verb = BY_VERB[found[0]]
    return Next(verb.label, verb.icon, reverse("admin:cases_case_do", args=[case.pk, verb.name]))


def application_lines(user: User, at: dt.datetime, limit: int) -> list[Line]:
    """The applications that USER may decide, those that lapse first in front; one query."""
    rows = Application.objects.waiting_for(user, at).for_list().order_by(F("lapses_at").asc(nulls_last=True), "id")
    return [_application_line(row, at) for row in rows[:limit]]


def _application_line(row: Application, at: dt.datetime) -> Line:
    url = reverse("admin:cases_application_change", args=[row.pk])
    left = (
        _("lapses in %(time)s") % {"time": time_words.span(row.lapses_at - at)} if row.lapses_at else _("never lapses")
    )
    return Line(
        key=f"application-{row.pk}",
        url=url,
        title=f"{row.get_kind_display()} · {row.case.title}",
        where=" · ".join(filter(None, (row.case.no, str(row.by), asked_for(row), row.reason))),
        light=looks.chip_of(time_words.clock_light(row.at, row.lapses_at, at) if row.lapses_at else Light.CALM),
        left=left,
        chips=(looks.tier_chip(row.case),),
        next=Next(_("Decide"), "approval", url, is_form=False),
    )
