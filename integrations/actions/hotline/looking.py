"""Looking at what was sealed, which is recorded, and forgetting it in time."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.looking import record_look
from gridgov.core.records import record
from gridgov.core.secrets import unseal
from integrations.choices.hotline import Asked
from integrations.models.hotline import Inbound, Partner, PartnerOrder
from integrations.rules import hotline as rules
from integrations.rules import profiles


@transaction.atomic
def reveal_caller(*, order: PartnerOrder, reason: str, by: User, at: dt.datetime) -> dict[str, str]:
    """Who called, as the newest order says, for whoever must call back. Who looked and why is recorded."""
    row = PartnerOrder.objects.visible_to(by).select_related("partner").locked(order)
    rules.can_see_content(by, reason, confidential=row.confidential).insist()
    record_look("integrations.caller_revealed", row, by=by, at=at, data={"note": reason.strip()[:200]})
    message = Inbound.objects.filter(order=row, asked=Asked.ORDER).exclude(body="").order_by("-pk").first()
    if message is None:
        return {}
    body = profiles.read_json(unseal(message.body, of=message.sealed_for).encode())
    return {
        name: profiles.said(row.partner.profile, Asked.ORDER, body, name) for name in ("name", "phone", "text", "place")
    }


@transaction.atomic
def read_message(*, message: Inbound, reason: str, by: User, at: dt.datetime) -> str:
    """A message as it came, for whoever must find out what is wrong with it; '' once it was forgotten."""
    row = Inbound.objects.visible_to(by).select_related("partner", "order").locked(message)
    body = unseal(row.body, of=row.sealed_for) if row.body else ""
    rules.can_see_content(by, reason, confidential=_is_confidential(row, body)).insist()
    record_look("integrations.message_read", row, by=by, at=at, data={"note": reason.strip()[:200]})
    return body


def _is_confidential(row: Inbound, body: str) -> bool:
    """Whether somebody's confidence is in it; what can't be read may hold anything."""
    if row.order is not None and row.order.confidential:
        return True
    if row.asked != Asked.ORDER and row.asked:
        return False
    try:
        said = profiles.said(row.partner.profile, Asked.ORDER, profiles.read_json(body.encode()), "confidential", 40)
    except Invalid:
        return bool(body)
    return profiles.is_true(row.partner.profile, said)


@transaction.atomic
def forget_bodies(*, before: dt.datetime, by: User, at: dt.datetime) -> int:
    """Delete the bodies of messages that were dealt with before BEFORE; how many. That they came stays."""
    rows = list(Inbound.objects.old(before).order_by("pk")[:1000])
    Inbound.objects.filter(pk__in=[row.pk for row in rows]).update(body="")
    for partner in Partner.objects.filter(pk__in={row.partner_id for row in rows}).order_by("pk"):
        count = sum(row.partner_id == partner.pk for row in rows)
        record("integrations.bodies_forgotten", Partner.objects.locked(partner), by=by, at=at, data={"count": count})
    return len(rows)
