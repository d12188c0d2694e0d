"""Points for goods: reserved on the phone, handed over at the station against a code; what isn't collected comes back.

Whoever exchanges holds the balance, then the good; whoever ends an exchange holds it, then the balance, then the good."""

import datetime as dt
import secrets

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _t

from accounts.models import User
from gridgov.core.codes import ALPHABET
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from volunteers.actions.points import run_out
from volunteers.actions.telling import tell
from volunteers.choices.ledger import (
    CODE_CHARS,
    COLLECT_WITHIN,
    NOTICE_EXCHANGE_ENDED,
    NOTICE_UNCOLLECTED,
    PointsKind,
    RedemptionState,
)
from volunteers.models import Balance, Good, PointsEntry, Redemption, Volunteer
from volunteers.rules import stations as rules
from volunteers.rules.ledger import check_words

AT_ONCE = 200


@transaction.atomic
def exchange_points(*, good: Good | int, count: int = 1, by: User, at: dt.datetime) -> Redemption:
    """Reserve COUNT of GOOD for BY, who pays at once and collects it within two weeks.

    Raises Forbidden for whoever is no active volunteer, Conflict beyond the balance or the stock, Invalid.
    """
    volunteer: Volunteer | None = Volunteer.objects.of(by)
    rules.can_exchange(volunteer).insist()
    assert volunteer is not None  # the rule said so
    day = localdate(at)
    Balance.objects.locked(volunteer.pk)
    run_out(volunteer.pk, day, by, at)
    row: Good = Good.objects.visible_to(by).for_list().locked(good)
    rules.can_take(row, count, Balance.objects.get(pk=volunteer.pk).points).insist()
    row.change(stock=row.stock - count)
    points = count * row.points
    found = Redemption.objects.create(
        volunteer=volunteer, good=row, count=count, points=points, code=_code(), at=at, collect_by=day + COLLECT_WITHIN
    )
    PointsEntry.objects.create(
        volunteer=volunteer, kind=PointsKind.SPENT, points=-points, redemption=found, day=day, by=by, at=at
    )
    record("volunteers.points_exchanged", found, by=by, at=at, data={"good": row.pk, "count": count, "points": points})
    return found


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_CHARS))


@transaction.atomic
def hand_over(*, redemption: Redemption | int, code: str, by: User, at: dt.datetime) -> Redemption:
    """Hand over what was reserved to whoever shows its CODE.

    Raises Forbidden, Conflict if it is over, Invalid for another code.
    """
    row: Redemption = Redemption.objects.visible_to(by).for_list().locked(redemption)
    rules.can_hand_over(by, row).insist()
    rules.is_code_of(code.strip().upper(), row).insist()
    row.change(state=RedemptionState.HANDED_OVER, settled_by=by, settled_at=at)
    record("volunteers.exchange_handed_over", row, by=by, at=at, data={"good": row.good_id, "count": row.count})
    return row


@transaction.atomic
def hand_over_by_code(*, code: str, by: User, at: dt.datetime) -> Redemption:
    """`hand_over` where only the CODE is known, at one of the stations that BY keeps. Raises Invalid for no such code."""
    rows = Redemption.objects.kept_by(by).waiting().filter(code=code.strip().upper()[:CODE_CHARS])
    found = rows.order_by("pk").first()
    if found is None:
        raise Invalid(_t("Nothing waits at your station under this code."), field="code", code="code")
    return hand_over(redemption=found, code=code, by=by, at=at)


@transaction.atomic
def cancel_exchange(*, redemption: Redemption | int, reason: str = "", by: User, at: dt.datetime) -> Redemption:
    """Give up what was reserved: points and goods come back. Whoever isn't the volunteer says why, and the volunteer is told."""
    row: Redemption = Redemption.objects.visible_to(by).for_list().locked(redemption)
    rules.can_cancel(by, row).insist()
    own = row.volunteer.user_id == by.pk
    if not own:
        check_words(reason, "reason").insist()
    _give_back(row, reason.strip(), by, at)
    if not own:
        _tell(row, NOTICE_EXCHANGE_ENDED, at, reason=reason.strip())
    return row


@transaction.atomic
def return_uncollected(*, by: User, at: dt.datetime) -> int:
    """Give back what nobody collected in time, some at a time; how many."""
    rows = Redemption.objects.waiting().filter(collect_by__lt=localdate(at)).order_by("-volunteer_id", "pk")
    late = list(rows.for_list().select_for_update(no_key=True, of=("self",))[:AT_ONCE])
    # Every balance before the first good, as whoever exchanges holds them.
    held = Balance.objects.filter(pk__in={row.volunteer_id for row in late}).order_by("-pk")
    list(held.select_for_update(no_key=True))
    for row in late:
        _give_back(row, "", by, at)
        _tell(row, NOTICE_UNCOLLECTED, at)
    return len(late)


def _give_back(row: Redemption, reason: str, by: User, at: dt.datetime) -> None:
    Balance.objects.locked(row.volunteer_id)
    spent = PointsEntry.objects.get(redemption=row, kind=PointsKind.SPENT)
    PointsEntry.objects.create(
        volunteer_id=row.volunteer_id, kind=PointsKind.REVERSAL, points=row.points, redemption=row, reverses=spent,
        day=localdate(at), reason=reason, by=by, at=at,
    )  # fmt: skip
    good: Good = Good.objects.locked(row.good_id)
    good.change(stock=good.stock + row.count)
    row.change(state=RedemptionState.CANCELLED, settled_by=by, settled_at=at)
    data = {"good": row.good_id, "count": row.count, "points": row.points, "reason": reason}
    record("volunteers.exchange_cancelled", row, by=by, at=at, data=data)


def _tell(row: Redemption, text: str, at: dt.datetime, **more: str) -> None:
    words = {"title": row.good.name, "count": row.points, **more}
    tell(row.volunteer.user_id, text, f"exchange:{row.pk}", row, at, **words)
