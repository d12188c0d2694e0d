"""Who may come in, by what, and for how long."""

import datetime as dt
import hmac
import math
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils.translation import gettext_lazy as _

from accounts.choices import ADMIN_HANDS, Role
from accounts.choices.signing import (
    DIGITS,
    DRIFT_STEPS,
    FRESH,
    STEP_SECONDS,
    Ended,
    Must,
    is_easy,
    password_age,
    token_age,
)
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import Factor, Session, User


# --- what stands between the password and the house ------------------------------------------------------------------


def needs_factor(user: "User") -> bool:
    """The three hands come in by two factors (等保 level 3, handbook 1.9)."""
    return user.role in ADMIN_HANDS and not is_easy()


def must_first(user: "User", *, has_factor: bool, at: dt.datetime) -> list[str]:
    """What USER shows or does after the password, in order, before anything else."""
    found = [Must.CODE] if has_factor else []
    if must_change_password(user, at):
        found.append(Must.PASSWORD)
    if needs_factor(user) and not has_factor:
        found.append(Must.FACTOR)
    return [must.value for must in found]


def must_change_password(user: "User", at: dt.datetime) -> bool:
    """Somebody else chose it, or it is too old."""
    if is_easy():
        return False
    age = password_age(user.role)
    old = age is not None and user.password_set_at is not None and at - user.password_set_at >= age
    return user.password_given or old


# --- sessions --------------------------------------------------------------------------------------------------------


def is_over(session: "Session", at: dt.datetime) -> str:
    """Why SESSION is over AT a moment (`Ended`); '' while it holds."""
    if session.ended_at is not None:
        return session.ended_why
    if at >= session.expires_at:
        return Ended.OVER
    if session.idle is not None and at >= session.used_at + dt.timedelta(seconds=session.idle):
        return Ended.IDLE
    return ""


def seconds_left(session: "Session", at: dt.datetime) -> int:
    """After how many seconds SESSION is over if nobody uses it; 0 once it is."""
    if is_over(session, at):
        return 0
    ends = session.expires_at
    if session.idle is not None:
        ends = min(ends, session.used_at + dt.timedelta(seconds=session.idle))
    return math.ceil((ends - at).total_seconds())


def has_one_session(user: "User") -> bool:
    """Administrators are in one place at a time (等保: no two sessions of one account)."""
    return user.role in ADMIN_HANDS


def can_end_session(by: "User", session: "Session") -> Verdict:
    if session.ended_at is not None:
        return Verdict.clash(_("This session is over already."))
    return can_end_sessions(by, session.user_id)


def can_end_sessions(by: "User", user_id: int | None) -> Verdict:
    if by.pk == user_id or by.role in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Whose session it is ends it, or a security administrator."))


def token_holds(user: "User", made: dt.datetime, at: dt.datetime) -> bool:
    """Whether a token of the API that was MADE for USER is good AT a moment; an administrator's holds as long as a session."""
    return at - made < token_age(user.role)


# --- tries -----------------------------------------------------------------------------------------------------------


def can_release(by: "User", user: "User") -> Verdict:
    if user.is_client or user.role == Role.SYSTEM:
        return Verdict.forbid(_("Nobody signs in with this account."))
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator ends a lock after wrong tries."))
    return YES


# --- second factors --------------------------------------------------------------------------------------------------


def can_set_up_factor(user: "User") -> Verdict:
    if user.is_client or user.role == Role.SYSTEM:
        return Verdict.forbid(_("Nobody signs in with this account."))
    return YES


def has_begun(factor: "Factor | None", at: dt.datetime, begun: dt.datetime | None = None) -> Verdict:
    """Whether a set-up waits to be confirmed, begun not too long ago; and at the moment BEGUN where that is said, for whoever
    knows the password and began another one has seen that one's secret."""
    since = factor.begun_at if factor is not None and factor.fresh else None
    if since is not None and at < since + FRESH and begun in {None, since}:
        return YES
    return Verdict.clash(
        _("This set-up was begun too long ago, or once more in another window. Begin anew."), "not_begun"
    )


def has_factor(factor: "Factor | None") -> Verdict:
    if factor is not None and factor.confirmed_at is not None:
        return YES
    return Verdict.clash(_("This account has no second factor."))


def can_take_off(user: "User") -> Verdict:
    if needs_factor(user):
        return Verdict.forbid(_("An administrator's second factor can be set up anew, not taken off."))
    return YES


def can_reset_factor(by: "User", user: "User") -> Verdict:
    """Somebody else's: who has lost both phone and recovery codes goes to a security administrator, who knows the face."""
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator takes off somebody's lost second factor."))
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody takes off their own lost second factor; another security administrator does."))
    return YES


def step_of(at: dt.datetime) -> int:
    """The step of RFC 6238 in which the moment AT lies."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a STEP."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def app_address(secret: bytes, account: str, house: str) -> str:
    """otpauth://…: what the app reads from the picture."""
    return _totp(secret).get_provisioning_uri(account, house)


def _totp(secret: bytes) -> TOTP:
    """SHA-1 is what authenticator apps speak; an HMAC of it is sound."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303


def step_fitting(secret: bytes, code: str, at: dt.datetime, after: int) -> int | None:
    """The step whose code CODE is, near the moment AT and after the step AFTER; takes as long whichever it is."""
    now, found = step_of(at), None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


# --- three hands, three persons --------------------------------------------------------------------------------------


def can_be_hand(role: str, same: "User | None", posted: bool) -> Verdict:
    """SAME: another administrator who has the name or the phone of whoever is to have ROLE. POSTED: whether they hold a post.
    The database holds both as well (constraints of the table, triggers of grids.0009)."""
    if role in ADMIN_HANDS and posted:
        return Verdict.clash(
            _("Administrators have nothing to do with cases: end this person's posts first."), "posted"
        )
    if role not in ADMIN_HANDS or same is None:
        return YES
    message = _("%(name)s is an administrator already. One person holds one of the three hands, by one account.")
    return Verdict.clash(message % {"name": same}, "two_hands")


WRONG_CODE = _("This code is wrong, or was used already. Wait for the next one.")
TOO_MANY = _("Too many wrong tries. Wait a quarter of an hour, or ask a security administrator.")
WRONG_PASSWORD = _("This is not your password.")
