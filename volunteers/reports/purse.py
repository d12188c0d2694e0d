"""What somebody has in both ledgers, as the phone tells it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from volunteers.choices.ledger import PointsFor
from volunteers.choices.work import SignUpState
from volunteers.models import Appeal, Balance, PointsEntry, PointsRule, Redemption, SignUp, Station, Volunteer
from volunteers.rules.certificates import hours_of


@dataclass(frozen=True)
class RunsOut:
    """So many points are good until the end of a day."""

    points: int
    day: dt.date


@dataclass(frozen=True)
class Purse:
    """Minutes and points, what runs out next, and what is to be collected."""

    minutes: int = 0
    points: int = 0
    next_out: RunsOut | None = None
    waiting: list[Redemption] = field(default_factory=list)
    # Keeps a station.
    keeps: bool = False

    @property
    def hours(self) -> str:
        return hours_shown(self.minutes)


def hours_shown(minutes: int) -> str:
    """MINUTES in hours as certificates have them: "2.5"."""
    return f"{hours_of(minutes):g}"


def purse_of(volunteer: Volunteer, day: dt.date) -> Purse:
    """What VOLUNTEER has on DAY; nothing before the approval."""
    balance = Balance.objects.filter(pk=volunteer.pk).first()
    if balance is None:
        return Purse()
    waiting = Redemption.objects.filter(volunteer=volunteer).waiting().for_list().order_by("collect_by", "pk")
    keeps = volunteer.user_id is not None and Station.objects.filter(keeper=volunteer.user_id).exists()
    return Purse(balance.minutes, balance.points, _next_out(volunteer, day), list(waiting), keeps)


def _next_out(volunteer: Volunteer, day: dt.date) -> RunsOut | None:
    """What runs out first from DAY on: what was spent came off what runs out first."""
    rows = PointsEntry.objects.filter(volunteer=volunteer)
    left = -(rows.total() - rows.earned().total())
    lots = rows.earned().filter(expires_on__isnull=False).order_by("expires_on").values_list("expires_on")
    for expires_on, points in lots.annotate(points=Sum("points")):
        left -= points
        if left < 0 and expires_on >= day:
            return RunsOut(-left, expires_on)
        left = max(left, 0)
    return None


def rules_for(volunteer: Volunteer, day: dt.date) -> list[PointsRule]:
    """What VOLUNTEER gets points for on DAY."""
    street = volunteer.grid.street_code
    found = (PointsRule.objects.in_force(what, volunteer.kind, street, day) for what in PointsFor)
    return [rule for rule in found if rule is not None and rule.points]


def own_hours(volunteer: Volunteer) -> Any:
    """The shifts of VOLUNTEER whose hours are decided, with `minutes` and whether an appeal `waits`; the latest first."""
    rows = SignUp.objects.filter(volunteer=volunteer, state__in=(SignUpState.SERVED, SignUpState.NO_SHOW)).for_list()
    waits = Appeal.objects.open().filter(sign_up=OuterRef("pk"))
    sums = {"minutes": Sum("hours__minutes", default=0), "waits": Exists(waits)}
    return rows.annotate(**sums).order_by("-shift__starts_at", "-pk")
