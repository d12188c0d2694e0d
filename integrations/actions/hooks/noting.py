"""What became of deliveries: sent, to be tried again, given up; and what is thrown away in time."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from gridgov.core.records import record
from integrations.actions.hooks.queueing import forget_hooks
from integrations.choices.hooks import (
    GIVEN_UP_AFTER,
    KEPT,
    LONGEST_REST,
    MOST_TRIES,
    NOTICE_DEAD,
    NOTICE_OFF,
    NOTICE_RESTS,
    PAUSES,
    DeliveryState,
    jittered,
    rest_after,
)
from integrations.models.hooks import Delivery, Try, Webhook

# So many rows are thrown away at once.
PIECE = 20_000
NO_ANSWER = gettext_noop("no good answer for three days")


@dataclass(frozen=True)
class Outcome:
    """How one try went. `reached`: the receiver answered, whatever it said; `rest`: for how long it asked to be left alone."""

    delivery: Delivery
    at: dt.datetime
    seconds: float
    status: int | None = None
    answer: str = ""
    fault: str = ""
    reached: bool = True
    rest: dt.timedelta | None = None

    @property
    def good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@transaction.atomic
def note_batch(
    *,
    hook: Webhook,
    outcomes: Sequence[Outcome],
    withheld: Sequence[Delivery],
    released: Sequence[Delivery],
    at: dt.datetime,
) -> None:
    """Write down what became of deliveries of one lease. Those whose lease was lost meanwhile are left to whoever has them."""
    held = Webhook.objects.locked(hook)
    rows = [one.delivery for one in outcomes] + [*withheld, *released]
    mine = set(
        Delivery.objects.filter(pk__in=[row.pk for row in rows], lease__in={row.lease for row in rows})
        .select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    )  # fmt: skip
    free = {"lease": None, "leased_until": None}
    good = [one.delivery.pk for one in outcomes if one.good and one.delivery.pk in mine]
    Delivery.objects.filter(pk__in=good).update(state=DeliveryState.SENT, settled_at=at, **free)
    Delivery.objects.filter(pk__in=mine & {row.pk for row in withheld}).update(
        state=DeliveryState.WITHHELD, settled_at=at, **free
    )
    Delivery.objects.filter(pk__in=mine & {row.pk for row in released}).update(**free)
    failed = [one for one in outcomes if not one.good and one.delivery.pk in mine]
    if any([_again(one) for one in failed]):  # noqa: C419 - all of them, always
        tell_keepers(held, NOTICE_DEAD, f"dead:{localdate(at)}", at=at)
    Try.objects.bulk_create(
        Try(
            delivery=one.delivery, at=one.at, millis=round(one.seconds * 1000), status=one.status, answer=one.answer,
            fault=one.fault,
        )
        for one in outcomes
    )  # fmt: skip
    _judge(held, outcomes, at)


def tell_keepers(hook: Webhook, text: str, what: str, *, at: dt.datetime, **more: Any) -> None:
    """A line to those who look after HOOK: the system hands, and its owner. Once for each WHAT, however often that happens."""
    people = set(User.objects.able().filter(role=Role.SYSTEM_ADMIN).values_list("pk", flat=True)) | {hook.owner_id}
    lines = [
        Notice(
            user_id=user, kind=NoticeKind.SYSTEM, key=f"hook:{hook.pk}:{what}", text=text, params={"name": hook.name, **more},
            subject_type="integrations.webhook", subject_id=hook.pk, at=at,
        )
        for user in sorted(people)
    ]  # fmt: skip
    notify(lines, at=at)


def _again(one: Outcome) -> bool:
    """Once more after a pause, or never: then the next about the same case goes out, and this one waits for a hand. Whether
    it was given up."""
    tries = one.delivery.tries + 1
    changes: dict[str, Any] = {"tries": tries, "lease": None, "leased_until": None}
    if tries >= MOST_TRIES:
        changes |= {"state": DeliveryState.DEAD, "settled_at": one.at}
    else:
        changes["next_at"] = one.at + jittered(PAUSES[tries - 1], f"{one.delivery.pk}:{tries}")
    one.delivery.change(**changes)
    return "state" in changes


def _judge(hook: Webhook, outcomes: Sequence[Outcome], at: dt.datetime) -> None:
    """What the tries say about the receiver as a whole: how quick it is, and whether it is to be left alone for a while."""
    if not outcomes:
        return
    values: dict[str, object] = {"pace": sum(one.seconds for one in outcomes) / len(outcomes)}
    if any(one.good for one in outcomes):
        values["good_at"] = at
    last = outcomes[-1]
    if last.reached and last.rest is None:
        values |= {"failures": 0, "resume_at": None}
    else:
        failures = hook.failures + 1
        rest = rest_after(failures) if last.rest is None else min(last.rest, LONGEST_REST * 6)
        values |= {"failures": failures, "resume_at": at + jittered(rest, f"{hook.pk}:{failures}")}
        if rest_after(failures) == LONGEST_REST > rest_after(failures - 1):
            tell_keepers(hook, NOTICE_RESTS, f"rests:{localdate(at)}", at=at, count=failures)
    hook.change(**values)


@transaction.atomic
def give_up_hooks(*, by: User, at: dt.datetime) -> list[Webhook]:
    """Switch those off that have tried for GIVEN_UP_AFTER without one good answer; what waited becomes dead letters."""
    rows = Webhook.objects.select_for_update(no_key=True).filter(is_on=True, starts_at__lt=at - GIVEN_UP_AFTER)
    late = [row for row in rows.order_by("pk") if (row.good_at or row.starts_at or at) < at - GIVEN_UP_AFTER]
    stopped = []
    for hook in late:
        old = hook.deliveries.waiting().filter(at__lt=at - GIVEN_UP_AFTER)
        if not old.exists():
            continue
        dead = hook.deliveries.waiting().update(state=DeliveryState.DEAD, settled_at=at, lease=None, leased_until=None)
        hook.change(is_on=False, off_because=NO_ANSWER)
        record("integrations.hook_given_up", hook, by=by, at=at, data={"dead": dead})
        tell_keepers(hook, NOTICE_OFF, f"off:{at.isoformat()}", at=at, count=dead)
        stopped.append(hook)
    if stopped:
        transaction.on_commit(forget_hooks)
    return stopped


@transaction.atomic
def tidy_hooks(*, at: dt.datetime) -> int:
    """Throw away what was settled, and what was answered, more than 30 days ago; how many rows. In pieces, by the oldest."""
    tries = Try.objects.filter(at__lt=at - KEPT).order_by("pk").values("pk")[:PIECE]
    gone = int(Try.objects.filter(pk__in=tries).delete()[0])
    settled = Delivery.objects.filter(settled_at__lt=at - KEPT).order_by("pk").values("pk")[:PIECE]
    return gone + int(Delivery.objects.filter(pk__in=settled).delete()[0])
