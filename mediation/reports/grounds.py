"""On which ground somebody sets up what mediation needs."""

from django.db.models import Q, QuerySet

from accounts.models import User
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy, scope_of
from mediation.choices.people import KEEPERS
from mediation.models import Seat

# What committees, people and rooms lie on; and where somebody serves.
BASES = (GridKind.STREET, GridKind.TOTAL)
SERVED = (*BASES, GridKind.COMPREHENSIVE)


def grounds_of(by: User) -> QuerySet[Grid]:
    """The grids on which BY sets up committees, mediators, experts and rooms: below the posts of a keeper, and below the committees
    that BY directs; without their borders."""
    found = Q(pk__in=[])
    if by.role in KEEPERS:
        found |= scope_of(by).under()
    for seat in Seat.objects.directing(by).select_related("committee__grid").defer(*heavy("committee__grid")):
        found |= Q(pk__in=Grid.objects.under(seat.committee.grid).order_by().values("pk"))
    return Grid.objects.filter(found, valid_to=None).order_by("code").defer(*heavy(""))
