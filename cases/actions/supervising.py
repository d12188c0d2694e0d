"""Urging 催办 and supervision 督办 by hand, and answering it. What the rules do by themselves: `climbing`."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import User
from cases import rules
from cases.actions import climbing, clocks
from cases.actions.taking import SUBJECT, notices, take, write_down
from cases.actions.telling import People, card_notice, supervision_notice
from cases.choices import (
    NOTICE_REPLIED,
    NOTICE_URGED,
    ORDER_IN_FORCE,
    REPLY_CHARS,
    SUPERVISION_CHARS,
    URGE_PAUSE,
    CardLevel,
    Cause,
    Clock,
    Level,
    LimitOf,
    SupervisionKind,
)
from cases.models import Case, Deadline, LedgerEntry, Supervision
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Invalid
from gridgov.core.models import Record
from gridgov.core.records import record_all
from grids.queries import heavy

NOTE_SHOWN = 60
# Nobody is given longer for an answer.
LONGEST_DAYS = 365


@transaction.atomic
def urge_case(*, case: Case | int, note: str = "", by: User, at: dt.datetime) -> Case:
    """Remind whoever has the case; no mark against anybody, and at most once an hour."""
    case = take(case, by, "urge")
    rules.can_urge(by, case).insist()
    orders = list(case.orders.filter(state__in=ORDER_IN_FORCE))
    mine = Record.objects.filter(subject_type=SUBJECT, subject_id=case.pk, verb="cases.urged")
    rules.can_be_urged(orders, bool(orders) and mine.filter(at__gt=at - URGE_PAUSE).exists()).insist()
    if len(note) > SUPERVISION_CHARS:
        raise Invalid(_("At most %(count)s characters.") % {"count": SUPERVISION_CHARS}, field="note")
    changes = case.move("urge", urged=case.urged + 1)
    write_down("cases.urged", case, changes, by=by, at=at, note=note.strip())
    people = People([case], orders, localdate(at))
    told = set[int]().union(*(people.handlers(order) for order in orders)) - {by.pk}
    notify(
        notices(case, sorted(told), NoticeKind.URGE, NOTICE_URGED, at, key=f"urge:{case.pk}:{case.urged}",
                note=note.strip()[:NOTE_SHOWN]),
        at=at,
    )  # fmt: skip
    return case


@transaction.atomic
def supervise_case(
    *, case: Case | int, kind: str = SupervisionKind.ORDINARY, level: int = CardLevel.NONE, text: str,
    reply_due: dt.datetime | None = None, by: User, at: dt.datetime,
) -> Supervision:  # fmt: skip
    """Demand an answer in writing from whoever has the case, with a card where the level says so. A lower one that is
    open ends; levels only rise within a round."""
    case = take(case, by, "supervise", limits=True)
    if kind not in SupervisionKind.values:
        raise Invalid(_("Choose one of the listed kinds."), field="kind")
    rules.can_supervise(by, case, kind).insist()
    before = list(case.supervisions.filter(round=case.round))
    waiting = next((row.level for row in before if row.replied_at is None and row.superseded_at is None), None)
    cards = case.cards.filter(round=case.round).aggregate(top=Max("level"))["top"] or 0 if case.card else 0
    rules.can_rise_to(level, max([cards, *(row.level for row in before)]), waiting).insist()
    text = text.strip()
    if not text:
        raise Invalid(_("Say what is demanded."), field="text")
    if len(text) > SUPERVISION_CHARS:
        raise Invalid(_("At most %(count)s characters.") % {"count": SUPERVISION_CHARS}, field="text")
    if reply_due is not None and reply_due <= at:
        raise Invalid(_("The answer is due in the future."), field="reply_due")
    if reply_due is not None and reply_due > at + dt.timedelta(days=LONGEST_DAYS):
        text = _("At most %(limit)s.") % {"limit": LimitUnit.NATURAL_DAY.spell(LONGEST_DAYS)}
        raise Invalid(text, code="too_long", field="reply_due")
    clock = _reply_clock(case, reply_due, at)
    ledger = climbing.lay_down([case.pk], by=by, at=at)
    order = case.lead_order
    grid_id = (order.grid_id if order else climbing.ground_of(case)) or None
    row = Supervision(
        case=case, kind=kind, level=level, round=case.round, order=order, unit=order.unit if order else None,
        grid_id=grid_id, text=text, by=by, at=at, reply_due=clock.due_at,
    )  # fmt: skip
    row.save(force_insert=True)
    clock.supervision = row
    clocks.begin([clock], by=by, at=at, ledger=ledger)
    changes = case.move("supervise", card=max(case.card, level))
    write_down(
        "cases.supervised", case, changes, by=by, at=at, note=text, to=str(order) if order else "", level=level,
        kind=kind, reply_due=clock.due_at.isoformat(),
    )  # fmt: skip
    _give_card(row, by=by, at=at)
    return row


def _reply_clock(case: Case, reply_due: dt.datetime | None, at: dt.datetime) -> Deadline:
    """By the moment that was named, else by the policy."""
    if reply_due is None:
        ((value, unit, policy),) = clocks.limits_of(case, LimitOf.REPLY, at=at)
        return clocks.clock(case, Clock.REPLY, value, unit, at=at, policy=policy)
    clock = clocks.clock(case, Clock.REPLY, clocks.hours(reply_due - at), LimitUnit.NATURAL_HOUR, at=at)
    clock.due_at = clock.original_due_at = reply_due
    return clock


def _give_card(row: Supervision, *, by: User, at: dt.datetime) -> None:
    """The card of a level, once a round, and the word to all concerned."""
    case, level = row.case, CardLevel(row.level)
    people = People([case], [row], localdate(at))
    told = {user: supervision_notice(row, user) for user in people.addressed(row)}
    if level > CardLevel.NONE:
        one = climbing.Rise(case, level, row.round, at, Cause.SUPERVISED, row.order, row.unit_id, row.grid_id)
        given, lines = climbing.give_cards([one])
        record_all(lines, by=by, at=at)
        watchers = people.leads(case, Level.STREET) if level == CardLevel.RED else people.leads(case)
        for user in (watchers if given else set()) - told.keys():
            told[user] = card_notice(one, user)
    told.pop(by.pk, None)
    notify(told.values(), at=at)


@transaction.atomic
def answer_supervision(*, supervision: Supervision | int, reply: str, by: User, at: dt.datetime) -> Supervision:
    """Answer in writing; that stops its clock. Raises Supervision.DoesNotExist where BY sees no such supervision."""
    pk = supervision if isinstance(supervision, int) else supervision.pk
    case = take(Supervision.objects.visible_to(by).only("case_id").get(pk=pk).case_id, by, "answer")
    rows = Supervision.objects.select_related("unit", "grid", "by").defer(*heavy("grid"))
    row: Supervision = rows.locked(pk)
    row.case = case
    rules.can_answer(by, row).insist()
    reply = reply.strip()
    if not reply:
        raise Invalid(_("Say what keeps it, and by when it will be done."), field="reply")
    if len(reply) > REPLY_CHARS:
        raise Invalid(_("At most %(count)s characters.") % {"count": REPLY_CHARS}, field="reply")
    row.change(reply=reply, replied_by=by, replied_at=at)
    changes = case.move("answer")
    LedgerEntry.objects.bulk_create(clocks.meet(case, Clock.REPLY, by=by, at=at))
    write_down("cases.answered", case, changes, by=by, at=at, note=reply)
    # By rule nobody asked in person: whoever saw the card come sees the answer.
    by_rule = row.by.role == Role.SYSTEM
    told = People([case], [], localdate(at)).above(case) if by_rule else {row.by_id}
    notify(
        notices(case, sorted(told - {by.pk}), NoticeKind.PROGRESS, NOTICE_REPLIED, at, key=f"answered:{row.pk}"), at=at
    )
    return row
