"""The limits beside the case's own, and when they run out, for many cases at once."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from cases.choices import LIMITS, RED_SOON, LimitOf, Tier, Urgency
from cases.models import Case, Policy
from cases.queries import IN_FORCE
from gridgov.core.calendar import Due, LimitUnit, WorkCalendar

Limit = tuple[Decimal, str, Policy | None]
# A holiday of three weeks lies between the longest start and its end.
BEYOND = 21


def default_limit(case: Case, limit: str) -> Limit:
    """What holds where no policy says otherwise."""
    soon = limit == LimitOf.RED and (case.tier == Tier.A or case.urgency == Urgency.EMERGENCY)
    return (*(RED_SOON if soon else LIMITS[limit]), None)


class Limits:
    """Some limits of many cases: one query for the policies and one for the calendars, whatever is asked afterwards."""

    def __init__(self, cases: Iterable[Case], *limits: LimitOf, first: dt.datetime, last: dt.datetime) -> None:
        """FIRST and LAST: between which moments the limits begin."""
        held = {case.pk: case for case in cases}.values()
        self._rows: list[Policy] = []
        self._calendars: dict[str, WorkCalendar] = {}
        if not held:
            return
        rows = Policy.objects.filter(
            Q(street=None) | Q(street__in={case.street_id for case in held}),
            Q(category=None) | Q(category__in={case.category_id for case in held}),
            limit__in=limits,
        )
        self._rows = list(rows.order_by(*IN_FORCE))
        values = [row.value for row in self._rows] + [LIMITS[limit][0] for limit in limits]
        ahead = dt.timedelta(days=int(max(values)) * 2 + BEYOND)
        places = {case.grid.street_code for case in held}
        self._calendars = WorkCalendar.of_places(places, first.date() - dt.timedelta(days=1), (last + ahead).date())

    def limit(self, case: Case, limit: LimitOf, at: dt.datetime) -> Limit:
        """The LIMIT in force for CASE at AT."""
        for row in self._rows:
            if (
                row.limit == limit and row.effective_from <= at and row.tier in (case.tier, "")
                and row.street_id in (None, case.street_id) and row.category_id in (None, case.category_id)
            ):  # fmt: skip
                return row.value, row.unit, row
        return default_limit(case, limit)

    def due(self, case: Case, limit: LimitOf, start: dt.datetime) -> tuple[Due, Limit]:
        """When the LIMIT of CASE that begins at START is over, and the limit."""
        found = self.limit(case, limit, start)
        value, unit, _policy = found
        return self._calendars[case.grid.street_code].due(start, value, LimitUnit(unit)), found
