"""Who may manage accounts: the system hand makes them, the security hand says what they may be. Who may stand in for
whom, and when a notice is told."""

import datetime as dt
import re
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    CASE_ROLES,
    HOURS,
    LADDER,
    LEADS,
    MOST_DOWNLOADED,
    MOST_STEPS,
    MOST_UNDER_WAY,
    NAME_CHARS,
    QUERY_CHARS,
    Hours,
    Role,
)
from accounts.choices.entry import DRIFT, FIRST_PAGE, LONGEST_NONCE, LONGEST_WAY, MOST_ORIGINS, NONCE_CHARS, EntryLink
from accounts.choices.wording import LONGEST, NoticeTemplate, strange_places
from gridgov.core.errors import YES, Verdict
from gridgov.core.rules import places

if TYPE_CHECKING:
    from accounts.models import Delegation, Download, EntryApp, EntryPass, User

ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[1-9][0-9]{0,4})?")


def can_open_account(by: "User", role: str = "") -> Verdict:
    """A volunteer's is opened by whoever looks after volunteers, too (the room above asks where)."""
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM} or (role == Role.VOLUNTEER and by.role in {Role.STREET, *LEADS}):
        return YES
    return Verdict.forbid(_("Only a system administrator opens accounts."))


def can_grant_role(by: "User", user: "User", role: str) -> Verdict:
    """Separate hands: who opens accounts doesn't grant roles, and nobody grants to oneself."""
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator grants roles."))
    if user.is_client:
        return _no_person()
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody grants a role to themselves."))
    if role == Role.SYSTEM or user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    return YES


def can_entrust(by: "User", user: "User", entrusted: bool) -> Verdict:
    """Who may see confidential reporters is named, one by one, and by another hand than the office's own."""
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator says who is entrusted with confidential reporters."))
    if user.is_client:
        return _no_person()
    if user.role != Role.STREET:
        return Verdict.clash(_("Confidential reporters are entrusted to people of the street office only."))
    if user.keeps_confidential == entrusted:
        return Verdict.clash(_("It is so already."), "no_change")
    return YES


def can_switch(by: "User", user: "User") -> Verdict:
    """Whether BY may let USER sign in or not."""
    if user.is_client:
        return _no_person()
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator opens or locks an account."))
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody locks or opens their own account."))
    if user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    return YES


def can_keep_volunteer(user: "User") -> Verdict:
    if user.role == Role.VOLUNTEER and not user.is_client:
        return YES
    return Verdict.forbid(_("This is no volunteer's account; a security administrator opens and locks it."))


def can_set_password(by: "User", user: "User") -> Verdict:
    """A volunteer's is set anew by whoever looks after volunteers, too (the room above asks where)."""
    if user.is_client:
        return _no_person()
    if user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    if by.pk == user.pk or by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    if user.role == Role.VOLUNTEER and by.role in {Role.STREET, *LEADS}:
        return YES
    return Verdict.forbid(_("Only a system administrator sets another person's password."))


def _no_person() -> Verdict:
    return Verdict.forbid(_("This is the account of a connected system, which comes in by its keys alone."))


# --- standing in -----------------------------------------------------------------------------------------------------


def can_delegate(by: "User", user: "User", reason: str) -> Verdict:
    """Everybody for themselves; the system hand for somebody else, who may be ill, and says why."""
    if not (verdict := can_be_stood_in_for(user)):
        return verdict
    if by.pk == user.pk:
        return YES
    if not (verdict := can_name_absent(by, user.username)):
        return verdict
    if len(reason.strip()) < 2:
        return Verdict.reject(_("Say why somebody else needs a stand-in."), field="reason")
    return YES


def can_be_stood_in_for(user: "User") -> Verdict:
    if user.is_client:
        return _no_person()
    if user.role not in CASE_ROLES:
        return Verdict.forbid(_("Administrators and auditors are not stood in for."))
    return YES


def can_name_absent(by: "User", name: str) -> Verdict:
    """Whether BY may say that whoever has the user name NAME is away; decided before anybody looks whether there is one."""
    if by.role == Role.SYSTEM_ADMIN or name == by.username:
        return YES
    return Verdict.forbid(_("Name a stand-in for yourself. For somebody else a system administrator does."))


def can_stand_in(user: "User", deputy: "User") -> Verdict:
    """Who can sign in and may do at least as much: the same role or one further up, and units among themselves."""
    if user.pk == deputy.pk:
        return Verdict.reject(_("Nobody stands in for themselves."), field="deputy")
    if not deputy.is_active:
        return Verdict.reject(_("This account can't sign in."), field="deputy")
    if user.role == deputy.role:
        return YES
    ladder: list[str] = list(LADDER)
    if user.role in ladder and deputy.role in ladder and ladder.index(user.role) < ladder.index(deputy.role):
        return YES
    return Verdict.reject(
        _("A stand-in has the same role or a higher one; for unit staff, unit staff."), field="deputy"
    )


def can_be_away(first: dt.date, last: dt.date, today: dt.date) -> Verdict:
    if first < today:
        return Verdict.reject(_("It can begin today at the earliest."), field="valid_from")
    if last < first:
        return Verdict.reject(_("The last day lies before the first."), field="valid_to")
    return YES


def can_join(new: "Delegation", standing: "list[Delegation]") -> Verdict:
    """Whether NEW fits beside those STANDING on one of its days: one stand-in a day, and every chain ends soon.

    Chains change only on days on which one of them begins, so these days stand for all.
    """
    for row in standing:
        if row.user_id == new.user_id:
            message = _("%(person)s is stood in for already from %(first)s to %(last)s.")
            words = {"person": new.user, "first": row.valid_from, "last": row.valid_to}
            return Verdict.clash(message % words, "stood_in_for")
    for day in {max(new.valid_from, row.valid_from) for row in [*standing, new]}:
        next_of = {row.user_id: row.deputy_id for row in [*standing, new] if row.valid_from <= day <= row.valid_to}
        for first in next_of:
            steps, person = 0, first
            while person in next_of and steps <= MOST_STEPS:
                steps, person = steps + 1, next_of[person]
            if steps > MOST_STEPS:
                message = _("On %(day)s the stand-in is away too, and the chain of stand-ins leads back or too far.")
                return Verdict.clash(message % {"day": day}, "chain")
    return YES


def can_end_delegation(by: "User", delegation: "Delegation", today: dt.date) -> Verdict:
    if by.pk != delegation.user_id and by.role != Role.SYSTEM_ADMIN:
        return Verdict.forbid(_("Whoever is away ends it, or a system administrator."))
    if delegation.ended_at is not None or delegation.valid_to < today:
        return Verdict.clash(_("This is over already."))
    return YES


# --- in which words --------------------------------------------------------------------------------------------------


def can_reword(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("The wording of notices is kept by the street office and the system administrator."))


def can_be_language(language: str) -> Verdict:
    if language in dict(settings.LANGUAGES):
        return YES
    return Verdict.reject(_("There is no such language."), field="language")


def can_be_wording(template: NoticeTemplate, wording: str) -> Verdict:
    """'' stands for the house's own words."""
    if len(wording) > LONGEST:
        return Verdict.reject(_("A notice has %(max)d characters at most.") % {"max": LONGEST}, field="wording")
    strange = strange_places(wording, template)
    if strange:
        message = _("This notice does not know: %(places)s.") % {"places": ", ".join(strange)}
        return Verdict.reject(message, field="wording")
    return YES


# --- when a notice is told -------------------------------------------------------------------------------------------


def held_until(*, moment: dt.datetime, urgent: bool, at: dt.datetime, hours: Hours = HOURS) -> dt.datetime | None:
    """Until when a notice of what happened at MOMENT is held that comes at AT; None: told at once.

    Urgent ones are told day and night. Ordinary ones wait for the morning in quiet hours; and in the daytime, where
    they come late (after an outage), for the next round moment, so that a flood becomes one line.
    """
    if urgent:
        return None
    local = localtime(at)
    if _is_quiet(local.time(), hours):
        return _next(local, hours.digest_at)
    if at - moment <= hours.late_after:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    full = midnight + ((local - midnight) // hours.round_to + 1) * hours.round_to
    return _next(full, hours.digest_at) if _is_quiet(full.time(), hours) else full


def _is_quiet(time: dt.time, hours: Hours) -> bool:
    """The first moment of the quiet hours counts, the last doesn't; two equal times mean none."""
    if hours.quiet_from <= hours.quiet_until:
        return hours.quiet_from <= time < hours.quiet_until
    return time >= hours.quiet_from or time < hours.quiet_until


def _next(local: dt.datetime, time: dt.time) -> dt.datetime:
    """The next moment after LOCAL at which it is TIME."""
    found = dt.datetime.combine(local.date(), time, local.tzinfo)
    return found if found > local else found + dt.timedelta(days=1)


# --- downloads -------------------------------------------------------------------------------------------------------


def can_download(rows: int, under_way: int) -> Verdict:
    """As many rows as a sheet carries, and not everything at once."""
    if rows > MOST_DOWNLOADED:
        message = _("These are more than %(most)s rows. Narrow the list by its filters.")
        return Verdict.reject(message % {"most": MOST_DOWNLOADED}, "too_many")
    if under_way >= MOST_UNDER_WAY:
        return Verdict.clash(_("Wait until your other downloads are ready."), "under_way")
    return YES


def can_take_download(by: "User", download: "Download", standing: str, at: dt.datetime) -> Verdict:
    """Whoever asked, in time, and while the scope is the one in which it was made (STANDING: the present one)."""
    if download.user_id != by.pk:
        return Verdict.forbid(_("This file was made for somebody else."))
    if download.finished_at is None:
        return Verdict.clash(_("This file is not ready yet."))
    if at >= download.expires_at:
        return Verdict.clash(_("This file is kept no longer. Ask for it again."))
    if download.standing != standing:
        return Verdict.forbid(_("Your scope has changed since. Ask for the file again."))
    return YES


# --- saved lists -----------------------------------------------------------------------------------------------------


def can_save_list(name: str, query: str) -> Verdict:
    if not 0 < len(name) <= NAME_CHARS or not name.isprintable():
        return Verdict.reject(_("A name has 1 to %(most)s characters.") % {"most": NAME_CHARS}, field="name")
    if not 0 < len(query) <= QUERY_CHARS:
        return Verdict.reject(_("Choose filters or a search first; then they can be kept."), field="name")
    return YES


def can_share_list(by: "User", scope: str) -> Verdict:
    """The street office, with its own street."""
    if by.role == Role.STREET and any(place.kept and place.code == scope for place in places(by)):
        return YES
    return Verdict.forbid(_("Only the street office shares lists, with its own street."))


# --- entry from another app ------------------------------------------------------------------------------------------


def can_keep_entry_apps(by: "User") -> Verdict:
    """The system hand enters them, the security hand switches them on."""
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Only a system administrator enters apps and their secrets."))


def can_switch_entry_app(by: "User", app: "EntryApp", active: bool) -> Verdict:
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator switches an app on or off."))
    if app.is_active == active:
        return Verdict.clash(_("It is on already.") if active else _("It is off already."))
    if active and not app.salt:
        return Verdict.clash(_("It has no secret yet. A system administrator makes one first."))
    return YES


def can_be_entry_app(name: str, taken: bool) -> Verdict:
    if taken:
        return Verdict.reject(_("There is an app of this name already."), field="name")
    return YES if name.strip() else Verdict.reject(_("Give it a name."), field="name")


def can_be_origins(origins: list[str]) -> Verdict:
    """`https://host` or `https://host:port`, without a path: what a browser compares (RFC 6454)."""
    if len(origins) > MOST_ORIGINS:
        return Verdict.reject(_("At most %(most)s origins.") % {"most": MOST_ORIGINS}, field="origins")
    for one in origins:
        if not ORIGIN.fullmatch(one):
            said = _("“%(given)s” is no origin like https://app.example.cn.") % {"given": one[:60]}
            return Verdict.reject(said, field="origins")
    return YES


def can_use_entry_app(app: "EntryApp | None", at: dt.datetime) -> Verdict:
    """Outsiders are told one sentence for all reasons; the record has the code."""
    if app is None or not app.salt:
        return _no_entry("no_app")
    if not app.is_active:
        return _no_entry("off")
    return _no_entry("expired_app") if app.expires_on and localtime(at).date() > app.expires_on else YES


def can_trust_link(link: EntryLink, secret: str, at: dt.datetime) -> Verdict:
    if not link.signed_with(secret):
        return _no_entry("signature")
    if link.moment is None or abs(at - link.moment) > DRIFT:
        return _no_entry("moment")
    if not NONCE_CHARS <= len(link.nonce) <= LONGEST_NONCE or not link.nonce.isascii():
        return _no_entry("nonce")
    return can_lead_to(link.to)


def can_lead_to(to: str) -> Verdict:
    """Pages of the phone only, so that a link leads to no other house."""
    inside = (
        len(to) <= LONGEST_WAY and to.startswith(FIRST_PAGE) and to.isprintable() and "\\" not in to and ".." not in to
    )
    return YES if not to or inside else _no_entry("to")


def can_trust_secret(given: str, secret: str) -> Verdict:
    return YES if compare_digest(given.encode(), secret.encode()) else _no_entry("secret")


def can_enter(user: "User | None") -> Verdict:
    """Administrators come in by their own password and by nothing else."""
    return YES if user is not None and user.role in CASE_ROLES else _no_entry("account")


def can_pass_once(new: bool) -> Verdict:
    return YES if new else _no_entry("used")


def can_use_code(entry: "EntryPass | None", at: dt.datetime) -> Verdict:
    if entry is None:
        return _no_entry("no_code")
    if entry.used_at is not None:
        return _no_entry("used")
    return YES if at < entry.expires_at else _no_entry("moment")


def _no_entry(code: str) -> Verdict:
    return Verdict.forbid(_("This way in is not good any more. Go back to the app and open it anew."), code=code)
