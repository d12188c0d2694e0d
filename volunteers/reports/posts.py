"""Governance posts as volunteers see them."""

from typing import Any

from django.db.models import F

from volunteers.models import Claim, GovernancePost, Volunteer

MOST_POSTS_SHOWN = 100


def own_claims(volunteer: Volunteer) -> list[Claim]:
    """The posts VOLUNTEER keeps."""
    return list(
        Claim.objects.current().filter(volunteer=volunteer).select_related("post__grid").defer("post__grid__border")
    )


def posts_to_claim(volunteer: Volunteer) -> list[GovernancePost]:
    """Open posts of the own street with a free place, each with `kept`, how many keep it."""
    rows: Any = GovernancePost.objects.for_list().filter(is_open=True, grid__tree_id=volunteer.grid.tree_id)
    rows = rows.with_keepers().filter(kept__lt=F("places")).exclude(claims__volunteer=volunteer, claims__until=None)
    return list(rows.order_by("grid__code", "pk")[:MOST_POSTS_SHOWN])
