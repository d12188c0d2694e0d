"""Open reports near a new one, as coarse as other residents may know them: what kind, which grid, since when, how far."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.timesince import timesince

from accounts.models import User
from cases.choices import OPEN_STATES, CaseState
from cases.models import Case
from cases.queries import LEVEL_COLUMN
from cases.reports import similar_cases
from door.choices import PLAIN_STATE, SlipKind
from grids.choices import GridKind
from grids.reports.open_places import Place

MOST = 4
# Older ones are another story, even if they are open still.
LATELY = dt.timedelta(days=30)


@dataclass(frozen=True)
class Near:
    """An open report; `since` is how long ago it came in, roughly. Neither its number nor a word of its text, its place or its reporter."""

    pk: int
    matter: str
    grid: str
    since: str
    state: "str | Promise"
    joined: int


def near_reports(
    place: Place,
    *,
    by: User,
    at: dt.datetime,
    group: str = "",
    text: str = "",
    point: tuple[float, float] | None = None,
) -> list[Near]:
    """Open reports in the grids around PLACE: those that TEXT sounds like first, then the newest of the same GROUP of
    matters. Only matters of which everybody may know."""
    alike = [one.pk for one in similar_cases(text=text, path=place.path, point=point, by=by, at=at)]
    rows = sorted(_told(Q(pk__in=alike), by, at), key=lambda row: alike.index(row.pk))
    if group:
        around = place.path[-2] if place.is_exact else place.grid
        same = Q(category__parent__code=group, **{LEVEL_COLUMN[GridKind(around.kind)]: around})
        rows += [row for row in _told(same, by, at) if row.pk not in alike]
    return rows[:MOST]


def _told(which: Q, by: User, at: dt.datetime) -> list[Near]:
    joined = Count("slips", filter=Q(slips__kind=SlipKind.ME_TOO, slips__withdrawn_at=None))
    rows = Case.objects.visible_to(by).filter(
        which, state__in=OPEN_STATES, category__public=True, category__sensitive=False, reported_at__gte=at - LATELY
    )
    rows = rows.select_related("category", "grid").annotate(joined=joined).order_by("-pk")
    return [_near(row, at) for row in rows.only("category", "grid__name", "reported_at", "state")[: MOST * 2]]


def _near(row: Case, at: dt.datetime) -> Near:
    joined: int = row.joined  # type: ignore[attr-defined]
    return Near(
        row.pk,
        row.category.label,
        row.grid.name,
        timesince(row.reported_at, at, depth=1),
        PLAIN_STATE[CaseState(row.state)],
        joined,
    )
