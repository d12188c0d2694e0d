"""Grids and cases as GeoJSON features (RFC 7946: WGS-84, longitude first), for programs that draw maps."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Max, QuerySet
from django.utils.timezone import localdate

from accounts.models import User
from cases.reports.map import Counts, Moment, count_by_grid
from gridgov.core.fields import Bounds
from gridgov.core.models import Record
from grids.choices import LEVELS
from grids.models import Grid
from grids.queries import scope_of
from integrations.reports.resources import COARSE, GRID, RESOURCES
from integrations.reports.rows import BATCH, Row, batches

Feature = dict[str, Any]
# A case's own matter lies at this place at most so far, in degrees, from where it is shown.
_EDGE = 0.5 * 10**-COARSE
_GRID = (
    "pk", "border", "code", "name", "kind", "level", "parent__code", "micro_type", "households", "area_m2", "valid_from",
    "valid_to",
)  # fmt: skip


class Batch(NamedTuple):
    """Some features, read up to the key LAST."""

    features: list[Feature]
    last: int


def grid_features(
    user: User, narrow: Callable[[QuerySet], QuerySet], figures: dict[str, Counts] | None, *, after: int = 0
) -> Iterator[Batch]:
    """The grids with a border on the own ground of USER, by their number. With FIGURES, each with its cases."""
    rows = narrow(Grid.objects.ground_of(user)).exclude(border=None).order_by("pk")
    while lines := list(rows.filter(pk__gt=after).values_list(*_GRID)[:BATCH]):
        after = lines[-1][0]
        yield Batch([_grid(line, figures) for line in lines], after)
        if len(lines) < BATCH:
            return


def _grid(line: tuple[Any, ...], figures: dict[str, Counts] | None) -> Feature:
    pk, border, *said = line
    properties = dict(zip(_GRID[2:], said, strict=True))
    properties["parent"] = properties.pop("parent__code")
    if figures is not None:
        counts = figures.get(properties["code"], Counts())
        properties |= {"cases_open": counts.open, "cases_late": counts.late, "cases_reported": counts.reported}
    return _feature(pk, border, properties)


def figures_of(user: User, days: int, now: dt.datetime) -> dict[str, Counts]:
    """By the code of a grid of any level: its cases open and overdue now, and reported in the last DAYS. Eight queries."""
    moment = Moment(localdate(now), days, now)
    return {code: counts for level in LEVELS for code, counts in count_by_grid(user, level, moment).items()}


def grids_version(user: User, asked: Iterable[Any], on: dt.date) -> str:
    """Another text whenever `grid_features` may tell USER something else. What is recorded of grids only grows: its number
    and its last one tell of every change, also of one that was committed late."""
    said = Record.objects.filter(subject_type=GRID).aggregate(last=Max("pk"), count=Count("pk"))
    ground = sorted((node.tree_id, node.lft, node.rght) for node in scope_of(user).nodes)
    whole = repr((user.role, ground, said["last"], said["count"], on, sorted(asked)))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def case_features(
    user: User, narrow: Callable[[QuerySet], QuerySet], box: Bounds | None, *, at: dt.datetime, after: int = 0
) -> Iterator[Batch]:
    """The cases with a place that USER sees, by their number, as the feed has them: nobody's words, and where people live a
    place that is coarse. BOX (west, south, east, north) is about the place that is shown, so that no box finds a home."""

    def placed(rows: QuerySet) -> QuerySet:
        rows = narrow(rows).filter(lng__isnull=False, category__sensitive=False)
        if box is None:
            return rows
        west, south, east, north = box
        return rows.filter(lng__gte=west - _EDGE, lng__lte=east + _EDGE, lat__gte=south - _EDGE, lat__lte=north + _EDGE)

    for rows in batches(RESOURCES["cases"], user, at=at, after=after, narrow=placed):
        yield Batch([_case(row) for row in rows if _inside(row, box)], rows[-1]["id"])


def _inside(row: Row, box: Bounds | None) -> bool:
    return box is None or (box[0] <= row["lng"] <= box[2] and box[1] <= row["lat"] <= box[3])


def _case(row: Row) -> Feature:
    said = dict(row)
    pk, place = said.pop("id"), [said.pop("lng"), said.pop("lat")]
    return _feature(pk, {"type": "Point", "coordinates": place}, said)


def _feature(pk: int, geometry: Any, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "id": pk, "geometry": geometry, "properties": properties}


def first(found: Iterator[Batch], limit: int) -> tuple[list[Feature], int | None]:
    """The first LIMIT features of FOUND, and the key after which there may be others; None where there are none."""
    features: list[Feature] = []
    for batch in found:
        features += batch.features
        if len(features) >= limit:
            return features[:limit], features[limit - 1]["id"]
    return features, None
