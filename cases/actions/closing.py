"""Verifying, replying, calling back, closing, reopening, rating."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import climbing, clocks
from cases.actions.asking import withdraw_of_round
from cases.actions.people import leads_at
from cases.actions.taking import notice, notices, take, write_down
from cases.actions.teams import disband
from cases.choices import (
    LEVEL_OF_TIER,
    NOTICE_DISSATISFIED,
    NOTICE_REWORK,
    Clock,
    LimitOf,
    OrderState,
    Score,
    Tier,
)
from cases.models import Callback, Case, LedgerEntry, Order, Rating, Reporter
from gridgov.core.calendar import due_after
from gridgov.core.errors import Invalid

NOTE_CHARS = 500


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
def set_reply(*, case: Case | int, reply: str, by: User, at: dt.datetime) -> Case:
    """Give or change what the reporter reads. The account of what was done (`result`) stays the office's own."""
    case = take(case, by, "publish_reply")
    rules.can_reply(by).insist()
    rules.fit_to_publish(reply).insist()
    changes = case.move("publish_reply", reply=reply.strip())
    write_down("cases.replied", case, changes, by=by, at=at)
    return case


@transaction.atomic
def call_back(
    *, case: Case | int, reached: bool, solved: bool | None = None, note: str = "", by: User, at: dt.datetime
) -> Callback:
    """Put down a call to the reporter: whether somebody was reached, and what they say. As many as it takes."""
    case = take(case, by, "call_back")
    rules.can_call_back(by, case, case.orders.all()).insist()
    if reached and solved is None:
        raise Invalid(_("Say whether it is solved."), field="solved")
    if len(note) > NOTE_CHARS:
        raise Invalid(_("At most %(count)s characters.") % {"count": NOTE_CHARS}, field="note")
    changes = case.move("call_back")
    answer = solved if reached else None
    values = {"round": case.round, "reached": reached, "solved": answer, "note": note.strip(), "by": by, "at": at}
    made = Callback.objects.create(case=case, **values)
    write_down("cases.called_back", case, changes, by=by, at=at, note=note.strip(), reached=reached, solved=answer)
    return made


@transaction.atomic
def close_case(*, case: Case | int, note: str = "", reply: str = "", by: User, at: dt.datetime) -> Case:
    """End a verified case. Where somebody waits for an answer, to it or to a case merged into it, a public reply must
    stand or be given now; NOTE stays in the house."""
    case = take(case, by, "close")
    rules.can_verify(by, case, list(case.orders.all())).insist()
    if reply.strip() or (not case.reply and _somebody_waits(case)):
        rules.fit_to_publish(reply).insist()
    changes = case.move("close", closed_at=at, reply=reply.strip() or case.reply)
    disband(case, by=by, at=at)
    LedgerEntry.objects.bulk_create(climbing.lay_down([case.pk], by=by, at=at))
    write_down("cases.closed", case, changes, by=by, at=at, note=note.strip())
    return case


def _somebody_waits(case: Case) -> bool:
    """Whether a reporter of CASE, or of one merged into it, waits for an answer; one query."""
    # By the ids of the few: an OR across the join would read every reporter there is.
    cases = Case.objects.filter(Q(pk=case.pk) | Q(leading=case)).order_by().values("pk")
    rows = Reporter.objects.filter(case__in=cases).values_list("case__channel", "name", "phone")
    return any(rules.owes_answer(*row) for row in rows)


@transaction.atomic
def reopen_case(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Case:
    """Open a closed case once more: a new round with a clock of its own. The first round's deadline and breach stay.

    Within the window after closing and up to the cap only; the public reply is taken back, for it holds no more.
    """
    case = take(case, by, "reopen", limits=True)
    rules.can_reopen(by, case).insist()
    rules.reopening_in_time(case, at, _end_of_window(case, LimitOf.REOPENING, case.closed_at)).insist()
    if not reason.strip():
        raise Invalid(_("Say why it must be opened again."), field="reason")
    case.round += 1
    deadline = clocks.case_clock(case, at=at)
    changes = case.move(
        "reopen", started_at=at, due_at=deadline.due_at, provisional=deadline.provisional, lead_order=None,
        signed_at=None, completed_at=None, completed_by=None, verified_at=None, closed_at=None, outcome="",
        reply="",
    )  # fmt: skip
    case.save(update_fields=["round"])
    withdraw_of_round(case, at=at)
    clocks.begin([deadline], by=by, at=at)
    write_down("cases.reopened", case, changes, by=by, at=at, note=reason.strip())
    climbing.climb_on_reopening(case, at=at)
    return case


@transaction.atomic
def rate_case(*, case: Case | int, score: int, solved: bool, text: str = "", by: User, at: dt.datetime) -> Rating:
    """Put down what the reporter thinks, within the window after closing; one change is allowed. A merged case is rated
    by its own reporter once its leading case is closed. Who is not content is told on to the leads, who may reopen."""
    case = take(case, by, "rate", limits=True)
    leading = Case.objects.defer("search").get(pk=case.leading_id) if case.leading_id else None
    before = Rating.objects.filter(case=case).first()
    orders = Order.objects.filter(case__in=[pk for pk in (case.pk, case.leading_id) if pk])
    rules.can_rate(by, case, orders, before, leading).insist()
    # A merged case hears of the closing a moment later (reactions); until then that of its leading case counts.
    closed_at = case.closed_at or (leading.closed_at if leading else None)
    rules.rating_in_time(at, _end_of_window(case, LimitOf.RATING, closed_at)).insist()
    if score not in Score.values:
        raise Invalid(_("Choose one of the listed answers."), field="score")
    changes = case.move("rate")
    values = {"score": score, "solved": solved, "text": text.strip()[:500], "by": by, "at": at}
    if before is None:
        rating = Rating.objects.create(case=case, **values)
    else:
        count = 0 if rules.rated_before(case, before) else before.changes + 1
        rating, _made = Rating.objects.update_or_create(case=case, defaults={**values, "changes": count})
    write_down("cases.rated", case, changes, by=by, at=at, score=score, solved=solved)
    if score == Score.UNSATISFIED or not solved:
        _tell_leads(case, leading or case, at)
    return rating


def _end_of_window(case: Case, limit: LimitOf, closed_at: dt.datetime | None) -> dt.datetime:
    """Until when LIMIT lets something be done after CASE was closed, by the policy in force at its closing."""
    assert closed_at is not None  # the table of moves sees to it
    ((value, unit, _policy),) = clocks.limits_of(case, limit, at=closed_at)
    return due_after(case.grid.street_code, closed_at, value, unit).at


def _tell_leads(case: Case, closed: Case, at: dt.datetime) -> None:
    """CASE's reporter is not content: those who lead the CLOSED case hear of it once a round, while it can be reopened."""
    until = _end_of_window(closed, LimitOf.REOPENING, closed.closed_at)
    if at > until:
        return
    people = leads_at(closed, LEVEL_OF_TIER[Tier(closed.tier)], localdate(at))
    key, date = f"dissatisfied:{case.pk}:{closed.round}", f"{localtime(until):%Y-%m-%d}"
    more = {"reopen": closed.no, "until": date}
    notify(
        [notice(case, user, NoticeKind.PROGRESS, NOTICE_DISSATISFIED, at, key=key, **more) for user in people], at=at
    )
