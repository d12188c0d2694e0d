"""Who may enrol and as what, who looks after volunteers, and what each may change."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import names_somebody
from gridgov.core.phones import plain_phone
from grids.choices import GridKind
from grids.queries import scope_of
from volunteers.choices.people import (
    ADULT,
    FREE_TIMES,
    MOST_SERVED,
    MOVES,
    NAME_CHARS,
    NATIONAL_CHARS,
    OLDEST,
    ORGANISERS,
    YOUNGEST,
    Skill,
    VolunteerKind,
    VolunteerState,
)

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Volunteer

_PHONE = re.compile(r"\+?[0-9]{5,19}")


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years on DAY."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def is_minor(born_on: dt.date, day: dt.date) -> bool:
    return age_on(born_on, day) < ADULT


def number_of(key: int, at: dt.datetime) -> str:
    """The number of the volunteer with this KEY, who came in that year."""
    return f"V{localtime(at):%y}{key:06}"


# --- enrolling


def can_enrol(by: "User", known: "Volunteer | None") -> Verdict:
    """Everybody, once: by the door without an account, or with the account one has. KNOWN is the volunteer it is already."""
    if by.is_client:
        return Verdict.forbid(_("A connected system can't be a volunteer."))
    if known is not None:
        return Verdict.clash(_("You are enrolled already, as %(no)s.") % {"no": known.no}, "enrolled")
    return YES


def fits_phone(phone: str) -> Verdict:
    if _PHONE.fullmatch(plain_phone(phone)):
        return YES
    return Verdict.reject(_("This is no phone number."), field="phone")


def fits_person(name: str, phone: str, born_on: dt.date | None, day: dt.date) -> Verdict:
    """Who somebody is: a name, a number that can be called, an age at which one helps."""
    if not 2 <= len(name.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Please give your name."), field="name")
    if not (verdict := fits_phone(phone)):
        return verdict
    if born_on is None:
        return Verdict.reject(_("Please give your birthday."), field="born_on")
    age = age_on(born_on, day)
    if born_on > day or age > OLDEST:
        return Verdict.reject(_("This can't be a birthday."), field="born_on")
    if age < YOUNGEST:
        return Verdict.reject(_("Volunteers are %(age)s years old at least.") % {"age": YOUNGEST}, field="born_on")
    return YES


def fits_guardian(born_on: dt.date, day: dt.date, name: str, phone: str, agreed: bool) -> Verdict:
    """Below 18 a guardian is named, can be called, and has agreed (民法典 17–19)."""
    if not is_minor(born_on, day):
        return YES
    if not 2 <= len(name.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Below 18 a guardian is needed: please give the name."), "guardian", "guardian_name")
    if not fits_phone(phone):
        return Verdict.reject(_("Please give a phone number of the guardian."), "guardian", "guardian_phone")
    if not agreed:
        return Verdict.reject(_("The guardian has to agree."), "guardian", "guardian_agreed")
    return YES


def fits_nickname(nickname: str) -> Verdict:
    """Others read it, so it tells nobody's number."""
    if len(nickname.strip()) > NAME_CHARS or names_somebody(nickname):
        return Verdict.reject(_("Others read the nickname: a short word, and no number of yours."), field="nickname")
    return YES


def fits_offer(skills: Iterable[str], times: Iterable[str], serves: "list[Grid]", grid: "Grid") -> Verdict:
    """What one can do, when, and in which micro-grids of the street of GRID."""
    if not set(skills) <= set(Skill.values):
        return Verdict.reject(_("There is no such skill."), field="skills")
    if not set(times) <= FREE_TIMES:
        return Verdict.reject(_("There is no such time of the week."), field="times")
    if len(serves) > MOST_SERVED:
        return Verdict.reject(_("At most %(count)s micro-grids.") % {"count": MOST_SERVED}, field="serves")
    if any(one.kind != GridKind.MICRO or one.street_code != grid.street_code for one in serves):
        return Verdict.reject(_("Choose micro-grids of the own street."), field="serves")
    return YES


def fits_kind(kind: str, employer: str) -> Verdict:
    """Couriers, riders and drivers name the platform they work for."""
    if kind not in VolunteerKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if kind == VolunteerKind.NEW_EMPLOYMENT and not employer.strip():
        return Verdict.reject(_("Please name the platform or firm."), field="employer")
    if len(employer.strip()) > NAME_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": NAME_CHARS}, field="employer")
    return YES


def agreed_to(consent: str) -> Verdict:
    if consent:
        return YES
    return Verdict.reject(_("Please agree to how your data is used; without it nobody is enrolled."), field="consent")


def has_signed(consented: bool) -> Verdict:
    """A list brings in only those whose consent the office has on paper."""
    if consented:
        return YES
    return Verdict.reject(_("Only who has signed the consent is taken in."), field="consented")


def is_grid(grid: "Grid | None", day: dt.date) -> Verdict:
    if grid is not None and grid.holds(day):
        return YES
    return Verdict.reject(_("There is no such grid."), field="grid")


def is_known_number(row: "Volunteer | None") -> Verdict:
    if row is not None:
        return YES
    return Verdict.reject(_("No volunteer of yours has this number; leave it empty for somebody new."), field="no")


def fits_national_no(number: str) -> Verdict:
    if len(number.strip()) <= NATIONAL_CHARS:
        return YES
    return Verdict.reject(_("At most %(count)s characters.") % {"count": NATIONAL_CHARS}, field="national_no")


# --- looking after them


def is_organiser(by: "User") -> Verdict:
    """Whoever looks after volunteers does so where their posts stand (`visible_to`)."""
    if by.role in ORGANISERS:
        return YES
    return Verdict.forbid(_("Only the street office and leads look after volunteers."))


def can_go(volunteer: "Volunteer", state: str) -> Verdict:
    """One table of moves."""
    if state in MOVES[volunteer.state]:
        return YES
    words = {"state": volunteer.get_state_display(), "next": VolunteerState(state).label}
    return Verdict.clash(_("Whoever is “%(state)s” can't become “%(next)s”.") % words, "state")


def can_review(by: "User", volunteer: "Volunteer") -> Verdict:
    """An organiser, and never one's own application."""
    verdict = is_organiser(by)
    if verdict and volunteer.user_id == by.pk:
        return Verdict.forbid(_("Nobody reviews their own application."))
    if verdict and volunteer.state != VolunteerState.APPLIED:
        return Verdict.clash(_("This application has been reviewed already."), "reviewed")
    return verdict


def can_say_no(reason: str) -> Verdict:
    if len(reason.strip()) >= 2:
        return YES
    return Verdict.reject(_("Say why, in words that can be told to the person."), field="reason")


def is_own_or_organiser(by: "User", volunteer: "Volunteer") -> Verdict:
    """The volunteer, or whoever looks after them."""
    return YES if volunteer.user_id == by.pk else is_organiser(by)


def can_pause(by: "User", volunteer: "Volunteer") -> Verdict:
    return is_own_or_organiser(by, volunteer) and can_go(volunteer, VolunteerState.PAUSED)


def can_resume(by: "User", volunteer: "Volunteer") -> Verdict:
    verdict = is_own_or_organiser(by, volunteer)
    if verdict and volunteer.state != VolunteerState.PAUSED:
        return Verdict.clash(_("Only who rests comes back."), "state")
    return verdict


def can_leave(by: "User", volunteer: "Volunteer") -> Verdict:
    return is_own_or_organiser(by, volunteer) and can_go(volunteer, VolunteerState.LEFT)


def can_take_up_again(by: "User", volunteer: "Volunteer") -> Verdict:
    """A refused application is looked at once more, as long as it is known whose it was."""
    verdict = is_organiser(by) and can_go(volunteer, VolunteerState.APPLIED)
    return verdict and _is_known(volunteer)


def can_change(by: "User", volunteer: "Volunteer") -> Verdict:
    """Whoever is here or wants to be."""
    verdict = is_own_or_organiser(by, volunteer)
    if verdict and volunteer.state in {VolunteerState.LEFT, VolunteerState.REFUSED}:
        return Verdict.clash(_("Whoever is no longer here is not changed any more."), "state")
    return verdict


def can_correct(by: "User", volunteer: "Volunteer") -> Verdict:
    """Name, birthday and kind are corrected by an organiser, who has seen the person."""
    return is_organiser(by) and can_change(by, volunteer)


def can_live_on(by: "User", grid: "Grid") -> Verdict:
    """Whoever is put on a grid stays in the organiser's sight."""
    if scope_of(by).covers(grid):
        return YES
    return Verdict.reject(_("This grid is none of yours."), field="grid")


def fits_training(trained_on: dt.date | None, day: dt.date) -> Verdict:
    if trained_on is None or trained_on <= day:
        return YES
    return Verdict.reject(_("This day is still to come."), field="trained_on")


def can_reveal(by: "User", volunteer: "Volunteer", reason: str) -> Verdict:
    """Name and phone in full, with a reason that is recorded."""
    verdict = is_organiser(by) and _is_known(volunteer)
    if verdict and len(reason.strip()) < 2:
        return Verdict.reject(_("Say why you need to see it."), field="reason")
    return verdict


def can_forget(by: "User", volunteer: "Volunteer", at: dt.datetime) -> Verdict:
    """The house when the time is over; an organiser earlier, when whoever left, was refused or only applied asks for it."""
    if volunteer.forget_at is None:
        return Verdict.clash(_("Only the data of whoever is no longer here is deleted."), "state")
    if by.role == Role.SYSTEM:
        return YES if volunteer.forget_at <= at else Verdict.clash(_("It is kept still."), "kept")
    return is_organiser(by)


def can_give_password(by: "User", volunteer: "Volunteer") -> Verdict:
    """A new first password, where somebody has forgotten the own one; accounts of staff are not touched here."""
    verdict = is_organiser(by)
    if verdict and volunteer.user is not None and volunteer.user.role != Role.VOLUNTEER:
        return Verdict.clash(_("This person signs in with an account of the office."), "account")
    if verdict and volunteer.state not in {VolunteerState.ACTIVE, VolunteerState.PAUSED}:
        return Verdict.clash(_("This account can't sign in."), "state")
    return verdict


def _is_known(volunteer: "Volunteer") -> Verdict:
    if volunteer.forgotten_at is None:
        return YES
    return Verdict.clash(_("Name and phone have been deleted."), "forgotten")
