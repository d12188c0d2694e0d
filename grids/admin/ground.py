"""Whose hands the map is in, and which part of it an overview is about: what its reader oversees, or one community."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from accounts.choices import LEADS, Role
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy, path_to, scope_of

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


def streets_beside(user: Any, ground: Ground, page: str) -> list[dict[str, Any]]:
    """The streets to choose among on PAGE, where there are several."""
    scope = scope_of(user)
    if user.role != Role.SYSTEM_ADMIN and len(scope.grids.get(GridKind.STREET, ())) < 2:
        return []
    rows = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).defer(*heavy("")).order_by("code")
    seen = [grid for grid in rows if user.role == Role.SYSTEM_ADMIN or scope.covers(grid)]
    return [{"name": s.name, "url": address(page, at=s.code), "current": s.pk == ground.top.pk} for s in seen]
