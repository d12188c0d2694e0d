"""Who may change which days of the calendar, and how a day may look; which job may be tried again."""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.questions import Place, places_of

if TYPE_CHECKING:
    from gridgov.core.models import Job

# The hand that runs the house, and the house itself.
EVERYWHERE = frozenset({"system_admin", "system"})
LOCALLY = "street"
# The calendar has days of these years and no others: beyond them stands a slip of the pen.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def places(by: Any, on: dt.date | None = None) -> list[Place]:
    """The districts and streets that BY has to do with on the day ON (today if none is named), by code."""
    found = {place.code: place for answer in places_of.ask(by, on) for place in answer}
    return [found[code] for code in sorted(found)]


def can_keep_days(by: Any, scope: str, on: dt.date | None = None, seen: Sequence[Place] | None = None) -> Verdict:
    """The system hand keeps all days; a street hand those of the streets and districts that its own posts stand on, and
    those of whom it stands in for. SEEN are `places(by, on)`, for whoever has asked them already.
    """
    if by.role in EVERYWHERE:
        return YES
    if by.role != LOCALLY:
        return Verdict.forbid(_("Only the system administrator and street offices keep the calendar."))
    if not scope:
        return Verdict.forbid(_("Days of the whole country are kept by the system administrator."))
    if any(place.kept and scope.startswith(place.code) for place in _seen(by, on, seen)):
        return YES
    return Verdict.forbid(_("You keep only the days of your own streets and districts."))


def can_keep_any_day(by: Any, on: dt.date | None = None, seen: Sequence[Place] | None = None) -> Verdict:
    """Whether there is any place whose days BY keeps."""
    if by.role in EVERYWHERE or (by.role == LOCALLY and any(place.kept for place in _seen(by, on, seen))):
        return YES
    return Verdict.forbid(_("You keep only the days of your own streets and districts."))


def _seen(by: Any, on: dt.date | None, seen: Sequence[Place] | None) -> Sequence[Place]:
    return places(by, on) if seen is None else seen


def can_be_date(date: dt.date) -> Verdict:
    if FIRST_YEAR <= date.year <= LAST_YEAR:
        return YES
    return Verdict.reject(_("The year %(year)d can't be meant.") % {"year": date.year}, field="date")


def can_be_scope(scope: str) -> Verdict:
    if not scope or (scope.isascii() and scope.isdigit() and len(scope) in {6, 9}):
        return YES
    return Verdict.reject(_("Six digits name a district, nine a street."), field="scope")


def can_be_windows(windows: Any) -> Verdict:
    """Pairs of clock times, one after the other; none at all stand for the ordinary hours."""
    try:
        times = [text for opens, closes in windows for text in (opens, closes)]
        clean = all(_CLOCK_TIME.fullmatch(text) for text in times)
    except (TypeError, ValueError):
        clean = False
    if not clean:
        return Verdict.reject(_("Working hours are pairs of times: 08:00-12:00, 14:00-18:00."), field="windows")
    if not all(earlier < later for earlier, later in itertools.pairwise(times)):
        return Verdict.reject(_("Working hours must follow one another and not overlap."), field="windows")
    return YES


def can_drop_day(by: Any, scope: str, on: dt.date | None = None) -> Verdict:
    """A local day can be taken back; the nation's has nothing wider to fall back to."""
    if not scope:
        return Verdict.reject(_("A day of the whole country is changed, not taken back."))
    return can_keep_days(by, scope, on)


def can_retry(job: "Job") -> Verdict:
    """Only work that was given up waits for a person."""
    if job.stuck_at is not None and job.done_at is None:
        return YES
    return Verdict.clash(_("This job is not stuck any more."))
