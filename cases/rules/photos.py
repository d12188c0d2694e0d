"""Who covers what on a photo, whose are marked, and how far a device's clock is believed."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices import PHOTO_AREA_LIMIT
from cases.rules.intake import works_with_cases
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User

# What waited longer on a telephone, or comes from further ahead, was dated by a clock that is wrong.
_LONGEST_WAIT, _AHEAD = dt.timedelta(days=30), dt.timedelta(minutes=10)
# The smallest share of a side that covers anything, and what rounding may add to one.
_LEAST, _ROUNDING = 0.004, 2e-4


def marks_photos(by: "User") -> bool:
    """A grid worker's photos carry a watermark of time, place and number."""
    return by.role == Role.WORKER


def may_bear_a_number(by: "User") -> bool:
    """Whether a photo of BY's may be marked: whoever leads now may have been a worker then. Residents' never are."""
    return by.role != Role.SYSTEM


def believed(said: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """The moment a device SAID something happened, which arrived AT; None where its clock can't be right."""
    if said is None or not at - _LONGEST_WAIT <= said <= at + _AHEAD:
        return None
    return min(said, at)


def can_blur(by: "User") -> Verdict:
    """Whoever sees the case may protect the people on its photos; taking it off needs a reason (can_reveal)."""
    return works_with_cases(by)


def can_be_areas(areas: Sequence[Sequence[float]]) -> Verdict:
    """One area at least, each four shares (x, y, width, height) inside the picture."""
    if not isinstance(areas, list) or not areas:
        return Verdict.reject(_("Mark at least one area."), field="areas")
    if len(areas) > PHOTO_AREA_LIMIT:
        message = _("A photo has at most %(count)s covered areas.") % {"count": PHOTO_AREA_LIMIT}
        return Verdict.reject(message, "too_many", "areas")
    if not all(_inside(area) for area in areas):
        return Verdict.reject(_("An area lies outside the photo, or is none."), "bad_area", "areas")
    return YES


def _inside(area: Sequence[float]) -> bool:
    if not isinstance(area, list) or len(area) != 4:
        return False
    if not all(type(share) in {int, float} and 0 <= share <= 1 for share in area):
        return False
    x, y, width, height = area
    return min(width, height) >= _LEAST and max(x + width, y + height) <= 1 + _ROUNDING
