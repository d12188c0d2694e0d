"""What hangs on grids that are to be redrawn: read for the preview, and again when it is done."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import Q

from grids.models import Binding, Grid, PartyOrg, Post
from grids.queries import heavy


@dataclass(frozen=True)
class Moving:
    """Rows that are in force on the day or after it: the grids right below, posts, bindings, party organisations."""

    grids: tuple[Grid, ...]
    children: tuple[Grid, ...]
    posts: tuple[Post, ...]
    bindings: tuple[Binding, ...]
    orgs: tuple[PartyOrg, ...]

    @property
    def mark(self) -> str:
        """Another one whenever something else would be moved than whoever decided has seen. Open cases are not in it:
        they come in at any time, and where they go follows from their place."""
        said = [
            [[grid.pk, grid.name, str(grid.valid_to), grid.parent_id, grid.border] for grid in self.grids],
            [[child.pk, child.area_m2] for child in self.children],
            [[post.pk, str(post.valid_to)] for post in self.posts],
            [[binding.pk, str(binding.valid_to)] for binding in self.bindings],
            [org.pk for org in self.orgs],
        ]
        return blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()


def moving(grids: Sequence[Grid], on: dt.date) -> Moving:
    """What goes with GRIDS (which come with their borders) when they are redrawn from the day ON. Four queries."""
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    children = Grid.objects.filter(going_on, parent__in=grids).defer("border", "shape", "box").order_by("code")
    posts = Post.objects.filter(going_on, grid__in=grids).select_related("user", "grid").defer(*heavy("grid"))
    bindings = Binding.objects.filter(going_on, grid__in=grids).for_list()
    orgs = PartyOrg.objects.filter(going_on, grids__in=grids).distinct()
    return Moving(
        grids=tuple(grids),
        children=tuple(children),
        posts=tuple(posts.order_by("kind", "user__full_name", "pk")),
        bindings=tuple(bindings.order_by("post__unit__name", "pk")),
        orgs=tuple(orgs.order_by("tree_id", "lft")),
    )


def holds_point(grid: Grid, lng: Any, lat: Any) -> bool:
    """Whether the place (WGS-84 degrees) lies in GRID's border or on it."""
    from shapely import from_wkb, intersects_xy

    return grid.shape is not None and bool(intersects_xy(from_wkb(bytes(grid.shape)), lng, lat))
