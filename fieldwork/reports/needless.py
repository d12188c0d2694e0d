"""What is said against needless work, openly: how much, how much of it was answered, and by whom it was said to whom."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.choices import Role
from accounts.models import User
from fieldwork.models import NeedlessWork
from grids.models import Grid


@dataclass(frozen=True)
class NeedlessCounts:
    """Of a year up to a day."""

    said: int
    answered: int

    @property
    def waiting(self) -> int:
        return self.said - self.answered


def needless_counts(streets: Iterable[Grid], on: dt.date) -> NeedlessCounts:
    """One query."""
    rows = NeedlessWork.objects.filter(street__in=list(streets), said_on__gt=on - dt.timedelta(days=365))
    found = rows.order_by().aggregate(said=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)))
    return NeedlessCounts(**found)


def speaker_for(reader: User, said: NeedlessWork) -> str | None:
    """Who said it, for the street office and for the person; None for everybody else, and where nobody knows."""
    if said.said_by is None or (reader.role != Role.STREET and reader.pk != said.said_by_id):
        return None
    return said.said_by.full_name
