"""Rules of points, set by the street office for its own street from a day on."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid
from volunteers.models import PointsRule
from volunteers.rules import points as rules


@transaction.atomic
def set_points_rule(
    *,
    street: Grid,
    what: str,
    points: int,
    effective_from: dt.date,
    kind: str = "",
    day_most: int | None = None,
    expire_days: int | None = None,
    by: User,
    at: dt.datetime,
) -> PointsRule:
    """From a day on POINTS are given for WHAT in STREET, to volunteers of KIND or to all. What was given stays as it is.

    Raises Forbidden, Invalid, Conflict where there is one from the same day on.
    """
    rules.can_set_rules(by, street).insist()
    rules.check_rule(
        what=what, kind=kind, points=points, day_most=day_most, expire_days=expire_days, since=effective_from, at=at
    ).insist()
    advisory_lock("volunteers.points_rules", street.pk)
    same = {"street": street, "what": what, "kind": kind, "effective_from": effective_from}
    rules.is_new(PointsRule.objects.filter(**same).exists()).insist()
    given = {"points": points, "day_most": day_most, "expire_days": expire_days}
    row = PointsRule.objects.create(**same, **given, made_by=by, made_at=at)
    data = {"what": what, "kind": kind, "from": effective_from.isoformat(), **given}
    record("volunteers.points_rule_set", row, by=by, at=at, data=data)
    return row


@transaction.atomic
def drop_points_rule(*, rule: PointsRule | int, by: User, at: dt.datetime) -> None:
    """Drop a rule that is not in force yet. Raises Forbidden, or Conflict for one that is."""
    row: PointsRule = PointsRule.objects.visible_to(by).for_list().locked(rule)
    rules.can_drop_rule(by, row, at).insist()
    data = {"what": row.what, "kind": row.kind, "from": row.effective_from.isoformat(), "points": row.points}
    record("volunteers.points_rule_dropped", row, by=by, at=at, data=data)
    row.delete()
