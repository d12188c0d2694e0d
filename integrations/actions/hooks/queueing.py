"""From the record into the queues of the webhooks, in the transaction of the verb."""

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localtime

from gridgov.core.jobs import ERRANDS, kick
from gridgov.core.models import Record
from gridgov.core.records import Subject, Told
from integrations.choices.hooks import CASE, EVENT_OF, GRID, LOOK_AGAIN, written
from integrations.models.hooks import Delivery, Webhook

# The address under /api/v1/ of what an event is about.
_PAGES = {CASE: "case-detail", GRID: "grid-detail"}


@dataclass(frozen=True)
class Listening:
    """A webhook as a verb meets it: what it wants to hear, of which grid, if of one only, and since when."""

    pk: int
    events: frozenset[str]
    grid: int | None
    starts_at: dt.datetime

    def wants(self, row: Record, subject: Any) -> bool:
        """By event, moment and ground. Cases know the grids above them; which grids lie where is asked when it is sent, as is
        all else that the owner may or may not see."""
        event = EVENT_OF[row.verb]
        if event not in self.events or row.at < self.starts_at:
            return False
        if self.grid is None or not event.startswith(CASE):
            return True
        return self.grid in {subject.street_id, subject.total_id, subject.comprehensive_id, subject.grid_id}


@dataclass
class _Kept:
    """What a process has at hand, so that a verb need not ask."""

    rows: tuple[Listening, ...] = ()
    looked_at: float = float("-inf")


_kept = _Kept()


def forget_hooks() -> None:
    """Look anew at the next record."""
    _kept.looked_at = float("-inf")


def listening() -> tuple[Listening, ...]:
    """The webhooks that are on; one query every LOOK_AGAIN, else none."""
    if time.monotonic() - _kept.looked_at >= LOOK_AGAIN.total_seconds():
        rows = Webhook.objects.filter(is_on=True, starts_at__isnull=False).order_by("pk")
        found = rows.values_list("pk", "events", "grid", "starts_at")
        _kept.rows = tuple(Listening(pk, frozenset(events), grid, since) for pk, events, grid, since in found if since)
        _kept.looked_at = time.monotonic()
    return _kept.rows


def queue_deliveries(*, told: Sequence[Told], at: dt.datetime | None = None) -> int:
    """Put what was just recorded into the queue of every webhook that wants to hear it; how many. At most one statement.

    AT: when it may go, the moment of the record unless another is named.
    """
    public = [(row, subject) for row, subject in told if row.verb in EVENT_OF and not isinstance(subject, Subject)]
    hooks = listening() if public else ()
    rows = [
        _delivery(hook.pk, row, subject, at or row.at)
        for row, subject in public
        for hook in hooks
        if hook.wants(row, subject)
    ]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(partial(kick, ERRANDS))
    return len(rows)


def _delivery(hook: int, row: Record, subject: Any, at: dt.datetime) -> Delivery:
    event = EVENT_OF[row.verb]
    kind = event.partition(".")[0]
    number, state = (subject.no, subject.state) if kind == CASE else (subject.code, _grid_state(subject))
    return Delivery(
        webhook_id=hook, record=row.pk, event=event, subject_type=kind, subject_id=subject.pk, number=number, at=row.at,
        next_at=at, body=_body(row, event, kind, number, state),
    )  # fmt: skip


def _grid_state(grid: Any) -> str:
    return "retired" if grid.valid_to else "in_force"


def _body(row: Record, event: str, kind: str, number: str, state: str) -> str:
    """What receivers get: which thing, what happened, how it stands. Nothing about anybody; the rest is asked for."""
    link = settings.PUBLIC_ORIGIN + reverse(_PAGES[kind], args=[row.subject_id])
    return written({
        "id": f"evt_{row.pk}",
        "kind": event,
        "time": localtime(row.at).isoformat(timespec="seconds"),
        "subject": {"type": kind, "id": row.subject_id, "number": number, "state": state},
        "links": {"self": link},
    })  # fmt: skip
