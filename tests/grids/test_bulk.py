"""Founding, staffing and chaining many at once."""

import datetime as dt
import random

import pytest

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from grids import actions, reports
from grids.actions import BadRows, GridRow, PartyRow, PostRow, RowFault
from grids.choices import GridKind, PartyKind, PostKind
from grids.models import Grid, PartyOrg, Post
from tests.factories import LONG_AGO, MONDAY, give, make_street, make_unit, make_user
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
STREET = "990101005"


def rows(street: str = STREET) -> list[GridRow]:
    """A street of two communities, three grids, five micro-grids."""
    found = [GridRow(street, "street", "街", LONG_AGO, border=square(side=0.1))]
    for total in ("001", "002"):
        found.append(GridRow(f"{street}{total}000", "total", f"总{total}", LONG_AGO, parent_code=street))
    for kind, code in (("comprehensive", "001001"), ("comprehensive", "001002"), ("dedicated", "002901")):
        found.append(GridRow(street + code, kind, code, LONG_AGO, parent_code=f"{street}{code[:3]}000"))
    for code in ("001001001", "001001002", "001002001"):
        micro = GridRow(street + code, "micro", code, LONG_AGO, street + code[:6], "resident", 40)
        found.append(micro)
    found.append(GridRow(f"{street}001001701", "micro", "商", LONG_AGO, f"{street}001001", "merchant"))
    return found


@pytest.fixture
def system():
    return User.objects.system()


def test_a_street_in_any_order(system):
    plan = rows()
    random.Random(3).shuffle(plan)
    made = actions.bulk_found(rows=plan, by=system, at=MONDAY)
    assert made == dict(Grid.objects.values_list("code", "pk"))
    assert reports.tree_faults() == []
    street = Grid.objects.get(code=STREET)
    assert [(g.code[9:], g.level) for g in Grid.objects.under(street).order_by("lft")] == [
        ("", 0), ("001000", 1), ("001001", 2), ("001001001", 3), ("001001002", 3), ("001001701", 3), ("001002", 2),
        ("001002001", 3), ("002000", 1), ("002901", 2),
    ]  # fmt: skip
    assert street.box == (118.0, 32.0, 118.1, 32.1)
    assert sorted(Record.objects.filter(verb="grids.founded").values_list("scope", flat=True)) == sorted(made)


def test_streets_keep_trees_of_their_own(system):
    standing = make_street("990101001")
    before = list(Grid.objects.order_by("pk").values_list("pk", "tree_id", "lft", "rght", "level"))
    actions.bulk_found(rows=rows("990101005") + rows("990101006"), by=system, at=MONDAY)
    assert list(Grid.objects.filter(tree_id=standing.street.tree_id).order_by("pk").values_list(
        "pk", "tree_id", "lft", "rght", "level")) == before  # fmt: skip
    assert Grid.objects.filter(parent=None).values("tree_id").distinct().count() == 3
    assert reports.tree_faults() == []


def test_into_a_standing_street(system):
    place = make_street("990101001")
    office = make_user(Role.STREET)
    give(office, PostKind.STREET_STAFF, place.street)
    parent = place.comprehensives[0].code
    more = [GridRow(f"{parent}{i:03}", "micro", "新", LONG_AGO, parent, "resident") for i in (5, 4)]
    actions.bulk_found(rows=more, by=office, at=MONDAY)
    assert reports.tree_faults() == []
    assert Grid.objects.get(code=f"{parent}004").parent == place.comprehensives[0]
    assert Grid.objects.visible_to(office).count() == 7


def test_every_fault_is_told_and_nothing_written(system):
    make_street("990101001")
    bad = [
        GridRow(STREET, "street", "街", LONG_AGO),
        GridRow(STREET, "street", "街", LONG_AGO),
        GridRow("990101001", "street", "", LONG_AGO),
        GridRow(f"{STREET}001000", "total", "总", LONG_AGO - dt.timedelta(1), STREET),
        GridRow(f"{STREET}001001", "comprehensive", "综", LONG_AGO, "990109999001000"),
        GridRow(f"{STREET}001900", "comprehensive", "综", LONG_AGO, f"{STREET}001000", border={"type": "Point"}),
    ]
    with pytest.raises(BadRows) as refused:
        actions.bulk_found(rows=bad, by=system, at=MONDAY)
    assert [(fault.row, fault.field) for fault in refused.value.rows] == [
        (1, "code"), (2, "code"), (2, "name"), (3, "valid_from"), (4, "parent"), (5, "code"), (5, "border"),
    ]  # fmt: skip
    assert all(isinstance(fault, RowFault) and fault.message for fault in refused.value.rows)
    assert Grid.objects.count() == 5
    assert Record.objects.filter(verb="grids.founded").count() == 0


def test_who_may(system):
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, make_street("990101002").street)
    for by in (make_user(Role.WORKER), make_user(Role.SECURITY_ADMIN), make_user(Role.AUDITOR)):
        with pytest.raises(Forbidden):
            actions.bulk_found(rows=rows(), by=by, at=MONDAY)
    with pytest.raises(BadRows) as refused:
        actions.bulk_found(rows=rows(), by=outsider, at=MONDAY)
    assert {fault.row for fault in refused.value.rows} == set(range(10))
    assert Grid.objects.filter(code__startswith=STREET).count() == 0


# --- posts -----------------------------------------------------------------------------------------------------------


def test_many_posts(system):
    place, unit = make_street(), make_unit()
    lead, worker, staff, district = (
        make_user(Role.COMPREHENSIVE_LEAD), make_user(), make_user(Role.UNIT_STAFF), make_user(Role.STREET),
    )  # fmt: skip
    plan = [
        PostRow(lead, PostKind.GRID_LEAD, LONG_AGO, grid_code=place.comprehensives[0].code),
        PostRow(worker, PostKind.GRID_WORKER_FT, LONG_AGO, grid_code=place.micros[0].code),
        PostRow(worker, PostKind.GRID_WORKER_FT, LONG_AGO, grid_code=place.micros[1].code, is_public_contact=True),
        PostRow(staff, PostKind.UNIT_STAFF, LONG_AGO, unit=unit),
        PostRow(district, PostKind.DISTRICT_STAFF, LONG_AGO, area_prefix="990101"),
    ]
    assert actions.bulk_post(rows=plan, by=system, at=MONDAY) == 5
    assert list(Post.objects.order_by("pk").values_list("user", "kind", "grid", "unit", "area_prefix")) == [
        (lead.pk, "grid_lead", place.comprehensives[0].pk, None, ""),
        (worker.pk, "grid_worker_ft", place.micros[0].pk, None, ""),
        (worker.pk, "grid_worker_ft", place.micros[1].pk, None, ""),
        (staff.pk, "unit_staff", None, unit.pk, ""),
        (district.pk, "district_staff", None, None, "990101"),
    ]
    assert Record.objects.filter(verb="posts.given").count() == 5


def test_faulty_posts(system):
    place = make_street()
    plan = [
        PostRow(make_user(), PostKind.GRID_WORKER_FT, LONG_AGO, grid_code=place.comprehensives[0].code),
        PostRow(make_user(), PostKind.GRID_WORKER_FT, LONG_AGO, grid_code=place.micros[0].code),
        PostRow(make_user(Role.STREET), PostKind.GRID_WORKER_FT, LONG_AGO, grid_code=place.micros[0].code),
        PostRow(make_user(), PostKind.GRID_WORKER_FT, LONG_AGO, grid_code="1"),
        PostRow(make_user(), PostKind.GRID_WORKER_FT, LONG_AGO),
    ]
    with pytest.raises(BadRows) as refused:
        actions.bulk_post(rows=plan, by=system, at=MONDAY)
    assert [(f.row, f.field) for f in refused.value.rows] == [(0, "grid"), (2, "user"), (3, "grid"), (4, "grid")]
    assert Post.objects.count() == 0


# --- party organisations ---------------------------------------------------------------------------------------------


def chain(place) -> list[PartyRow]:
    code = place.street.code
    say = {"street_code": code, "valid_from": LONG_AGO}
    return [
        PartyRow("g", PartyKind.GROUP, "小组", parent="b", grid_codes=[m.code for m in place.micros], **say),
        PartyRow("b", PartyKind.BRANCH, "支部", parent="c", grid_codes=[place.comprehensives[0].code], **say),
        PartyRow("c", PartyKind.COMMUNITY_COMMITTEE, "党委", parent="w", grid_codes=[place.totals[0].code], **say),
        PartyRow("w", PartyKind.WORK_COMMITTEE, "工委", grid_codes=[code], **say),
    ]


def test_a_chain(system):
    place = make_street()
    made = actions.bulk_party(rows=chain(place), by=system, at=MONDAY)
    assert reports.tree_faults() == []
    assert {key: PartyOrg.objects.get(pk=pk).level for key, pk in made.items()} == {"g": 3, "b": 2, "c": 1, "w": 0}
    assert set(PartyOrg.objects.get(pk=made["g"]).grids.all()) == set(place.micros)
    assert Record.objects.filter(verb="party.founded").count() == 4


def test_a_faulty_chain(system):
    place, elsewhere = make_street(), make_street("990101002")
    good = chain(place)
    say = {"street_code": place.street.code, "valid_from": LONG_AGO}
    bad = [
        *good,
        PartyRow("x", PartyKind.GROUP, "小组", parent="c", **say),
        PartyRow("y", PartyKind.GROUP, "小组", parent="b", grid_codes=[elsewhere.micros[0].code], **say),
        PartyRow("z", PartyKind.GROUP, "小组", parent="b", grid_codes=[place.totals[0].code], **say),
    ]
    with pytest.raises(BadRows) as refused:
        actions.bulk_party(rows=bad, by=system, at=MONDAY)
    assert [(f.row, f.field) for f in refused.value.rows] == [(4, "parent"), (5, "grids"), (6, "grids")]
    assert PartyOrg.objects.count() == 0


def test_a_district_is_founded_in_seconds(system):
    """4,000 grids with borders; a hundred times slower would be one statement a row."""
    assert GridKind.MICRO in {row.kind for row in rows()}
    plan = []
    for street in range(1, 11):
        code = f"9901{street:05}"
        plan += [GridRow(code, "street", "街", LONG_AGO), GridRow(f"{code}001000", "total", "总", LONG_AGO, code)]
        plan.append(GridRow(f"{code}001001", "comprehensive", "综", LONG_AGO, f"{code}001000"))
        plan += [
            GridRow(
                f"{code}001001{i:03}", "micro", "微", LONG_AGO, f"{code}001001", "resident", 40, square(118 + i / 100)
            )
            for i in range(1, 398)
        ]
    start = dt.datetime.now(dt.UTC)
    actions.bulk_found(rows=plan, by=system, at=MONDAY)
    assert Grid.objects.count() == len(plan) == 4000
    assert reports.tree_faults() == []
    assert dt.datetime.now(dt.UTC) - start < dt.timedelta(seconds=60)
