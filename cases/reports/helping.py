"""Whom a case can call."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from cases.choices import ORDER_IN_FORCE
from cases.models import Case
from cases.reports.meant_units import meant_units
from grids.models import Unit
from grids.reports import Specialist, specialists_on


@dataclass(frozen=True)
class Helper:
    """A unit that can be called: `usual` where the matter list names it for this ground, `people` its professional workers bound to the
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
    free = (
        Unit.objects.visible_to(user)
        .serving(case.grid.street_code)
        .filter(is_active=True)
        .exclude(pk__in=[pk for pk in busy if pk])
    )
    units = list(free.order_by("name"))
    usual = {unit.pk for name in case.category.assist_units for unit in meant_units(name, units, case.grid.code)}
    path = [pk for pk in (case.street_id, case.total_id, case.comprehensive_id, case.grid_id) if pk]
    people: dict[int, list[Specialist]] = {}
    for one in specialists_on(path, localdate(at), case.category.code):
        people.setdefault(one.unit, []).append(one)
    found = [Helper(unit.pk, unit.name, unit.kind, unit.pk in usual, people.get(unit.pk, [])) for unit in units]
    return sorted(found, key=lambda one: (not one.usual, not one.fits, not one.people))


def _in_force(case: Case) -> list[Any]:
    """The orders that somebody has to carry out."""
    return [order for order in case.orders.all() if order.state in ORDER_IN_FORCE]
