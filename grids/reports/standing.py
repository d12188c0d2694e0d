"""How each grid of a level stands: how many grids lie at and below it, how many have their people and their party
organisation."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from grids.choices import LEVELS, NEEDED, PARTY_COVERS, GridKind, PartyKind
from grids.models import PartyOrg, Post
from grids.queries import GridQuerySet

# Leads' posts stand on no other kind of grid than theirs (choices.POSTS); workers' also on dedicated grids, which need a lead.
_WORKERS = NEEDED[GridKind.MICRO]
_LEADS = frozenset(post for kind, posts in NEEDED.items() if kind != GridKind.MICRO for post in posts)
# A member household alone is no organisation of its micro-grid.
_COVERING = frozenset(PARTY_COVERS) - {PartyKind.HOUSEHOLD}


def is_staffed(on: dt.date) -> Q:
    """Of a grid: somebody holds one of the posts it should not be without (choices.NEEDED) on the day ON."""
    held = Post.objects.current(on).filter(grid=OuterRef("pk")).order_by()
    return Q(Exists(held.filter(kind__in=_LEADS))) | Q(Exists(held.filter(kind__in=_WORKERS)), kind=GridKind.MICRO)


def staffs() -> Q:
    """Of a post: it is one that its grid should not be without."""
    return Q(kind__in=_LEADS) | Q(kind__in=_WORKERS, grid__kind=GridKind.MICRO)


def is_covered(on: dt.date) -> Q:
    """Of a grid: a party organisation that is meant for its kind (choices.PARTY_COVERS) covers it on the day ON."""
    orgs = PartyOrg.objects.current(on).filter(kind__in=_COVERING).order_by().values("pk")
    return Q(Exists(PartyOrg.grids.through.objects.filter(grid=OuterRef("pk"), partyorg__in=orgs)))


_TOLD = ("code", "name", "kind", "tree_id", "rght")


@dataclass
class Standing:
    """Of a grid and all below it that are in force: how many, how many of them are staffed, how many are covered by the
    party (`is_staffed`, `is_covered`)."""

    code: str
    name: str
    kind: str
    grids: int = 0
    staffed: int = 0
    covered: int = 0

    @property
    def vacant(self) -> int:
        return self.grids - self.staffed

    @property
    def uncovered(self) -> int:
        return self.grids - self.covered


def standing(ground: GridQuerySet, level: str, on: dt.date) -> list[Standing]:
    """How each grid of LEVEL (choices.LEVELS) in GROUND stands on the day ON, in the order of the tree; one query over all
    grids there."""
    marks = {"is_staffed": _flag(is_staffed(on)), "is_covered": _flag(is_covered(on))}
    rows = ground.current(on).annotate(**marks).order_by("tree_id", "lft")
    found: list[Standing] = []
    tree = end = 0
    # All that lies below a grid comes right after it.
    for code, name, kind, tree_id, rght, staffed, covered in rows.values_list(*_TOLD, *marks):
        if kind in LEVELS[level]:
            found.append(Standing(code, name, kind))
            tree, end = tree_id, rght
        if tree_id == tree and rght <= end:
            here = found[-1]
            here.grids += 1
            here.staffed += staffed
            here.covered += covered
    return found


def _flag(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
