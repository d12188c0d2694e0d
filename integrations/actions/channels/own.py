"""People's own addresses: entered, proved by a code, switched, taken out. Only their owner does any of it."""

import datetime as dt
import secrets
from hmac import compare_digest

from django.db import transaction

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from integrations.actions.channels.sealed import code_of, mask, seal_address
from integrations.actions.channels.sending import put_out
from integrations.choices.channels import CODE_HOLDS, DAY
from integrations.models import Channel, Line, Message, OwnChannel
from integrations.queries.channels import digest_of
from integrations.rules import channels as rules


@transaction.atomic
def add_own(
    *, channel: Channel | None, address: str, wanted: str, language: str, by: User, at: dt.datetime
) -> OwnChannel:
    """Enter BY's own ADDRESS and send a code there; nothing is told before the code came back. The same address again is
    the same row with a new code.

    Raises Forbidden, Invalid, or Conflict where there were too many codes or are too many addresses.
    """
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    digest = digest_of(address)
    known = OwnChannel.objects.filter(user=held, channel=channel, digest=digest).first()
    rules.can_add_own(held, channel, OwnChannel.objects.filter(user=held).count() - bool(known)).insist()
    assert channel is not None
    rules.can_be_address(channel.kind, address).insist()
    own = known or OwnChannel.objects.create(
        user=held, channel=channel, masked=mask(channel.kind, address), sealed=seal_address(address), digest=digest,
        wanted=wanted, language=language, made_at=at,
    )  # fmt: skip
    if known is None:
        record("integrations.own_channel_added", own, by=by, at=at, data={"kind": channel.kind, "address": own.masked})
    return send_code(own=own, by=by, at=at)


@transaction.atomic
def send_code(*, own: OwnChannel, by: User, at: dt.datetime) -> OwnChannel:
    """Send a code to an address that isn't proved yet. It is made when it is sent, and lies in no table."""
    rules.can_touch_own(by, own).insist()
    advisory_lock("integrations.code", own.digest)
    own = OwnChannel.objects.locked(own)
    if own.verified_at is not None:
        return own
    # Whoever's address it is called: the limits are those of the number, not of the account.
    sent = Message.objects.filter(own__digest=own.digest, text="", made_at__gt=at - DAY).values_list(
        "made_at", flat=True
    )
    rules.can_send_code(list(sent), at).insist()
    own.change(salt=secrets.token_hex(16), code_until=at + CODE_HOLDS, tries=0)
    put_out([Message(channel=own.channel, own=own, urgent=True, made_at=at)])
    return own


def prove_own(*, own: OwnChannel, code: str, by: User, at: dt.datetime) -> OwnChannel:
    """Take the CODE that came to the address; from then on notices go there. A wrong one counts, whatever becomes of the
    rest: that is a transaction of its own."""
    rules.can_touch_own(by, own).insist()
    with transaction.atomic():
        own = OwnChannel.objects.locked(own)
        own.change(tries=min(own.tries + 1, 99))
    with transaction.atomic():
        own = OwnChannel.objects.locked(own)
        right = bool(own.salt) and compare_digest(code.encode(), code_of(own).encode())
        rules.can_prove(own, right, at).insist()
        own.change(verified_at=at, is_active=True, salt="", code_until=None, tries=0)
        record("integrations.own_channel_proved", own, by=by, at=at, data={"address": own.masked})
        return own


@transaction.atomic
def change_own(*, own: OwnChannel, active: bool, wanted: str, by: User, at: dt.datetime) -> OwnChannel:
    """Switch an own address on or off, and say what is told there."""
    rules.can_touch_own(by, own).insist()
    own = OwnChannel.objects.locked(own)
    rules.can_switch_own(own, active).insist()
    changes = own.change(is_active=active, wanted=wanted)
    if not active:
        Line.objects.filter(own=own, message=None).delete()
    if changes:
        record("integrations.own_channel_changed", own, by=by, at=at, data={"changes": changes})
    return own


@transaction.atomic
def drop_own(*, own: OwnChannel, by: User, at: dt.datetime) -> None:
    """Take an own address out, with all that was sent there."""
    rules.can_touch_own(by, own).insist()
    own = OwnChannel.objects.locked(own)
    record("integrations.own_channel_dropped", own, by=by, at=at, data={"address": own.masked})
    own.delete()
