"""Who may set a term, hold, lift a limit, answer a request and assess; and what these may look like."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from gridgov.core.keeping import Kind
from gridgov.core.masking import names_somebody
from gridgov.core.phones import plain_phone
from grids.queries import scope_of
from privacy import choices
from privacy.choices import Ask, Ground, RequestState, Source

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from privacy.models import Hold, Part, Request

LEAST_REASON = 4


def is_reason(reason: str, field: str = "reason") -> Verdict:
    """Something that a reader later understands, and that names nobody: it goes into records."""
    if len(reason.strip()) < LEAST_REASON:
        return Verdict.reject(_("Say why, in a few words."), field=field)
    if names_somebody(reason):
        return Verdict.reject(_("Leave out phone and identity numbers: this is kept for good."), field=field)
    return YES


def can_set_term(by: "User", kind: Kind, days: int) -> Verdict:
    """The security administrator, where the law leaves room, and within it."""
    if by.role not in choices.TERM_SETTERS:
        return Verdict.forbid(_("Terms of keeping are set by the security administrator."))
    if not kind.term.is_open or kind.follows:
        return Verdict.clash(_("This term is not the office's to choose."), "fixed")
    least, most = kind.term.least, kind.term.most
    assert least is not None and most is not None
    if least <= days <= most:
        return YES
    words = {"least": least, "most": most}
    return Verdict.reject(_("From %(least)s to %(most)s days.") % words, field="days")


def holds_back(by: "User") -> Verdict:
    if by.role in choices.HOLDERS:
        return YES
    return Verdict.forbid(_("Holds are put by the street office and the security administrator."))


def can_hold(by: "User", grid: "Grid | None") -> Verdict:
    """The street on its own ground, the security administrator anywhere."""
    if by.role == Role.SECURITY_ADMIN or (by.role == Role.STREET and grid is not None and scope_of(by).covers(grid)):
        return YES
    return Verdict.forbid(_("This is not on your ground."))


def can_end_hold(by: "User", hold: "Hold") -> Verdict:
    if hold.ended_at is not None:
        return Verdict.clash(_("This hold has ended already."), "ended")
    return can_hold(by, hold.grid)


def can_lift(by: "User", user: "User", covered: bool) -> Verdict:
    """Nobody lifts the own limit; the street lifts those of people who work on its ground (COVERED)."""
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody lifts the own limit."))
    if by.role == Role.SECURITY_ADMIN or (by.role == Role.STREET and covered):
        return YES
    return Verdict.forbid(
        _("The limit is lifted by the street office for its own people, or by the security administrator.")
    )


# --- requests --------------------------------------------------------------------------------------------------------


def can_take_request(by: "User", grid: "Grid", source: str) -> Verdict:
    """At the desk the street office takes what is asked on its ground; the door and own pages take it from the person."""
    if source == Source.OWN or by.role == Role.SYSTEM:
        return YES
    if by.role in choices.ANSWERERS and scope_of(by).covers(grid):
        return YES
    return Verdict.forbid(_("Requests are taken by the street office."))


def fits_request(asks: Collection[str], name: str, phone: str) -> Verdict:
    if not asks or not set(asks) <= set(Ask.values):
        return Verdict.reject(_("Choose what is asked for."), field="asks")
    if not name.strip():
        return Verdict.reject(_("Write who asks."), field="name")
    if not 5 <= len(plain_phone(phone)) <= choices.PHONE_CHARS or not plain_phone(phone).lstrip("+").isdigit():
        return Verdict.reject(_("Write a phone number: by it the data is found, and the answer told."), field="phone")
    return YES


def can_answer(by: "User") -> Verdict:
    if by.role in choices.ANSWERERS:
        return YES
    return Verdict.forbid(_("Requests are answered by the street office."))


def can_verify(by: "User", request: "Request") -> Verdict:
    return _in_state(by, request, RequestState.RECEIVED)


def is_proof(how: str) -> Verdict:
    return YES if how in choices.PROOFS else Verdict.reject(_("This doesn't prove who somebody is."), field="how")


def can_decide(by: "User", request: "Request") -> Verdict:
    return _in_state(by, request, RequestState.VERIFIED, RequestState.DECIDED)


def can_search(by: "User", request: "Request") -> Verdict:
    """What there is about somebody is shown only once it is known who asks, and until the answer."""
    return _in_state(by, request, RequestState.VERIFIED, RequestState.DECIDED)


def can_strike_out(by: "User", request: "Request", parts: Collection["Part"]) -> Verdict:
    """Rows go where deletion, or taking consent back, was granted."""
    verdict = _in_state(by, request, RequestState.DECIDED)
    if verdict and not any(part.granted and part.ask in {Ask.DELETE, Ask.WITHDRAW, Ask.RELATIVE} for part in parts):
        return Verdict.clash(_("Deletion was not granted."), "not_granted")
    return verdict


def can_note_done(by: "User", request: "Request", parts: Collection["Part"]) -> Verdict:
    verdict = _in_state(by, request, RequestState.DECIDED)
    if verdict and not any(part.granted and part.done_at is None and part.ask != Ask.COPY for part in parts):
        return Verdict.clash(_("Nothing is left to carry out."), "nothing")
    return verdict


def can_send_answer(by: "User", request: "Request", parts: Collection["Part"]) -> Verdict:
    """Once everything granted is carried out; the copy is fetched after the answer."""
    verdict = _in_state(by, request, RequestState.DECIDED)
    if verdict and any(part.granted and part.done_at is None and part.ask != Ask.COPY for part in parts):
        return Verdict.clash(_("What was granted is not carried out yet."), "not_done")
    return verdict


def can_ask_again(request: "Request", parts: Collection["Part"], asked_again: bool) -> Verdict:
    """Whoever doesn't accept a refusal says so once, and somebody decides anew."""
    if request.state != RequestState.ANSWERED or all(part.granted for part in parts):
        return Verdict.clash(_("Nothing was refused."), "state")
    return Verdict.clash(_("This was asked again already."), "again") if asked_again else YES


def can_fetch_copy(request: "Request", at: dt.datetime) -> Verdict:
    """Once, and for some days."""
    if request.copied_at is not None:
        return Verdict.clash(_("The copy was fetched already. Ask once more where you need another."), "fetched")
    if request.copy_until is None or request.copy_until <= at:
        return Verdict.clash(_("There is no copy to fetch, or its time is over."), "no_copy")
    return YES


def fits_decision(ask: str, ground: str, reason: str) -> Verdict:
    """A refusal says its article and, in words, why here."""
    if ground not in Ground.values:
        return Verdict.reject(_("Choose a ground."), field=f"ground_{ask}")
    return is_reason(reason, f"reason_{ask}") if ground else YES


def _in_state(by: "User", request: "Request", *states: str) -> Verdict:
    verdict = can_answer(by)
    if verdict and request.state not in states:
        return Verdict.clash(_("This request has moved on already."), "state")
    return verdict


# --- assessments -----------------------------------------------------------------------------------------------------


def can_assess(by: "User", kind: str, known: Collection[str], review_on: dt.date, day: dt.date) -> Verdict:
    if by.role not in choices.ASSESSORS:
        return Verdict.forbid(_("Impact assessments are entered by the security administrator."))
    if kind not in known:
        return Verdict.reject(_("Choose a kind of processing."), field="kind")
    if not day < review_on <= day + choices.REVIEW_AFTER:
        return Verdict.reject(_("It is reviewed within a year."), field="review_on")
    return YES
