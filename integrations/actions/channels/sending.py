"""Messages on their way: brought outside without a transaction, and what came of it written down.

A message is marked as sent after the other side took it: what dies in between is sent again (at least once). Towards the
tables each notice goes once to each group and person, by the key of its line.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from gridgov.core.jobs import promise_many
from gridgov.core.models import Job
from gridgov.core.records import record
from gridgov.core.secrets import Unreadable
from integrations.actions.channels.carriers import carry
from integrations.actions.channels.letters import Letter, Outcome
from integrations.actions.channels.sealed import address_of, code_of, secrets_of
from integrations.choices.channels import BRING, KEPT, MINUTE, ChannelKind, MessageState
from integrations.choices.outside import CODE
from integrations.models import Channel, Line, Message
from integrations.rules import channels as rules


def put_out(messages: Iterable[Message]) -> None:
    """Let MESSAGES (unsaved) be brought as soon as a courier is free."""
    rows = Message.objects.bulk_create(messages)
    promise_many(Job(kind=BRING, key=str(row.pk), due_at=row.made_at) for row in rows)


def bring_message(*, message: Message, at: dt.datetime) -> Outcome:
    """Bring MESSAGE (with its channel and whose it is). Writes nothing, and is called outside of any transaction."""
    try:
        letter = _letter_of(message)
    except Unreadable:
        return Outcome(False, _("The secret can't be read any more: the key of the house has changed. Enter it again."))
    return carry(letter, at=at)


def has_room(message: Message, at: dt.datetime) -> bool:
    """Whether MESSAGE (with its channel) may go now: a second try counts like any other message of the minute."""
    tried = Message.objects.tried(message.channel, at - MINUTE, but=message.pk)
    return rules.room_for(message.channel, tried, at) > 0


def letter_for(channel: Channel, text: str, to: str = "", language: str = "", number: str = "") -> Letter:
    """TEXT as CHANNEL carries it: to its group, or to the address TO."""
    with override(language or channel.language):
        subject = _("Notices of the grid office")
    return Letter(ChannelKind(channel.kind), channel.given, secrets_of(channel), text, subject, to, number)


def _letter_of(row: Message) -> Letter:
    if row.own is None:
        return letter_for(row.channel, row.text, number=str(row.pk))
    own, text = row.own, row.text
    if not text:
        with override(own.language):
            text = _(CODE) % {"code": code_of(own)}
    return letter_for(row.channel, text, address_of(own), own.language, str(row.pk))


@transaction.atomic
def note_outcome(*, message: Message, outcome: Outcome, at: dt.datetime) -> dt.datetime | None:
    """MESSAGE was taken, or is given up, or is tried again; when. And how its channel is."""
    channel: Channel = Channel.objects.locked(message.channel_id)
    row = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if row.state != MessageState.WAITING:
        return None
    note_health(channel, outcome, at)
    again = None if outcome.ok else rules.next_try(row.made_at, row.tries + 1, at, outcome.wait)
    if outcome.ok or again is None:
        row.state, row.done_at = (MessageState.SENT if outcome.ok else MessageState.GIVEN_UP), at
    row.tries, row.tried_at, row.failure = row.tries + 1, at, outcome.said[:200]
    row.save(update_fields=["state", "done_at", "tries", "tried_at", "failure"])
    return again


def note_health(channel: Channel, outcome: Outcome, at: dt.datetime) -> None:
    """Since when CHANNEL (locked) fails, and why; nothing of it once something came through."""
    if outcome.ok:
        channel.change(sent_at=at, failing_since=None, failure="", rests_until=None)
        return
    rests: dict[str, Any] = {"rests_until": at + outcome.wait} if outcome.wait else {}
    channel.change(failing_since=channel.failing_since or at, failure=outcome.said[:200], **rests)


@transaction.atomic
def send_again(*, message: Message, by: User, at: dt.datetime) -> Message:
    """Let the notices of a MESSAGE that was given up wait anew; they go with whatever else waits there, within its limits."""
    Channel.objects.locked(message.channel_id)
    row: Message = (
        Message.objects.select_related("channel").select_for_update(no_key=True, of=("self",)).get(pk=message.pk)
    )
    lines = Line.objects.filter(message=row)
    seen = Message.objects.visible_to(by).filter(pk=row.pk).exists()
    rules.can_send_again(by, row, seen=seen, lines=lines.count()).insist()
    count = lines.update(message=None)
    row.state = MessageState.AGAIN
    row.save(update_fields=["state"])
    record("integrations.notices_sent_again", row.channel, by=by, at=at, data={"count": count})
    return row


@transaction.atomic
def drop_old_messages(*, at: dt.datetime) -> int:
    """Forget what was sent, or given up, more than 30 days ago; how many messages."""
    Line.objects.filter(told_at__lt=at - KEPT).delete()
    return int(Message.objects.old(at).delete()[0])
