"""Webhooks under way: the couriers' queue, checks that were asked for, and what is tidied up."""

import datetime as dt
from functools import partial

from django.db import transaction

from accounts.models import User
from gridgov.core.errands import After, Work, errand, source
from gridgov.core.jobs import handler
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Job
from grids.queries import heavy
from integrations.actions.hooks import challenge, give_up_hooks, note_check, tidy_hooks
from integrations.actions.hooks.carrying import carry
from integrations.choices.hooks import AT_ONCE, CHECK_JOB, SLOW, SLOW_AT_ONCE
from integrations.models.hooks import Delivery, Webhook

# So many receivers are looked at for one that isn't busy enough already.
LOOKED_AT = 50


@source
def claim_deliveries(at: dt.datetime) -> Work | None:
    """A handful of deliveries to the receiver that has been waiting the longest and isn't busy."""
    for pk in Webhook.objects.to_serve(at).values_list("pk", flat=True)[:LOOKED_AT]:
        with transaction.atomic():
            rows = Webhook.objects.select_related("grid").defer(*heavy("grid")).filter(pk=pk, is_on=True)
            hook = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
            if hook is None or not _has_room(hook, at):
                continue
            claimed = Delivery.objects.claimed(hook.pk, at)
            hook.change(served_at=at)
        if claimed:
            return partial(carry, hook=hook, rows=claimed, at=at)
    return None


def _has_room(hook: Webhook, at: dt.datetime) -> bool:
    """Whether one more may be under way to this host; slow ones are kept to a share, so that quick ones don't wait for them.
    Counting and claiming is one step, for all webhooks of a host."""
    slow = hook.pace > SLOW
    advisory_lock("hooks", "slow" if slow else hook.host)
    if slow and Delivery.objects.slow_carriers(at) >= SLOW_AT_ONCE:
        return False
    return Delivery.objects.carriers_to(hook.host, at) < (1 if slow else AT_ONCE)


@errand(CHECK_JOB, lease=30, attempts=3, at_once=2)
def check_asked(job: Job, at: dt.datetime) -> After | None:
    """A check that somebody asked for by API."""
    hook = Webhook.objects.filter(pk=job.payload["hook"]).first()
    by = User.objects.filter(pk=job.payload["by"]).first()
    if hook is None or by is None:
        return None
    url, fault = hook.url, challenge(hook, at)

    def after(at: dt.datetime) -> None:
        note_check(hook=hook, url=url, fault=fault, by=by, at=at)

    return after


@handler("integrations.hooks_tidy", every=dt.timedelta(hours=1))
def tidy_hourly(jobs: list[Job], at: dt.datetime) -> None:
    """Logs are kept 30 days; whoever never answers is given up."""
    give_up_hooks(by=User.objects.system(), at=at)
    tidy_hooks(at=at)
