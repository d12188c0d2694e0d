"""Entering, changing, switching and ending webhooks, and their keys."""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.choices import LEADS, Role
from accounts.models import User
from gridgov.core.outgoing import target_of
from gridgov.core.records import record
from gridgov.core.secrets import seal
from grids.models import Grid, Unit
from grids.queries import heavy, scope_of
from integrations.actions.hooks.queueing import forget_hooks
from integrations.choices.hooks import BEGINS_AFTER, OLD_KEY_HOLDS, DeliveryState
from integrations.models.hooks import Webhook
from integrations.rules import hooks as rules

# Whose scope is the subtree of their posts and nothing else.
GROUNDED = LEADS | {Role.STREET}


@transaction.atomic
def add_hook(
    *, name: str, url: str, events: Sequence[str], owner: User, grid: Grid | None = None, unit: Unit | None = None,
    by: User, at: dt.datetime,
) -> Webhook:  # fmt: skip
    """Enter a webhook, with a key, switched off. Raises Forbidden, or Invalid with the field that can't be.

    Whose ground is one grid gets that as its limit, so that nothing is queued only to be withheld.
    """
    rules.can_keep_hooks(by, owner).insist()
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    rules.can_own_hooks(owner, Webhook.objects.current().filter(owner=owner).count()).insist()
    rules.can_be_hook(url, events).insist()
    nodes = scope_of(owner).nodes
    if grid is None and unit is None and len(nodes) == 1 and owner.role in GROUNDED:
        grid = Grid.objects.defer(*heavy("")).get(pk=nodes[0].pk)
    hook = Webhook.objects.create(
        name=name.strip(), url=url, host=target_of(url).host, events=sorted(set(events)), owner=owner, grid=grid, unit=unit,
        salt=secrets.token_hex(16), made_by=by, made_at=at, served_at=at,
    )  # fmt: skip
    hook.change(sealed=_fresh(hook))
    told = {"name": hook.name, "host": hook.host, "events": hook.events, "owner": owner.username}
    record("integrations.hook_added", hook, by=by, at=at, data=told)
    return hook


@transaction.atomic
def change_hook(
    *, hook: Webhook, name: str, url: str, events: Sequence[str], grid: Grid | None = None, unit: Unit | None = None,
    by: User, at: dt.datetime,
) -> Webhook:  # fmt: skip
    """Change what is told where. Another address has to be checked anew, and until then nothing goes there."""
    hook = _held(hook)
    rules.can_change_hook(by, hook).insist()
    rules.can_be_hook(url, events).insist()
    values: dict[str, Any] = {
        "name": name.strip(),
        "url": url,
        "events": sorted(set(events)),
        "grid": grid,
        "unit": unit,
    }
    if url != hook.url:
        values |= {"host": target_of(url).host, "checked_at": None, "is_on": False, "resume_at": None, "failures": 0}
    if changes := hook.change(**values):
        record("integrations.hook_changed", hook, by=by, at=at, data={"changes": changes})
        _changed()
    return hook


@transaction.atomic
def switch_hook(*, hook: Webhook, on: bool, by: User, at: dt.datetime) -> Webhook:
    """Begin to tell, or stop. What happens while it is off is not told later; what waited goes on waiting."""
    hook = _held(hook)
    rules.can_switch_hook(by, hook, on).insist()
    begins = {"starts_at": at + BEGINS_AFTER, "off_because": "", "resume_at": None, "failures": 0, "good_at": None}
    changes = hook.change(is_on=on, **(begins if on else {}))
    record("integrations.hook_switched", hook, by=by, at=at, data={"changes": {"is_on": changes["is_on"]}})
    _changed()
    return hook


@transaction.atomic
def rotate_key(*, hook: Webhook, by: User, at: dt.datetime) -> Webhook:
    """A new key; the one before, if a receiver has proved to know it, goes on signing beside it for OLD_KEY_HOLDS. The record
    says that, never what."""
    hook = _held(hook)
    rules.can_rotate(by, hook, at).insist()
    old = (
        {"sealed_old": hook.sealed, "old_until": at + OLD_KEY_HOLDS}
        if hook.checked_at
        else {"sealed_old": "", "old_until": None}
    )
    hook.change(kid=hook.kid + 1, sealed=_fresh(hook), **old)
    record("integrations.hook_key_made", hook, by=by, at=at, data={"kid": hook.kid})
    return hook


@transaction.atomic
def end_old_key(*, hook: Webhook, by: User, at: dt.datetime) -> Webhook:
    """The key before signs no more."""
    hook = _held(hook)
    rules.can_end_old_key(by, hook, at).insist()
    hook.change(old_until=None, sealed_old="")
    record("integrations.hook_key_ended", hook, by=by, at=at, data={"kid": hook.kid - 1})
    return hook


@transaction.atomic
def end_hook(*, hook: Webhook, by: User, at: dt.datetime) -> Webhook:
    """Take a webhook out for good. What waited is not sent any more; its log is kept as long as all logs."""
    hook = _held(hook)
    rules.can_change_hook(by, hook).insist()
    dropped = hook.deliveries.waiting().update(
        state=DeliveryState.WITHHELD, settled_at=at, lease=None, leased_until=None
    )
    hook.change(is_on=False, ended_at=at)
    record("integrations.hook_ended", hook, by=by, at=at, data={"dropped": dropped})
    _changed()
    return hook


def _fresh(hook: Webhook) -> str:
    """A new secret of HOOK's, sealed."""
    return seal(secrets.token_hex(32), of=hook.sealed_for)


def _held(hook: Webhook) -> Webhook:
    return Webhook.objects.select_related("owner", "grid", "unit").defer(*heavy("grid")).locked(hook)


def _changed() -> None:
    """This process knows at once; the others look by themselves (LOOK_AGAIN)."""
    transaction.on_commit(forget_hooks)
