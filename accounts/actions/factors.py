"""The second factor: set up, shown, and taken off (docs/sign-in.md, ADR 0013)."""

import datetime as dt
import secrets
from base64 import b32decode, b32encode

from django.db import transaction
from django.db.models import Q

from accounts.actions.notices import notify
from accounts.actions.sessions import end_all
from accounts.actions.tries import code_key, forget_tries, note_wrong_try, take_try
from accounts.choices import NoticeKind
from accounts.choices.signing import FRESH, NOTICE_FACTOR_RESET, RECOVERY_CODES, SECRET_BYTES, Ended
from accounts.models import Factor, Notice, RecoveryCode, User
from accounts.rules import signing as rules
from gridgov.core import codes
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from gridgov.core.secrets import seal, unseal


@transaction.atomic
def begin_factor(*, user: User, by: User, at: dt.datetime) -> str:
    """A new secret for USER's app, in base32; it counts for nothing before `confirm_factor`, and what counts now goes on."""
    rules.can_set_up_factor(user).insist()
    user = _locked(user)
    row, _made = Factor.objects.get_or_create(user=user)
    secret = b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    row.change(fresh=seal(secret, of=row.sealed_for), begun_at=at)
    record("accounts.factor_begun", user, by=by, at=at)
    return secret


def secret_begun(user: User, *, begun: dt.datetime, at: dt.datetime) -> str:
    """The secret that was begun at the moment BEGUN and waits to be confirmed, to be shown once more. Raises Conflict where it
    waits no more."""
    row = Factor.objects.filter(user=user).first()
    rules.has_begun(row, at, begun).insist()
    assert row is not None
    return unseal(row.fresh, of=row.sealed_for)


def confirm_factor(*, user: User, code: str, by: User, at: dt.datetime) -> list[str]:
    """USER's app shows CODE: from now on it is asked for. The recovery codes, which nobody can read again.

    Raises Invalid for a wrong code, Conflict where nothing was begun.
    """
    _insist_on_try(user, at)
    with transaction.atomic():
        user = _locked(user)
        row = Factor.objects.select_for_update().filter(user=user).first()
        rules.has_begun(row, at).insist()
        assert row is not None
        step = rules.step_fitting(b32decode(unseal(row.fresh, of=row.sealed_for)), code, at, 0)
        if step is not None:
            row.change(secret=row.fresh, fresh="", begun_at=None, confirmed_at=at, last_step=step)
            shown = _draw_codes(row)
            record("accounts.factor_confirmed", user, by=by, at=at)
    if step is None:
        _wrong(user, at)
    forget_tries(key=code_key(user))
    return shown


def check_code(*, user: User, code: str, at: dt.datetime) -> bool:
    """Take CODE, of the app or for recovery, as USER's second factor; true for one of recovery. It is good no more afterwards.

    Not to be called within a transaction that may be undone: a wrong try counts. Raises Invalid, or Conflict `locked`.
    """
    _insist_on_try(user, at)
    found = _spend(user, code, at)
    if found is None:
        _wrong(user, at)
    forget_tries(key=code_key(user))
    return found == "recovery"


@transaction.atomic
def renew_recovery_codes(*, user: User, by: User, at: dt.datetime) -> list[str]:
    """New recovery codes; those before are worth nothing."""
    user = _locked(user)
    row = Factor.objects.select_for_update().filter(user=user).first()
    rules.has_factor(row).insist()
    assert row is not None
    shown = _draw_codes(row)
    record("accounts.recovery_codes_renewed", user, by=by, at=at)
    return shown


@transaction.atomic
def drop_factor(*, user: User, by: User, at: dt.datetime) -> None:
    """USER takes the own factor off, who may do without."""
    user = _locked(user)
    rules.can_take_off(user).insist()
    rules.has_factor(Factor.objects.filter(user=user).first()).insist()
    Factor.objects.filter(user=user).delete()
    record("accounts.factor_dropped", user, by=by, at=at)


@transaction.atomic
def reset_factor(*, user: User, by: User, at: dt.datetime) -> User:
    """USER has lost it: it is taken off by somebody else, all sessions end, and USER is told."""
    user = _locked(user)
    rules.can_reset_factor(by, user).insist()
    rules.has_factor(Factor.objects.filter(user=user).first()).insist()
    Factor.objects.filter(user=user).delete()
    end_all(user, Ended.FACTOR, at)
    record("accounts.factor_reset", user, by=by, at=at)
    told = {"text": NOTICE_FACTOR_RESET, "params": {"name": str(by)}, "key": f"factor-reset:{at.isoformat()}"}
    notify([Notice(user=user, kind=NoticeKind.SYSTEM, at=at, urgent=True, **told)], at=at)
    return user


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic
def drop_begun(*, at: dt.datetime) -> None:
    """Forget secrets that were shown and not confirmed in time."""
    late = Factor.objects.exclude(fresh="").filter(Q(begun_at=None) | Q(begun_at__lte=at - FRESH))
    late.filter(confirmed_at=None).delete()
    late.update(fresh="", begun_at=None)


def _insist_on_try(user: User, at: dt.datetime) -> None:
    if take_try(key=code_key(user), at=at) is not None:
        raise Conflict(rules.TOO_MANY, code="locked")


def _wrong(user: User, at: dt.datetime) -> None:
    note_wrong_try(key=code_key(user), user=user, kind="code", by=User.objects.system(), at=at)
    raise Invalid(rules.WRONG_CODE, code="wrong_code", field="code")


@transaction.atomic
def _spend(user: User, code: str, at: dt.datetime) -> str | None:
    """Use CODE up: 'app' or 'recovery'; None where it is none, or was used. Of two at once one waits for the other here."""
    row = Factor.objects.select_for_update().filter(user=user).first()
    if row is None or row.confirmed_at is None:
        return None
    plain = "".join(code.split())
    step = rules.step_fitting(b32decode(unseal(row.secret, of=row.sealed_for)), plain, at, row.last_step)
    if step is not None:
        row.change(last_step=step)
        return "app"
    unused = dict(row.codes.filter(used_at=None).values_list("digest", "pk"))
    found = codes.fits(codes.tidied(code), unused)
    if not found:
        return None
    RecoveryCode.objects.filter(pk=unused[found]).update(used_at=at)
    record("accounts.recovery_code_used", _locked(user), by=user, at=at, data={"left": len(unused) - 1})
    return "recovery"


def _draw_codes(row: Factor) -> list[str]:
    """Ten new codes, fifty bits each, instead of those before."""
    row.codes.all().delete()
    drawn = [codes.code_of(secrets.token_hex(16)) for _one in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=row, digest=codes.digest(code)) for code in drawn)
    return [codes.spaced(code) for code in drawn]
