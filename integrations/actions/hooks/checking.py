"""Whether a webhook's address is its receiver's: a signed challenge, which only who has the secret can answer."""

import datetime as dt
import hmac
import json
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.jobs import promise
from gridgov.core.outgoing import Failed, Refused, send
from gridgov.core.records import record
from gridgov.core.secrets import Unreadable
from integrations.choices.hooks import (
    CHECK,
    CHECK_JOB,
    CHECK_SECONDS,
    FAULT_KEPT,
    LOST_KEY,
    SIGNATURE,
    answer_to,
    signature,
    written,
)
from integrations.models.hooks import Webhook
from integrations.rules import hooks as rules


def challenge(hook: Webhook, at: dt.datetime) -> str:
    """Send a challenge and look at the answer; what is wrong with it, '' where nothing is. No transaction may be open."""
    asked = secrets.token_urlsafe(24)
    body = written({"id": f"chk_{asked[:12]}", "kind": CHECK, "challenge": asked}).encode()
    try:
        keys = hook.keys(at)
    except Unreadable:
        return str(LOST_KEY)
    headers = {"Content-Type": "application/json", SIGNATURE: signature(keys, int(at.timestamp()), body)}
    try:
        answer = send("POST", hook.url, headers=headers, body=body, timeout=CHECK_SECONDS)
    except (Refused, Failed) as fault:
        return str(fault)
    if not answer.ok:
        return _("It answered %(status)s.") % {"status": answer.status}
    try:
        found = json.loads(answer.body)["answer"]
        right = isinstance(found, str) and hmac.compare_digest(found.encode(), answer_to(keys[0][1], asked).encode())
    except (ValueError, KeyError, TypeError):
        return _("It answered without the field “answer”.")
    return "" if right else _("Its answer to the challenge is wrong: it has another secret.")


@transaction.atomic
def ask_check(*, hook: Webhook, by: User, at: dt.datetime) -> None:
    """Let a courier check the address soon: whoever asks by API need not wait for somebody else's server."""
    rules.can_change_hook(by, hook).insist()
    promise(CHECK_JOB, f"{hook.pk}:{at.timestamp()}", due_at=at, payload={"hook": hook.pk, "by": by.pk})


def check_hook(*, hook: Webhook, by: User, at: dt.datetime) -> Webhook:
    """Check the address of HOOK now, for as long as that takes (CHECK_SECONDS at most)."""
    rules.can_change_hook(by, hook).insist()
    return note_check(hook=hook, url=hook.url, fault=challenge(hook, at), by=by, at=at)


@transaction.atomic
def note_check(*, hook: Webhook, url: str, fault: str, by: User, at: dt.datetime) -> Webhook:
    """Write down what came of the check of URL. A check that failed says nothing about a webhook that works already."""
    held = Webhook.objects.select_related("owner").locked(hook)
    rules.can_change_hook(by, held).insist()
    if held.url != url:
        fault = _("The address was changed meanwhile.")
    held.change(check_fault=fault[:FAULT_KEPT], **({} if fault else {"checked_at": at}))
    record("integrations.hook_checked", held, by=by, at=at, data={"host": held.host, "fault": held.check_fault})
    return held
