"""Taking hold of the next message to a partner, and noting what it answered. The sending itself is an errand (jobs)."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from integrations.choices.hotline import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_TRIES,
    NUMBER_CHARS,
    SEND_SECONDS,
    OutboundState,
    Told,
)
from integrations.models.hotline import Outbound, PartnerOrder

# Whoever died while sending has it no longer after that.
LEASE = dt.timedelta(seconds=4 * SEND_SECONDS)


def claim_message(*, order: int, at: dt.datetime) -> Outbound | dt.datetime | None:
    """The message of ORDER that is next, held for one sending; or when to look again; or None, where nothing is to be told
    or somebody must look at the one that is next: what comes after it never overtakes it."""
    with transaction.atomic():
        rows = Outbound.objects.filter(order=order).exclude(state__in=[OutboundState.SENT, OutboundState.DROPPED])
        row = rows.order_by("pk").select_for_update(of=("self",)).first()
        if row is None or row.state == OutboundState.DEAD:
            return None
        if row.next_at is not None and row.next_at > at:
            return row.next_at
        row.change(next_at=at + LEASE)
    return Outbound.objects.select_related("order__partner").get(pk=row.pk)


@transaction.atomic
def note_sent(*, message: Outbound, answer: str, number: str = "", by: User, at: dt.datetime) -> dt.datetime | None:
    """The partner has it. NUMBER is its own number for what we asked it for. Answers when to go on with its order."""
    row = Outbound.objects.locked(message)
    row.change(state=OutboundState.SENT, sent_at=at, tries=row.tries + 1, next_at=None, answer=answer[:300])
    if number and row.told == Told.ORDER:
        order: PartnerOrder = PartnerOrder.objects.locked(row.order_id)
        taken = PartnerOrder.objects.filter(partner=order.partner_id, number=number).exists()
        if not taken and len(number) <= NUMBER_CHARS:
            record("integrations.request_numbered", order, by=by, at=at, data={"changes": order.change(number=number)})
    return at if Outbound.objects.waiting().filter(order=row.order_id).exists() else None


@transaction.atomic
def note_failed(*, message: Outbound, why: str, by: User, at: dt.datetime) -> dt.datetime | None:
    """It did not get through. Answers when it is tried again; after the last try somebody must look at it."""
    row = Outbound.objects.locked(message)
    tries = row.tries + 1
    if tries >= MOST_TRIES:
        row.change(state=OutboundState.DEAD, tries=tries, next_at=None, answer=why[:300])
        record("integrations.telling_given_up", row, by=by, at=at, data={"tries": tries})
        return None
    wait: Any = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
    # Not all at the same moment once the other side is back.
    row.change(tries=tries, next_at=at + wait + dt.timedelta(seconds=row.pk % 30), answer=why[:300])
    return row.next_at
