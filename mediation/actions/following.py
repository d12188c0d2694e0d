"""Somebody asks how it goes (回访): whether it was performed, whether people are content, whether it began anew."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from mediation.actions.taking import take
from mediation.models import FollowUp, Mediation
from mediation.rules import performing as rules


@transaction.atomic
def follow_up(
    *,
    mediation: Mediation | int,
    on: dt.date,
    performance: str,
    satisfaction: str = "",
    relapsed: bool = False,
    note: str = "",
    by: User,
    at: dt.datetime,
) -> FollowUp:
    """Write down what was heard ON that day. Raises Invalid for days that can't be, Conflict before mediation is over."""
    row = take(mediation, by, "follow_up")
    days = {"ended": localdate(row.ended_at), "today": localdate(at)}
    rules.check_follow_up(on, performance, satisfaction, note, **days).insist()
    made = FollowUp.objects.create(
        mediation=row, on=on, visitor=by, performance=performance, satisfaction=satisfaction, relapsed=relapsed,
        note=note.strip(), at=at,
    )  # fmt: skip
    row.change(version=row.version + 1)
    told = {"follow_up": made.pk, "performance": performance, "relapsed": relapsed}
    record("mediation.followed_up", row, by=by, at=at, data=told)
    return made
