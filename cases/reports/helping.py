"""Whom a case can call, and how fast those called report in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from cases.choices import ORDER_IN_FORCE, Clock, Part
from cases.models import Case, Deadline
from grids.models import Unit
from grids.reports import Specialist, specialists_on


@dataclass(frozen=True)
class Helper:
    """A unit that can be called: `usual` where the matter list names it, `people` its professional workers bound to the
    grids of the case, the fitting and nearest first."""

    unit: int
    name: str
    kind: str
    usual: bool
    people: list[Specialist]

    @property
    def fits(self) -> bool:
        return any(person.fits for person in self.people)


def helpers_for(case: Case, user: User, at: dt.datetime) -> list[Helper]:
    """Whom USER may call to CASE: the units that the matter list names, then those with professional workers for its
    matter on its ground, then with others there, then all. Not those that lead or help it already. Three queries."""
    busy = {order.unit_id for order in _in_force(case)}
    usual = set(case.category.assist_units)
    units = Unit.objects.visible_to(user).filter(is_active=True).exclude(pk__in=[pk for pk in busy if pk])
    path = [pk for pk in (case.street_id, case.total_id, case.comprehensive_id, case.grid_id) if pk]
    people: dict[int, list[Specialist]] = {}
    for one in specialists_on(path, localdate(at), case.category.code):
        people.setdefault(one.unit, []).append(one)
    found = [
        Helper(unit.pk, unit.name, unit.kind, not usual.isdisjoint({unit.name, *unit.aliases}), people.get(unit.pk, []))
        for unit in units.order_by("name")
    ]
    return sorted(found, key=lambda one: (not one.usual, not one.fits, not one.people))


def _in_force(case: Case) -> list[Any]:
    """The orders that somebody has to carry out."""
    return [order for order in case.orders.all() if order.state in ORDER_IN_FORCE]


class Median(Aggregate):
    """The middle of a group; of an even number the mean of the two in the middle."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class ReportInTimes:
    """How a unit answers the whistle. `due` are the calls whose limit is over or that were answered; of these `in_time`
    were answered within it. Calls that were excused or withdrawn before an answer count nowhere."""

    unit: int
    name: str
    called: int
    reported: int
    median: dt.timedelta | None
    in_time: int
    due: int

    @property
    def share(self) -> float | None:
        """None where nothing is due yet: no figure is better than a made-up one."""
        return self.in_time / self.due if self.due else None


def report_in_times(cases: QuerySet, *, since: dt.datetime, until: dt.datetime, at: dt.datetime) -> list[ReportInTimes]:
    """For each unit that was whistled for in CASES from SINCE until UNTIL (not included), as it stands AT. One query."""
    took = ExpressionWrapper(F("met_at") - F("started_at"), output_field=DurationField())
    whistles = Deadline.objects.filter(
        clock=Clock.REPORT_IN, dropped_at=None, order__part=Part.ASSIST, case__in=cases, started_at__gte=since,
        started_at__lt=until,
    )  # fmt: skip
    rows = whistles.order_by("order__unit__name").values("order__unit", "order__unit__name").annotate(
        called=Count("pk"),
        reported=Count("pk", filter=Q(met_at__lte=at)),
        median=Median(took, output_field=DurationField(), filter=Q(met_at__lte=at)),
        in_time=Count("pk", filter=Q(met_at__lte=at) & Q(met_at__lte=F("due_at"))),
        due=Count("pk", filter=Q(met_at__lte=at) | Q(due_at__lt=at)),
    )  # fmt: skip
    return [
        ReportInTimes(
            row["order__unit"], row["order__unit__name"], row["called"], row["reported"], row["median"], row["in_time"],
            row["due"],
        )
        for row in rows
    ]  # fmt: skip
