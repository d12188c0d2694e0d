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
        return rows.filter(pk__in=_owners(number, narrowed, at))
    if number.measure == REACHED:
        rows, number = rows.filter(reached()), Behind("completed", number.asked)
    moment, counts = OF_CASES[number.measure]
    rows = rows.filter(counts, _between(moment, number.asked, at), narrowed.cases())
    # Django reads weekday and hour off a moment as they are here, in China.
    cell = {f"{moment}__iso_week_day": number.weekday, f"{moment}__hour": number.hour}
    return rows.filter(**{name: value for name, value in cell.items() if value is not None})


def _owners(number: Behind, narrowed: Narrowed, at: dt.datetime) -> QuerySet:
    """The cases of the rows that a measure of orders, callbacks or clocks counts."""
    model, moment, holds, of_case, own_unit = OF_ROWS[number.measure]
    rows = apps.get_model("cases", model)._default_manager.order_by()
    owner = narrowed.cases("case__", "unit_id" if own_unit else "")
    return rows.filter(holds, of_case, owner, _between(moment, number.asked, at)).values("case")


def _between(moment: str, asked: Asked, at: dt.datetime) -> Q:
    """MOMENT lies on the days asked for; the end of a limit before AT, too."""
    start = dt.datetime.combine(asked.first, dt.time(), CHINA)
    end = dt.datetime.combine(asked.last + DAY, dt.time(), CHINA)
    return Q(**{f"{moment}__gte": start, f"{moment}__lt": min(end, at) if moment == NOT_AHEAD else end})
