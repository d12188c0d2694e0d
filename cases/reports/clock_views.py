"""The clocks of a case as a page shows them."""

import datetime as dt
from dataclasses import dataclass

from cases.choices import Clock
from cases.models import Case
from cases.reports.explanation import Explanation, explain_all
from cases.reports.time_words import standing


@dataclass(frozen=True)
class ClockView:
    """One deadline: how it stands, in a word and a colour, and why."""

    why: Explanation
    label: str
    to: str
    limit: str
    looks: str
    words: str
    moved: int


def _clock(why: Explanation, case: Case, at: dt.datetime) -> ClockView:
    deadline = why.deadline
    kind, words = standing(deadline, case, at)
    to = why.to
    moved = sum(row.moved_seconds for row in why.rows)
    return ClockView(why, str(Clock(deadline.clock).label), to, why.limit_words, kind, words, moved)


def clock_views(case: Case, at: dt.datetime) -> list[ClockView]:
    """Those that run first; of a case read by `whole_case`, no query."""
    views = [_clock(why, case, at) for why in explain_all(case.deadlines.all())]
    return sorted(views, key=lambda view: (view.why.deadline.met_at or view.why.deadline.dropped_at) is not None)
