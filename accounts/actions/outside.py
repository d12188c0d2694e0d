"""Who comes in by the word of somebody outside, and which account is theirs."""

import datetime as dt

from django.db import transaction

from accounts.choices.outside import kept_subject
from accounts.models import Identity, User
from accounts.rules import outside as rules
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record


@transaction.atomic
def enter_from_outside(*, way: str, subject: str, account: str, at: dt.datetime) -> User | None:
    """Let in whom the provider of WAY vouches for; None where nobody has said yet whose account it is.

    ACCOUNT, if the provider keeps it for us, is believed the first time. Raises Forbidden.
    """
    rules.can_be_subject(subject).insist()
    kept = kept_subject(way, subject)
    advisory_lock(f"accounts.identity:{kept}")
    row = Identity.objects.filter(way=way, subject=kept).select_related("user").first()
    if row is None:
        user = User.objects.able().filter(username=account).first() if account else None
        if user is None:
            return None
        row = _bind(user, way, kept, told_by="provider", at=at)
    rules.can_come_from_outside(row.user).insist()
    row.change(last_used_at=at)
    held: User = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    record("accounts.entered", held, by=held, at=at, data={"way": way})
    return held


@transaction.atomic
def bind_identity(*, way: str, subject: str, user: User, at: dt.datetime) -> Identity:
    """Say that the person whom WAY knows as SUBJECT has the account USER, who has just shown its password. Raises Forbidden,
    Conflict where either has another already."""
    rules.can_be_subject(subject).insist()
    kept = kept_subject(way, subject)
    advisory_lock(f"accounts.identity:{kept}")
    row = Identity.objects.filter(way=way, subject=kept).first()
    if row is not None and row.user_id == user.pk:
        return row
    rules.is_nobody_yet(row).insist()
    return _bind(user, way, kept, told_by="password", at=at)


@transaction.atomic
def unbind_identity(*, row: Identity, by: User, at: dt.datetime) -> None:
    """From now on the word of that provider opens this account no more, until it is bound again."""
    row = Identity.objects.select_related("user").locked(row)
    rules.can_unbind(by, row).insist()
    record("accounts.identity_unbound", row, by=by, at=at, data={"way": row.way, "account": row.user.username})
    row.delete()


@transaction.atomic
def note_refused_outsider(*, way: str, reason: str, by: User, at: dt.datetime) -> None:
    """Write down that somebody came back from WAY and wasn't let in."""
    advisory_lock("accounts.outsider_refused")
    record("accounts.entry_refused", Subject("accounts.identity", 0), by=by, at=at, data={"reason": reason, "way": way})


def _bind(user: User, way: str, kept: str, *, told_by: str, at: dt.datetime) -> Identity:
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rules.can_come_from_outside(user).insist()
    rules.has_none_yet(user, way, Identity.objects.filter(user=user, way=way).exists()).insist()
    row = Identity.objects.create(user=user, way=way, subject=kept, bound_at=at)
    record(
        "accounts.identity_bound", row, by=user, at=at, data={"way": way, "told_by": told_by, "account": user.username}
    )
    return row
