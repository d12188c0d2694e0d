"""Who keeps webhooks, and which can be."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, Role
from gridgov.core.errors import YES, Verdict
from gridgov.core.outgoing import Refused, target_of
from integrations.choices.hooks import EVENTS, MOST_OF_ONE_OWNER, DeliveryState

if TYPE_CHECKING:
    from accounts.models import User
    from integrations.models.hooks import Delivery, Webhook


def can_keep_hooks(by: "User", owner: "User") -> Verdict:
    """The system hand keeps all, a connected system or a street office the own."""
    if by.role == Role.SYSTEM_ADMIN or (by.pk == owner.pk and (by.is_client or by.role == Role.STREET)):
        return YES
    return Verdict.forbid(_("Webhooks are kept by the system administrator and by the system they are for."))


def can_own_hooks(owner: "User", standing: int) -> Verdict:
    """A webhook tells what its owner may see: whoever sees no case can own none. STANDING are the owner's by now."""
    if not (owner.is_active or owner.is_client) or owner.role not in CASE_ROLES:
        return Verdict.reject(
            _("This account sees no cases, so there is nothing to tell on its behalf."), field="owner"
        )
    if standing >= MOST_OF_ONE_OWNER:
        return Verdict.reject(
            _("One account has at most %(most)s webhooks.") % {"most": MOST_OF_ONE_OWNER}, field="owner"
        )
    return YES


def can_be_hook(url: str, events: Sequence[str]) -> Verdict:
    """Whether there could be a receiver at URL for EVENTS. Where the name leads is judged at each sending anew."""
    try:
        target_of(url)
    except Refused as refused:
        return Verdict.reject(str(refused), field="url")
    if not events:
        return Verdict.reject(_("Choose at least one event."), field="events")
    if unknown := sorted(set(events) - EVENTS.keys()):
        return Verdict.reject(_("There is no event %(name)s.") % {"name": unknown[0][:40]}, field="events")
    return YES


def can_change_hook(by: "User", hook: "Webhook") -> Verdict:
    if hook.ended_at is not None:
        return Verdict.clash(_("This webhook has been ended."))
    return can_keep_hooks(by, hook.owner)


def can_switch_hook(by: "User", hook: "Webhook", on: bool) -> Verdict:
    """It is switched on once its receiver has proved that it has the secret."""
    verdict = can_change_hook(by, hook)
    if not verdict:
        return verdict
    if hook.is_on == on:
        return Verdict.clash(_("It is on already.") if on else _("It is off already."))
    if on and hook.checked_at is None:
        return Verdict.clash(_("Let its address be checked first."), code="unchecked")
    return YES


def can_rotate(by: "User", hook: "Webhook", at: dt.datetime) -> Verdict:
    """Two keys at most: while the one before still holds there is no third."""
    verdict = can_change_hook(by, hook)
    if verdict and hook.old_until and at < hook.old_until:
        return Verdict.clash(_("The key before still holds. End it first."), code="two_keys")
    return verdict


def can_end_old_key(by: "User", hook: "Webhook", at: dt.datetime) -> Verdict:
    verdict = can_change_hook(by, hook)
    if verdict and not (hook.old_until and at < hook.old_until):
        return Verdict.clash(_("Only one key holds."))
    return verdict


def can_replay(by: "User", delivery: "Delivery") -> Verdict:
    verdict = can_change_hook(by, delivery.webhook)
    if verdict and delivery.state != DeliveryState.DEAD:
        return Verdict.clash(_("Only dead letters are sent again."))
    return verdict
