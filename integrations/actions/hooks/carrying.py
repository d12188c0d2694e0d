"""Carrying a handful of deliveries to their receiver. No transaction is open while it is waited for."""

import datetime as dt
import time
from collections.abc import Sequence

from django.conf import settings

from accounts.models import User
from gridgov.core.outgoing import Answer, Failed, Refused, send
from gridgov.core.secrets import Unreadable
from integrations.actions.hooks.noting import Outcome, note_batch
from integrations.choices.hooks import (
    ANSWER_KEPT,
    BATCH_SECONDS,
    FAULT_KEPT,
    LOST_KEY,
    SEND_SECONDS,
    SIGNATURE,
    signature,
)
from integrations.models.hooks import Delivery, Webhook
from integrations.reports.hooks import seen_by

BUSY = frozenset({429, 503})


def carry(*, hook: Webhook, rows: Sequence[Delivery], at: dt.datetime) -> None:
    """Send ROWS one after the other, all of one lease that began at AT, and write down what became of them. What its owner
    doesn't see is withheld. Ends early where the receiver isn't reached or time is over: the rest is anybody's again."""
    began = time.monotonic()

    def now() -> dt.datetime:
        return at + dt.timedelta(seconds=time.monotonic() - began)

    owner = User.objects.get(pk=hook.owner_id)
    seen = seen_by(hook, owner, rows, at)
    withheld = [row for row in rows if row.pk not in seen]
    to_send = [row for row in rows if row.pk in seen]
    outcomes: list[Outcome] = []
    for row in to_send:
        outcomes.append(_sent(hook, row, now()))
        last = outcomes[-1]
        if not last.reached or last.rest is not None or time.monotonic() - began > BATCH_SECONDS:
            break
    note_batch(hook=hook, outcomes=outcomes, withheld=withheld, released=to_send[len(outcomes) :], at=now())


def _sent(hook: Webhook, row: Delivery, at: dt.datetime) -> Outcome:
    body, began = row.body.encode(), time.monotonic()
    try:
        keys = hook.keys(at)
    except Unreadable:
        return Outcome(row, at, 0, fault=str(LOST_KEY)[:FAULT_KEPT], reached=False)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"gridgov/{settings.VERSION}",
        SIGNATURE: signature(keys, int(at.timestamp()), body),
        "X-Gridgov-Event": row.event_id,
    }
    try:
        answer = send("POST", hook.url, headers=headers, body=body, timeout=SEND_SECONDS)
    except (Refused, Failed) as fault:
        return Outcome(row, at, time.monotonic() - began, fault=str(fault)[:FAULT_KEPT], reached=False)
    return Outcome(
        row, at, time.monotonic() - began, answer.status, answer.begun(ANSWER_KEPT), rest=_asked_to_rest(answer)
    )


def _asked_to_rest(answer: Answer) -> dt.timedelta | None:
    """For how long a receiver that is overloaded asks to be left alone; a minute where it doesn't say."""
    if answer.status not in BUSY:
        return None
    said = answer.headers.get("retry-after", "")
    return dt.timedelta(seconds=int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 60)
