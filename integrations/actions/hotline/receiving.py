"""Keeping what a partner sent, before anything is done about it."""

import datetime as dt
import hashlib
from typing import Any

from django.db import IntegrityError, transaction

from gridgov.core import jobs
from gridgov.core.errors import Refusal
from gridgov.core.secrets import seal
from integrations.actions.hotline.review import TAKE, hold_up
from integrations.choices.hotline import NUMBER_CHARS, Asked, InboundState
from integrations.models.hotline import Inbound, Partner, PartnerOrder
from integrations.rules import hotline as rules
from integrations.rules import profiles


def receive_message(*, partner: Partner, operation: str, nonce: str, body: bytes, at: dt.datetime) -> Inbound:
    """Keep BODY, whose signature was looked at, as it came, and promise to act on it. What nobody can read is kept for
    somebody to look at; what came before is noted as such. Raises Forbidden for a nonce that was used."""
    try:
        with transaction.atomic():
            return _kept(partner, operation, nonce, body, at)
    except IntegrityError:
        rules.can_use_nonce(partner, nonce, used=True).insist()
        raise


def _kept(partner: Partner, operation: str, nonce: str, body: bytes, at: dt.datetime) -> Inbound:
    row = Inbound(partner=partner, nonce=nonce, received_at=at, digest=hashlib.sha256(body).hexdigest())
    row.body = seal(body.decode("utf-8", "replace"), of=row.sealed_for)
    refusal: Refusal | None = None
    try:
        read = profiles.read_json(body)
        asked = rules.asked_of(partner.profile, operation, read)
        row.asked, number = asked, profiles.said(partner.profile, asked, read, "no", NUMBER_CHARS)
        rules.can_be_number(number).insist()
        row.order = _order(partner, number, at)
        if asked != Asked.URGE and row.order.messages.filter(asked=asked, digest=row.digest).exists():
            row.state, row.done_at = InboundState.REPEATED, at
    except Refusal as found:
        refusal = found
    row.save(force_insert=True)
    if refusal is not None:
        hold_up(row, refusal, by=partner.account, at=at)
    elif row.state == InboundState.WAITING:
        jobs.promise(TAKE, row.pk, due_at=at)
    return row


def _order(partner: Partner, number: str, at: dt.datetime) -> PartnerOrder:
    values: dict[str, Any] = {"made_at": at}
    order, _made = PartnerOrder.objects.get_or_create(partner=partner, number=number, defaults=values)
    return order
