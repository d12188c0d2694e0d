"""Dead letters, sent once more by hand."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import F

from accounts.models import User
from gridgov.core.jobs import ERRANDS, kick
from gridgov.core.records import record
from integrations.choices.hooks import DeliveryState
from integrations.models.hooks import Delivery, Webhook
from integrations.rules import hooks as rules


@transaction.atomic
def replay_delivery(*, delivery: Delivery, by: User, at: dt.datetime) -> Delivery:
    """Send one dead letter again, with the id and the content it had."""
    hook: Webhook = Webhook.objects.select_related("owner").locked(delivery.webhook_id)
    held = Delivery.objects.select_related("webhook__owner").locked(delivery)
    rules.can_replay(by, held).insist()
    _wait_again(hook, [held.pk], at)
    record("integrations.deliveries_replayed", hook, by=by, at=at, data={"count": 1, "event": held.event_id})
    held.refresh_from_db()
    return held


@transaction.atomic
def replay_all(*, hook: Webhook, by: User, at: dt.datetime) -> int:
    """Send all dead letters of HOOK again, case by case in their order; how many."""
    hook = Webhook.objects.select_related("owner").locked(hook)
    rules.can_change_hook(by, hook).insist()
    dead = hook.deliveries.filter(state=DeliveryState.DEAD).order_by("pk").values_list("pk", flat=True)
    count = _wait_again(hook, list(dead), at)
    record("integrations.deliveries_replayed", hook, by=by, at=at, data={"count": count})
    return count


def _wait_again(hook: Webhook, rows: list[int], at: dt.datetime) -> int:
    hook.change(resume_at=None)
    transaction.on_commit(partial(kick, ERRANDS))
    return hook.deliveries.filter(pk__in=rows, state=DeliveryState.DEAD).update(
        state=DeliveryState.WAITING, tries=0, next_at=at, settled_at=None, replays=F("replays") + 1
    )
