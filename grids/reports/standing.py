"""How each grid of a level stands: how many grids lie at and below it, how many have their people and their party
organisation."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import BooleanField, ExpressionWrapper, Q

from grids.choices import LEVELS, NEEDED, PARTY_COVERS
from grids.models import PartyOrg, Post
from grids.queries import GridQuerySet


def is_staffed(on: dt.date) -> Q:
    """Of a grid: somebody holds one of the posts it should not be without (choices.NEEDED) on the day ON."""
    fitting = [Q(grid__kind=kind, kind__in=posts) for kind, posts in NEEDED.items()]
    return Q(pk__in=Post.objects.current(on).filter(reduce(or_, fitting)).order_by().values("grid"))


def is_covered(on: dt.date) -> Q:
    """Of a grid: a party organisation of the kind meant for it (choices.PARTY_COVERS) covers it on the day ON."""
    fitting = [Q(kind=kind, grids__kind__in=grids) for kind, grids in PARTY_COVERS.items()]
    return Q(pk__in=PartyOrg.objects.current(on).filter(reduce(or_, fitting)).order_by().values("grids"))


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
