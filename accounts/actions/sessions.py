"""Sessions: begun, used and ended. Who may see and end them: accounts.queries, accounts.rules.signing."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from rest_framework.authtoken.models import Token

from accounts.choices.signing import KEPT, TOUCHED, Ended, longest
from accounts.models import Session, User
from accounts.queries import SignInQuerySet
from accounts.rules import signing as rules
from gridgov.core.records import record


@dataclass(frozen=True)
class Comer:
    """Who came in: from which address, by what device, and after how many seconds without use they are out again. WHOLE once
    nothing stands between them and the house."""

    user: int
    address: str
    device: str
    idle: int
    whole: bool


def open_session(*, key: str, data: str, at: dt.datetime) -> bool:
    """A session of nobody yet, under the digest KEY; false where there is one of it."""
    try:
        with transaction.atomic():
            Session.objects.create(key=key, data=data, used_at=at, expires_at=at + longest())
    except IntegrityError:
        return False
    return True


def keep_session(*, key: str, data: str) -> bool:
    """What a session holds now; false where it is over by now, or gone."""
    return bool(Session.objects.filter(key=key, ended_at=None).update(data=data))


@transaction.atomic
def take_session(*, key: str, data: str, comer: Comer, at: dt.datetime) -> bool:
    """From now on the session is COMER's. Where they may be in one place at a time, the others end: of two at once, the later."""
    user = User.objects.select_for_update(no_key=True).get(pk=comer.user)
    if comer.whole and rules.has_one_session(user):
        _close(Session.objects.filter(user=user).exclude(key=key), Ended.NEWER, at)
    return bool(
        Session.objects.filter(key=key, ended_at=None).update(
            data=data,
            user=user,
            address=comer.address[:45],
            device=comer.device[:40],
            idle=comer.idle,
            used_at=at,
            expires_at=at + longest(),
            began_at=at if comer.whole else None,
        )
    )


def touch_session(*, session: Session, at: dt.datetime) -> None:
    """Note that it is used; one write a minute, however many requests."""
    if at - session.used_at >= TOUCHED:
        Session.objects.filter(pk=session.pk, used_at__lte=at - TOUCHED, ended_at=None).update(used_at=at)


def leave_session(*, key: str, at: dt.datetime) -> None:
    """Its owner signs out, or goes on under another key: a log line is left, of nobody's session nothing."""
    rows = Session.objects.filter(key=key)
    _close(rows.exclude(began_at=None), Ended.SIGNED_OUT, at)
    rows.filter(began_at=None).delete()


@transaction.atomic
def end_session(*, session: Session, by: User, at: dt.datetime) -> Session:
    """End one session, of one's own or as the security hand. Raises Forbidden, Conflict."""
    assert session.user_id is not None
    # The account first, as everywhere here: or two who end the same one wait for each other.
    user = User.objects.select_for_update(no_key=True).get(pk=session.user_id)
    session = Session.objects.locked(session)
    rules.can_end_session(by, session).insist()
    why = Ended.BY_SELF if by.pk == user.pk else Ended.BY_GUARD
    _close(Session.objects.filter(pk=session.pk), why, at)
    record("accounts.session_ended", user, by=by, at=at, data={"session": session.pk, "device": session.device})
    return session


@transaction.atomic
def end_other_sessions(*, user: User, keep: int | None, by: User, at: dt.datetime) -> int:
    """End all sessions of USER but KEEP, and the token of the API; how many were ended."""
    rules.can_end_sessions(by, user.pk).insist()
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rows = Session.objects.filter(user=user).exclude(pk=keep or 0)
    count = _close(rows, Ended.BY_SELF if by.pk == user.pk else Ended.BY_GUARD, at)
    Token.objects.filter(user=user).delete()
    record("accounts.sessions_ended", user, by=by, at=at, data={"count": count})
    return count


def drop_sessions(*, at: dt.datetime) -> None:
    """Forget sessions of nobody when they are over, and the log of the others after half a year."""
    nobodys = Q(began_at=None, expires_at__lt=at)
    Session.objects.filter(nobodys | Q(expires_at__lt=at - KEPT)).delete()


@transaction.atomic
def issue_token(*, user: User, by: User, at: dt.datetime) -> str:
    """USER's token of the API: the one that holds, or a new one."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    found = Token.objects.filter(user=user).first()
    if found is not None and rules.token_holds(user, found.created, at):
        return str(found.key)
    Token.objects.filter(user=user).delete()
    token = Token.objects.create(user=user)
    record("accounts.token_issued", user, by=by, at=at)
    return str(token.key)


def end_all(user: User, why: str, at: dt.datetime) -> None:
    """Within a verb that changes who USER is or how they come in: all sessions end, and so do tokens of the API."""
    _close(Session.objects.filter(user=user), why, at)
    Token.objects.filter(user=user).delete()


def _close(rows: SignInQuerySet, why: str, at: dt.datetime) -> int:
    return rows.filter(ended_at=None).update(ended_at=at, ended_why=why, data="")
