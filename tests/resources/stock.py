"""Resources and services to test with, made plainly."""

import datetime as dt
from typing import Any

from grids.models import Grid
from resources.choices import ResourceKind
from resources.models import Resource, Service
from tests.factories import MONDAY, make_user

# A place inside the square that tests draw as a border.
LNG, LAT = 104.005, 30.005


def make_resource(grid: Grid, name: str = "邻里活动室", kind: str = ResourceKind.VENUE, **values: Any) -> Resource:
    """In use, without a place; a talent has agreed."""
    given: dict[str, Any] = {"made_at": MONDAY, "changed_at": MONDAY}
    if kind == ResourceKind.TALENT:
        given["consented_on"] = dt.date(2026, 1, 15)
    by = values.pop("made_by", None) or make_user()
    return Resource.objects.create(grid=grid, name=name, kind=kind, made_by=by, **{**given, **values})


def make_service(resource: Resource, what: str = "老人免费理发", **values: Any) -> Service:
    """Each Monday, unless VALUES say otherwise."""
    days = {} if "month_day" in values else {"weekday": 1}
    return Service.objects.create(resource=resource, what=what, **{"since": dt.date(2026, 1, 1), **days, **values})
