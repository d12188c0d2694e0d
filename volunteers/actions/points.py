"""Points: given by the rule in force, once for each thing, and never for anything that no rule names."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from volunteers.choices.ledger import PointsFor, PointsKind
from volunteers.models import Balance, PointsEntry, PointsRule, Volunteer
from volunteers.rules import ledger as rules


@transaction.atomic
def give_points(
    *, volunteer: Volunteer, what: PointsFor, source: str, day: dt.date, units: int = 1, by: User, at: dt.datetime
) -> PointsEntry | None:
    """What the rule in force on DAY gives VOLUNTEER for WHAT; UNITS are full hours where it counts by the hour. None where
    SOURCE (`case:12`, `sign_up:7`) was rewarded before, no rule names it, or the day's most is reached.
    """
    Balance.objects.locked(volunteer.pk)
    if PointsEntry.objects.filter(volunteer=volunteer, source=source, kind=PointsKind.EARNED).exists():
        return None
    rule = PointsRule.objects.in_force(what, volunteer.kind, volunteer.grid.street_code, day)
    if rule is None:
        return None
    given = PointsEntry.objects.earned().filter(volunteer=volunteer, day=day, rule=rule).total()
    points = rules.points_by(rule, units, given)
    if not points:
        return None
    row = PointsEntry.objects.create(
        volunteer=volunteer, kind=PointsKind.EARNED, points=points, rule=rule, source=source, day=day,
        expires_on=rules.good_until(rule, day), by=by, at=at,
    )  # fmt: skip
    record("volunteers.points_given", row, by=by, at=at, data={"what": what, "source": source, "points": points})
    return row
