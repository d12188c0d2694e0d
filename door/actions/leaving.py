"""What is deleted when a resident asks, or when its time is over."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cases.actions import forget_reporter, reject_case
from cases.choices import CaseState, RejectReason
from door import rules
from door.actions.following import hold
from door.choices import SlipKind
from door.models import Slip, Words
from gridgov.core.records import record


@transaction.atomic
def forget_contact(*, slip: Slip | int, by: User, at: dt.datetime) -> Slip:
    """Delete name and phone at once; the case goes on, and the slip still leads to it."""
    slip = hold(slip)
    rules.can_withdraw(slip).insist()
    _forget(slip, by=by, at=at)
    return slip


@transaction.atomic
def withdraw_report(*, slip: Slip | int, by: User, at: dt.datetime) -> Slip:
    """Take the own report or the "me too" back: contact and words are deleted, the slip leads nowhere any more. A report
    that nobody has taken on, and nobody else joined, ends; any other goes on, for there may be danger in it."""
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
    if slip.kind == SlipKind.REPORT:
        forget_reporter(case=slip.case_id, by=by, at=at)
    if slip.forgotten_at is None and slip.consent:
        slip.change(name="", phone="", expires_at=None, forgotten_at=at)
        record("door.contact_deleted", slip, by=by, at=at, data={"case": slip.case.no})
