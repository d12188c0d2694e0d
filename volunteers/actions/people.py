"""Enrolling, reviewing, resting and leaving."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.timezone import localdate

from accounts.actions import keep_volunteer, open_account
from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.keeping import term_of
from gridgov.core.locks import advisory_lock
from gridgov.core.phones import plain_phone
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.telling import tell
from volunteers.choices.people import KEPT, NOTICE_ACCEPTED, VolunteerKind, VolunteerState
from volunteers.models import Balance, Member, Volunteer
from volunteers.rules import people as rules

# Of these a record says that they were changed, and not to what: they are struck out when somebody is forgotten.
_PERSONAL = {
    "name", "nickname", "phone", "born_on", "guardian_name", "guardian_phone", "guardian_agreed_at", "employer", "national_no",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who somebody is, for organisers alone; the guardian of a minor with it."""

    name: str
    phone: str
    born_on: dt.date | None
    guardian_name: str = ""
    guardian_phone: str = ""
    guardian_agreed: bool = False


@dataclass(frozen=True)
class Offer:
    """What somebody offers, and what others call them. `serves`: micro-grids of the own street."""

    nickname: str = ""
    skills: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    serves: tuple[Grid, ...] = ()


@transaction.atomic
def apply_as_volunteer(
    *, person: Person, offer: Offer, grid: Grid, consent: str, kind: str = VolunteerKind.RESIDENT, employer: str = "",
    password: str | None = None, by: User, at: dt.datetime,
) -> Volunteer:  # fmt: skip
    """Somebody wants to help on GRID. By the door an account is opened with PASSWORD, whose name is the volunteer number; it
    can't sign in until the review. Whoever has an account enrols with it.

    Raises Invalid or Faults where something can't be, Conflict where the account is a volunteer already.
    """
    own = None if by.role == Role.SYSTEM else by
    if own is not None:
        advisory_lock("volunteer", own.pk)
    rules.can_enrol(by, Volunteer.objects.of(by) if own else None).insist()
    check_person(person, localdate(at)).insist()
    check_offer(offer, grid).insist()
    rules.fits_kind(kind, employer).insist()
    rules.agreed_to(consent).insist()
    (pk,) = next_keys(1)
    no = rules.number_of(pk, at)
    account = own or open_account(
        username=no, full_name=offer.nickname.strip() or no, role=Role.VOLUNTEER, password=password,
        phone=plain_phone(person.phone), chosen=True, by=by, at=at,
    )  # fmt: skip
    row: Volunteer = Volunteer.objects.create(
        pk=pk,
        no=no,
        user=account,
        grid=grid,
        consent=consent,
        applied_at=at,
        forget_at=at + KEPT[VolunteerState.APPLIED],
        **facts_of(person, at),
        **offered(offer),
        **work_of(kind, employer),
    )
    row.serves.set(offer.serves)
    record("volunteers.applied", row, by=by, at=at, data={"consent": consent, "kind": row.kind})
    return row


@transaction.atomic
def review_volunteer(
    *, volunteer: Volunteer | int, accepted: bool, reason: str = "", by: User, at: dt.datetime
) -> Volunteer:
    """Take somebody in, or not, with a REASON that the person may read. Raises Forbidden, Conflict, Invalid."""
    row = take(volunteer, by)
    rules.can_review(by, row).insist()
    if not accepted:
        rules.can_say_no(reason).insist()
    reviewed = {"reviewed_by": by, "reviewed_at": at, "reason": reason.strip()}
    if accepted:
        row.change(state=VolunteerState.ACTIVE, forget_at=None, **reviewed)
        Balance.objects.get_or_create(volunteer=row)
        keep_account(row, by=by, at=at)
        tell_them(row, NOTICE_ACCEPTED, at, no=row.no)
    else:
        row.change(state=VolunteerState.REFUSED, forget_at=at + KEPT[VolunteerState.REFUSED], **reviewed)
    record("volunteers.reviewed", row, by=by, at=at, data={"accepted": accepted, "note": reason.strip()})
    return row


@transaction.atomic
def take_up_again(*, volunteer: Volunteer | int, by: User, at: dt.datetime) -> Volunteer:
    """A refused application is to be reviewed once more."""
    row = take(volunteer, by)
    rules.can_take_up_again(by, row).insist()
    row.change(state=VolunteerState.APPLIED, forget_at=at + KEPT[VolunteerState.APPLIED])
    record("volunteers.taken_up_again", row, by=by, at=at)
    return row


@transaction.atomic
def pause_volunteer(*, volunteer: Volunteer | int, reason: str = "", by: User, at: dt.datetime) -> Volunteer:
    """Rest for a while: still in the squads, but neither counted nor asked."""
    row = take(volunteer, by)
    rules.can_pause(by, row).insist()
    row.change(state=VolunteerState.PAUSED)
    record("volunteers.paused", row, by=by, at=at, data={"note": reason.strip()})
    return row


@transaction.atomic
def resume_volunteer(*, volunteer: Volunteer | int, by: User, at: dt.datetime) -> Volunteer:
    """Here again."""
    row = take(volunteer, by)
    rules.can_resume(by, row).insist()
    row.change(state=VolunteerState.ACTIVE)
    record("volunteers.resumed", row, by=by, at=at)
    return row


@transaction.atomic
def leave_volunteering(*, volunteer: Volunteer | int, reason: str = "", by: User, at: dt.datetime) -> Volunteer:
    """Leave: squads end today, an account of the role volunteer signs in no more. Name and phone are kept for a while, for
    certificates; hours and points stay as they are."""
    row = take(volunteer, by)
    rules.can_leave(by, row).insist()
    row.change(state=VolunteerState.LEFT, forget_at=at + term_of("volunteers.volunteer"), reason=reason.strip())
    Member.objects.current().filter(volunteer=row).update(until=localdate(at))
    keep_account(row, by=by, at=at)
    record("volunteers.left", row, by=by, at=at, data={"note": reason.strip()})
    return row


def take(volunteer: Volunteer | int, by: User) -> Volunteer:
    """The row, held, if BY sees it. Raises DoesNotExist."""
    row: Volunteer = Volunteer.objects.visible_to(by).select_related("grid", "user").locked(volunteer)
    return row


def check_person(person: Person, day: dt.date) -> Verdict:
    verdict = rules.fits_person(person.name, person.phone, person.born_on, day)
    if not verdict or person.born_on is None:
        return verdict
    return rules.fits_guardian(person.born_on, day, person.guardian_name, person.guardian_phone, person.guardian_agreed)


def facts_of(person: Person, at: dt.datetime) -> dict[str, object]:
    """PERSON as the row keeps it: a guardian only of a minor."""
    minor = person.born_on is not None and rules.is_minor(person.born_on, localdate(at))
    return {
        "name": person.name.strip(), "phone": plain_phone(person.phone), "born_on": person.born_on,
        "guardian_name": person.guardian_name.strip() if minor else "",
        "guardian_phone": plain_phone(person.guardian_phone) if minor else "",
        "guardian_agreed_at": at if minor else None,
    }  # fmt: skip


def check_offer(offer: Offer, grid: Grid) -> Verdict:
    return rules.fits_nickname(offer.nickname) and rules.fits_offer(offer.skills, offer.times, list(offer.serves), grid)


def offered(offer: Offer) -> dict[str, object]:
    return {
        "nickname": offer.nickname.strip(), "skills": sorted(set(offer.skills)), "times": sorted(set(offer.times)),
    }  # fmt: skip


def work_of(kind: str, employer: str) -> dict[str, object]:
    """A platform is named of new-employment groups alone."""
    return {"kind": kind, "employer": employer.strip() if kind == VolunteerKind.NEW_EMPLOYMENT else ""}


def told_of(changes: dict[str, list[object]]) -> dict[str, object]:
    """CHANGES as a record may keep them, which stays when somebody is forgotten."""
    return {name: "…" if name in _PERSONAL else change for name, change in changes.items()}


def next_keys(count: int) -> list[int]:
    """The keys of COUNT rows to come: their numbers are made of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('volunteers_volunteer', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [key for (key,) in cursor.fetchall()]


def keep_account(row: Volunteer, *, by: User, at: dt.datetime) -> None:
    """The account follows the volunteer: who it is called, and whether it signs in. That of staff stays as it is."""
    if row.user is None or row.user.role != Role.VOLUNTEER:
        return
    here = row.state in {VolunteerState.ACTIVE, VolunteerState.PAUSED}
    keep_volunteer(user=row.user, active=here, full_name=row.public_name, phone=row.phone, by=by, at=at)


def tell_them(row: Volunteer, text: str, at: dt.datetime, **words: str) -> None:
    tell(row.user_id, text, f"volunteer:{row.pk}:{at:%Y%m%d%H%M%S}", row, at, **words)
