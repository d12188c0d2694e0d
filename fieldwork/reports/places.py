"""The grids that somebody's day can be spent on, and the street that hears of needless work."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from grids.models import Grid
from grids.queries import heavy, scope_of
from grids.queries.nodes import Node

MOST_CHOICES = 60


def own_places(user: User) -> list[Node]:
    """The grids on which USER has posts, by code; no query but that of the scope."""
    return sorted(scope_of(user).nodes, key=lambda node: (len(node.code), node.code))[:MOST_CHOICES]


def place_of(user: User, code: str, on: dt.date) -> Grid:
    """The grid CODE at or below a post of USER, or the first own one; without its border. Raises Invalid."""
    code = code or next((node.code for node in own_places(user)), "")
    grid: Grid | None = None
    if code.isascii() and code.isdigit():
        grid = Grid.objects.ground_of(user).current(on).defer(*heavy("")).filter(code=code).first()
    if grid is None:
        raise Invalid(_("This is not one of your grids."), code="unknown_grid", field="grid")
    return grid


def streets_of(user: User) -> list[Grid]:
    """The streets that USER works in: those of the posts, and of the area of a unit."""
    scope = scope_of(user)
    streets = Grid.objects.filter(parent=None).defer(*heavy("")).order_by("code")
    if scope.nodes:
        return list(streets.filter(tree_id__in={node.tree_id for node in scope.nodes}))
    areas = set(user.posts.filter(unit__in=scope.units).values_list("unit__area_prefix", flat=True))
    return [street for street in streets if any(street.code.startswith(area[:9]) for area in areas)]


def street_of(user: User, code: str = "") -> Grid:
    """The street CODE of those, or the first. Raises Invalid."""
    found = next((street for street in streets_of(user) if code in {"", street.code}), None)
    if found is None:
        raise Invalid(_("You have no street that could hear this."), code="unknown_grid", field="street")
    return found
