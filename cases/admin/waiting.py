"""The lines of the workbench: what waits, by time left, with the light of its clock and the next sensible step."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from cases.admin import looks
from cases.choices import CaseState, Light
from cases.forms.verbs import BY_VERB
from cases.models import Application, Case
from cases.reports import asked_for, time_words
from cases.reports.queues import DECIDERS, MINE, Queue, Surveyed
from cases.reports.waiting import by_time_left, time_of

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
    rows = by_time_left(Case.objects.filter(pk__in=found.cases[queue.name]).for_list(), queue.clocks)
    return [_case_line(user, case, queue, found.steps[case.pk], at) for case in rows[:limit]]


def _case_line(user: User, case: Case, queue: Queue, verbs: list[str], at: dt.datetime) -> Line:
    light, left = time_of(case, at)
    return Line(
        key=f"case-{case.pk}",
        url=reverse("admin:cases_case_change", args=[case.pk]),
        title=case.title,
        where=" ".join(filter(None, (f"{case.no} ·", case.total.name if case.total else "", case.grid.name))),
        light=looks.light_or_none(light),
        left=left,
        chips=(looks.urgency_chip(case), looks.card_chip(case), looks.tier_chip(case), looks.state_chip(case)),
        next=_next(user, case, queue, verbs),
    )


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
