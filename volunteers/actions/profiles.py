"""What is changed of a volunteer: by themselves what they offer, by an organiser who they are."""

import datetime as dt
import secrets

from django.db import transaction
from django.utils.timezone import localdate

from accounts.actions import open_account, set_password
from accounts.choices import Role
from accounts.choices.signing import CLASSES
from accounts.models import User
from accounts.rules.passwords import classes_of
from gridgov.core.phones import plain_phone
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.people import (
    Offer,
    Person,
    check_offer,
    check_person,
    facts_of,
    keep_account,
    offered,
    take,
    tell_them,
    told_of,
    work_of,
)
from volunteers.choices.people import NOTICE_PASSWORD, SPOKEN_SIGNS
from volunteers.models import Volunteer
from volunteers.rules import people as rules


@transaction.atomic
def change_profile(*, volunteer: Volunteer | int, offer: Offer, phone: str, by: User, at: dt.datetime) -> Volunteer:
    """Nickname, number, skills, times and micro-grids. Of which kind somebody is stays as it was reviewed."""
    row = take(volunteer, by)
    rules.can_change(by, row).insist()
    rules.fits_phone(phone).insist()
    check_offer(offer, row.grid).insist()
    changes = row.change(phone=plain_phone(phone), **offered(offer))
    row.serves.set(offer.serves)
    keep_account(row, by=by, at=at)
    record("volunteers.profile_changed", row, by=by, at=at, data={"changes": told_of(changes)})
    return row


@transaction.atomic
def correct_volunteer(
    *, volunteer: Volunteer | int, person: Person, kind: str, employer: str, grid: Grid, national_no: str = "",
    by: User, at: dt.datetime,
) -> Volunteer:  # fmt: skip
    """Who somebody is, where they live and what they are, put right by an organiser."""
    row = take(volunteer, by)
    rules.can_correct(by, row).insist()
    rules.can_live_on(by, grid).insist()
    check_person(person, localdate(at)).insist()
    rules.fits_kind(kind, employer).insist()
    facts = facts_of(person, at)
    if row.guardian_agreed_at and facts["guardian_agreed_at"]:
        facts["guardian_agreed_at"] = row.guardian_agreed_at
    changes = row.change(grid=grid, national_no=national_no.strip(), **work_of(kind, employer), **facts)
    keep_account(row, by=by, at=at)
    record("volunteers.corrected", row, by=by, at=at, data={"changes": told_of(changes)})
    return row


@transaction.atomic
def note_training(
    *, volunteer: Volunteer | int, trained_on: dt.date | None, insured_until: dt.date | None, by: User, at: dt.datetime
) -> Volunteer:
    """When somebody was trained, and until when they are insured (志愿服务条例 16, 17)."""
    row = take(volunteer, by)
    rules.can_correct(by, row).insist()
    rules.fits_training(trained_on, localdate(at)).insist()
    changes = row.change(trained_on=trained_on, insured_until=insured_until)
    record("volunteers.training_noted", row, by=by, at=at, data={"changes": changes})
    return row


@transaction.atomic
def give_password(*, volunteer: Volunteer | int, by: User, at: dt.datetime) -> str:
    """A new password for whoever has forgotten the own one, told once to BY, who tells it on. The volunteer reads who did it."""
    row = take(volunteer, by)
    rules.can_give_password(by, row).insist()
    password = _spoken()
    if row.user is None:  # came in by a list
        account = open_account(
            username=row.no, full_name=row.public_name, role=Role.VOLUNTEER, password=password, by=by, at=at
        )
        row.change(user=account)
        keep_account(row, by=by, at=at)
    else:
        set_password(user=row.user, password=password, by=by, at=at)
    tell_them(row, NOTICE_PASSWORD, at, who=by.full_name)
    record("volunteers.password_given", row, by=by, at=at)
    return password


def _spoken() -> str:
    """A password to be said on the telephone, that keeps the rules for one: letters, a digit at least, and dashes."""
    while True:
        found = "-".join("".join(secrets.choice(SPOKEN_SIGNS) for _sign in range(4)) for _part in range(3))
        if classes_of(found) >= CLASSES:
            return found
