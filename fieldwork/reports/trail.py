"""Where a patrol went, for whoever may see it: its length, and itself drawn on the grid's outline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fieldwork.models import Patrol, TrailPoint
from gridgov.core.geodesy import metres_between

Point = tuple[float, float]


@dataclass(frozen=True)
class Trail:
    """The points in the order of the phone's clock."""

    points: list[TrailPoint]

    @property
    def places(self) -> list[Point]:
        return [(point.lng, point.lat) for point in self.points]

    @property
    def kilometres(self) -> float:
        """To a tenth: more would be claimed than a phone can say."""
        return round(length(self.places) / 1000, 1)


def trail_of(patrol: Patrol) -> Trail:
    """One query. Whether it may be seen, a rule says."""
    return Trail(list(TrailPoint.objects.filter(patrol=patrol).order_by("taken_at")))


def length(places: Sequence[Point]) -> float:
    """In metres."""
    return sum(metres_between(one, other) for one, other in pairwise(places))
