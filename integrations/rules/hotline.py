"""Who may look after partners, what their codes can mean, and which of their messages count."""

import datetime as dt
import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.rules.clients import is_here, lies_in
from cases.choices import Ask, Urgency
from cases.rules import can_see_confidential
from gridgov.core.errors import YES, Invalid, Verdict
from gridgov.core.outgoing import Refused, target_of
from grids.choices import GridKind
from integrations.choices.hotline import (
    MOST_FILES,
    SOURCE_CHARS,
    Asked,
    FileState,
    InboundState,
    OutboundState,
    RequestType,
    Table,
)
from integrations.rules import profiles

if TYPE_CHECKING:
    from accounts.models import ApiClient, User
    from cases.models import Case
    from grids.models import Grid
    from integrations.models.hotline import Inbound, Outbound, Partner, PartnerFile

# Lists whose words are ours anyhow, and what they hold.
_OWN_WORDS = {Table.URGENCY: set(Urgency.values), Table.REQUEST: set(RequestType.values)}


# Why a message is not let in, as the desk says it.
REFUSED: dict[str, Any] = {
    "not_signed": _("not signed"),
    "bad_signature": _("wrong signature"),
    "bad_nonce": _("unfit nonce"),
    "bad_timestamp": _("timestamp is no number"),
    "late": _("timestamp off by more than five minutes"),
    "replayed": _("nonce used before"),
    "bad_source": _("from an address that is none of the partner's"),
    "client_off": _("its account is switched off"),
    "too_large": _("too large"),
    "sealed": _("its secret can't be opened"),
}


class Unmapped(Invalid):
    """A code that nobody has said the meaning of."""

    def __init__(self, table: Table, theirs: str) -> None:
        words = {"table": table.label, "code": theirs}
        super().__init__(_t("Nobody has said what “%(code)s” (%(table)s) is here.") % words, code="unmapped")
        self.table, self.theirs = table, theirs


def ours_of(profile: Mapping[str, Any], codes: Mapping[tuple[str, str], str], table: Table, theirs: str) -> str:
    """What THEIRS is here: by the table of codes, or the code itself where the profile says that it is the same as ours and
    it is a word of ours. '' for none. Raises Unmapped."""
    if not theirs or (ours := codes.get((table, theirs), "")):
        return ours if theirs else ""
    as_is = table in profile.get("as_is", ()) and (table not in _OWN_WORDS or theirs in _OWN_WORDS[table])
    if not as_is:
        raise Unmapped(table, theirs)
    return theirs


def about_of(profile: Mapping[str, Any], theirs: str) -> str:
    """What an answer is about: an extension or a return. Raises Invalid."""
    found = profile.get("about", {}).get(theirs, theirs)
    if found not in {Ask.EXTENSION, Ask.RETURN}:
        raise Invalid(_t("The answer is about nothing that we ask: “%(about)s”.") % {"about": theirs}, code="bad_field")
    return str(found)


def asked_of(profile: Mapping[str, Any], operation: str, body: Any) -> Asked:
    """What a message asks. Raises Invalid."""
    found = profiles.kind_of(profile, operation, body)
    if found is None:
        raise Invalid(_t("The profile knows no such message."), code="unknown_message")
    return found


def decides_ours(profile: Mapping[str, Any], about: str) -> bool:
    """Whether the partner is who decides what we ask of this kind. Ordinarily it is not: its word is about its own order and
    deadline, and our applications are decided by the rung above whoever asks (handbook 5.1: each is master of its own)."""
    return about in profile.get("decides", ())


def can_be_number(number: str) -> Verdict:
    return YES if number else Verdict.reject(_("The message names no order."), "no_number")


def can_use_nonce(partner: "Partner", nonce: str, *, used: bool) -> Verdict:
    return Verdict.forbid(_("This nonce was used before."), "replayed") if used else YES


def can_come_from(partner: "Partner", address: str) -> Verdict:
    """Only from where the partner said it would; an empty list lets everybody try."""
    if not partner.sources or lies_in(address, partner.sources):
        return YES
    return Verdict.forbid(_("This address is none of the partner's."), "bad_source")


def can_act(client: "ApiClient | None", at: dt.datetime) -> Verdict:
    """In whose name orders come in must be connected still, and for that."""
    if client is None or (is_here(client, at) and "hotline:exchange" in client.scopes):
        return YES
    return Verdict.forbid(_("The system in whose name orders come in is switched off here."), "client_off")


def is_newer(known: int | None, version: int) -> bool:
    return known is None or version > known


def can_be_on_ground(partner: "Partner", case: "Case") -> Verdict:
    if case.street_id == partner.ground_id:
        return YES
    return Verdict.reject(_("The place lies outside the street that this partner sends to."), "outside")


def can_keep_partners(by: "User") -> Verdict:
    return YES if by.role == Role.SYSTEM_ADMIN else Verdict.forbid(_("Partners are kept by the system administrator."))


def can_be_partner(name_taken: bool, ground: "Grid", account: "User", profile: Any, sources: list[str]) -> Verdict:
    if name_taken:
        return Verdict.reject(_("There is a partner of this name already."), "taken", "code")
    if ground.kind != GridKind.STREET:
        return Verdict.reject(_("Choose a street."), field="ground")
    if account.role != Role.STREET:
        return Verdict.reject(
            _("Orders come in in the name of a client that acts as a street office."), field="account"
        )
    if wrong := profiles.faults(profile):
        return Verdict.reject(" ".join(str(one) for one in wrong), "bad_profile", "profile")
    for one in sources:
        try:
            ipaddress.ip_network(one)
        except ValueError:
            return Verdict.reject(_("“%(one)s” is no address or network.") % {"one": one}, field="sources")
    return YES


def can_be_secret(secret: str) -> Verdict:
    if 16 <= len(secret) <= 256 and secret.isprintable():
        return YES
    return Verdict.reject(_("A secret has 16 to 256 letters, digits or signs."), field="secret")


def can_switch(by: "User", partner: "Partner", active: bool) -> Verdict:
    verdict = can_keep_partners(by)
    if verdict and active and not partner.secret:
        return Verdict.clash(_("Give it a secret first."), "no_secret")
    if verdict and active == partner.is_active:
        return Verdict.clash(_("It is so already."), "no_change")
    return verdict


def can_map(by: "User") -> Verdict:
    return (
        YES
        if by.role in {Role.SYSTEM_ADMIN, Role.STREET}
        else Verdict.forbid(_("Codes are kept by the street office."))
    )


def can_mean(table: str, ours: str, known: bool) -> Verdict:
    """Whether OURS is something of that list here; KNOWN for categories, grids and units, which stand in tables."""
    if not ours or (ours in _OWN_WORDS[Table(table)] if table in _OWN_WORDS else known):
        return YES
    return Verdict.reject(_("There is no “%(code)s” in our own list.") % {"code": ours}, field="ours")


def can_review(by: "User") -> Verdict:
    return (
        YES
        if by.role == Role.STREET
        else Verdict.forbid(_("Messages of partners are looked after by the street office."))
    )


def can_replay(row: "Inbound") -> Verdict:
    if row.state == InboundState.REVIEW and row.order_id:
        return YES
    return Verdict.clash(_("This message can't be taken once more."), "not_waiting")


def can_drop(row: "Inbound", reason: str) -> Verdict:
    if row.state not in {InboundState.REVIEW, InboundState.HELD}:
        return Verdict.clash(_("This message waits for nobody."), "not_waiting")
    return YES if reason.strip() else Verdict.reject(_("Say why."), field="reason")


def can_be_fetched(partner: "Partner", source: str, number: int) -> Verdict:
    """Whether a picture at SOURCE, the order's NUMBERth, is fetched: from the partner's own host or one that its profile names,
    never from wherever a message says."""
    if number >= MOST_FILES:
        return Verdict.reject(_("More than %(most)s pictures came with this order.") % {"most": MOST_FILES}, "too_many")
    if len(source) > SOURCE_CHARS:
        return Verdict.reject(_("Its address is too long."), "bad_source")
    own = [partner.address, *(f"https://{host}" for host in partner.profile.get("files", {}).get("hosts", ()))]
    try:
        if target_of(source).host in {target_of(one).host for one in own if one}:
            return YES
    except Refused as refused:
        return Verdict.reject(str(refused), "bad_source")
    return Verdict.reject(_("It lies at another host than the partner's."), "bad_source")


def can_refetch(row: "PartnerFile") -> Verdict:
    if row.state != FileState.REVIEW:
        return Verdict.clash(_("This picture waits for nobody."), "not_waiting")
    return can_be_fetched(row.order.partner, row.source, 0)


def can_drop_file(row: "PartnerFile", reason: str) -> Verdict:
    if row.state != FileState.REVIEW:
        return Verdict.clash(_("This picture waits for nobody."), "not_waiting")
    return YES if reason.strip() else Verdict.reject(_("Say why."), field="reason")


def can_resend(row: "Outbound") -> Verdict:
    if row.state in {OutboundState.DEAD, OutboundState.WAITING}:
        return YES
    return Verdict.clash(_("This message waits for nobody."), "not_waiting")


def can_pass_over(row: "Outbound", reason: str) -> Verdict:
    verdict = can_resend(row)
    return Verdict.reject(_("Say why."), field="reason") if verdict and not reason.strip() else verdict


def can_see_content(by: "User", reason: str, *, confidential: bool) -> Verdict:
    """Who called, and a message as it came: the street office alone, and where it is CONFIDENTIAL only who is entrusted with
    that. A unit never gets to know who complained about it."""
    verdict = can_review(by)
    if verdict and confidential:
        verdict = can_see_confidential(by)
    return (
        Verdict.reject(_("Say why you need to see it."), field="reason")
        if verdict and len(reason.strip()) < 2
        else verdict
    )


def can_offer_call(by: "User", takes: bool) -> Verdict:
    """Whether the button is there: TAKES says that some partner of the street's takes requests and hasn't got this case yet."""
    verdict = can_review(by)
    return Verdict.clash(_("This partner takes no requests."), "takes_none") if verdict and not takes else verdict


def can_pass_up(by: "User", partner: "Partner", passed: bool, reason: str) -> Verdict:
    """网格呼叫: what the street can't settle goes up to the hotline, once at a time."""
    verdict = can_review(by)
    if not verdict:
        return verdict
    if "order" not in partner.profile["out"]["messages"] or not (partner.is_active and partner.address):
        return Verdict.clash(_("This partner takes no requests."), "takes_none")
    if passed:
        return Verdict.clash(_("This case was passed on to it already."), "passed")
    return YES if reason.strip() else Verdict.reject(_("Say why."), field="reason")
