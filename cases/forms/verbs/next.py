"""The one thing that is sensible next for this person at this case."""

import datetime as dt

from accounts.models import User
from cases import rules
from cases.choices import CaseState, Hold
from cases.forms.verbs.helping import next_for
from cases.forms.verbs.of_case import NEXT
from cases.forms.verbs.supervising import may_answer
from cases.models import Application, Case
from cases.reports import needs_rework


def waiting(by: User, case: Case, at: dt.datetime) -> list[Application]:
    """The applications of CASE that BY may decide, the oldest first."""
    return [row for row in reversed(case.applications.all()) if rules.can_decide(by, row, at)]


def next_verb(by: User, case: Case, at: dt.datetime) -> str:
    """The name of the verb that comes next; whether BY may do it is for the verb to say."""
    if needs_rework(case):
        return "rework"
    if case.hold == Hold.PARKED and case.hold_until and case.hold_until <= at:
        return "review"
    if may_answer(by, case):
        return "answer"
    return next_for(by, case) or NEXT.get(CaseState(case.state), "")
