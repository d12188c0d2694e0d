"""What volunteering is on the grids of a period: volunteers, squads, shifts, hours, attendance. Of grids, never of people."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from grids.models import Grid
from grids.reports.parts import parts_of
from volunteers.choices.people import SIZES
from volunteers.choices.work import ShiftState, SignUpState
from volunteers.models import HoursEntry, Shift, SignUp, Squad, Volunteer
from volunteers.rules.certificates import hours_of

COUNTED = ("volunteers", "squads", "short", "shifts", "served", "missed", "minutes")


@dataclass(frozen=True)
class VolunteerFigures:
    """A grid with all that lies below it: active volunteers and standing squads today, `short` those with fewer members than
    they should have; shifts of the period that were not cancelled, how often somebody served and did not come, minutes."""

    code: str
    name: str
    volunteers: int
    squads: int
    short: int
    shifts: int
    served: int
    missed: int
    minutes: int

    @property
    def hours(self) -> float:
        return hours_of(self.minutes)

    @property
    def attendance(self) -> int | None:
        """Percent of those expected who came; None where nobody was."""
        expected = self.served + self.missed
        return None if expected == 0 else round(100 * self.served / expected)


def volunteer_figures(top: Grid, first: dt.date, last: dt.date) -> list[VolunteerFigures]:
    """Grid by grid in the order of their codes, from FIRST to LAST: the communities of a street (and what lies on the street
    itself), or the grids below another. Six queries."""
    below = Grid.objects.under(top).order_by().values("pk")
    counts = {what: Counter[int]() for what in COUNTED}
    people = Volunteer.objects.active().filter(grid__in=below).order_by()
    counts["volunteers"].update(dict(people.values_list("grid").annotate(n=Count("pk"))))
    squads = Squad.objects.standing().filter(grid__in=below).order_by()
    sized: Any = squads.counted()  # django-stubs forgets the annotation
    for grid, kind, strength in sized.values_list("grid", "kind", "strength"):
        counts["squads"][grid] += 1
        counts["short"][grid] += strength < SIZES[kind][0]
    held = Shift.objects.filter(grid__in=below, starts_at__date__gte=first, starts_at__date__lte=last).order_by()
    held = held.exclude(state=ShiftState.CANCELLED)
    counts["shifts"].update(dict(held.values_list("grid").annotate(n=Count("pk"))))
    came = SignUp.objects.filter(shift__in=held).order_by().values_list("shift__grid", "state")
    for grid, state, count in came.annotate(n=Count("pk")):
        if state in {SignUpState.SERVED, SignUpState.NO_SHOW}:
            counts["served" if state == SignUpState.SERVED else "missed"][grid] += count
    spent = HoursEntry.objects.filter(sign_up__shift__grid__in=below, day__gte=first, day__lte=last).order_by()
    counts["minutes"].update(dict(spent.values_list("sign_up__shift__grid").annotate(n=Sum("minutes"))))
    return [
        VolunteerFigures(part.code, part.name, **{what: sum(counts[what][pk] for pk in part.keys) for what in COUNTED})
        for part in parts_of(top)
    ]
