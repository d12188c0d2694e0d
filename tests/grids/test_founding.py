"""Founding, changing, moving, retiring single grids."""

import datetime as dt

import pytest

from accounts.choices import Role
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions, reports
from grids.choices import GridKind, MicroType, PostKind
from grids.models import Grid
from tests.factories import LONG_AGO, MONDAY, Street, give, make_street, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def place() -> Street:
    return make_street(totals=2, comprehensives=2, micros=2)


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return user


def rows() -> list[tuple]:
    return list(Grid.objects.order_by("pk").values_list("pk", "code", "name", "parent", "lft", "rght", "valid_to"))


def records(verb: str) -> list[Record]:
    return list(Record.objects.filter(verb=verb))


def test_a_micro_grid_gets_the_next_code(place, office):
    parent = place.comprehensives[0]
    grid = actions.found_grid(
        parent=parent, kind=GridKind.MICRO, micro_type=MicroType.RESIDENT, name="三号微网格", households=41,
        by=office, at=MONDAY,
    )  # fmt: skip
    grid.refresh_from_db()
    assert (grid.code, grid.parent, grid.level, grid.valid_from) == (f"{parent.code}003", parent, 3, TODAY)
    assert reports.tree_faults() == []
    (told,) = records("grids.founded")
    assert (told.subject_id, told.actor, told.scope) == (grid.pk, office, grid.code)
    assert told.data == {"kind": "micro", "code": grid.code, "name": "三号微网格", "parent": parent.code}


def test_a_retired_code_is_never_given_again(place, office):
    parent, last = place.comprehensives[0], place.micros[1]
    actions.retire_grid(grid=last, valid_to=TODAY, by=office, at=MONDAY)
    found = {"parent": parent, "kind": GridKind.MICRO, "micro_type": MicroType.RESIDENT, "by": office, "at": MONDAY}
    assert actions.found_grid(name="新", **found).code == f"{parent.code}003"
    with pytest.raises(Conflict, match="in use or was once"):
        actions.found_grid(name="旧", code=last.code, **found)


def test_a_full_row_of_codes_gives_the_ones_left_out(place, office):
    parent = place.comprehensives[0]
    found = {"parent": parent, "kind": GridKind.MICRO, "micro_type": MicroType.RESIDENT, "by": office, "at": MONDAY}
    actions.found_grid(name="末", code=f"{parent.code}699", **found)
    assert actions.found_grid(name="补", **found).code == f"{parent.code}003"


def test_codes_of_each_kind(place, office):
    total, street = place.totals[0], place.street
    say = {"name": "新", "by": office, "at": MONDAY}
    merchant = {"kind": GridKind.MICRO, "micro_type": MicroType.MERCHANT, "parent": place.comprehensives[0]}
    assert actions.found_grid(kind=GridKind.TOTAL, parent=street, **say).code == "990101001003000"
    assert actions.found_grid(kind=GridKind.COMPREHENSIVE, parent=total, **say).code == "990101001001003"
    assert actions.found_grid(kind=GridKind.DEDICATED, parent=total, **say).code == "990101001001901"
    assert actions.found_grid(**merchant, **say).code == "990101001001001701"


def test_refusals_of_founding_change_nothing(place, office):
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, make_street("990101002").street)
    worker = make_user(Role.WORKER)
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    micro = {"kind": GridKind.MICRO, "micro_type": MicroType.RESIDENT, "parent": place.comprehensives[0]}
    before = rows()
    for refusal, change in (
        (Forbidden, {"by": outsider}),
        (Forbidden, {"by": worker}),
        (Forbidden, {"parent": None, "kind": GridKind.STREET, "micro_type": "", "code": "990101009"}),
        (Invalid, {"parent": place.totals[0]}),
        (Invalid, {"parent": place.micros[0]}),
        (Invalid, {"micro_type": ""}),
        (Invalid, {"kind": GridKind.DEDICATED}),
        (Invalid, {"kind": "galaxy"}),
        (Invalid, {"code": "990101001001001700"}),
        (Invalid, {"code": "990101001002001003"}),
        (Invalid, {"code": "99010100100100100"}),
        (Conflict, {"code": place.micros[0].code}),
        (Faults, {"name": ""}),
        (Faults, {"name": "长" * 65}),
        (Faults, {"households": -1}),
        (Conflict, {"valid_from": LONG_AGO - dt.timedelta(1)}),
        (Invalid, {"border": {"type": "Point", "coordinates": [118, 32]}}),
    ):
        with pytest.raises(refusal):
            actions.found_grid(**{"name": "新", "by": office, "at": MONDAY, **micro, **change})
    assert rows() == before
    assert records("grids.founded") == []


def test_only_the_system_hand_founds_a_street(place):
    admin = make_user(Role.SYSTEM_ADMIN)
    say = {"parent": None, "kind": GridKind.STREET, "name": "新街道", "by": admin, "at": MONDAY}
    street = actions.found_grid(code="990101003", **say)
    assert (street.level, street.lft, street.rght) == (0, 1, 2)
    assert Grid.objects.filter(parent=None).values("tree_id").distinct().count() == 2
    with pytest.raises(Invalid, match="nine digits"):
        actions.found_grid(**say)


def test_moving_takes_everything_below_along(place, office):
    grid, target = place.comprehensives[0], place.totals[1]
    moved = actions.move_grid(grid=grid, parent=target, by=office, at=MONDAY)
    assert moved.code == "990101001001001"  # the code stays
    assert [g.code for g in Grid.objects.above(moved)] == ["990101001", "990101001002000", "990101001001001"]
    assert set(Grid.objects.under(target)) >= {moved, place.micros[0], place.micros[1]}
    assert reports.tree_faults() == []
    (told,) = records("grids.moved")
    old, street = place.totals[0], place.street
    assert told.data == {
        "from": {"parent": old.pk, "above": [street.pk, old.pk]},
        "to": {"parent": target.pk, "above": [street.pk, target.pk]},
        "codes": [old.code, target.code],
    }


def test_a_street_hand_sees_a_new_grid_at_once(place, office):
    """The scope kept on the request's user must not outlive the tree's numbers."""
    assert Grid.objects.visible_to(office).count() == 15
    actions.found_grid(parent=place.street, kind=GridKind.TOTAL, name="新", by=office, at=MONDAY)
    assert Grid.objects.visible_to(office).count() == 16


def test_refusals_of_moving_change_nothing(place, office):
    elsewhere = make_street("990101002")
    give(office, PostKind.STREET_STAFF, elsewhere.street)
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, elsewhere.street)
    grid = place.comprehensives[0]
    ended = place.totals[1]
    Grid.objects.filter(pk=ended.pk).update(valid_to=TODAY - dt.timedelta(1))
    before = rows()
    for refusal, change in (
        (Conflict, {"parent": place.totals[0]}),
        (Conflict, {"parent": ended}),
        (Invalid, {"parent": elsewhere.totals[0]}),
        (Invalid, {"parent": place.street}),
        (Invalid, {"parent": place.micros[3]}),
        (Invalid, {"parent": grid}),
        (Forbidden, {"by": outsider, "parent": place.totals[1]}),
        (Forbidden, {"grid": place.street, "parent": grid, "by": make_user(Role.WORKER)}),
    ):
        with pytest.raises(refusal):
            actions.move_grid(**{"grid": grid, "by": office, "at": MONDAY, **change})
    assert rows() == before
    assert records("grids.moved") == []


def test_changing_records_before_and_after(place, office):
    grid = actions.change_grid(grid=place.micros[0], name="和平里一号", households=None, by=office, at=MONDAY)
    assert (grid.name, grid.households) == ("和平里一号", None)
    (told,) = records("grids.changed")
    assert told.data == {"changes": {"name": [place.micros[0].name, "和平里一号"], "households": [40, None]}}
    actions.change_grid(grid=grid, name="和平里一号", by=office, at=MONDAY)
    assert len(records("grids.changed")) == 1


def test_refusals_of_changing_change_nothing(place, office):
    before, later = rows(), TODAY + dt.timedelta(1)
    for refusal, change in (
        (Forbidden, {"by": make_user(Role.STREET), "name": "新"}),
        (Faults, {"name": "长" * 65}),
        (Faults, {"households": -3}),
        (Invalid, {"valid_from": LONG_AGO - dt.timedelta(1)}),
        (Conflict, {"grid": place.comprehensives[0], "valid_from": later}),
    ):
        with pytest.raises(refusal):
            actions.change_grid(**{"grid": place.micros[0], "by": office, "at": MONDAY, **change})
    assert rows() == before


def test_retiring_ends_the_posts_and_names_the_heir(place, office):
    grid, heir = place.micros[0], place.micros[1]
    post = give(make_user(), PostKind.GRID_WORKER_FT, grid)
    kept = give(make_user(), PostKind.GRID_WORKER_FT, grid, valid_to=dt.date(2026, 1, 1))
    grid = actions.retire_grid(grid=grid, valid_to=TODAY, superseded_by=heir, by=office, at=MONDAY)
    post.refresh_from_db()
    kept.refresh_from_db()
    assert (grid.valid_to, grid.superseded_by, post.valid_to) == (TODAY, heir, TODAY)
    assert kept.valid_to == dt.date(2026, 1, 1)
    assert grid.holds(TODAY)
    assert not grid.holds(TODAY + dt.timedelta(1))
    assert [r.data for r in records("grids.retired")] == [
        {"changes": {"valid_to": [None, "2026-09-07"], "superseded_by": [None, heir.pk]}}
    ]
    assert [r.subject_id for r in records("posts.ended")] == [post.pk]


def test_refusals_of_retiring_change_nothing(place, office):
    elsewhere = make_street("990101002")
    grid = place.micros[0]
    before = rows()
    for refusal, change in (
        (Forbidden, {"by": make_user(Role.STREET)}),
        (Conflict, {"grid": place.comprehensives[0]}),
        (Invalid, {"valid_to": LONG_AGO - dt.timedelta(1)}),
        (Invalid, {"superseded_by": grid}),
        (Invalid, {"superseded_by": elsewhere.micros[0]}),
    ):
        with pytest.raises(refusal):
            actions.retire_grid(**{"grid": grid, "valid_to": TODAY, "by": office, "at": MONDAY, **change})
    assert rows() == before


def test_a_grid_retires_once_its_children_have(place, office):
    for micro in place.micros[:2]:
        actions.retire_grid(grid=micro, valid_to=TODAY, by=office, at=MONDAY)
    parent = place.comprehensives[0]
    with pytest.raises(Conflict, match="2 grids below"):
        actions.retire_grid(grid=parent, valid_to=TODAY - dt.timedelta(1), by=office, at=MONDAY)
    assert actions.retire_grid(grid=parent, valid_to=TODAY, by=office, at=MONDAY).valid_to == TODAY


def test_a_retirement_can_be_taken_back(place, office):
    grid = place.micros[0]
    with pytest.raises(Conflict, match="not retired"):
        actions.revive_grid(grid=grid, by=office, at=MONDAY)
    actions.retire_grid(grid=grid, valid_to=TODAY, superseded_by=place.micros[1], by=office, at=MONDAY)
    grid = actions.revive_grid(grid=grid, by=office, at=MONDAY)
    assert (grid.valid_to, grid.superseded_by) == (None, None)
