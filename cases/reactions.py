"""What cases do when they hear of changes below, and what they answer when asked from there."""

import datetime as dt
from collections.abc import Sequence

from accounts.models import User
from cases.actions import follow_grid, follow_leading, recompute_provisional
from cases.models import Deadline
from gridgov.core.models import Record
from gridgov.core.questions import Span, deadlines_on
from gridgov.core.records import on


@on("calendar.dropped")
@on("calendar.loaded")
def work_out_again(row: Record) -> None:
    """Days were loaded, or a place's own taken back: provisional deadlines that rested on a guess are worked out again."""
    first, last = (dt.date.fromisoformat(day) for day in row.data["span"])
    recompute_provisional(scope=row.scope, first=first, last=last, by=User.objects.system(), at=row.at)


@deadlines_on.answers
def resting_on_a_guess(spans: Sequence[Span]) -> int:
    """How many deadlines loading days in SPANS would work out again."""
    return Deadline.objects.resting_on(spans).count()


@on("grids.moved")
def follow(row: Record) -> None:
    """A grid has new leads: its open cases go with it."""
    follow_grid(grid=row.subject_id, by=User.objects.system(), at=row.at)


@on("cases.closed")
@on("cases.rejected")
@on("cases.reopened")
@on("cases.voided")
def tell_merged(row: Record) -> None:
    """Something was decided about a case: those merged into it follow."""
    follow_leading(leading=row.subject_id, by=User.objects.system(), at=row.at)
