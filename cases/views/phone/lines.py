"""Lines of cases on the telephone: what, where, how long is left, what comes next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from cases.choices import Light
from cases.forms.verbs import BY_VERB
from cases.models import Case
from cases.reports.queues import BY_NAME, MINE, Surveyed
from cases.reports.waiting import by_time_left, time_of

# Any step of a case whose verb has a form; what only watches a clock has none.
_ALL = BY_NAME[MINE]


@dataclass(frozen=True)
class Line:
    """A case of a list. `light` is None where no clock runs yet; `next` names the step that waits, or nothing."""

    case: Case
    light: Light | None
    left: str
    next: Any = ""


def first_lines(user: User, found: Surveyed, at: dt.datetime, most: int) -> list[Line]:
    """The first MOST cases that wait for USER, as they were FOUND; two queries however many."""
    rows = by_time_left(Case.objects.filter(pk__in=found.cases[MINE]).for_list(), _ALL.clocks)
    return lines(rows[:most], at, found.steps)


def lines(rows: Iterable[Case], at: dt.datetime, steps: dict[int, list[str]]) -> list[Line]:
    """ROWS as `by_time_left` reads them, with the first of the STEPS that wait for somebody."""
    return [Line(row, *time_of(row, at), BY_VERB[steps[row.pk][0]].label if steps.get(row.pk) else "") for row in rows]
