"""Problems that volunteers report: a case like a resident's, and who found it, which stands here alone."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from accounts.models import User
from cases.actions import Report, report_case
from cases.choices import Channel
from gridgov.core.records import record
from grids.models import Grid
from volunteers.models import Claim, Finding, GovernancePost, Volunteer
from volunteers.rules import posts as rules


@transaction.atomic
def report_finding(
    *,
    volunteer: Volunteer,
    grid: Grid,
    category: str,
    text: str,
    place: str,
    post: GovernancePost | None = None,
    photos: Sequence[BinaryIO] = (),
    by: User,
    at: dt.datetime,
) -> Finding:
    """Report a problem on GRID, found at POST if it is one of the own. The case comes in like a resident's and names nobody; points
    follow when it is adopted. Raises Forbidden, Conflict, and Invalid like report_case."""
    rules.can_find(by, volunteer, grid).insist()
    if post is not None:
        rules.fits_post(Claim.objects.current().filter(post=post, volunteer=volunteer).exists()).insist()
    report = Report(category=category, text=text, channel=Channel.SNAPSHOT, grid=grid.code, place=place, anonymous=True)
    case = report_case(report=report, photos=photos, by=User.objects.door(), at=at)
    row = Finding.objects.create(volunteer=volunteer, case=case, post=post, at=at)
    record("volunteers.problem_found", row, by=by, at=at, data={"case": case.no, "post": post and post.pk})
    return row
