"""What groups are told: the street's own decision."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid, Unit
from integrations.models import Channel, Subscription
from integrations.rules import channels as rules


@transaction.atomic
def subscribe_group(
    *, channel: Channel, grid: Grid, unit: Unit | None, kinds: Sequence[str], by: User, at: dt.datetime
) -> Subscription:  # fmt: skip
    """Let CHANNEL's group be told notices of KINDS about cases in GRID; with UNIT only those that UNIT's people were told."""
    channel = Channel.objects.locked(channel)
    rules.can_subscribe(by, channel, grid, kinds, seen=_in_ground(by, grid)).insist()
    row = Subscription.objects.create(
        channel=channel, grid=grid, unit=unit, kinds=list(kinds), made_by=by, made_at=at
    )  # fmt: skip
    data = {"channel": channel.name, "grid": grid.code, "unit": unit and unit.name, "kinds": list(kinds)}
    record("integrations.group_subscribed", row, by=by, at=at, data=data)
    return row


@transaction.atomic
def end_subscription(*, subscription: Subscription, by: User, at: dt.datetime) -> Subscription:
    row = Subscription.objects.locked(subscription)
    rules.can_end_subscription(by, row, seen=_in_ground(by, row.grid)).insist()
    record("integrations.group_unsubscribed", row, by=by, at=at, data={"changes": row.change(ended_at=at)})
    return row


def _in_ground(by: User, grid: Grid) -> bool:
    found: bool = Grid.objects.ground_of(by).filter(pk=grid.pk).exists()
    return found
