"""The library: who keeps what, what a talent is asked for, what records say, and on which days services fall."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import Role
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from resources import actions, rules
from resources.choices import ICONS, ResourceKind
from resources.models import Resource, Service
from resources.reports.month import month_of
from resources.reports.nearby import metres_outside
from tests.factories import MONDAY, Cast, give, make_street, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.house.rows import outsiders
from tests.resources.stock import LAT, LNG, make_resource, make_service

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def told(verb: str) -> Any:
    return Record.objects.filter(verb=f"resources.{verb}").latest("pk").data


def test_a_resource_is_entered_changed_ended_and_taken_up(cast: Cast) -> None:
    grid, by = cast.place.micros[0], {"by": cast.lead, "at": MONDAY}
    row = actions.add_resource(
        grid=grid, kind="shop", name=" 老张理发店 ", contact_name="张三丰", contact_phone="139 0000 0001", **by
    )
    assert (row.name, row.contact_phone, row.is_in_use, row.changed_at) == ("老张理发店", "13900000001", True, MONDAY)
    assert told("added") == {"kind": "shop", "name": "老张理发店"}
    later = MONDAY + dt.timedelta(days=1)
    actions.change_resource(resource=row, hours="每天", contact_phone="13900000002", by=cast.lead, at=later)
    assert told("changed")["changes"] == {"hours": ["", "每天"], "contact_phone": ["139****0001", "139****0002"]}
    row.refresh_from_db()
    assert (row.hours, row.contact_name, row.changed_at) == ("每天", "张三丰", later)
    # Nothing new is no change, and no record.
    before = Record.objects.count()
    actions.change_resource(resource=row, hours="每天", by=cast.lead, at=later + dt.timedelta(days=1))
    assert (Record.objects.count(), Resource.objects.get().changed_at) == (before, later)
    with pytest.raises(Conflict):
        actions.add_resource(grid=grid, kind="shop", name="老张理发店", **by)
    service = actions.add_service(resource=row, what="老人免费理发", weekday=1, week=5, **by)
    with pytest.raises(Invalid):
        actions.end_resource(resource=row, reason=" ", **by)
    actions.end_resource(resource=row, reason="搬走了", **by)
    assert list(Service.objects.standing()) == []
    for verb in (actions.change_resource, actions.add_service):
        with pytest.raises(Conflict):
            verb(resource=row, what="x", weekday=1, **by) if verb is actions.add_service else verb(resource=row, **by)
    actions.take_up_resource(resource=row, **by)
    assert list(Service.objects.standing()) == [service]
    actions.end_service(service=service, **by)
    with pytest.raises(Conflict):
        actions.end_service(service=service, **by)
    assert [*Record.objects.filter(verb__startswith="resources.").order_by("pk").values_list("verb", flat=True)][-4:] == [
        "resources.service_added", "resources.ended", "resources.taken_up", "resources.service_ended",
    ]  # fmt: skip


def test_a_talent_is_a_person(cast: Cast) -> None:
    grid, by = cast.place.micros[0], {"by": cast.street, "at": MONDAY}
    person = {"grid": grid, "kind": "talent", "name": "李师傅", "contact_phone": "13900000001"}
    for more in ({}, {"consented_on": TODAY + dt.timedelta(days=1)}, {"consented_on": TODAY, "is_contact_open": True}):
        with pytest.raises(Invalid):
            actions.add_resource(**person, **more, **by)
    assert not Resource.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_resource(grid, kind="talent", consented_on=None)
    row = actions.add_resource(**person, consented_on=TODAY, place="活动室", lng=LNG, lat=LAT, **by)
    assert told("added")["name"] == "李**"
    assert rules.contact_of(row) == ("", "139****0001")
    actions.change_resource(resource=row, name="李大师傅", **by)
    assert told("changed")["changes"]["name"] == ["李**", "李***"]
    actions.change_resource(resource=row, place="李家", lng=LNG + 0.001, **by)
    assert told("changed")["changes"] == {"place": ["*", "*"], "lng": ["*", "*"]}
    with pytest.raises(Invalid) as refused:
        actions.change_resource(resource=row, kind="shop", is_contact_open=True, **by)
    assert refused.value.code == "person"
    assert rules.contact_of(row) == ("", "139****0001")
    with pytest.raises(Invalid):
        actions.reveal_contact(resource=row, reason="", **by)
    actions.reveal_contact(resource=row, reason="请来教剪纸", **by)
    assert told("revealed") == {"reason": "请来教剪纸"}
    actions.end_resource(resource=row, reason="本人要求", **by)
    row.refresh_from_db()
    assert (row.name, row.contact_phone, row.place, row.lng) == ("李***", "", "", None)
    with pytest.raises(Conflict):
        actions.take_up_resource(resource=row, **by)


def test_who_keeps_and_who_reads(cast: Cast) -> None:
    row = make_resource(cast.place.micros[0])
    service = make_service(row)
    for reader in (cast.street, cast.total_lead, cast.lead, cast.worker, cast.other_worker):
        assert list(Resource.objects.visible_to(reader)) == [row]
        assert list(Service.objects.visible_to(reader)) == [service]
    elsewhere = make_user(Role.COMPREHENSIVE_LEAD)
    give(elsewhere, PostKind.GRID_LEAD, make_street("990101003").comprehensives[0])
    strangers = [*outsiders(cast), elsewhere, cast.unit_staff, make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR)]
    for stranger in strangers:
        assert not Resource.objects.visible_to(stranger).exists()
        assert not Service.objects.visible_to(stranger).exists()
    for other in (cast.worker, *strangers):
        by: Any = {"by": other, "at": MONDAY}
        for act in (
            lambda by=by: actions.add_resource(grid=row.grid, kind="shop", name="x", **by),
            lambda by=by: actions.change_resource(resource=row, name="x", **by),
            lambda by=by: actions.end_resource(resource=row, reason="x", **by),
            lambda by=by: actions.take_up_resource(resource=row, **by),
            lambda by=by: actions.reveal_contact(resource=row, reason="x", **by),
            lambda by=by: actions.add_service(resource=row, what="x", weekday=1, **by),
            lambda by=by: actions.end_service(service=service, **by),
        ):
            with pytest.raises(Forbidden):
                act()
    assert Record.objects.filter(verb__startswith="resources.").count() == 0
    row.refresh_from_db()
    assert (row.name, row.is_in_use) == ("邻里活动室", True)


def test_a_place_finds_its_grid_and_one_outside_is_told(cast: Cast) -> None:
    micro, by = cast.place.micros[0], {"by": cast.street, "at": MONDAY}
    draw(micro, square(104.0, 30.0))
    row = actions.add_resource(kind="venue", name="小广场", lng=LNG, lat=LAT, **by)
    assert (row.grid, metres_outside(row)) == (micro, 0)
    for place in ({}, {"lng": 1.0, "lat": 1.0}):
        with pytest.raises(Invalid):
            actions.add_resource(kind="venue", name="远处", **place, **by)
    for odd in ({"lng": 1.0}, {"lng": 200.0, "lat": 1.0}, {"lng": float("nan"), "lat": 1.0}):
        with pytest.raises(Invalid):
            actions.add_resource(grid=micro, kind="venue", name="怪处", **odd, **by)
    # Half a hundredth of a degree east of the square: 482 m at this latitude.
    away = actions.add_resource(grid=micro, kind="venue", name="界外", lng=104.015, lat=LAT, **by)
    assert metres_outside(away) == 482
    assert metres_outside(make_resource(cast.place.micros[1], lng=LNG, lat=LAT)) == 0
    with pytest.raises(Invalid):
        actions.add_resource(grid=micro, kind="dragon", name="x", **by)
    with pytest.raises(Invalid):
        actions.add_resource(grid=micro, kind="shop", name="长" * 65, **by)
    assert set(ICONS) == set(ResourceKind)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"weekday": 1}, [2, 9, 16, 23]),
        ({"weekday": 6, "week": 1}, [7]),
        ({"weekday": 7, "week": 5}, [22]),
        ({"weekday": 3, "week": 4}, [25]),
        ({"month_day": 15}, [15]),
        ({"month_day": 31}, [28]),
    ],
)
def test_days_of_a_month(given: dict[str, int], days: list[int]) -> None:
    row = Service(since=dt.date(2026, 1, 1), **given)
    assert [day.day for day in rules.days_of(row, dt.date(2026, 2, 1))] == days
    row.since, row.ended_on = dt.date(2026, 2, days[0]), dt.date(2026, 2, days[0])
    assert [day.day for day in rules.days_of(row, dt.date(2026, 2, 1))] == days[:1]
    assert rules.check_days(given.get("weekday"), given.get("week"), given.get("month_day"))


@pytest.mark.parametrize(
    "odd", [(None, None, None), (1, None, 1), (None, 1, 1), (8, None, None), (1, 6, None), (None, None, 32)]
)
def test_days_that_are_none(odd: tuple[int | None, ...]) -> None:
    assert not rules.check_days(*odd)


def test_a_month_is_told_day_by_day(cast: Cast, django_assert_num_queries: Any) -> None:
    row = make_resource(cast.place.micros[0])
    late, early = make_service(row, "晚", time="14:00—16:00"), make_service(row, "早", time="9:00—11:00")
    make_service(make_resource(row.grid, "搬走的", state="ended"))
    make_service(row, "以后", since=dt.date(2026, 3, 1), month_day=9)
    make_service(row, "以前", ended_on=dt.date(2026, 1, 31), month_day=9)
    with django_assert_num_queries(1):
        found = month_of(Service.objects.all(), dt.date(2026, 2, 1))
    assert [(day.date.day, day.services) for day in found] == [(day, [early, late]) for day in (2, 9, 16, 23)]
