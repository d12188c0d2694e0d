"""Wrong tries: counted in the database, so that the count holds whatever else is away, and locked."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localtime

from accounts.actions.notices import notify
from accounts.choices import NoticeKind
from accounts.choices.signing import FAILURES, LOCKED, NOTICE_LOCKED
from accounts.models import Notice, Tries, User
from accounts.rules import signing as rules
from gridgov.core.codes import digest
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record


def name_key(username: str) -> str:
    """Under which tries with the password of USERNAME are counted."""
    return digest(f"sign-in:{username}")


def code_key(user: User) -> str:
    """Under which tries with the codes of USER are counted."""
    return digest(f"factor:{user.pk}")


@transaction.atomic
def take_try(*, key: str, at: dt.datetime) -> dt.datetime | None:
    """Count one more try under KEY before it is judged: None if it may be judged, else until when it is locked.

    Counted first and taken back when it was right, so that a hundred at once are not judged before the first is counted.
    """
    row, _made = Tries.objects.select_for_update().get_or_create(key=key, defaults={"last_at": at})
    if row.locked_until is not None and at < row.locked_until:
        return row.locked_until
    over = row.locked_until is not None or at - row.last_at >= LOCKED
    failures = (0 if over else row.failures) + 1
    if failures > FAILURES:  # the others are being judged just now
        return row.last_at + LOCKED
    row.change(failures=failures, last_at=at, locked_until=None)
    return None


@transaction.atomic
def note_wrong_try(*, key: str, user: User | None, kind: str, by: User, at: dt.datetime) -> None:
    """It was wrong: the last of a row locks. Of a USER there is, it is recorded, and the lock is told to them as well."""
    held = None if user is None else User.objects.select_for_update(no_key=True).get(pk=user.pk)
    row, _made = Tries.objects.select_for_update().get_or_create(key=key, defaults={"last_at": at})
    locks = row.failures >= FAILURES and row.locked_until is None
    if locks:
        row.change(locked_until=at + LOCKED)
    if held is None:
        return
    record("accounts.sign_in_failed", held, by=by, at=at, data={"by": kind, "in_a_row": row.failures})
    if locks:
        record("accounts.sign_in_locked", held, by=by, at=at, data={"by": kind, "minutes": LOCKED.seconds // 60})
        notify([_told(held, row.failures, at)], at=at)


def forget_tries(*, key: str) -> None:
    """It was right."""
    Tries.objects.filter(key=key).update(failures=0, locked_until=None)


@transaction.atomic
def release_account(*, user: User, by: User, at: dt.datetime) -> User:
    """End the lock after wrong tries, before its time."""
    rules.can_release(by, user).insist()
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    Tries.objects.filter(key__in=[name_key(user.username), code_key(user)]).delete()
    record("accounts.released", user, by=by, at=at)
    return user


def drop_tries(*, at: dt.datetime) -> None:
    """Forget tries that count no more."""
    Tries.objects.filter(last_at__lt=at - LOCKED * 2).delete()


def _told(user: User, count: int, at: dt.datetime) -> Notice:
    until = f"{localtime(at + LOCKED):%Y-%m-%d %H:%M}"
    params = {"count": count, "time": until}
    return Notice(
        user=user,
        kind=NoticeKind.SYSTEM,
        key=f"locked:{at.isoformat()}",
        text=NOTICE_LOCKED,
        params=params,
        at=at,
        urgent=True,
    )


def check_own_password(*, user: User, password: str, at: dt.datetime) -> None:
    """Whoever is signed in as USER shows the password once more; wrong ones count as they do at the door. Raises Invalid, or
    Conflict `locked`. Not to be called within a transaction that may be undone."""
    key = name_key(user.username)
    if take_try(key=key, at=at) is not None:
        raise Conflict(rules.TOO_MANY, code="locked")
    if not user.check_password(password):
        note_wrong_try(key=key, user=user, kind="password", by=User.objects.system(), at=at)
        raise Invalid(rules.WRONG_PASSWORD, code="password_incorrect", field="old_password")
    forget_tries(key=key)
