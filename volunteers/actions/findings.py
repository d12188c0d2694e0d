"""Problems that volunteers report: a case like a resident's, and who found it, which stands here alone."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from cases.actions import Report, report_case
from cases.choices import Channel
from gridgov.core.jobs import promise
from gridgov.core.models import Record
from gridgov.core.records import record
from grids.models import Grid
from volunteers.actions.points import give_points
from volunteers.actions.telling import tell
from volunteers.choices.ledger import PointsFor
from volunteers.choices.work import NOTICE_ADOPTED
from volunteers.models import Claim, Finding, GovernancePost, Volunteer
from volunteers.rules import posts as rules
from volunteers.rules.signing_up import is_own

KIND = "volunteers.finding"
# Whether it was adopted is looked for so often, and so long.
LOOK_AGAIN, LOOKED_FOR = dt.timedelta(minutes=30), dt.timedelta(days=30)


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
    promise(KIND, row.pk, due_at=at + LOOK_AGAIN)
    return row


def look_at_finding(*, finding: int, at: dt.datetime) -> dt.datetime | None:
    """Adopt a finding whose case was accepted; when to look again where nobody has decided yet. Looked for from here, since
    most cases are nobody's finding, and accepting one should not cost a job."""
    row = Finding.objects.select_related("case").filter(pk=finding).only("at", "case__closed_at").first()
    if row is None:
        return None
    told = Record.objects.filter(verb="cases.accepted", subject_type="cases.case", subject_id=row.case_id)
    accepted = told.select_related("actor").order_by("seq").first()
    if accepted is None:
        waits = row.case.closed_at is None and at < row.at + LOOKED_FOR
        return at + LOOK_AGAIN if waits else None
    adopt_finding(case=row.case_id, by=accepted.actor, at=at)
    return None


@transaction.atomic
def adopt_finding(*, case: int, by: User, at: dt.datetime) -> Finding | None:
    """A case was accepted: its points, if a volunteer reported it. None where nobody did, and where BY, who accepted it, did."""
    row = Finding.objects.select_related("volunteer__grid", "case").filter(case=case).defer("case__search").first()
    if row is None or is_own(by, row.volunteer):
        return None
    what, source = PointsFor.REPORT_ADOPTED, f"case:{case}"
    entry = give_points(volunteer=row.volunteer, what=what, source=source, day=localdate(at), by=by, at=at)
    if entry is None:
        return None
    record("volunteers.finding_adopted", row, by=by, at=at, data={"points": entry.points})
    words = {"no": row.case.no, "count": entry.points}
    tell(row.volunteer.user_id, NOTICE_ADOPTED, f"finding:{row.pk}", row, at, **words)
    return row
