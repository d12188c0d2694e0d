"""Who sees what of the map: the one place where row scope is spelled."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Delegation
from accounts.queries import stands_in_for
from grids.choices import PartyKind, PostKind
from grids.models import Grid, PartyOrg, Post, Unit
from grids.queries import forget_scope, scope_of
from tests.factories import LONG_AGO, MONDAY, give, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def place():
    return make_street(totals=2, comprehensives=2, micros=2)


@pytest.fixture
def elsewhere():
    return make_street("990102001")


def seen(user, model=Grid):
    forget_scope(user)
    return set(model.objects.visible_to(user).values_list("pk", flat=True))


def pks(*rows):
    return {row.pk for row in rows}


def test_a_worker_sees_the_own_cell_and_the_way_up(place, elsewhere):
    worker = make_user()
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    way = pks(place.micros[0], place.comprehensives[0], place.totals[0], place.street)
    assert seen(worker) == way
    give(worker, PostKind.GRID_WORKER_FT, place.micros[7])
    assert seen(worker) == way | pks(place.micros[7], place.comprehensives[3], place.totals[1])


def test_a_lead_sees_down_and_up(place, elsewhere):
    lead = make_user(Role.TOTAL_LEAD)
    give(lead, PostKind.ROOT_GRID_LEAD, place.totals[1])
    below = pks(*place.comprehensives[2:], *place.micros[4:])
    assert seen(lead) == below | pks(place.totals[1], place.street)


def test_a_street_hand_sees_the_street_and_district_staff_the_district(place, elsewhere):
    hand, district = make_user(Role.STREET), make_user(Role.STREET)
    give(hand, PostKind.STREET_STAFF, place.street)
    give(district, PostKind.DISTRICT_STAFF, area_prefix="990101")
    everything = pks(place.street, *place.totals, *place.comprehensives, *place.micros)
    assert seen(hand) == seen(district) == everything
    assert len(scope_of(district).nodes) == 1


@pytest.mark.parametrize("role", [Role.STREET, Role.WORKER, Role.UNIT_STAFF, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_without_a_post_there_is_no_map(role, place):
    assert seen(make_user(role)) == set()
    assert not scope_of(make_user(role))


def test_the_system_hand_sees_it_all(place, elsewhere):
    assert len(seen(make_user(Role.SYSTEM_ADMIN))) == Grid.objects.count() == 20


def test_days_count(place):
    worker = make_user()
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0], valid_from=TODAY, valid_to=TODAY)
    assert not scope_of(worker, TODAY - dt.timedelta(1))
    assert scope_of(worker, TODAY).covers(place.micros[0])
    assert not scope_of(worker, TODAY).covers(place.comprehensives[0])
    assert not scope_of(worker, TODAY + dt.timedelta(1))


def test_scope_is_read_once_a_request(place, django_assert_num_queries):
    worker = make_user()
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    with django_assert_num_queries(1):
        assert scope_of(worker) is scope_of(worker)
    # No border comes along, and no model row is made.
    assert not {"border", "shape", "box"} & set(scope_of(worker).nodes[0]._fields)


def stand_in(user, deputy, day=TODAY):
    return Delegation.objects.create(
        user=user, deputy=deputy, valid_from=day, valid_to=day, made_by=user, made_at=MONDAY
    )


def test_who_stands_in_sees_what_the_absent_one_sees(place, elsewhere, django_assert_num_queries):
    lead, worker, far, staff, colleague = (
        make_user(Role.COMPREHENSIVE_LEAD), make_user(), make_user(), make_user(Role.UNIT_STAFF), make_user(Role.UNIT_STAFF),
    )  # fmt: skip
    one, other = make_unit(), make_unit()
    give(lead, PostKind.GRID_LEAD, place.comprehensives[3])
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    give(far, PostKind.GRID_WORKER_FT, elsewhere.micros[0], valid_to=TODAY)
    give(staff, PostKind.UNIT_STAFF, one)
    give(colleague, PostKind.UNIT_STAFF, other)
    stand_in(worker, lead), stand_in(far, worker), stand_in(staff, colleague)
    with django_assert_num_queries(1):
        scope = scope_of(lead, TODAY)
    # The chain far → worker → lead ends at the lead; the worker is away and stands in for nobody.
    assert {node.pk for node in scope.nodes} == pks(place.comprehensives[3], place.micros[0], elsewhere.micros[0])
    assert {node.pk for node in scope_of(worker, TODAY).nodes} == pks(place.micros[0])
    assert sorted(scope_of(colleague, TODAY).units) == [one.pk, other.pk]
    give(colleague, PostKind.UNIT_STAFF, one)
    assert sorted(scope_of(colleague, TODAY).units) == [one.pk, other.pk]
    assert scope_of(staff, TODAY).units == [one.pk]
    tomorrow = TODAY + dt.timedelta(1)
    assert {node.pk for node in scope_of(lead, tomorrow).nodes} == pks(place.comprehensives[3])


def test_with_the_scope_is_read_for_whom_one_stands_in(place, django_assert_num_queries):
    lead, worker, nobody = make_user(Role.COMPREHENSIVE_LEAD), make_user(), make_user()
    give(lead, PostKind.GRID_LEAD, place.comprehensives[0])
    today = timezone.localdate()
    stand_in(worker, lead, today), stand_in(make_user(), nobody, today)
    with django_assert_num_queries(1):
        assert scope_of(lead)
        assert stands_in_for(lead) == [worker.pk]
    # Without any post there is no row to read it from.
    assert not scope_of(nobody)
    assert len(stands_in_for(nobody)) == 1
    Delegation.objects.all().delete()
    forget_scope(lead)
    assert stands_in_for(lead) == []


def test_a_district_hand_stands_in_for_another(place, elsewhere):
    one, other = make_user(Role.STREET), make_user(Role.STREET)
    give(one, PostKind.DISTRICT_STAFF, area_prefix="990101")
    give(other, PostKind.DISTRICT_STAFF, area_prefix="990102")
    stand_in(one, other)
    assert {node.pk for node in scope_of(other, TODAY).nodes} == pks(place.street, elsewhere.street)


def test_a_moved_grid_is_seen_by_its_new_lead(place):
    from grids import actions

    old, new = make_user(Role.TOTAL_LEAD), make_user(Role.TOTAL_LEAD)
    give(old, PostKind.ROOT_GRID_LEAD, place.totals[0])
    give(new, PostKind.ROOT_GRID_LEAD, place.totals[1])
    moved = place.comprehensives[0]
    actions.move_grid(grid=moved, parent=place.totals[1], by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    assert pks(moved, *place.micros[:2]) <= seen(new)
    assert not pks(moved, *place.micros[:2]) & seen(old)


def test_posts(place, elsewhere):
    hand, worker, staff = make_user(Role.STREET), make_user(), make_user(Role.UNIT_STAFF)
    unit = make_unit()
    one = give(hand, PostKind.STREET_STAFF, place.street)
    two = give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    three = give(staff, PostKind.UNIT_STAFF, unit)
    four = give(make_user(), PostKind.GRID_WORKER_FT, elsewhere.micros[0])
    near = give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, make_unit(area_prefix="990101"))
    inside = give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, make_unit(area_prefix="990101001002"))
    far = give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, make_unit(area_prefix="990102"))
    assert seen(hand, Post) == pks(one, two, three, near, inside)
    assert seen(worker, Post) == pks(two)
    assert seen(staff, Post) == pks(three)
    assert seen(make_user(Role.AUDITOR), Post) == set()
    assert seen(make_user(Role.SECURITY_ADMIN), Post) == pks(one, two, three, four, near, inside, far)


def test_units(place):
    unit, worker = make_unit(), make_user()
    assert seen(worker, Unit) == set()
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    assert seen(worker, Unit) == pks(unit)
    assert seen(make_user(Role.AUDITOR), Unit) == set()


def test_party_organisations(place, elsewhere):
    def org(kind, parent=None, street=place.street, *grids):
        made = PartyOrg.objects.create(kind=kind, name=kind, parent=parent, street=street, valid_from=LONG_AGO)
        made.grids.set(grids)
        return made

    root = org(PartyKind.WORK_COMMITTEE)
    middle = org(PartyKind.COMMUNITY_COMMITTEE, root)
    branch = org(PartyKind.BRANCH, middle)
    mine = org(PartyKind.GROUP, branch, place.street, place.micros[0])
    other = org(PartyKind.GROUP, branch, place.street, place.micros[1])
    far = org(PartyKind.WORK_COMMITTEE, None, elsewhere.street)
    worker, hand = make_user(), make_user(Role.STREET)
    give(worker, PostKind.GRID_WORKER_FT, place.micros[0])
    give(hand, PostKind.STREET_STAFF, place.street)
    assert seen(worker, PartyOrg) == pks(root, middle, branch, mine)
    assert seen(hand, PartyOrg) == pks(root, middle, branch, mine, other)
    assert seen(make_user(), PartyOrg) == set()
    assert far.pk in seen(make_user(Role.SYSTEM_ADMIN), PartyOrg)
