"""Who keeps the jurisdictions of Open311, and what may be asked there."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Invalid, Verdict
from integrations.choices.open311 import SPAN

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from integrations.models import Jurisdiction

_CODE = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class Missing(Invalid):
    """There is no such thing. Open311 wants 404 for it, and 400 for whatever else is wrong."""

    status = HTTPStatus.NOT_FOUND
    default_code = "not_found"


def can_keep_jurisdictions(by: "User") -> Verdict:
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Only a system administrator sets up Open311."))


def can_be_jurisdiction(street: "Grid", code: str, taken: bool) -> Verdict:
    if street.parent_id is not None:
        return Verdict.reject(_("Choose a street."), field="street")
    if not _CODE.fullmatch(code):
        return Verdict.reject(
            _("Write it like street.example.gov.cn: small letters, digits, dots, dashes."), field="code"
        )
    if taken:
        return Verdict.reject(_("This jurisdiction_id or this street is there already."), "taken", "code")
    return YES


def can_be_asked(given: str, open_ones: "Sequence[Jurisdiction]") -> Verdict:
    """Whether GIVEN, a jurisdiction_id or "", says which of the OPEN_ONES is meant."""
    if not open_ones:
        return Verdict.reject(_("The open311 service is not running here."), "closed")
    if given and given not in {one.code for one in open_ones}:
        return Verdict(Missing(_("jurisdiction_id %(given)s was not found.") % {"given": given}))
    if not given and len(open_ones) > 1:
        return Verdict.reject(_("jurisdiction_id was not provided."), "missing", "jurisdiction_id")
    return YES


def can_span(first: dt.datetime, last: dt.datetime) -> Verdict:
    if last < first:
        return Verdict.reject(_("end_date lies before start_date."), field="end_date")
    if last - first > SPAN:
        return Verdict.reject(_("start_date and end_date may not span more than 90 days."), field="start_date")
    return YES


def needs(name: str, given: str) -> Verdict:
    """Whether the argument NAME was given at all; the words are the standard's."""
    return YES if given else Verdict.reject(_("%(name)s was not provided.") % {"name": name}, "missing", name)


def can_report_there(grid: "Grid", streets: "Collection[Grid]", inside: bool) -> Verdict:
    """Whether a client may report to GRID: in one of the STREETS asked, and INSIDE its own ground."""
    if grid.street_code not in {street.code for street in streets}:
        return Verdict.reject(_("This place does not belong to the jurisdiction."), "outside", "lat")
    if not inside:
        return Verdict.forbid(_("This key does not report to this place."), "not_your_ground")
    return YES
