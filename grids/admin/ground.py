"""Whose hands the map is in, and which part of it an overview is about: what its reader oversees, or one community."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from accounts.choices import LEADS, Role
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import path_to, scope_of
from grids.queries.nodes import Node

# Who tends the map, who gives posts, and who has grids to look over.
TENDERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN})
GIVERS = frozenset({Role.STREET, Role.SECURITY_ADMIN})
OVERSEERS = TENDERS | LEADS


def address(page: str, **given: str) -> str:
    """The address of PAGE with what is GIVEN, empty values left out."""
    asked = {name: value for name, value in given.items() if value}
    return reverse(page) + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True)
class Ground:
    """What the page is about: `top`, as far up as the reader's posts reach, and the part of it that is `shown`."""

    top: Grid
    shown: Grid

    def shows(self, community: str) -> bool:
        """Whether what lies in the total grid COMMUNITY is shown."""
        return self.shown.kind != GridKind.TOTAL or community == self.shown.code


def ground_of(user: Any, code: str) -> Ground | None:
    """The community that the grid CODE lies in, or without a code all that USER oversees; None for who oversees nothing.
    Raises Http404 for what USER doesn't oversee."""
    scope, everywhere = scope_of(user), user.role == Role.SYSTEM_ADMIN
    if not code:
        codes = sorted((node.code for node in scope.nodes), key=lambda one: (len(one), one))
        if everywhere:
            streets = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code")
            codes = list(streets.values_list("code", flat=True)[:1])
        if not codes:
            return None
        code = codes[0]
    path = [grid for grid in path_to(code) if everywhere or scope.covers(grid)] if code.isdecimal() else []
    if not path:
        raise Http404
    return Ground(path[0], next((grid for grid in path if grid.kind == GridKind.TOTAL), path[0]))


def grounds_beside(user: Any, ground: Ground, page: str) -> list[dict[str, Any]]:
    """What else USER oversees, to choose on PAGE, where that is not all in one place."""
    if user.role == Role.SYSTEM_ADMIN:
        streets = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code")
        places = list(streets.values_list("code", "name"))
    else:
        nodes = scope_of(user).nodes
        tops = {node for node in nodes if not any(_inside(node, other) for other in nodes)}
        places = sorted((node.code, node.name) for node in tops)
    shown = [{"name": name, "url": address(page, at=code), "current": code == ground.top.code} for code, name in places]
    return shown if len(shown) > 1 else []


def _inside(node: Node, other: Node) -> bool:
    """Whether NODE lies below OTHER."""
    return node.tree_id == other.tree_id and other.lft < node.lft and node.rght < other.rght
