"""Verifying, closing, reopening, rating."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import clocks
from cases.actions.asking import withdraw_of_round
from cases.actions.taking import notices, take, write_down
from cases.choices import NOTICE_REWORK, Clock, OrderState, Score
from cases.models import Case, LedgerEntry, Rating
from gridgov.core.errors import Invalid


@transaction.atomic
def verify_case(*, case: Case | int, note: str = "", by: User, at: dt.datetime) -> Case:
    """Confirm on the spot or by a call that it is done. Not by whoever did it."""
    case = take(case, by, "verify")
    rules.can_verify(by, case, list(case.orders.all())).insist()
    changes = case.move("verify", verified_at=at)
    LedgerEntry.objects.bulk_create(clocks.meet(case, Clock.VERIFY, by=by, at=at))
    write_down("cases.verified", case, changes, by=by, at=at, note=note.strip())
    return case


@transaction.atomic
def rework_case(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Case:
    """Not done: back to the same hands. The case clock runs on as if completion had never been said."""
    case = take(case, by, "rework")
    orders = list(case.orders.all())
    rules.can_verify(by, case, orders).insist()
    if not reason.strip():
        raise Invalid(_("Say what is missing."), field="reason")
    changes = case.move("rework", completed_at=None, completed_by=None, rework_count=case.rework_count + 1)
    order = case.lead_order
    assert order is not None  # a completed case has an order, the move table sees to it
    order.change(state=OrderState.SIGNED, ended_at=None)
    clocks.run_again(case, by=by, at=at, reason=reason.strip())
    write_down("cases.reworked", case, changes, by=by, at=at, note=reason.strip())
    people = [order.handler_id] if order.handler_id else []
    notify(notices(case, people, NoticeKind.RETURNED, NOTICE_REWORK, at, reason=reason.strip()[:60]), at=at)
    return case


@transaction.atomic
def close_case(*, case: Case | int, note: str = "", by: User, at: dt.datetime) -> Case:
    """End a verified case."""
    case = take(case, by, "close")
    rules.can_verify(by, case, list(case.orders.all())).insist()
    changes = case.move("close", closed_at=at)
    write_down("cases.closed", case, changes, by=by, at=at, note=note.strip())
    return case


@transaction.atomic
def reopen_case(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Case:
    """Open a closed case once more: a new round with a clock of its own. The first round's deadline and breach stay."""
    case = take(case, by, "reopen")
    rules.can_reopen(by, case).insist()
    if not reason.strip():
        raise Invalid(_("Say why it must be opened again."), field="reason")
    case.round += 1
    deadline = clocks.case_clock(case, at=at)
    changes = case.move(
        "reopen", started_at=at, due_at=deadline.due_at, provisional=deadline.provisional, lead_order=None,
        signed_at=None, completed_at=None, completed_by=None, verified_at=None, closed_at=None, outcome="",
    )  # fmt: skip
    case.save(update_fields=["round"])
    withdraw_of_round(case, at=at)
    clocks.begin([deadline], by=by, at=at)
    write_down("cases.reopened", case, changes, by=by, at=at, note=reason.strip())
    return case


@transaction.atomic
def rate_case(*, case: Case | int, score: int, solved: bool, text: str = "", by: User, at: dt.datetime) -> Rating:
    """Put down what the reporter thinks; one change is allowed."""
    case = take(case, by, "rate")
    before = Rating.objects.filter(case=case).first()
    rules.can_rate(by, case, list(case.orders.all()), before.changes if before else None).insist()
    if score not in Score.values:
        raise Invalid(_("Choose one of the listed answers."), field="score")
    changes = case.move("rate")
    values = {"score": score, "solved": solved, "text": text.strip()[:500], "by": by, "at": at}
    if before is None:
        rating = Rating.objects.create(case=case, **values)
    else:
        rating, _made = Rating.objects.update_or_create(case=case, defaults={**values, "changes": before.changes + 1})
    write_down("cases.rated", case, changes, by=by, at=at, score=score, solved=solved)
    return rating
