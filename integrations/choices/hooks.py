"""Webhooks: what can be subscribed to, how often a delivery is tried, and how it is signed (docs/webhooks.md)."""

import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("delivered")
    DEAD = "dead", _("dead letter")
    WITHHELD = "withheld", _("withheld")


CASE, GRID = "case", "grid"


@dataclass(frozen=True)
class Event:
    """What receivers know by a name that never changes, and the verbs of records that stand for it."""

    label: Any
    verbs: tuple[str, ...]


# The only verbs that leave the house this way. Names are a promise: verbs may be renamed, these not.
EVENTS: dict[str, Event] = {
    "case.reported": Event(_("case reported"), ("cases.reported",)),
    "case.accepted": Event(_("case accepted"), ("cases.accepted",)),
    "case.rejected": Event(_("case not accepted"), ("cases.rejected",)),
    "case.dispatched": Event(_("case dispatched"), ("cases.dispatched", "cases.reassigned")),
    "case.signed_in": Event(_("case signed in"), ("cases.signed_in",)),
    "case.progressed": Event(_("progress of a case"), ("cases.progressed",)),
    "case.returned": Event(_("case returned"), ("cases.returned", "cases.taken_back")),
    "case.suspended": Event(_("case suspended"), ("cases.suspended", "cases.parked")),
    "case.resumed": Event(_("case resumed"), ("cases.resumed",)),
    "case.extended": Event(_("case extended"), ("cases.extended",)),
    "case.overdue": Event(_("a clock of a case ran out"), ("cases.breached",)),
    "case.completed": Event(_("case completed"), ("cases.completed",)),
    "case.verified": Event(_("case verified"), ("cases.verified",)),
    "case.reworked": Event(_("case sent back for rework"), ("cases.reworked",)),
    "case.closed": Event(_("case closed"), ("cases.closed",)),
    "case.reopened": Event(_("case reopened"), ("cases.reopened",)),
    "case.merged": Event(_("case merged or taken apart"), ("cases.merged", "cases.unmerged")),
    "case.voided": Event(_("case voided"), ("cases.voided",)),
    "case.urged": Event(_("case urged"), ("cases.urged",)),
    "case.rated": Event(_("case rated"), ("cases.rated",)),
    "grid.founded": Event(_("grid founded"), ("grids.founded",)),
    "grid.changed": Event(_("grid changed"), ("grids.changed", "grids.border_set", "grids.border_cleared")),
    "grid.moved": Event(_("grid moved"), ("grids.moved",)),
    "grid.retired": Event(_("grid retired"), ("grids.retired", "grids.merged", "grids.split")),
    "grid.revived": Event(_("grid revived"), ("grids.revived",)),
}
EVENT_CHOICES = [(name, event.label) for name, event in EVENTS.items()]
EVENT_OF = {verb: name for name, event in EVENTS.items() for verb in event.verbs}
CHECK = "endpoint.check"
CHECK_JOB = "integrations.hook_check"

# Processes look so often whether subscriptions have changed, and a subscription begins so long after it is switched on:
# longer, so that by then every process knows of it and no event is missed.
LOOK_AGAIN = dt.timedelta(seconds=settings.HOOKS_LOOK_AGAIN)
BEGINS_AFTER = dt.timedelta(seconds=10)
# The key before goes on signing for so long after a new one was made.
OLD_KEY_HOLDS = dt.timedelta(days=7)
MOST_OF_ONE_OWNER = 20

# Pauses between one try and the next: eleven tries within a day, then it is a dead letter.
PAUSES = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 7200, 14400, 21600, 36000))
MOST_TRIES = len(PAUSES) + 1
JITTER = 0.2
# A receiver that isn't reached is left alone for twice as long each time, and never longer than this.
FIRST_REST, LONGEST_REST = dt.timedelta(seconds=5), dt.timedelta(minutes=10)
# Without a single good answer for so long a subscription is switched off.
GIVEN_UP_AFTER = dt.timedelta(days=3)
KEPT = dt.timedelta(days=30)
SEND_SECONDS, CHECK_SECONDS = 10.0, 5.0
ANSWER_KEPT, FAULT_KEPT = 500, 200

# One carrier sends so many, or for so many seconds, before it writes down what became of them; the lease is longer than that.
BATCH, BATCH_SECONDS = 25, 12.0
LEASE = dt.timedelta(seconds=60)
# Carriers under way to one host. Of those to hosts that take longer than SLOW seconds: one each, and so many in all, half of
# the threads of a courier.
AT_ONCE, SLOW, SLOW_AT_ONCE = 4, 1.0, 4

SIGNATURE = "X-Gridgov-Signature"
LOST_KEY = _("The house has lost the key to this webhook's secret; make a new key.")

NOTICE_DEAD = gettext_noop(
    "%(name)s did not take in events; they are dead letters now and wait for somebody to send them again."
)
NOTICE_RESTS = gettext_noop(
    "%(name)s has not been reached %(count)s times in a row, and is tried every ten minutes only."
)
NOTICE_OFF = gettext_noop(
    "%(name)s was switched off: no good answer for three days. %(count)s events are dead letters."
)


def jittered(pause: dt.timedelta, seed: str) -> dt.timedelta:
    """PAUSE, a fifth longer or shorter by what SEED says, so that what failed together isn't tried together."""
    part = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") / 0xFFFFFFFF
    return pause * (1 - JITTER + 2 * JITTER * part)


def rest_after(failures: int) -> dt.timedelta:
    """How long a receiver is left alone that wasn't reached so many times in a row."""
    return min(FIRST_REST * 2 ** min(failures - 1, 20), LONGEST_REST)


def signed(secret: str, moment: int, body: bytes) -> str:
    """Hex HMAC-SHA256 of `<moment>.<body>`, MOMENT in seconds since 1970."""
    return hmac.new(secret.encode(), b"%d.%s" % (moment, body), hashlib.sha256).hexdigest()


def signature(keys: list[tuple[int, str]], moment: int, body: bytes) -> str:
    """The header of a delivery: `t=…,kid=…,v1=…`, and one more pair of kid and v1 while the key before still holds."""
    return ",".join([f"t={moment}", *(f"kid={kid},v1={signed(secret, moment, body)}" for kid, secret in keys)])


def answer_to(secret: str, challenge: str) -> str:
    """What proves that whoever answers has the secret."""
    return hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()


def written(content: dict[str, Any]) -> str:
    """CONTENT as it is sent and signed."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
