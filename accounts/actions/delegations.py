"""Standing in: who is away names who sees and handles in the meantime."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from accounts import rules
from accounts.actions.notices import notify
from accounts.choices import NOTICE_STAND_IN, NOTICE_STOOD_IN_FOR, NoticeKind
from accounts.models import Delegation, Notice, User
from accounts.rules import naming
from gridgov.core.counts import hit, seen
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record, record_many

MISNAMED = "deputy.misnamed"
# A person who names more people in vain within an hour is looking for something else.
MOST_MISNAMED, HOUR = 10, dt.timedelta(hours=1)


def hold_delegations() -> None:
    """One writer at a time: whether a chain loops is said by many rows together. Before any account is locked."""
    advisory_lock("delegations")


def find_deputy(*, name: str, user: User, by: User, at: dt.datetime) -> User:
    """Whom BY means who calls the stand-in of USER by NAME: a user name, or a full name that only one bears of those who can.

    Raises Invalid, in the same words whether nobody is called so or somebody who can't stand in: what accounts there are is
    nobody's to try out. Raises Forbidden where USER is nobody to be stood in for, Conflict after too many in vain.
    """
    rules.can_be_stood_in_for(user).insist()
    naming.may_name(seen(MISNAMED, str(by.pk), within=HOUR, at=at) < MOST_MISNAMED).insist()
    people = User.objects.able()
    fit = [one for one in people.filter(username=name) if rules.can_stand_in(user, one)]
    fit = fit or [one for one in people.filter(full_name=name) if rules.can_stand_in(user, one)]
    if len(fit) != 1:
        hit(MISNAMED, str(by.pk), within=HOUR, at=at)
    naming.is_one(name, len(fit)).insist()
    return fit[0]


def find_absent(*, name: str, by: User) -> User:
    """Whom BY means who names somebody that is away. Raises Forbidden for whoever may not, and Invalid."""
    rules.can_name_absent(by, name).insist()
    found = User.objects.able().filter(username=name).first()
    naming.is_somebody(name, found is not None).insist()
    assert found is not None
    return found


@transaction.atomic
def delegate(
    *, user: User, deputy: User, valid_from: dt.date, valid_to: dt.date, reason: str = "", by: User, at: dt.datetime
) -> Delegation:
    """Let DEPUTY stand in for USER from VALID_FROM to VALID_TO, the last day, and tell them.

    Raises Forbidden or Invalid where the two don't fit, Conflict where USER is stood in for on one of the days already
    or the chain would lead back.
    """
    hold_delegations()
    user, deputy = User.objects.get(pk=user.pk), User.objects.get(pk=deputy.pk)
    rules.can_delegate(by, user, reason).insist()
    rules.can_stand_in(user, deputy).insist()
    rules.can_be_away(valid_from, valid_to, localdate(at)).insist()
    row = Delegation(
        user=user, deputy=deputy, valid_from=valid_from, valid_to=valid_to, reason=reason.strip()[:200], made_by=by, made_at=at
    )  # fmt: skip
    rules.can_join(row, list(Delegation.objects.standing(valid_from, valid_to))).insist()
    row.save(force_insert=True)
    data = {"user": user.pk, "deputy": deputy.pk, "from": valid_from.isoformat(), "to": valid_to.isoformat(),
            "reason": row.reason}  # fmt: skip
    record("accounts.delegated", row, by=by, at=at, data=data)
    told = [(deputy, NOTICE_STAND_IN, user)] + ([(user, NOTICE_STOOD_IN_FOR, deputy)] if by.pk != user.pk else [])
    notify([_notice(row, reader, text, other, at) for reader, text, other in told], at=at)
    return row


def _notice(row: Delegation, reader: User, text: str, other: User, at: dt.datetime) -> Notice:
    return Notice(
        user=reader,
        kind=NoticeKind.SYSTEM,
        key=f"delegation:{row.pk}",
        text=text,
        params={"name": str(other), "first": row.valid_from.isoformat(), "last": row.valid_to.isoformat()},
        subject_type="accounts.delegation",
        subject_id=row.pk,
        at=at,
    )


@transaction.atomic
def end_delegation(*, delegation: Delegation | int, by: User, at: dt.datetime) -> Delegation:
    """End it before its last day, at once. Raises Conflict if it is over."""
    hold_delegations()
    row: Delegation = Delegation.objects.visible_to(by).locked(delegation)
    rules.can_end_delegation(by, row, localdate(at)).insist()
    changes = row.change(ended_at=at, ended_by=by)
    record("accounts.delegation_ended", row, by=by, at=at, data={"changes": changes})
    return row


def end_those_of(user: User, *, as_absent: bool, by: User, at: dt.datetime) -> None:
    """End what USER stands in for, AS_ABSENT also who stands in for USER: the ground it was agreed on is gone."""
    sides = Q(deputy=user) | Q(user=user) if as_absent else Q(deputy=user)
    rows = list(Delegation.objects.standing(localdate(at)).filter(sides).order_by("pk"))
    if rows:
        Delegation.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at, ended_by=by)
        record_many("accounts.delegation_ended", [(row, {"cause": user.pk}) for row in rows], by=by, at=at)
