"""The ways out: entering and changing them, switching them, trying them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from integrations.actions.channels.carriers import carry
from integrations.actions.channels.letters import Outcome
from integrations.actions.channels.sealed import seal_secrets, secrets_of
from integrations.actions.channels.sending import letter_for, note_health
from integrations.choices.channels import MINUTE, ROBOTS, ChannelKind, MessageState
from integrations.choices.robots import address_of
from integrations.models import Channel, Line, Message
from integrations.reports.outside import Words
from integrations.rules import channels as rules


@transaction.atomic
def add_channel(
    *, kind: str, name: str, given: Mapping[str, Any], secrets: Mapping[str, str], grid: Grid | None, for_people: bool,
    language: str, per_minute: int, by: User, at: dt.datetime,
) -> Channel:  # fmt: skip
    """Enter a channel of KIND with what it asks for (choices.channels.ASKS), switched off: it is tried first.

    Raises Forbidden, or Invalid at the field that can't be right.
    """
    rules.can_keep_channels(by).insist()
    secrets = _fit(kind, given, secrets, grid, per_minute)
    rules.can_be_channel_name(name, Channel.objects.filter(name=name).exists()).insist()
    channel = Channel.objects.create(
        kind=kind, name=name, given=dict(given), sealed=seal_secrets(secrets), grid=grid, for_people=for_people,
        language=language, per_minute=per_minute, made_by=by, made_at=at,
    )  # fmt: skip
    record("integrations.channel_added", channel, by=by, at=at, data={"name": name, "kind": kind})
    return channel


@transaction.atomic
def change_channel(
    *, channel: Channel, given: Mapping[str, Any], secrets: Mapping[str, str], for_people: bool, language: str,
    per_minute: int, by: User, at: dt.datetime,
) -> Channel:  # fmt: skip
    """Change what CHANNEL was given. A secret left empty stays; the record says that one was changed, never what."""
    rules.can_keep_channels(by).insist()
    channel = Channel.objects.locked(channel)
    fresh = {name: value for name, value in secrets.items() if value}
    secrets = _fit(channel.kind, given, {**secrets_of(channel), **fresh}, channel.grid, per_minute)
    changes = channel.change(given=dict(given), for_people=for_people, language=language, per_minute=per_minute)
    if fresh:
        channel.change(sealed=seal_secrets(secrets))
    if changes or fresh:
        data = {"changes": changes, "secrets": sorted(fresh)}
        record("integrations.channel_changed", channel, by=by, at=at, data=data)
    return channel


def _fit(
    kind: str, given: Mapping[str, Any], secrets: Mapping[str, str], grid: Grid | None, per_minute: int
) -> dict[str, str]:
    """SECRETS as they are kept."""
    known = ChannelKind(kind)
    rules.can_be_channel(known, given, secrets, grid=grid, per_minute=per_minute).insist()
    kept = dict(secrets)
    if known in ROBOTS:
        kept["address"] = address_of(known, secrets["address"])
        rules.can_be_robot(kept["address"]).insist()
    return kept


@transaction.atomic
def switch_channel(*, channel: Channel, active: bool, by: User, at: dt.datetime) -> Channel:
    """Let messages out by CHANNEL, or not any more; what was waiting then is not sent later."""
    channel = Channel.objects.locked(channel)
    rules.can_switch_channel(by, channel, active).insist()
    changes = channel.change(is_active=active)
    channel.change(failing_since=None, failure="", rests_until=None)
    if not active:
        Line.objects.filter(channel=channel, message=None).delete()
        waiting = Message.objects.waiting().filter(channel=channel)
        waiting.update(state=MessageState.DROPPED, done_at=at)
    record("integrations.channel_switched", channel, by=by, at=at, data={"changes": changes})
    return channel


def try_channel(*, channel: Channel, by: User, at: dt.datetime, address: str = "") -> Outcome:
    """Send a trial to CHANNEL's group, or to ADDRESS, at once, and answer what came of it. Nothing is held while it
    is waited for."""
    rules.can_try_channel(by, channel, address).insist()
    rules.can_take_more(channel, Message.objects.tried(channel, at - MINUTE)).insist()
    text = Words(channel.language).trial(channel.kind)
    outcome = carry(letter_for(channel, text, address, number=f"trial-{int(at.timestamp())}"), at=at)
    note_trial(channel=channel, text=text, outcome=outcome, by=by, at=at)
    return outcome


@transaction.atomic
def note_trial(*, channel: Channel, text: str, outcome: Outcome, by: User, at: dt.datetime) -> Message:
    """Write down what came of a trial. One that came through ends what CHANNEL was failing of."""
    channel = Channel.objects.locked(channel)
    note_health(channel, outcome, at)
    record("integrations.channel_tried", channel, by=by, at=at, data={"ok": outcome.ok, "said": outcome.said[:200]})
    return Message.objects.create(
        channel=channel, text=text, state=MessageState.SENT if outcome.ok else MessageState.GIVEN_UP, tries=1,
        failure=outcome.said[:200], made_at=at, tried_at=at, done_at=at,
    )  # fmt: skip
