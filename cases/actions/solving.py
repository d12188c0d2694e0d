"""Solved on the spot: reported and completed in one breath."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.actions.evidence import gathered
from cases.actions.intake import Report, take_in
from cases.actions.orders import complete_case
from cases.choices import CaseState
from cases.models import Case
from gridgov.core.errors import Conflict


def solve_at_once(
    *,
    report: Report,
    result: str,
    photos: Sequence[BinaryIO] = (),
    after: Sequence[BinaryIO] = (),
    voice: BinaryIO | None = None,
    by: User,
    at: dt.datetime,
) -> Case:
    """Report what BY has already dealt with: the case stands completed, with PHOTOS from before and AFTER, or not at all.

    Raises what `report_case` and `complete_case` raise, and Conflict for what isn't BY's to solve alone.
    """
    rules.can_report(by).insist()
    with gathered(photos=photos, after=after, voice=voice, at=at) as evidence, transaction.atomic():
        case = take_in(report, evidence, by=by, at=at)
        if case.state != CaseState.HANDLING:
            message = _("Only matters of tier A in your own micro-grid are solved at once. Hand this one up.")
            raise Conflict(message, code="not_at_once", field="result")
        return complete_case(case=case, result=result, by=by, at=at)
