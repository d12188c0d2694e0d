"""What goes into the two ledgers: how much at most, by whom, and until when a line may be put right."""

import datetime as dt
from typing import TYPE_CHECKING

from volunteers.choices.ledger import BY_THE_HOUR, DAY_FLAG, DAY_MOST

if TYPE_CHECKING:
    from volunteers.models import PointsRule


def minutes_to_book(minutes: int, served: int) -> int:
    """As many of MINUTES as a day still holds of which SERVED are written down already."""
    return max(min(minutes, DAY_MOST - served), 0)


def is_long(minutes: int) -> bool:
    """Whether a day of MINUTES is to be looked at."""
    return minutes > DAY_FLAG


def points_by(rule: "PointsRule", units: int, given: int) -> int:
    """What RULE gives for UNITS where it has GIVEN that much on the day already."""
    points = rule.points * (units if rule.what in BY_THE_HOUR else 1)
    return points if rule.day_most is None else max(min(points, rule.day_most - given), 0)


def good_until(rule: "PointsRule", day: dt.date) -> dt.date | None:
    """The last day of what RULE gives on DAY; None: for ever."""
    return None if rule.expire_days is None else day + dt.timedelta(days=rule.expire_days)
