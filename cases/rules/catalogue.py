"""Who keeps the matter list and the time limits."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices import Tier, Urgency
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User

_CODE = re.compile(r"\d{2}(\d{2})?", re.ASCII)


def can_set_policy(by: "User") -> Verdict:
    if _keeps(by):
        return YES
    return Verdict.forbid(_("Time limits are set by the street office."))


def can_change_category(by: "User") -> Verdict:
    if _keeps(by):
        return YES
    return Verdict.forbid(_("The matter list is kept by the street office."))


def is_office(by: "User") -> bool:
    """Whether BY's role keeps the matter list and the time limits; whoever bears it also holds a post."""
    return by.role in {Role.STREET, Role.SYSTEM}


def _keeps(by: "User") -> bool:
    """The house itself, or somebody who holds a post in a street office today: not whoever once did."""
    return by.role == Role.SYSTEM or (is_office(by) and bool(scope_of(by)))


def can_be_matter(code: str, tier: str, urgency: str) -> Verdict:
    """Two digits name a group, four an item of it; an item has a tier and an urgency, a group has neither."""
    if not _CODE.fullmatch(code):
        return Verdict.reject(_("Two digits name a group, four an item."), field="code")
    is_item = len(code) == 4
    if is_item != (tier in Tier.values):
        return Verdict.reject(_("An item has the tier A, B or C; a group has none."), field="tier")
    if is_item != (urgency in Urgency.values):
        return Verdict.reject(_("An item has an urgency; a group has none."), field="urgency")
    return YES
