"""Who keeps channels, what they may be told, and when something may be sent."""

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.choices.wording import PLACE
from gridgov.core.errors import YES, Verdict
from grids.queries.nodes import lies_within
from integrations.choices.channels import (
    ASKS,
    CODE_LIMITS,
    CODE_TRIES,
    FIRST_WAIT,
    GIVE_UP_AFTER,
    GROUP_KINDS,
    LONGEST_WAIT,
    MAIL_PORTS,
    MOST_OWN,
    PER_MINUTE,
    PERSONAL,
    PERSONAL_A_DAY,
    PERSONAL_EVERY,
    PRESSING,
    ROBOTS,
    ChannelKind,
    MessageState,
    Wanted,
)
from integrations.choices.outside import OUTSIDE
from integrations.rules.gateway import can_be_gateway

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from integrations.models import Channel, Message, OwnChannel, Subscription

_MOBILE = re.compile(r"1[3-9]\d{9}")


# --- keeping ---------------------------------------------------------------------------------------------------------


def can_keep_channels(by: "User") -> Verdict:
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Only a system administrator keeps channels and their secrets."))


def can_be_channel(
    kind: ChannelKind, given: Mapping[str, Any], secrets: Mapping[str, str], *, grid: "Grid | None", per_minute: int
) -> Verdict:  # fmt: skip
    """Whether what was entered for KIND can be used; the first fault, at its field."""
    for ask in ASKS[kind]:
        if ask.required and not (secrets if ask.secret else given).get(ask.name):
            return Verdict.reject(_("This is needed."), field=ask.name)
    if (kind in ROBOTS or given.get("to")) and grid is None:
        return Verdict.reject(_("Say whose group it is: nothing of cases elsewhere goes there."), field="grid")
    if not 1 <= per_minute <= PER_MINUTE[kind]:
        said = _("From 1 to %(most)s messages a minute are taken there.")
        return Verdict.reject(said % {"most": PER_MINUTE[kind]}, field="per_minute")
    if kind == ChannelKind.MAIL:
        return _can_be_mail(given)
    return can_be_gateway(given, secrets) if kind == ChannelKind.SMS else YES


def can_be_channel_name(name: str, taken: bool) -> Verdict:
    if not name.strip():
        return Verdict.reject(_("Give it a name."), field="name")
    return Verdict.reject(_("There is a channel of this name already."), field="name") if taken else YES


def can_be_robot(address: str) -> Verdict:
    """ADDRESS as choices.robots.address_of reads what was copied; '' where it is none."""
    return YES if address else Verdict.reject(_("This is no address of such a robot. Copy it whole."), field="address")


def _can_be_mail(given: Mapping[str, Any]) -> Verdict:
    for name, addresses in (("sender", [given["sender"]]), ("to", given.get("to") or [])):
        for one in addresses:
            if not can_be_address(ChannelKind.MAIL, one):
                return Verdict.reject(_("“%(given)s” is no e-mail address.") % {"given": one[:60]}, field=name)
    if not str(given["port"]).isdecimal() or not 0 < int(given["port"]) < 65536:
        return Verdict.reject(_("This is no port."), field="port")
    return YES


def can_speak_to_mail_server(host: str, port: int, allowed: Collection[str]) -> Verdict:
    """Mail servers stand inside the office more often than not, so their port is judged and not their network: nothing
    else that listens inside is spoken to, unless the office's list ALLOWED names its host."""
    if port in MAIL_PORTS or host in allowed:
        return YES
    return Verdict.reject(_("The port %(port)s is no mail server's.") % {"port": port}, field="port")


def can_switch_channel(by: "User", channel: "Channel", active: bool) -> Verdict:
    if not can_keep_channels(by):
        return can_keep_channels(by)
    if channel.is_active == active:
        return Verdict.clash(_("It is on already.") if active else _("It is off already."))
    return YES


def can_try_channel(by: "User", channel: "Channel", to: str = "") -> Verdict:
    """A trial goes to the group, or to the address TO where it is a way to people."""
    if not can_keep_channels(by):
        return can_keep_channels(by)
    if to and channel.kind in PERSONAL:
        return can_be_address(channel.kind, to)
    return YES if has_group(channel) else Verdict.reject(_("Say to whom the trial goes."), field="address")


def has_group(channel: "Channel") -> bool:
    return channel.kind in ROBOTS or bool(channel.given.get("to"))


# --- what a group is told --------------------------------------------------------------------------------------------


def can_decide(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("The street office decides what its groups are told."))


def can_tell_group(by: "User", channel: "Channel") -> Verdict:
    verdict = can_decide(by)
    return verdict if not verdict or has_group(channel) else Verdict.clash(_("This channel has no group."), "no_group")


def can_subscribe(by: "User", channel: "Channel", grid: "Grid", kinds: Sequence[str], *, seen: bool) -> Verdict:
    """SEEN: whether BY has GRID in the own ground. A channel of one grid is never told of cases elsewhere."""
    verdict = can_tell_group(by, channel)
    if not verdict:
        return verdict
    if by.role == Role.STREET and not seen:
        return Verdict.forbid(_("You decide for your own streets only."))
    if not kinds or not set(kinds) <= set(GROUP_KINDS):
        return Verdict.reject(_("Choose at least one kind of notice."), field="kinds")
    if channel.grid is None or not lies_within(grid, channel.grid):
        return Verdict.reject(_("This grid does not belong to the channel's group."), field="grid")
    return YES


def can_hush(by: "User", *, told: bool) -> Verdict:
    """Whether there is something that BY could end. TOLD: the group is told something that BY sees."""
    return can_decide(by) if told else Verdict.clash(_("This group is told nothing."))


def can_end_subscription(by: "User", row: "Subscription", *, seen: bool) -> Verdict:
    if not can_decide(by):
        return can_decide(by)
    if by.role == Role.STREET and not seen:
        return Verdict.forbid(_("You decide for your own streets only."))
    return YES if row.ended_at is None else Verdict.clash(_("This is over already."))


def is_told(row: "Subscription", kind: str, above: Collection[int | None], units: Collection[int]) -> bool:
    """Whether ROW's group is told a notice of KIND about a case under the grids ABOVE, told to somebody of UNITS."""
    return kind in row.kinds and row.grid_id in above and (row.unit_id is None or row.unit_id in units)


def is_wanted(wanted: str, kind: str, urgent: bool) -> bool:
    """Whether somebody who wants WANTED is told a notice of KIND."""
    return wanted == Wanted.ALL or urgent or kind in PRESSING


# --- what goes outside -----------------------------------------------------------------------------------------------


def can_go_outside(wording: str, params: Mapping[str, Any], allowed: Collection[str] = OUTSIDE) -> Verdict:
    """A message names nobody: it is filled with what is ALLOWED and nothing else, whatever a notice knows."""
    strange = (set(PLACE.findall(wording)) | set(params)) - set(allowed)
    if strange:
        return Verdict.reject(_("A message outside may not tell: %(places)s.") % {"places": ", ".join(sorted(strange))})
    return YES


# --- when ------------------------------------------------------------------------------------------------------------


def can_take_more(channel: "Channel", tried: int) -> Verdict:
    if tried < channel.per_minute:
        return YES
    return Verdict.clash(_("This channel has had its messages for this minute. Try again in a moment."), "minute")


def can_send_again(by: "User", row: "Message", *, seen: bool, lines: int) -> Verdict:
    """A message that was given up. SEEN: whether it is among those that BY sees; LINES: how many notices of it are kept."""
    if not can_decide(by):
        return can_decide(by)
    if not seen:
        return Verdict.forbid(_("You decide for your own streets only."))
    if row.state != MessageState.GIVEN_UP or not lines:
        return Verdict.clash(_("There is nothing of it that could be sent again."))
    return YES if row.channel.is_active else Verdict.clash(_("Its channel is switched off."), "off")


def room_for(channel: "Channel", tried: int, at: dt.datetime) -> int:
    """How many more messages CHANNEL takes now, TRIED having been tried within the last minute."""
    if not channel.is_active or (channel.rests_until is not None and channel.rests_until > at):
        return 0
    return max(channel.per_minute - tried, 0)


def can_tell_person(made: Sequence[dt.datetime], at: dt.datetime, *, urgent: bool) -> Verdict:
    """Whether one person gets a message more, after those MADE within a day. What presses doesn't wait for the minute."""
    if len([one for one in made if one > at - dt.timedelta(days=1)]) >= PERSONAL_A_DAY:
        return Verdict.clash(_("Enough for today."), "day")
    if not urgent and any(one > at - PERSONAL_EVERY for one in made):
        return Verdict.clash(_("Wait a minute."), "minute")
    return YES


def next_try(made: dt.datetime, tries: int, at: dt.datetime, wait: dt.timedelta | None) -> dt.datetime | None:
    """When a message made at MADE is tried again after so many TRIES, or after WAIT if the other side names one; None: never."""
    if at - made >= GIVE_UP_AFTER:
        return None
    return at + (wait or min(FIRST_WAIT * 4 ** max(tries - 1, 0), LONGEST_WAIT))


# --- people's own ----------------------------------------------------------------------------------------------------


def can_be_address(kind: str, address: str) -> Verdict:
    if kind == ChannelKind.SMS:
        fits = bool(_MOBILE.fullmatch(address)) and address.isascii()
        return YES if fits else Verdict.reject(_("A mobile number has eleven digits."), field="address")
    try:
        validate_email(address)
    except ValidationError:
        return Verdict.reject(_("This is no e-mail address."), field="address")
    return YES


def can_add_own(by: "User", channel: "Channel | None", count: int) -> Verdict:
    if channel is None or channel.kind not in PERSONAL:
        return Verdict.reject(_("The office does not offer this way."), field="channel")
    if by.role == Role.SYSTEM:
        return Verdict.forbid(_("Only people have an inbox."))
    if count >= MOST_OWN:
        return Verdict.clash(_("You have %(most)s addresses already. Take one out first.") % {"most": MOST_OWN}, "many")
    return YES


def can_touch_own(by: "User", own: "OwnChannel") -> Verdict:
    return YES if own.user_id == by.pk else Verdict.forbid(_("This is somebody else's address."))


def can_send_code(sent: Sequence[dt.datetime], at: dt.datetime) -> Verdict:
    """Codes to one address, after those SENT within a day: 1 a minute, 5 an hour, 10 a day (handbook 5.6)."""
    for most, within in CODE_LIMITS:
        if len([one for one in sent if one > at - within]) >= most:
            return Verdict.clash(_("Too many codes to this address. Try again later."), "codes")
    return YES


def can_prove(own: "OwnChannel", right: bool, at: dt.datetime) -> Verdict:
    """One sentence for a wrong and an old code: nobody learns which."""
    if own.verified_at is not None:
        return Verdict.clash(_("This address is proved already."))
    if own.tries > CODE_TRIES or own.code_until is None or at >= own.code_until or not right:
        return Verdict.reject(_("The code is wrong or too old."), field="code")
    return YES


def can_switch_own(own: "OwnChannel", active: bool) -> Verdict:
    if active and own.verified_at is None:
        return Verdict.clash(_("Prove the address by its code first."))
    return YES
