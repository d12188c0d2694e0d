"""Rows of a resource as other systems are handed them: read in batches by their key, so that a million take no more memory
than some hundred."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from gridgov.core.calendar import CHINA
from grids.models import Grid
from integrations.reports.links import links_of
from integrations.reports.resources import Resource, coarse, is_public

BATCH = 500
# The columns of a case that hold grids.
_LEVELS = ("street", "total", "comprehensive", "grid")
Row = dict[str, Any]
# How JSON and CSV say what they have no kind for: moments by China's clock, limits as numbers.
_SAID: dict[type, Callable[[Any], Any]] = {dt.datetime: lambda at: at.astimezone(CHINA), Decimal: float}


def columns(resource: Resource) -> list[str]:
    """The names of a row's columns, in their order."""
    return [*resource.columns, "link"] if resource.name == "photos" else list(resource.columns)


def _all(rows: QuerySet) -> QuerySet:
    return rows


def batches(
    resource: Resource, user: User, *, at: dt.datetime, after: int = 0, narrow: Callable[[QuerySet], QuerySet] = _all
) -> Iterator[list[Row]]:
    """All rows of RESOURCE that USER sees (of those, the ones that NARROW leaves), by their number, beginning AFTER one;
    each batch a query of its own, so that neither a slow reader nor a broken line keeps a transaction open."""
    shape = _Shape(resource, user, at)
    while found := shape.read(narrow(shape.rows(user)).filter(pk__gt=after).order_by("pk"), BATCH):
        yield found
        if len(found) < BATCH:
            return
        after = found[-1]["id"]


def by_key(resource: Resource, user: User, keys: set[int], *, at: dt.datetime) -> dict[int, list[Row]]:
    """The rows of RESOURCE that USER sees of the subjects KEYS, as they are now; none for a subject without."""
    shape = _Shape(resource, user, at)
    name = "id" if resource.key == "pk" else "case"
    found: dict[int, list[Row]] = {key: [] for key in keys}
    for row in shape.read(shape.rows(user).filter(**{f"{resource.key}__in": keys}).order_by("pk")):
        found[row[name]].append(row)
    return found


class _Shape:
    """How the tuples of a query become rows."""

    def __init__(self, resource: Resource, user: User, at: dt.datetime) -> None:
        self.rows = resource.rows
        self._names, self._paths = list(resource.columns), list(resource.columns.values())
        self._finish: Callable[[list[Row]], None] | None = None
        if resource.name == "cases":
            self._finish = _put_places
        if resource.name == "photos":
            # What a link is bound to: the file as it is now, under a cover or not.
            self._names.append("file")
            self._paths.append("file")
            self._finish = links_of(user, at)

    def read(self, rows: QuerySet, limit: int | None = None) -> list[Row]:
        found = [
            {
                name: say(value) if (say := _SAID.get(type(value))) else value
                for name, value in zip(self._names, row, strict=True)
            }
            for row in rows.values_list(*self._paths)[:limit]
        ]
        if self._finish is not None:
            self._finish(found)
        return found


def _put_places(rows: list[Row]) -> None:
    """Give cases the codes of their grids, of which they have the keys, and hide homes. One query for all of them: four
    joins took PostgreSQL ten times as long as the cases themselves."""
    keys = {row[level] for row in rows for level in _LEVELS} - {None}
    found = Grid.objects.filter(pk__in=keys).order_by().values_list("pk", "code", "kind", "micro_type")
    grids = {pk: (code, is_public(kind, micro_type)) for pk, code, kind, micro_type in found}
    for row in rows:
        row["lng"], row["lat"] = coarse(row["lng"], row["lat"], grids[row["grid"]][1])
        for level in _LEVELS:
            if row[level] is not None:
                row[level] = grids[row[level]][0]
