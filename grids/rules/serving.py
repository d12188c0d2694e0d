"""What those who serve a grid may do for it: count who lives there, keep its groups, announce, hand out contact cards."""

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts.choices import FIELD_ROLES, LEADS, Role
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid, GridNotice, GroupLink, Post
    from grids.queries import Scope

MOST_HOUSEHOLDS = 99_999
# Groups of one grid, and how far ahead a group's code or an announcement may reach.
MOST_GROUPS, LONGEST_DAYS = 60, 366
TEXT_CHARS = 1000


def can_serve(by: "User", scope: "Scope", grid: "Grid") -> Verdict:
    """Whether BY serves GRID: in the field or in the street office, with a post on it or above."""
    if by.role == Role.SYSTEM or (by.role in FIELD_ROLES | {Role.STREET} and scope.covers(grid)):
        return YES
    return Verdict.forbid(_("That is for those who serve this grid."))


def can_suggest_households(by: "User", scope: "Scope", grid: "Grid", households: int) -> Verdict:
    """Whether BY may say that HOUSEHOLDS live in GRID."""
    if 0 <= households <= MOST_HOUSEHOLDS:
        return can_serve(by, scope, grid)
    words = {"most": MOST_HOUSEHOLDS}
    return Verdict.reject(_("A number of households lies between 0 and %(most)d.") % words, field="households")


# --- groups of neighbours --------------------------------------------------------------------------------------------


def check_link(url: str) -> Verdict:
    """Whether URL can be put before residents: an address of the web, encrypted, on a host by name, without a password."""
    try:
        parts = urlsplit(url)
        host, secret = parts.hostname or "", parts.password or parts.username
    except ValueError:
        host = secret = ""
    if url.startswith("https://") and "." in host and not secret and url.isprintable() and " " not in url:
        return YES
    return Verdict.reject(_("A link begins with https:// and names a host."), field="url")


def can_hold_until(until: dt.date | None, today: dt.date) -> Verdict:
    """Whether a group's code may be said to hold UNTIL."""
    if until is None or today <= until <= today + dt.timedelta(days=LONGEST_DAYS):
        return YES
    return Verdict.reject(_("That day is over or too far ahead."), field="valid_until")


def can_keep_group(by: "User", scope: "Scope", group: "GroupLink") -> Verdict:
    if group.ended_at is not None:
        return Verdict.clash(_("This group has been taken away."))
    return can_serve(by, scope, group.grid)


# --- announcements ---------------------------------------------------------------------------------------------------


def can_announce(by: "User", scope: "Scope", grid: "Grid") -> Verdict:
    """Whether BY may announce something to GRID and all below it."""
    if by.role == Role.SYSTEM or (by.role in LEADS | {Role.STREET} and scope.covers(grid)):
        return YES
    return Verdict.forbid(_("Grid leads and the street office announce."))


def can_run(first: dt.date, last: dt.date | None, today: dt.date) -> Verdict:
    """Whether an announcement may stand from FIRST to LAST."""
    if last is not None and last < first:
        return Verdict.reject(_("It can't end before it begins."), field="valid_to")
    if last is not None and last < today:
        return Verdict.reject(_("That day is over."), field="valid_to")
    if max(first, last or first) > today + dt.timedelta(days=LONGEST_DAYS):
        return Verdict.reject(_("At most a year ahead."), field="valid_to" if last else "valid_from")
    return YES


def check_text(text: str) -> Verdict:
    """Whether TEXT has the length of an announcement; that it is one at all the model says."""
    if len(text) <= TEXT_CHARS:
        return YES
    return Verdict.reject(_("At most %(count)s characters.") % {"count": TEXT_CHARS}, field="text")


def can_withdraw_notice(by: "User", scope: "Scope", notice: "GridNotice", today: dt.date) -> Verdict:
    allowed = can_announce(by, scope, notice.grid)
    over = notice.withdrawn_at is not None or (notice.valid_to is not None and notice.valid_to < today)
    return Verdict.clash(_("This is announced no more.")) if allowed and over else allowed


def can_wait_days(days: int | None) -> Verdict:
    """Whether results may be published by themselves so many DAYS after closing."""
    if days is None or 1 <= days <= LONGEST_DAYS:
        return YES
    return Verdict.reject(_("Between 1 and %(most)d days.") % {"most": LONGEST_DAYS}, field="results_after")


# --- contact cards ---------------------------------------------------------------------------------------------------


def can_issue_card(by: "User", scope: "Scope", post: "Post", on: dt.date) -> Verdict:
    """Whether BY may have a card made for POST: its holder, or those who give posts there. It names nobody who is not
    named on the public page."""
    if not _answers_for(by, scope, post):
        return Verdict.forbid(_("A card is made for the own post, or by the street office."))
    if not post.holds(on):
        return Verdict.clash(_("This post is not in force."))
    if post.grid is None or not post.is_public_contact:
        return Verdict.clash(_("A card needs a post that the office names on the public page."), "not_public")
    return YES


def can_revoke_card(by: "User", scope: "Scope", post: "Post") -> Verdict:
    """Whether BY may make POST's card worthless."""
    if _answers_for(by, scope, post):
        return YES
    return Verdict.forbid(_("A card is revoked by its holder or by the street office."))


def _answers_for(by: "User", scope: "Scope", post: "Post") -> bool:
    """Whether BY holds POST, or gives posts where it stands."""
    if by.role == Role.SYSTEM or post.user_id == by.pk:
        return True
    return by.role == Role.STREET and post.grid is not None and scope.covers(post.grid)
