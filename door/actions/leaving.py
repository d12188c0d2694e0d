"""What is deleted when a resident asks, or when its time is over."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from accounts.models import User
from cases.actions import forget_reporter, reject_case
from cases.choices import CaseState, RejectReason
from cases.models import Case
from door import rules
from door.actions.following import hold
from door.choices import CONTACT_AT_MOST, SlipKind
from door.models import Slip, Words
from door.reports.contacts import due_slips
from gridgov.core.keeping import can_strike, term_of
from gridgov.core.records import record

MOST = 500


@transaction.atomic
def forget_contact(*, slip: Slip | int, by: User, at: dt.datetime) -> Slip:
    """Delete name and phone at once; the case goes on, and the slip still leads to it."""
    slip = hold(slip)
    rules.can_forget(slip).insist()
    _forget(slip, by=by, at=at)
    return slip


@transaction.atomic
def withdraw_report(*, slip: Slip | int, by: User, at: dt.datetime) -> Slip:
    """Take the own report or the "me too" back: contact and words are deleted, the slip leads nowhere any more. A report
    that nobody has taken on, and nobody else joined, ends; any other goes on, for there may be danger in it. Raises Conflict
    for one that is over."""
    slip = hold(slip)
    rules.can_withdraw(slip).insist()
    _forget(slip, by=by, at=at)
    Words.objects.filter(slip=slip).delete()
    slip.change(withdrawn_at=at)
    alone = not Slip.objects.filter(case=slip.case_id, withdrawn_at=None).exists()
    if slip.kind == SlipKind.REPORT and alone and slip.case.state == CaseState.SUBMITTED:
        reject_case(case=slip.case_id, reason=RejectReason.WITHDRAWN, by=by, at=at)
    record("door.withdrawn", slip, by=by, at=at, data={"case": slip.case.no})
    return slip


def _forget(slip: Slip, *, by: User, at: dt.datetime) -> None:
    can_strike("cases.case", slip.case_id).insist()
    if slip.kind == SlipKind.REPORT:
        forget_reporter(case=slip.case_id, by=by, at=at)
    if slip.forgotten_at is None and slip.consent:
        slip.change(name="", phone="", expires_at=None, forgotten_at=at)
        record("door.contact_deleted", slip, by=by, at=at, data={"case": slip.case.no})


@transaction.atomic
def set_expiry(*, case: int, by: User, at: dt.datetime) -> None:
    """A case is over, or open again: contact data given with its slips is kept accordingly."""
    closed_at = Case.objects.values_list("closed_at", flat=True).get(pk=case)
    until = closed_at + term_of("door.contact") if closed_at else F("made_at") + CONTACT_AT_MOST
    Slip.objects.filter(case=case, forgotten_at=None).exclude(consent="").update(expires_at=until)


def forget_due(*, by: User, at: dt.datetime) -> int:
    """Delete the contact data whose time is over, each in a transaction of its own; how many were due."""
    due = list(due_slips(at).order_by("expires_at").values_list("pk", flat=True)[:MOST])
    for slip in due:
        forget_contact(slip=slip, by=by, at=at)
    return len(due)


@transaction.atomic
def move_expiry(*, days: int, by: User) -> int:
    """The term was changed, which is recorded there: what stands with closed cases goes so many DAYS later; how many."""
    rows = Slip.objects.filter(case__closed_at__isnull=False).exclude(expires_at=None)
    return rows.update(expires_at=F("expires_at") + dt.timedelta(days=days))
