"""Who keeps other systems and their keys, and which key lets in."""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.choices.clients import (
    MOST_KEYS,
    MOST_NETWORKS,
    MOST_PER_MINUTE,
    SCOPES,
    Purpose,
)
from gridgov.core.errors import YES, NotKnown, Verdict
from gridgov.core.keys import PERSONAL

if TYPE_CHECKING:
    from accounts.models import ApiClient, ApiKey, User


# Bits before the IPv4 address in one that is mapped.
_MAPPED = 96


def can_keep_clients(by: "User") -> Verdict:
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Only a system administrator keeps connected systems and their keys."))


def can_switch_client(by: "User", client: "ApiClient", active: bool) -> Verdict:
    """Off also by the security hand; on again by the system hand alone."""
    hands = {Role.SYSTEM_ADMIN, Role.SYSTEM} if active else {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SYSTEM}
    if by.role not in hands:
        return Verdict.forbid(_("Only a system administrator keeps connected systems and their keys."))
    if client.is_active == active:
        return Verdict.clash(_("It is on already.") if active else _("It is off already."))
    return YES


def can_be_client(
    *, name: str, taken: bool, scopes: Iterable[str], purposes: Iterable[str], networks: list[str], per_minute: int
) -> Verdict:
    """Whether a client may look like this."""
    if not name.strip():
        return Verdict.reject(_("Give it a name."), field="name")
    if taken:
        return Verdict.reject(_("There is a system of this name already."), field="name")
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        return Verdict.reject(
            _("From 1 to %(most)d requests a minute.") % {"most": MOST_PER_MINUTE}, field="per_minute"
        )
    verdict = can_be_allowed(set(scopes), set(purposes))
    return can_be_networks(networks) if verdict else verdict


def can_be_allowed(scopes: set[str], purposes: set[str]) -> Verdict:
    """Scopes and purposes that there are; personal data only for a purpose."""
    if strange := scopes - SCOPES.keys():
        return Verdict.reject(_("There is no scope “%(name)s”.") % {"name": min(strange)[:60]}, field="scopes")
    if strange := purposes - set(Purpose.values):
        return Verdict.reject(_("There is no purpose “%(name)s”.") % {"name": min(strange)[:60]}, field="purposes")
    if any(scope.endswith(PERSONAL) for scope in scopes) and not purposes:
        return Verdict.reject(_("Say for what it may see personal data."), field="purposes")
    return YES


def can_be_networks(networks: list[str]) -> Verdict:
    if len(networks) > MOST_NETWORKS:
        return Verdict.reject(_("At most %(most)d networks.") % {"most": MOST_NETWORKS}, field="networks")
    for one in networks:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            said = _("“%(given)s” is no address or network like 10.20.0.0/16.") % {"given": one[:60]}
            return Verdict.reject(said, field="networks")
    return YES


def can_issue_key(by: "User", client: "ApiClient", live: int, ends: dt.datetime | None, at: dt.datetime) -> Verdict:
    """A second one, so that the system may be told it before the first is taken away; LIVE hold already."""
    verdict = can_keep_clients(by)
    if not verdict:
        return verdict
    if ends is not None and ends <= at:
        return Verdict.reject(_("A key that has ended already is none."), field="expires_on")
    if live >= MOST_KEYS:
        message = _("Two keys hold already. Revoke the one that is no longer used.")
        return Verdict.clash(message, "two_keys")
    return YES


def can_revoke_key(by: "User", key: "ApiKey") -> Verdict:
    if by.role not in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a system administrator keeps connected systems and their keys."))
    return Verdict.clash(_("This key is revoked already.")) if key.revoked else YES


def can_come_in(key: "ApiKey | None", address: str, at: dt.datetime) -> Verdict:
    """Whether KEY lets its client in from ADDRESS at the moment AT."""
    if key is None:
        return _unknown(_("This key is not known."), "key_unknown")
    if key.revoked:
        return _unknown(_("This key was revoked."), "key_revoked")
    if key.expiry_date is not None and at >= key.expiry_date:
        return _unknown(_("This key has ended."), "key_expired")
    return _can_come_from(key.client, address, at)


def still_holds(user: "User", at: dt.datetime) -> Verdict:
    """Whether an account lets in at the moment AT by what was handed out in its name: a person's own, or that of a system."""
    client = getattr(user, "client", None)
    if client is not None:
        return is_here(client, at)
    return YES if user.is_active else Verdict.forbid(_("This account can't sign in."))


def is_here(client: "ApiClient", at: dt.datetime) -> Verdict:
    """Whether CLIENT is switched on and not over at the moment AT."""
    if not client.is_active:
        return _unknown(_("This system is switched off here."), "client_off")
    if client.expires_on is not None and localtime(at).date() > client.expires_on:
        return _unknown(_("The last day of this system here is over."), "client_expired")
    return YES


def _can_come_from(client: "ApiClient", address: str, at: dt.datetime) -> Verdict:
    here = is_here(client, at)
    if not here:
        return here
    if client.networks and not lies_in(address, client.networks):
        return Verdict.forbid(_("This system does not come from this address."), code="address_refused")
    return YES


def lies_in(address: str, networks: Iterable[str]) -> bool:
    """Whether ADDRESS, which may be anything, lies in one of the NETWORKS; ::ffff:10.1.2.3 is 10.1.2.3, in both."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in _plain(ipaddress.ip_network(one)) for one in networks)


def _plain(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The IPv4 network that an IPv6 one wraps (::ffff:10.20.0.0/112), or NETWORK itself."""
    inner = getattr(network.network_address, "ipv4_mapped", None)
    if inner is None or network.prefixlen < _MAPPED:
        return network
    return ipaddress.IPv4Network((inner, network.prefixlen - _MAPPED))


def can_look_for(client: "ApiClient", purpose: str) -> Verdict:
    """Whether CLIENT may see personal data for PURPOSE."""
    if not purpose:
        return Verdict.forbid(_("Say in X-Purpose for what personal data is needed."), code="purpose_missing")
    if purpose not in client.purposes:
        return Verdict.forbid(_("This system may not see personal data for this purpose."), code="purpose_refused")
    return YES


def _unknown(message: object, code: str) -> Verdict:
    return Verdict(NotKnown(message, code=code))
