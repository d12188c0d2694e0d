"""Governance posts as volunteers see them."""

from typing import Any

from django.db.models import F

from grids.queries import heavy
from volunteers.models import Claim, GovernancePost, Volunteer

MOST_POSTS_SHOWN = 100


def own_claims(volunteer: Volunteer) -> list[Claim]:
    """The posts VOLUNTEER keeps."""
    rows = Claim.objects.current().filter(volunteer=volunteer)
    return list(rows.select_related("post__grid").defer(*heavy("post__grid")))


def posts_to_claim(volunteer: Volunteer) -> list[GovernancePost]:
    """Open posts of the own street with a free place, each with `kept`, how many keep it."""
    rows: Any = GovernancePost.objects.for_list().filter(is_open=True, grid__tree_id=volunteer.grid.tree_id)
    kept = Claim.objects.current().filter(volunteer=volunteer).order_by().values("post")
    rows = rows.with_keepers().filter(kept__lt=F("places")).exclude(pk__in=kept)
    return list(rows.order_by("grid__code", "pk")[:MOST_POSTS_SHOWN])
