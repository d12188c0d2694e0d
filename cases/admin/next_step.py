"""The one thing that is sensible next for this person at this case: the big button of its page."""

import datetime as dt
from dataclasses import replace

from django.urls import reverse

from accounts.models import User
from cases import rules
from cases.admin.asking import APPROVE
from cases.admin.verbs import NEXT
from cases.admin.verbs_helping import next_for
from cases.admin.verbs_supervising import may_answer
from cases.choices import CaseState, Hold
from cases.models import Application, Case
from cases.reports import needs_rework
from gridgov.core.admin_verbs import Button


def waiting(by: User, case: Case, at: dt.datetime) -> list[Application]:
    """The applications of CASE that BY may decide, the oldest first."""
    return [row for row in reversed(case.applications.all()) if rules.can_decide(by, row, at)]


def decision(row: Application) -> Button:
    """The way to the decision about ROW, coloured: its clock runs on while it waits."""
    url = reverse("admin:cases_application_do", args=[row.pk, APPROVE.name])
    return Button(replace(APPROVE, label=f"{APPROVE.label} · {row.get_kind_display()}"), url, primary=True)


def next_verb(by: User, case: Case, at: dt.datetime) -> str:
    """The name of the verb that comes next; whether BY may do it is for the verb to say."""
    if needs_rework(case):
        return "rework"
    if case.hold == Hold.PARKED and case.hold_until and case.hold_until <= at:
        return "review"
    if may_answer(by, case):
        return "answer"
    return next_for(by, case) or NEXT.get(CaseState(case.state), "")
