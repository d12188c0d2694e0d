"""Professional workers bound to grids: who may bind whom to what, how it ends, and whom a grid can call."""

import datetime as dt
from dataclasses import replace

import pytest

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions
from grids.actions import BadRows, BindRow
from grids.choices import PostKind
from grids.models import Binding, Grid, Post
from grids.reports import specialists_for, specialists_on
from tests.factories import LONG_AGO, MONDAY, give, make_cast, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(1)
TOMORROW = TODAY + DAY


@pytest.fixture
def place():
    return make_street(totals=2)


@pytest.fixture
def water():
    return make_unit("供水公司", area_prefix="990101")


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return user


def specialist(unit, **values) -> Post:
    name = {"full_name": values.pop("full_name")} if "full_name" in values else {}
    return give(make_user(Role.UNIT_STAFF, **name), PostKind.SPECIALIST_WORKER, unit, **values)


def tie(post, grid, *matters, **values) -> Binding:
    return Binding.objects.create(post=post, grid=grid, matters=list(matters), **{"valid_from": LONG_AGO, **values})


def verbs(*names):
    return Record.objects.filter(verb__in=names or ("bindings.bound", "bindings.ended"))


# --- binding ---------------------------------------------------------------------------------------------------------


def test_binding_and_ending(place, water, office):
    post = specialist(water)
    binding = actions.bind_specialist(
        post=post, grid=place.totals[0], matters=[" 0502", "05", "0502", ""], by=office, at=MONDAY
    )
    binding.refresh_from_db()
    assert (binding.matters, binding.valid_from, binding.valid_to) == (["05", "0502"], TODAY, None)
    row = verbs("bindings.bound").get()
    assert (row.scope, row.actor) == (place.totals[0].code, office)
    assert row.data == {
        "user": post.user_id, "post": post.pk, "unit": water.pk, "grid": place.totals[0].pk, "matters": ["05", "0502"],
        "from": "2026-09-07", "to": None,
    }  # fmt: skip
    actions.end_binding(binding=binding, valid_to=TODAY, by=office, at=MONDAY)
    assert list(Binding.objects.current(TODAY)) == [binding]
    assert list(Binding.objects.current(TOMORROW)) == []
    assert verbs("bindings.ended").get().data == {"changes": {"valid_to": [None, "2026-09-07"]}}
    actions.end_binding(binding=binding, valid_to=TODAY, by=office, at=MONDAY)
    assert verbs("bindings.ended").count() == 1


def test_every_kind_of_grid_and_many_of_them(place, water, office):
    post = specialist(water)
    grids = [place.street, place.totals[0], place.comprehensives[0], place.micros[0]]
    for grid in grids:
        actions.bind_specialist(post=post, grid=grid, by=office, at=MONDAY)
    assert [b.grid for b in post.bindings.order_by("pk")] == grids


def test_who_may_bind(place, water, office):
    """The office of the grid, the office of the unit's area, the security hand; nobody else."""
    far = make_street("990101002")
    neighbour = make_user(Role.STREET)
    give(neighbour, PostKind.STREET_STAFF, far.street)
    stranger = make_user(Role.STREET)
    give(stranger, PostKind.STREET_STAFF, make_street("980101001").street)
    own = make_unit(area_prefix=place.street.code)
    for by, unit in ((office, water), (neighbour, water), (make_user(Role.SECURITY_ADMIN), own)):
        actions.bind_specialist(post=specialist(unit), grid=place.totals[0], by=by, at=MONDAY)
    count = verbs().count()
    staff = make_user(Role.UNIT_STAFF)
    give(staff, PostKind.UNIT_STAFF, own)
    lead = make_user(Role.TOTAL_LEAD)
    give(lead, PostKind.ROOT_GRID_LEAD, place.totals[0])
    post = specialist(own)
    for by in (neighbour, stranger, staff, lead, post.user, make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR)):
        with pytest.raises(Forbidden):
            actions.bind_specialist(post=post, grid=place.totals[0], by=by, at=MONDAY)
    assert post.bindings.count() == 0
    assert verbs().count() == count == 3


def test_refusals_change_nothing(place, water, office):
    elsewhere = make_street("990101002")
    ended = place.micros[1]
    Grid.objects.filter(pk=ended.pk).update(valid_to=TODAY)
    for refusal, change in (
        (Invalid, {"post": give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, water)}),
        (Invalid, {"post": give(make_user(), PostKind.GRID_WORKER_FT, place.micros[0])}),
        (Invalid, {"post": specialist(make_unit(area_prefix="990101002"))}),
        (Invalid, {"post": specialist(make_unit(area_prefix="990102"))}),
        (Forbidden, {"post": specialist(make_unit(area_prefix="990102")), "grid": elsewhere.totals[0]}),
        (Invalid, {"valid_to": TODAY - DAY}),
        (Invalid, {"matters": ["05", "05;01"]}),
        (Invalid, {"matters": ["水"]}),
        (Conflict, {"grid": ended, "valid_from": TOMORROW}),
        (Conflict, {"valid_from": LONG_AGO - DAY}),
        (Conflict, {"post": specialist(water, valid_to=TODAY - DAY)}),
        (Conflict, {"post": specialist(water, valid_from=TOMORROW)}),
    ):
        with pytest.raises(refusal):
            given = {"post": specialist(water), "grid": place.totals[0], "by": office, "at": MONDAY, **change}
            actions.bind_specialist(**given)
    assert Binding.objects.count() == 0
    assert verbs().count() == 0


def test_the_same_pair_twice_needs_different_days(place, water, office):
    post = specialist(water)
    say = {"post": post, "grid": place.totals[0], "by": office, "at": MONDAY}
    actions.bind_specialist(valid_from=TODAY, valid_to=TOMORROW, **say)
    for days in (
        {"valid_from": TOMORROW}, {"valid_from": LONG_AGO}, {"valid_from": TODAY, "valid_to": TODAY},
        {"valid_from": TODAY - DAY, "valid_to": TODAY},
    ):  # fmt: skip
        with pytest.raises(Conflict, match="already") as refused:
            actions.bind_specialist(**say, **days)
        assert (refused.value.code, refused.value.field) == ("bound", "grid")
    assert (post.bindings.count(), verbs().count()) == (1, 1)
    actions.bind_specialist(valid_from=LONG_AGO, valid_to=TODAY - DAY, **say)
    actions.bind_specialist(valid_from=TOMORROW + DAY, **say)
    actions.bind_specialist(**{**say, "grid": place.totals[1]})
    assert post.bindings.count() == 4


def test_refusals_of_ending_change_nothing(place, water, office):
    binding = tie(specialist(water), place.totals[0], valid_to=TODAY)
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, make_street("980101001").street)
    for refusal, change in (
        (Forbidden, {"by": outsider}),
        (Forbidden, {"by": binding.post.user}),
        (Invalid, {"valid_to": LONG_AGO - DAY}),
        (Conflict, {"valid_to": TOMORROW}),
    ):
        with pytest.raises(refusal):
            actions.end_binding(**{"binding": binding, "valid_to": TODAY, "by": office, "at": MONDAY, **change})
    binding.refresh_from_db()
    assert binding.valid_to == TODAY
    assert verbs().count() == 0


# --- what ends with what ---------------------------------------------------------------------------------------------


def test_a_binding_lasts_no_longer_than_post_and_grid(place, water, office):
    ending = specialist(water, valid_to=TODAY + 5 * DAY)
    say = {"by": office, "at": MONDAY}
    assert actions.bind_specialist(post=ending, grid=place.totals[0], **say).valid_to == TODAY + 5 * DAY
    Grid.objects.filter(pk=place.micros[0].pk).update(valid_to=TODAY + 3 * DAY)
    assert actions.bind_specialist(post=ending, grid=place.micros[0], **say).valid_to == TODAY + 3 * DAY
    cut = actions.bind_specialist(post=ending, grid=place.totals[1], valid_to=TOMORROW, **say)
    assert cut.valid_to == TOMORROW


def test_bindings_end_with_their_post(place, water, office):
    post = specialist(water)
    over = tie(post, place.micros[0], valid_to=TODAY - DAY)
    standing = tie(post, place.totals[0])
    future = tie(post, place.totals[1], valid_from=TODAY + 9 * DAY)
    other = tie(specialist(water), place.totals[0])
    actions.end_post(post=post, valid_to=TODAY, by=office, at=MONDAY)
    days = dict(Binding.objects.values_list("pk", "valid_to"))
    assert days == {over.pk: TODAY - DAY, standing.pk: TODAY, future.pk: TODAY + 9 * DAY, other.pk: None}
    assert list(verbs().order_by("pk").values_list("verb", "subject_id", "data")) == [
        ("bindings.ended", standing.pk, {"changes": {"valid_to": [None, "2026-09-07"]}, "because": "posts.ended"}),
        ("bindings.ended", future.pk, {"changes": {"valid_to": [None, "2026-09-16"]}, "because": "posts.ended"}),
    ]
    # One that had not begun keeps its first day on paper, and still nobody is called then.
    assert list(Binding.objects.current(TODAY + 9 * DAY)) == [other]


def test_bindings_end_with_their_grid(place, water, office):
    post, grid = specialist(water), place.micros[0]
    gone, stays = tie(post, grid, "05"), tie(post, place.totals[0])
    actions.retire_grid(grid=grid, valid_to=TODAY, by=office, at=MONDAY)
    assert dict(Binding.objects.values_list("pk", "valid_to")) == {gone.pk: TODAY, stays.pk: None}
    row = verbs().get()
    assert (row.verb, row.scope) == ("bindings.ended", grid.code)
    assert row.data == {"changes": {"valid_to": [None, "2026-09-07"]}, "because": "grids.retired"}
    assert [s.grid for s in specialists_for(grid, TOMORROW)] == [place.totals[0].pk]


# --- many at once ----------------------------------------------------------------------------------------------------


def test_many_bindings_cost_few_queries(place, water, django_assert_max_num_queries):
    system = User.objects.system()
    posts = [specialist(water) for _ in range(30)]
    plan = [BindRow(post, grid.code, LONG_AGO, ("0501",)) for post in posts for grid in place.totals]
    with django_assert_max_num_queries(20):
        assert actions.bulk_bind(rows=plan, by=system, at=MONDAY) == 60
    assert verbs("bindings.bound").count() == 60
    first = Binding.objects.order_by("pk").first()
    assert (first.post, first.grid, first.matters) == (posts[0], place.totals[0], ["0501"])


def test_faulty_rows_are_all_told_and_nothing_is_written(place, water):
    post = specialist(water)
    tie(specialist(water), place.totals[0])
    standing = tie(post, place.totals[1], valid_to=TODAY)
    good = BindRow(post, place.totals[0].code, TODAY)
    plan = [
        good,
        replace(good, valid_from=TOMORROW),
        replace(good, grid_code="1"),
        replace(good, grid_code=place.micros[0].code, matters=("?",)),
        replace(good, grid_code=place.totals[1].code),
        replace(good, post=give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, water)),
        replace(good, grid_code=place.totals[1].code, valid_from=TOMORROW),
    ]
    with pytest.raises(BadRows) as refused:
        actions.bulk_bind(rows=plan, by=User.objects.system(), at=MONDAY)
    assert [(f.row, f.field) for f in refused.value.rows] == [
        (1, "grid"), (2, "grid"), (3, "matters"), (4, "grid"), (5, "post"),
    ]  # fmt: skip
    assert list(post.bindings.all()) == [standing]
    assert verbs().count() == 0


def test_many_by_whom(place, water, office):
    outsider = make_user(Role.STREET)
    give(outsider, PostKind.STREET_STAFF, make_street("980101001").street)
    plan = [BindRow(specialist(water), place.totals[0].code, TODAY)]
    for by in (outsider, make_user(Role.SYSTEM_ADMIN)):
        with pytest.raises(BadRows):
            actions.bulk_bind(rows=plan, by=by, at=MONDAY)
    assert Binding.objects.count() == 0
    assert actions.bulk_bind(rows=plan, by=office, at=MONDAY) == 1


# --- who sees them ---------------------------------------------------------------------------------------------------


def test_whoever_sees_the_grid_or_is_in_the_unit_sees_it():
    cast = make_cast()
    post = specialist(cast.unit)
    place = cast.place
    grids = [place.street, place.totals[0], place.micros[0], place.micros[1]]
    ties = [tie(post, grid) for grid in grids]
    stranger = make_user(Role.UNIT_STAFF)
    give(stranger, PostKind.UNIT_STAFF, make_unit())

    def seen(user):
        return list(Binding.objects.visible_to(user).order_by("pk"))

    for user in (cast.street, cast.total_lead, cast.lead, cast.unit_staff, post.user):
        assert seen(user) == ties
    assert seen(cast.worker) == ties[:3]  # a worker sees the own micro-grid and those above
    assert seen(cast.outsider) == seen(stranger) == seen(make_user(Role.AUDITOR)) == seen(make_user()) == []
    assert seen(make_user(Role.SECURITY_ADMIN)) == seen(make_user(Role.SYSTEM_ADMIN)) == ties


# --- whom a grid can call --------------------------------------------------------------------------------------------


def test_the_nearest_first_and_the_fitting_before_all(place, water):
    power = make_unit("1供电公司", area_prefix="990101")
    everywhere = tie(specialist(water), place.street)
    near = tie(specialist(water), place.micros[0], "06")
    named = tie(specialist(power), place.totals[0], "05")
    anything = tie(specialist(water), place.totals[0])
    exact = tie(specialist(water), place.comprehensives[0], "0501", "0601")
    elsewhere = tie(specialist(water), place.micros[1])
    tie(specialist(water), place.totals[1])

    def order(grid, **more):
        return [found.binding for found in specialists_for(grid, TODAY, **more)]

    assert order(place.micros[0]) == [near.pk, exact.pk, named.pk, anything.pk, everywhere.pk]
    assert order(place.micros[0], matter="0501") == [exact.pk, named.pk, anything.pk, everywhere.pk, near.pk]
    assert order(place.micros[0], matter="06") == [near.pk, anything.pk, everywhere.pk, exact.pk, named.pk]
    assert order(place.micros[0], matter="0501", units=[power.pk]) == [named.pk]
    assert order(place.micros[0], units=[]) == []
    assert order(place.totals[0]) == [named.pk, anything.pk, everywhere.pk]
    assert order(place.micros[1])[0] == elsewhere.pk
    path = [grid.pk for grid in (place.street, place.totals[0], place.micros[1])]
    assert [s.binding for s in specialists_on(path, TODAY)] == [elsewhere.pk, named.pk, anything.pk, everywhere.pk]
    assert [s.fits for s in specialists_for(place.micros[0], TODAY, "0501")] == [True, True, True, True, False]


def test_what_is_told_of_a_specialist(place, water):
    post = specialist(water, full_name="王水")
    User.objects.filter(pk=post.user_id).update(phone="13800001234")
    binding = tie(post, place.totals[0], "05")
    (found,) = specialists_for(place.micros[0], TODAY)
    assert (found.user, found.name, found.phone, found.is_public_contact) == (
        post.user_id, "王水", "138****1234", False,
    )  # fmt: skip
    assert (found.unit, found.unit_name, found.post, found.binding) == (water.pk, "供水公司", post.pk, binding.pk)
    assert (found.grid, found.grid_code, found.grid_name) == (
        place.totals[0].pk, place.totals[0].code, place.totals[0].name,
    )  # fmt: skip
    assert (found.matters, found.fits) == (("05",), True)
    Post.objects.filter(pk=post.pk).update(is_public_contact=True)
    assert specialists_for(place.micros[0], TODAY)[0].phone == "13800001234"


def test_who_is_bound_twice_on_the_way_is_named_once(place, water):
    post = specialist(water)
    tie(post, place.street)
    near = tie(post, place.totals[0])
    assert [s.binding for s in specialists_for(place.micros[0], TODAY)] == [near.pk]


def test_nobody_who_can_not_be_called(place, water):
    locked, closed = specialist(water), make_unit(area_prefix="990101", is_active=False)
    User.objects.filter(pk=locked.user_id).update(is_active=False)
    tie(locked, place.totals[0])
    tie(specialist(closed), place.totals[0])
    tie(specialist(water), place.totals[0], valid_to=TODAY - DAY)
    tie(specialist(water), place.totals[0], valid_from=TOMORROW)
    tie(specialist(water, valid_to=TODAY - DAY), place.totals[0])
    assert specialists_for(place.micros[0], TODAY) == []


def test_one_query_however_many(place, water, django_assert_num_queries):
    for count in (1, 12):
        for _ in range(count):
            tie(specialist(water), place.totals[0], "05")
        with django_assert_num_queries(1):
            found = specialists_for(place.micros[0], TODAY, "0501", [water.pk])
        assert len(found) == Binding.objects.count()
