"""The end of what is kept of a reporter: name and phone are deleted when that is asked for, or when their time is over."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from accounts.models import User
from cases.actions.taking import take
from cases.models import Case, Reporter
from cases.reports.contacts import due_contacts
from gridgov.core.keeping import can_strike, term_of
from gridgov.core.records import record

MOST = 500


@transaction.atomic
def forget_reporter(*, case: Case | int, by: User, at: dt.datetime) -> bool:
    """Delete the reporter's name and phone; whether there were any. That there were stays on the record, masked. Raises Conflict
    while a dispute or a court needs them."""
    case = take(case, by)
    can_strike("cases.case", case.pk).insist()
    rows = Reporter.objects.filter(case=case)
    found = rows.exclude(name="", phone="").update(name="", phone="", expires_at=None)
    if found:
        record("cases.forgotten", case, by=by, at=at)
    return bool(found)


@transaction.atomic
def set_reporter_expiry(*, case: Case | int, by: User, at: dt.datetime) -> None:
    """A case is over, or open again: name and phone are kept so long after its end, and as long as it is open."""
    case = take(case, by)
    until = case.closed_at + term_of("cases.reporter") if case.closed_at else None
    Reporter.objects.filter(case=case).exclude(name="", phone="").update(expires_at=until)


def forget_due(*, by: User, at: dt.datetime) -> int:
    """Delete names and phones whose time is over, each case in a transaction of its own; how many were due."""
    due = due_contacts(at).order_by("expires_at").values_list("case", flat=True)[:MOST]
    return sum(forget_reporter(case=case, by=by, at=at) for case in list(due))


@transaction.atomic
def move_expiry(*, days: int, by: User) -> int:
    """The term was changed, which is recorded there: what stands already goes so many DAYS later; how many."""
    rows = Reporter.objects.exclude(expires_at=None)
    return rows.update(expires_at=F("expires_at") + dt.timedelta(days=days))
