"""Signing in: how often one may try, how long a session lasts, what a password and a second factor must be (handbook 1.9)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import ADMIN_HANDS, FIELD_ROLES, Role

# Wrong tries in a row, after which a name waits for so long.
FAILURES, LOCKED = 5, dt.timedelta(minutes=15)
# RFC 6238: seconds of a step, digits of a code, and how many steps a clock may be off either way.
STEP_SECONDS, DIGITS, DRIFT_STEPS = 30, 6, 1
SECRET_BYTES = 20
RECOVERY_CODES = 10
# A password's least length, of how many of the four classes of signs it must be, and how many before it may not come again.
SHORTEST, SHORTEST_OF_HANDS, CLASSES, REMEMBERED = 8, 12, 3, 5
LONGEST = 128
# Between giving the password and giving the code, or doing what must be done first.
IN_BETWEEN = dt.timedelta(minutes=15)
# Between being shown the secret of a second factor and typing the app's first code.
FRESH = dt.timedelta(minutes=15)
# Rows of sessions that are over: who came in when and from where (网络安全法 21: logs of the network are kept six months).
KEPT = dt.timedelta(days=183)
# A session's last use is noted so often and no more.
TOUCHED = dt.timedelta(minutes=1)
# Accounts that nobody has used for so long are told of.
STALE = dt.timedelta(days=90)
# Who signs in on a phone and works with it outside all day.
OUTDOORS = FIELD_ROLES | {Role.VOLUNTEER}


class Must(models.TextChoices):
    """What stands between the password and the house, in this order."""

    CODE = "code", _("Second factor")
    PASSWORD = "password", _("A password of your own")
    FACTOR = "factor", _("Set up the second factor")


class Ended(models.TextChoices):
    """Why a session is over, as its owner is told."""

    SIGNED_OUT = "signed_out", _("You signed out.")
    IDLE = (
        "idle",
        _("Nothing was done for a while, so you were signed out."),
    )
    OVER = (
        "over",
        _("The session had lasted its longest, so you were signed out."),
    )
    NEWER = (
        "newer",
        _("Your account was signed in elsewhere: an administrator has one session at a time."),
    )
    BY_SELF = "by_self", _("You ended this session from another one of yours.")
    BY_GUARD = "by_guard", _("A security administrator ended this session.")
    PASSWORD = "password", _("The password was changed, so all sessions ended. Sign in with the new one.")
    ROLE = "role", _("Your role was changed, so all sessions ended.")
    SWITCHED = "switched", _("This account can't sign in any more.")
    FACTOR = "factor", _("The second factor was taken off, so all sessions ended.")
    # Written by gridgov.core.backup.restoring.
    RESTORED = "restored", _("The system was brought back from a backup, so all sessions ended.")


NOTICE_LOCKED = gettext_noop(
    "Somebody tried to sign in as you %(count)s times with a wrong password or code. The account was locked until %(time)s. If it "
    "wasn't you, tell the security administrator."
)
NOTICE_FACTOR_RESET = gettext_noop("%(name)s took your second factor off. If you did not ask for it, say so at once.")


def _setting(name: str) -> Any:
    return settings.SIGN_IN[name]


def is_easy() -> bool:
    """Whether this house is only being tried out: no second factor is asked of administrators, and no first password changed."""
    return bool(_setting("easy"))


def idle_of(role: str, *, phone: bool) -> dt.timedelta:
    """After how long without use a session of ROLE ends, begun on the PHONE or at the desk."""
    if role in ADMIN_HANDS:
        return dt.timedelta(minutes=_setting("idle_hands"))
    return dt.timedelta(minutes=_setting("idle_phone" if phone and role in OUTDOORS else "idle_desk"))


def longest() -> dt.timedelta:
    """After how long a session ends, however busy."""
    return dt.timedelta(hours=_setting("longest_hours"))


def password_age(role: str) -> dt.timedelta | None:
    """How old a password of ROLE may become; None: as old as it likes."""
    days = _setting("password_days_hands" if role in ADMIN_HANDS else "password_days")
    return dt.timedelta(days=days) if days else None


def token_age(role: str) -> dt.timedelta:
    """For how long a token of the API holds."""
    return longest() if role in ADMIN_HANDS else dt.timedelta(days=_setting("token_days"))
