"""Looks at who somebody is, which are recorded; and the end of such data."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from accounts.choices import Role
from accounts.models import User
from gridgov.core.keeping import can_strike
from gridgov.core.looking import record_look
from gridgov.core.records import record
from volunteers.actions.people import keep_account, take
from volunteers.choices.people import VolunteerState
from volunteers.models import Volunteer
from volunteers.reports.keeping import due_volunteers
from volunteers.rules import people as rules

MOST = 500


@transaction.atomic
def reveal_volunteer(*, volunteer: Volunteer | int, reason: str, by: User, at: dt.datetime) -> Volunteer:
    """Name, phone, birthday and guardian in full. Who looked, when and why is recorded; without a reason nothing is shown."""
    row = take(volunteer, by)
    rules.can_reveal(by, row, reason).insist()
    record_look("volunteers.revealed", row, by=by, at=at, data={"note": reason.strip()[:200]})
    return row


@transaction.atomic
def forget_volunteer(*, volunteer: Volunteer | int, by: User, at: dt.datetime) -> Volunteer:
    """Strike out who somebody was who is no longer here, or whose application nobody answered: that is refused by it. The
    number stays, with the hours and certificates that bear it."""
    row = Volunteer.objects.locked(volunteer) if by.role == Role.SYSTEM else take(volunteer, by)
    rules.can_forget(by, row, at).insist()
    can_strike("volunteers.volunteer", row.pk).insist()
    if row.state == VolunteerState.APPLIED:
        row.change(state=VolunteerState.REFUSED)
    row.change(
        name="", nickname="", phone="", born_on=None, guardian_name="", guardian_phone="", employer="", national_no="",
        reason="", skills=[], times=[], forget_at=None, forgotten_at=at,
    )  # fmt: skip
    row.serves.clear()
    keep_account(row, by=by, at=at)
    record("volunteers.forgotten", row, by=by, at=at)
    return row


def forget_due(*, by: User, at: dt.datetime) -> int:
    """Strike out those whose time is over, some at a time; how many were due."""
    keys = list(due_volunteers(at).order_by("forget_at").values_list("pk", flat=True)[:MOST])
    for key in keys:
        forget_volunteer(volunteer=key, by=by, at=at)
    return len(keys)


@transaction.atomic
def move_forgetting(*, days: int, by: User) -> int:
    """The term was changed, which is recorded there: who left already is forgotten so many DAYS later; how many."""
    rows = Volunteer.objects.filter(state=VolunteerState.LEFT).exclude(forget_at=None)
    return rows.update(forget_at=F("forget_at") + dt.timedelta(days=days))
