"""Who may be put where, and by whom."""

import datetime as dt

import pytest

from accounts.choices import Role
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions
from grids.choices import POSTS, PostKind
from grids.models import Grid, Post
from grids.queries import scope_of
from tests.factories import LONG_AGO, MONDAY, give, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
TOMORROW = TODAY + dt.timedelta(1)


@pytest.fixture
def place():
    return make_street()


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return user


@pytest.fixture
def security():
    return make_user(Role.SECURITY_ADMIN)


def places(place):
    return {
        "street": {"grid": place.street},
        "total": {"grid": place.totals[0]},
        "comprehensive": {"grid": place.comprehensives[0]},
        "micro": {"grid": place.micros[0]},
        "unit": {"unit": make_unit()},
        "district": {"area_prefix": "990101"},
    }


def test_the_whole_table(place, security):
    """Every post at every place by every role: what the table says and nothing else."""
    where = places(place)
    for kind, (fitting_places, fitting_roles) in POSTS.items():
        for spot, given in where.items():
            for role in (Role.STREET, Role.TOTAL_LEAD, Role.COMPREHENSIVE_LEAD, Role.WORKER, Role.UNIT_STAFF):
                attempt = {"user": make_user(role), "kind": kind, "by": security, "at": MONDAY, **given}
                if spot in fitting_places and role in fitting_roles:
                    assert actions.give_post(**attempt).kind == kind
                else:
                    with pytest.raises(Invalid):
                        actions.give_post(**attempt)
    given_kinds = set(Post.objects.values_list("kind", flat=True))
    assert given_kinds == set(PostKind.values)


def test_a_post_opens_a_scope_and_its_end_closes_it(place, office):
    worker = make_user()
    assert not scope_of(worker)
    post = actions.give_post(user=worker, kind="grid_worker_ft", grid=place.micros[0], by=office, at=MONDAY)
    assert (post.valid_from, post.valid_to) == (TODAY, None)
    assert scope_of(worker, TODAY).grids == {"micro": [place.micros[0].pk]}
    actions.end_post(post=post, valid_to=TODAY, by=office, at=MONDAY)
    assert scope_of(worker, TODAY).grids == {"micro": [place.micros[0].pk]}
    assert not scope_of(worker, TOMORROW)
    told = Record.objects.get(verb="posts.given").data
    assert told == {
        "user": worker.pk, "kind": "grid_worker_ft", "grid": place.micros[0].pk, "unit": None, "area": "",
        "from": "2026-09-07", "to": None,
    }  # fmt: skip
    assert Record.objects.get(verb="posts.ended").data == {"changes": {"valid_to": [None, "2026-09-07"]}}


def test_a_worker_holds_several(place, office):
    worker = make_user()
    for micro in place.micros:
        actions.give_post(user=worker, kind="grid_worker_ft", grid=micro, by=office, at=MONDAY)
    assert sorted(scope_of(worker, TODAY).grids["micro"]) == [m.pk for m in place.micros]


def test_refusals_change_nothing(place, office, security):
    elsewhere = make_street("990101002")
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, elsewhere.street)
    worker = make_user()
    ended = place.micros[1]
    Grid.objects.filter(pk=ended.pk).update(valid_to=TODAY)
    count = Post.objects.count()
    for refusal, change in (
        (Forbidden, {"by": outsider}),
        (Forbidden, {"by": worker}),
        (Forbidden, {"by": make_user(Role.SYSTEM_ADMIN)}),
        (Forbidden, {"by": office, "grid": elsewhere.micros[0]}),
        (Forbidden, {"by": office, "grid": None, "area_prefix": "990101", "kind": "district_staff"}),
        (Invalid, {"grid": None}),
        (Invalid, {"area_prefix": "990101"}),
        (Invalid, {"kind": "king"}),
        (Invalid, {"valid_to": TODAY - dt.timedelta(1)}),
        (Conflict, {"grid": ended, "valid_from": TOMORROW}),
        (Conflict, {"valid_from": LONG_AGO - dt.timedelta(1)}),
    ):
        with pytest.raises(refusal):
            actions.give_post(
                **{
                    "user": worker,
                    "kind": "grid_worker_ft",
                    "grid": place.micros[0],
                    "by": office,
                    "at": MONDAY,
                    **change,
                }
            )
    with pytest.raises(Faults):
        actions.give_post(
            user=make_user(Role.STREET), kind="district_staff", area_prefix="99010", by=security, at=MONDAY
        )
    assert Post.objects.count() == count
    assert Record.objects.filter(verb="posts.given").count() == 0


def test_the_same_post_twice_needs_different_days(place, office):
    worker = make_user()
    say = {"user": worker, "kind": "grid_worker_ft", "grid": place.micros[0], "by": office, "at": MONDAY}
    actions.give_post(valid_from=TODAY, valid_to=TOMORROW, **say)
    with pytest.raises(Conflict, match="holds this post already"):
        actions.give_post(valid_from=TOMORROW, **say)
    with pytest.raises(Conflict):
        actions.give_post(valid_from=LONG_AGO, **say)
    actions.give_post(valid_from=LONG_AGO, valid_to=TODAY - dt.timedelta(1), **say)
    actions.give_post(valid_from=TOMORROW + dt.timedelta(1), **say)
    assert worker.posts.count() == 3


def test_a_post_ends_with_its_grid_at_the_latest(place, office):
    grid = place.micros[0]
    actions.retire_grid(grid=grid, valid_to=TOMORROW, by=office, at=MONDAY)
    post = actions.give_post(user=make_user(), kind="grid_worker_ft", grid=grid, by=office, at=MONDAY)
    assert post.valid_to == TOMORROW


def test_refusals_of_ending_change_nothing(place, office):
    post = give(make_user(), PostKind.GRID_WORKER_FT, place.micros[0], valid_to=TODAY)
    for refusal, change in (
        (Forbidden, {"by": make_user(Role.STREET)}),
        (Invalid, {"valid_to": LONG_AGO - dt.timedelta(1)}),
        (Conflict, {"valid_to": TOMORROW}),
    ):
        with pytest.raises(refusal):
            actions.end_post(**{"post": post, "valid_to": TODAY, "by": office, "at": MONDAY, **change})
    post.refresh_from_db()
    assert post.valid_to == TODAY


# --- units -----------------------------------------------------------------------------------------------------------


def test_units(office):
    unit = actions.register_unit(
        name=" 区城管局 ", kind="government", aliases=["城管", "城管", " "], area_prefix="990101", phone="13800000001",
        by=office, at=MONDAY,
    )  # fmt: skip
    assert (unit.name, unit.aliases) == ("区城管局", ["城管"])
    unit = actions.change_unit(
        unit=unit, phone="13900000002", is_active=False, lng=104.0, lat=30.0, by=office, at=MONDAY
    )
    unit.refresh_from_db()
    assert (unit.phone, unit.is_active, unit.name) == ("13900000002", False, "区城管局")
    assert Record.objects.get(verb="units.changed").data == {
        "changes": {
            "phone": ["138****0001", "139****0002"], "lng": [None, 104.0], "lat": [None, 30.0], "is_active": [True, False],
        }
    }  # fmt: skip
    unit = actions.change_unit(unit=unit, lng=None, lat=None, by=office, at=MONDAY)
    unit.refresh_from_db()
    assert (unit.lng, unit.lat) == (None, None)


def test_refusals_of_units_change_nothing(office):
    unit = make_unit("城管局", area_prefix="990101")
    for refusal, change in (
        (Forbidden, {"by": make_user(Role.UNIT_STAFF)}),
        (Forbidden, {"by": make_user(Role.STREET)}),
        (Forbidden, {"area_prefix": "980101"}),
        (Forbidden, {"area_prefix": ""}),
        (Conflict, {"name": "城管局"}),
        (Faults, {"name": ""}),
        (Faults, {"kind": "guild"}),
        (Invalid, {"lng": 104.0}),
        (Invalid, {"lng": 204.0, "lat": 30.0}),
        (Invalid, {"lng": float("nan"), "lat": 30.0}),
    ):
        with pytest.raises(refusal):
            actions.register_unit(
                **{"name": "新", "kind": "utility", "area_prefix": "990101001", "by": office, "at": MONDAY, **change}
            )
    for refusal, change in (
        (Forbidden, {"by": make_user(Role.STREET)}),
        (Forbidden, {"area_prefix": "980101"}),
        (Forbidden, {"unit": make_unit("电力公司")}),
        (Faults, {"name": "长" * 65}),
        (Conflict, {"name": make_unit("水务局").name}),
        (Invalid, {"lat": 30.0}),
    ):
        with pytest.raises(refusal):
            actions.change_unit(**{"unit": unit, "by": office, "at": MONDAY, **change})
    unit.refresh_from_db()
    assert (unit.name, unit.area_prefix) == ("城管局", "990101")
    assert Record.objects.filter(verb__startswith="units.").count() == 0
