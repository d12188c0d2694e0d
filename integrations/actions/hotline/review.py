"""What waits for somebody at the desk: why, and having it done again once the fault is mended."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from gridgov.core import jobs
from gridgov.core.errors import Refusal
from gridgov.core.models import Job
from gridgov.core.records import record
from integrations.choices.hotline import InboundState, OutboundState
from integrations.models.hotline import Inbound, Outbound, PartnerCode
from integrations.rules import hotline as rules

TAKE, TELL = "integrations.take", "integrations.tell"


def hold_up(row: Inbound, refusal: Refusal, *, by: User, at: dt.datetime, code: PartnerCode | None = None) -> None:
    """Put ROW on the list of what must be looked at, with the reason."""
    row.change(state=InboundState.REVIEW, fault=refusal.code[:40], reason=str(refusal)[:300], code=code)
    record(
        "integrations.message_held_up",
        row,
        by=by,
        at=at,
        data={"fault": row.fault, "code": code.theirs if code else ""},
    )


def again(rows: Iterable[Inbound], at: dt.datetime) -> int:
    """Let ROWS be taken once more; how many."""
    keys = [row.pk for row in rows]
    Inbound.objects.filter(pk__in=keys).update(state=InboundState.WAITING, fault="", reason="", done_at=None)
    jobs.rearm(TAKE, dict.fromkeys(keys, at))
    return len(keys)


@transaction.atomic
def replay_message(*, message: Inbound, by: User, at: dt.datetime) -> Inbound:
    """Have a message that waits for somebody taken once more, as it came."""
    rules.can_review(by).insist()
    row = Inbound.objects.visible_to(by).locked(message)
    rules.can_replay(row).insist()
    again([row], at)
    record("integrations.message_replayed", row, by=by, at=at)
    return row


@transaction.atomic
def drop_message(*, message: Inbound, reason: str, by: User, at: dt.datetime) -> Inbound:
    """Nothing is to be done about a message; why is recorded."""
    rules.can_review(by).insist()
    row = Inbound.objects.visible_to(by).locked(message)
    rules.can_drop(row, reason).insist()
    row.change(state=InboundState.DROPPED, done_at=at)
    record("integrations.message_dropped", row, by=by, at=at, data={"note": reason.strip()[:300]})
    return row


@transaction.atomic
def resend_message(*, message: Outbound, by: User, at: dt.datetime) -> Outbound:
    """Try a message that was given up once more; those behind it follow."""
    rules.can_review(by).insist()
    row = Outbound.objects.visible_to(by).locked(message)
    rules.can_resend(row).insist()
    row.change(state=OutboundState.WAITING, tries=0, next_at=None)
    promise_telling([row], at, "again")
    record("integrations.telling_resumed", row, by=by, at=at)
    return row


@transaction.atomic
def pass_over_message(*, message: Outbound, reason: str, by: User, at: dt.datetime) -> Outbound:
    """Leave out a message that can't be told, so that those behind it can."""
    rules.can_review(by).insist()
    row = Outbound.objects.visible_to(by).locked(message)
    rules.can_pass_over(row, reason).insist()
    row.change(state=OutboundState.DROPPED)
    promise_telling([row], at, "after")
    record("integrations.telling_dropped", row, by=by, at=at, data={"note": reason.strip()[:300]})
    return row


def promise_telling(rows: Iterable[Outbound], at: dt.datetime, why: str = "new") -> None:
    """One errand for each order among ROWS; who carries it out goes on until nothing is left. WHY tells promises about the
    same message apart."""
    last = {row.order_id: row.pk for row in rows}
    moment = int(at.timestamp() * 1_000_000)
    jobs.promise_many(
        Job(kind=TELL, key=f"{pk}:{why}:{moment}", due_at=at, payload={"order": order}) for order, pk in last.items()
    )
