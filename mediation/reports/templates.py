"""The texts of papers that hold: the office's own where it wrote some, the ones that come with the house where it didn't."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db.models import F, Q

from grids.models import Grid
from grids.queries import heavy
from mediation.choices.papers import TemplateKind
from mediation.models import Template

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Place:
    """A word in braces that a template may hold: what it stands for (`key`), and what the office is told about it."""

    name: str
    key: str
    about: str


@cache
def places() -> Mapping[str, Place]:
    """By the names that the office writes."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: Place(**row) for row in csv.DictReader(file)}


@cache
def own_text(kind: str) -> str:
    """The text of the house for a paper of KIND."""
    return (DATA / "templates" / f"{TemplateKind(kind).value}.txt").read_text(encoding="utf-8")


def templates_in(grid: Grid) -> Mapping[str, Template]:
    """The rows that hold in the street of GRID, by kind: its own last one before the last one of everywhere."""
    street = Grid.objects.defer(*heavy("")).street_of(grid)
    rows = Template.objects.for_list().filter(Q(street=None) | Q(street=street))
    ranked = rows.order_by("kind", F("street").asc(nulls_last=True), "-pk").distinct("kind")
    return {row.kind: row for row in ranked}


def texts_in(grid: Grid) -> Mapping[str, str]:
    """The text of each kind of paper in the street of GRID."""
    written = templates_in(grid)
    return {kind: written[kind].body if kind in written else own_text(kind) for kind in TemplateKind.values}
