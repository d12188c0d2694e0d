"""What whoever takes a report in is shown beside it: what it seems to be, and which cases may be the same."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from cases.choices import Urgency
from cases.models import Case
from cases.reports.duplicates import Similar, similar_cases
from cases.reports.suggestion import Point, Suggestion, suggest

# From here on a proposal stands in for the category that nobody has chosen yet when like cases are looked for.
SURE = 0.5
# Below this there is nothing to go by.
SHORTEST = 2


@dataclass(frozen=True)
class Advice:
    """Proposals for a report. None of them is a decision."""

    suggestion: Suggestion
    similar: tuple[Similar, ...] = ()

    @property
    def urgency_name(self) -> str:
        return str(Urgency(self.suggestion.urgency).label) if self.suggestion.urgency else ""

    def __bool__(self) -> bool:
        found = self.suggestion
        return bool(found.categories or found.grid or found.danger or self.similar)


def advise(
    *, text: str, place: str = "", point: Point | None = None, grid: str = "", category: str = "", by: User,
    at: dt.datetime,
) -> Advice:  # fmt: skip
    """Proposals for a report that is being taken in. Eight queries at most besides the scope."""
    if len(text.strip()) < SHORTEST:
        return Advice(Suggestion())
    found = suggest(text=text, place=place, point=point, grid=grid, category=category, by=by, at=at)
    first = next(iter(found.categories), None)
    meant = category or (first.code if first and first.score >= SURE else "")
    named = place or " ".join(found.grid.because if found.grid else ())
    similar = similar_cases(text=text, place=named, point=point, category=meant, path=found.path, by=by, at=at)
    return Advice(found, tuple(similar))


def advise_on(case: Case, *, by: User, at: dt.datetime) -> Suggestion:
    """What CASE, which comes with its category and its grid, seems to be by its own words."""
    point = None if case.lng is None or case.lat is None else (case.lng, case.lat)
    return suggest(
        text=case.text, place=case.place, point=point, grid=case.grid.code,
        category=case.category.code, by=by, at=at,
    )  # fmt: skip
