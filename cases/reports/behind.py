"""The cases behind a number of the figures: the same scope and the same conditions, read from the cases themselves."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.models import User
from cases.queries import NOT_AHEAD, OF_CASES, OF_ROWS, REACHED, reached
from cases.reports.narrowing import Asked, Narrowed, narrow
from cases.reports.spans import DAY
from gridgov.core.calendar import CHINA

# The measure whose moments are shown by weekday and hour.
HEAT = "reported"


@dataclass(frozen=True)
class Behind:
    """A number of the figures: its measure (cases.queries.counted), what was asked, and of the heat its cell. WEEKDAY is 1
    on Mondays."""

    measure: str
    asked: Asked
    weekday: int | None = None
    hour: int | None = None


def cases_behind(rows: QuerySet, number: Behind, *, by: User, at: dt.datetime) -> QuerySet:
    """Those of ROWS, which BY sees, that NUMBER counts as it stands AT."""
    narrowed = narrow(number.asked, by)
    if narrowed is None:
        return rows.none()
    if number.measure in OF_ROWS:
        return rows.filter(pk__in=counted_rows(number.measure, number.asked, narrowed, at).values("case"))
    rows = counted_cases(rows, number.measure, number.asked, narrowed, at)
    # Django reads weekday and hour off a moment as they are here, in China.
    cell = {f"{HEAT}_at__iso_week_day": number.weekday, f"{HEAT}_at__hour": number.hour}
    return rows.filter(**{name: value for name, value in cell.items() if value is not None})


def counted_cases(rows: QuerySet, measure: str, asked: Asked, narrowed: Narrowed, at: dt.datetime) -> QuerySet:
    """Those of ROWS that MEASURE counts."""
    if measure == REACHED:
        return counted_cases(rows, "completed", asked, narrowed, at).filter(reached())
    moment, counts = OF_CASES[measure]
    return rows.filter(counts, _between(moment, asked, at), narrowed.cases())


def counted_rows(measure: str, asked: Asked, narrowed: Narrowed, at: dt.datetime) -> QuerySet:
    """The orders, callbacks or clocks that MEASURE counts."""
    model, moment, holds, of_case, own_unit = OF_ROWS[measure]
    rows = apps.get_model("cases", model)._default_manager.order_by()
    return rows.filter(holds, of_case, narrowed.cases("case__", own_unit), _between(moment, asked, at))


def _between(moment: str, asked: Asked, at: dt.datetime) -> Q:
    """MOMENT lies on the days asked for; the end of a limit before AT, too."""
    start = dt.datetime.combine(asked.first, dt.time(), CHINA)
    end = dt.datetime.combine(asked.last + DAY, dt.time(), CHINA)
    return Q(**{f"{moment}__gte": start, f"{moment}__lt": min(end, at) if moment == NOT_AHEAD else end})
