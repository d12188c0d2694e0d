"""Splitting and merging grids: what is refused, what goes along, and what stays where it was."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice, User
from cases import actions as cases
from cases.actions import Report
from cases.models import Case
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Job, Record
from grids import actions, reports
from grids.actions import Part
from grids.choices import PartyKind, PostKind
from grids.models import Binding, Grid, PartyOrg, Post, Redrawing
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_user
from tests.grids.test_borders import draw, rectangle

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
YESTERDAY = TODAY - dt.timedelta(days=1)
WEST, MIDDLE, EAST, SOUTH, NORTH = 118.0, 118.01, 118.02, 32.0, 32.01
LEFT, RIGHT = rectangle(WEST, SOUTH, MIDDLE, NORTH), rectangle(MIDDLE, SOUTH, EAST, NORTH)


@pytest.fixture
def cast() -> Cast:
    """The first micro-grid lies in the west of its comprehensive grid, the second in the east."""
    found = make_cast("B")
    draw(found.place.comprehensives[0], rectangle(WEST, SOUTH, EAST, NORTH))
    draw(found.place.micros[0], LEFT)
    draw(found.place.micros[1], RIGHT)
    return found


def halves(**values: Any) -> list[Part]:
    """The first micro-grid in a western and an eastern half."""
    middle = (WEST + MIDDLE) / 2
    return [
        Part("西半", border=rectangle(WEST, SOUTH, middle, NORTH), households=20, **values),
        Part("东半", border=rectangle(middle, SOUTH, MIDDLE, NORTH), households=20),
    ]


def report(cast: Cast, grid: Grid, lng: float | None = None, **values: Any) -> Case:
    point = {} if lng is None else {"lng": lng, "lat": (SOUTH + NORTH) / 2}
    asked = Report(category=cast.category.code, text="楼道堆物", place="东门", grid=grid.code, **point, **values)
    return cases.report_case(report=asked, by=cast.street, at=MONDAY)


def settle() -> None:
    while jobs.run_due(at=MONDAY + dt.timedelta(minutes=1)):
        pass


def refused(verb: Any, error: type[Refusal], **given: Any) -> str:
    """VERB says no, and nothing has changed."""
    before = _everything()
    with pytest.raises(error) as told:
        verb(at=MONDAY, **given)
    assert _everything() == before
    return str(told.value)


def _everything() -> Any:
    return [
        sorted(rows.values_list()) if rows is not None else None
        for rows in (Grid.objects.values("pk", "code", "parent_id", "valid_from", "lft", "rght"),
                     Post.objects.values("pk", "grid_id"), Redrawing.objects.values("pk", "state"),
                     Record.objects.values("pk"), Job.objects.values("pk"))
    ]  # fmt: skip


# --- splitting -------------------------------------------------------------------------------------------------------


def test_a_micro_grid_is_split(cast: Cast) -> None:
    old = cast.place.micros[0]
    row = actions.split_grid(grid=old, parts=halves(), by=cast.street, at=MONDAY)
    old.refresh_from_db()
    west, east = row.after.order_by("code")
    assert (row.state, row.on, old.valid_to, old.code) == ("done", TODAY, YESTERDAY, "990101001001001001")
    assert (west.code, west.name, west.kind, west.micro_type) == ("990101001001001003", "西半", "micro", "resident")
    assert (east.code, east.valid_from, east.parent_id, east.households) == (
        "990101001001001004", TODAY, old.parent_id, 20,
    )  # fmt: skip
    assert reports.coverage(cast.place.comprehensives[0], TODAY).whole
    assert reports.coverage(cast.place.comprehensives[0], YESTERDAY).whole
    assert reports.tree_faults() == []
    (told,) = Record.objects.filter(verb="grids.split")
    assert (told.subject_id, told.data["to"], told.data["rest"]) == (old.pk, [west.pk, east.pk], west.pk)


def test_what_hangs_on_it_goes_along(cast: Cast) -> None:
    old = cast.place.micros[0]
    say: Any = {"by": make_user(Role.SYSTEM_ADMIN), "at": MONDAY}
    committee = actions.found_party_org(
        parent=None, street=cast.place.street, kind="work_committee", name="工委", **say
    )
    org = PartyOrg(kind=PartyKind.GROUP, name="小组", street=cast.place.street, parent=committee, valid_from=LONG_AGO)
    org.save()
    org.grids.set([old, cast.place.micros[1]])
    member = give(make_user(), PostKind.MICRO_GRID_WORKER, old, is_public_contact=True)
    gone = give(make_user(), PostKind.BUILDING_LEAD, old, valid_to=YESTERDAY)
    specialist = give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, cast.unit)
    actions.bind_specialist(post=specialist, grid=old, matters=["05"], by=cast.street, at=MONDAY)
    worker = Post.objects.get(user=cast.worker)
    parts = halves(without=(member.pk,))
    west, east = actions.split_grid(grid=old, parts=parts, by=cast.street, at=MONDAY).after.order_by("code")

    def held(grid: Grid) -> list[tuple[Any, ...]]:
        return list(grid.posts.order_by("kind").values_list("user", "kind", "valid_from", "valid_to"))

    full_time = (cast.worker.pk, "grid_worker_ft", TODAY, None)
    assert held(west) == [full_time]
    assert held(east) == [full_time, (member.user_id, "micro_grid_worker", TODAY, None)]
    assert east.posts.get(user=member.user).is_public_contact
    for post, end in ((worker, YESTERDAY), (member, YESTERDAY), (gone, YESTERDAY)):
        post.refresh_from_db()
        assert post.valid_to == end
    bound = Binding.objects.filter(valid_to=None).order_by("grid__code").values_list("grid", "matters", "valid_from")
    assert list(bound) == [(west.pk, ["05"], TODAY), (east.pk, ["05"], TODAY)]
    assert set(org.grids.all()) == {west, east, cast.place.micros[1]}
    assert Record.objects.filter(verb="posts.ended").count() == 2


def test_open_cases_follow_by_their_place(cast: Cast) -> None:
    old = cast.place.micros[0]
    in_west, in_east, nowhere = report(cast, old, 118.002), report(cast, old, 118.008), report(cast, old)
    closed = report(cast, old, 118.008)
    cases.reject_case(case=closed, reason="no_content", by=cast.lead, at=MONDAY)
    cases.accept_case(case=in_east, by=cast.lead, at=MONDAY)
    cases.dispatch_case(case=in_east, grid=old.code, by=cast.lead, at=MONDAY)
    row = actions.split_grid(grid=old, parts=halves(), rest=1, by=cast.street, at=MONDAY)
    settle()
    west, east = row.after.order_by("code")
    for case, grid in ((in_west, west), (in_east, east), (nowhere, east), (closed, old)):
        case.refresh_from_db()
        assert (case.grid_id, case.comprehensive_id) == (grid.pk, cast.place.comprehensives[0].pk)
    in_east.refresh_from_db()
    assert in_east.lead_order is not None
    assert in_east.lead_order.grid_id == east.pk
    (told,) = Record.objects.filter(verb="cases.redrawn", subject_id=in_east.pk)
    assert told.data["changes"] == {"grid": [old.pk, east.pk]}
    worker = User.objects.get(pk=cast.worker.pk)
    cases.sign_in_case(case=in_east, by=worker, at=MONDAY + dt.timedelta(minutes=2))


def test_the_grids_below_go_to_one_part_each(cast: Cast) -> None:
    old, (first, second) = cast.place.comprehensives[0], cast.place.micros
    case = report(cast, second, 118.015)
    parts = [Part("西片", border=LEFT, children=(first.code,)), Part("东片", border=RIGHT, children=(second.code,))]
    row = actions.split_grid(grid=old, parts=parts, by=cast.street, at=MONDAY)
    settle()
    west, east = row.after.order_by("code")
    first.refresh_from_db()
    second.refresh_from_db()
    case.refresh_from_db()
    assert (west.code, east.code) == ("990101001001002", "990101001001003")
    assert (first.parent_id, second.parent_id) == (west.pk, east.pk)
    assert (case.grid_id, case.comprehensive_id) == (second.pk, east.pk)
    assert {cast.lead.pk} == set(east.posts.values_list("user", flat=True))
    assert reports.tree_faults() == []
    assert User.objects.get(pk=cast.lead.pk) and Case.objects.visible_to(User.objects.get(pk=cast.lead.pk)).count() == 1


def test_what_does_not_fit_is_refused(cast: Cast) -> None:
    old, by = cast.place.micros[0], cast.street
    west, east = halves()

    def no(parts: Any, error: type[Refusal] = Invalid, grid: Grid = old, **more: Any) -> str:
        return refused(actions.split_grid, error, grid=grid, parts=parts, **{"by": by, **more})

    assert no([west]) == "A grid is split into 2 to 12 parts."
    assert no([west, Part("东半")]) == "Each part needs its border."
    assert no([west, Part("东半", border=rectangle(118.006, SOUTH, MIDDLE, NORTH))]) == (
        "The parts leave 104775 m² of the grid out."
    )
    assert no([west, Part("东半", border=rectangle(118.004, SOUTH, MIDDLE, NORTH))]) == (
        "Two parts overlap on 104775 m²."
    )
    assert no([west, Part("东半", border=rectangle(118.005, SOUTH, 118.011, NORTH))]) == (
        "A part lies with 104775 m² beyond the grid."
    )
    assert no([west, east], rest=2) == "Say which part takes the cases without a place."
    assert no([west, Part("", border=east.border)]) == "This field cannot be blank."
    taken = Part("东半", code=cast.place.micros[1].code, border=east.border)
    assert no([west, taken], Conflict) == "The code 990101001001001002 is in use or was once."
    assert no([west, east], on=YESTERDAY).startswith("What has happened stays where it happened")
    assert no([west, east], on=TODAY + dt.timedelta(days=367)) == "At most 366 days ahead."
    assert no([west, east], grid=cast.place.street) == "A street is neither split nor merged here."
    assert no([west, east], Forbidden, by=cast.outsider) == "Only the street office splits and merges its grids."
    assert no([west, east], Forbidden, by=make_user(Role.SYSTEM_ADMIN))
    parent, (first, second) = cast.place.comprehensives[0], cast.place.micros
    children = [Part("西片", border=LEFT, children=(first.code,)), Part("东片", border=RIGHT)]
    assert no(children, grid=parent) == f"“{second.name}” ({second.code}) must go to one of the parts."
    crossed = [Part("西片", border=LEFT, children=(second.code,)), Part("东片", border=RIGHT, children=(first.code,))]
    assert "m² outside of “西片”" in no(crossed, grid=parent)
    foreign = [Part("西片", border=LEFT, children=(first.code, second.code, "1")), Part("东片", border=RIGHT)]
    assert "m² outside of “西片”" in no(foreign, grid=parent)


def test_a_grid_without_a_border_is_split_by_what_lies_below(cast: Cast) -> None:
    old, (first, second) = cast.place.comprehensives[0], cast.place.micros
    actions.clear_border(grid=old, by=cast.street, at=MONDAY)
    parts = [Part("甲", children=(first.code,)), Part("乙", children=(second.code,))]
    assert actions.split_grid(grid=old, parts=parts, by=cast.street, at=MONDAY).after.count() == 2


def test_whoever_saw_something_else_is_told(cast: Cast) -> None:
    old = cast.place.micros[0]
    seen = reports.moving([Grid.objects.get(pk=old.pk)], TODAY).mark
    give(make_user(), PostKind.BUILDING_LEAD, old)
    told = refused(actions.split_grid, Conflict, grid=old, parts=halves(), by=cast.street, seen=seen)
    assert told == "Meanwhile something else hangs on it. Look again at what moves."
    seen = reports.moving([Grid.objects.get(pk=old.pk)], TODAY).mark
    report(cast, old)  # a case comes in at any time and is no reason to look again
    assert actions.split_grid(grid=old, parts=halves(), by=cast.street, at=MONDAY, seen=seen).state == "done"


# --- merging ---------------------------------------------------------------------------------------------------------


def test_neighbours_become_one(cast: Cast) -> None:
    first, second = cast.place.micros
    give(cast.worker, PostKind.GRID_WORKER_FT, second, valid_from=TODAY)
    case = report(cast, second, 118.015)
    row = actions.merge_grids(grids=[second, first], name="合一", households=80, by=cast.street, at=MONDAY)
    settle()
    (heir,) = row.after.all()
    case.refresh_from_db()
    first.refresh_from_db()
    assert (heir.name, heir.code, heir.households) == ("合一", "990101001001001003", 80)
    assert (heir.box, round(heir.area_m2 or 0)) == ((WEST, SOUTH, EAST, NORTH), 2095496)
    assert (first.superseded_by_id, first.valid_to, case.grid_id) == (heir.pk, YESTERDAY, heir.pk)
    assert sorted(heir.posts.values_list("user", flat=True)) == sorted([cast.worker.pk, cast.other_worker.pk])
    assert reports.coverage(cast.place.comprehensives[0], TODAY).whole
    assert reports.tree_faults() == []


@pytest.mark.parametrize("named", [0, 1])
def test_a_number_that_was_not_released_stays_so(cast: Cast, named: int) -> None:
    """One person on both grids, named on the public page of one, without a number there."""
    first, second = cast.place.micros
    give(cast.worker, PostKind.GRID_WORKER_FT, second, valid_from=TODAY - dt.timedelta(days=30))
    public, quiet = (first, second) if named == 0 else (second, first)
    Post.objects.filter(user=cast.worker, grid=public).update(is_public_contact=True, public_phone="")
    Post.objects.filter(user=cast.worker, grid=quiet).update(is_public_contact=False, public_phone="13800000001")
    row = actions.merge_grids(grids=[second, first], name="合一", households=80, by=cast.street, at=MONDAY)
    settle()
    post = row.after.get().posts.get(user=cast.worker, kind=PostKind.GRID_WORKER_FT)
    assert (post.is_public_contact, post.public_phone) == (True, "")


def days_of(user: User) -> list[tuple[Any, ...]]:
    """Where USER is from when to when, and by which row."""
    held = Post.objects.filter(user=user).order_by("grid__code", "valid_from")
    return list(held.values_list("grid__name", "valid_from", "valid_to", "pk"))


def test_a_post_that_has_not_begun_goes_along_itself(cast: Cast) -> None:
    """To the first part that takes it; the others get posts of their own. On no day is it held on the old grid too."""
    old, soon = cast.place.micros[0], TODAY + dt.timedelta(days=9)
    begun = give(make_user(), PostKind.BUILDING_LEAD, old, valid_from=TODAY, is_public_contact=True)
    card = actions.issue_card(post=begun, by=cast.street, at=MONDAY)
    coming = give(make_user(), PostKind.BUILDING_LEAD, old, valid_from=soon)
    nobodys = give(make_user(), PostKind.BUILDING_LEAD, old, valid_from=soon)
    west, east = halves(without=(coming.pk, nobodys.pk))
    actions.split_grid(grid=old, parts=[west, replace(east, without=(nobodys.pk,))], by=cast.street, at=MONDAY)
    (in_west, in_east) = days_of(begun.user)
    assert in_west == ("西半", TODAY, None, begun.pk)
    assert in_east[:3] == ("东半", TODAY, None)
    assert days_of(coming.user) == [("东半", soon, None, coming.pk)]
    assert days_of(nobodys.user) == [(old.name, soon, soon, nobodys.pk)]
    card.refresh_from_db()
    assert (card.post_id, card.revoked_at) == (begun.pk, None)
    moved = Record.objects.filter(verb="posts.moved").order_by("subject_id").values_list("subject_id", "data__changes")
    heirs = {grid.name: grid.pk for grid in Grid.objects.filter(valid_from=TODAY)}
    assert list(moved) == [
        (begun.pk, {"grid": [old.pk, heirs["西半"]]}),
        (coming.pk, {"grid": [old.pk, heirs["东半"]]}),
    ]


def test_who_was_to_begin_on_both_grids_begins_once(cast: Cast) -> None:
    """Of two rows for the same days one goes along and one is taken away, its card with it."""
    first, second = cast.place.micros
    user, soon = make_user(), TODAY + dt.timedelta(days=9)
    kept = give(user, PostKind.BUILDING_LEAD, first, valid_from=TODAY, valid_to=soon)
    other = give(user, PostKind.BUILDING_LEAD, second, valid_from=TODAY, is_public_contact=True)
    card = actions.issue_card(post=other, by=cast.street, at=MONDAY)
    planned = give(cast.worker, PostKind.GRID_WORKER_FT, second, valid_from=soon)
    specialist = give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, cast.unit)
    bind: Any = {"post": specialist, "by": cast.street, "at": MONDAY}
    bound = [actions.bind_specialist(grid=grid, valid_from=soon, matters=["05"], **bind) for grid in (first, second)]
    heir = actions.merge_grids(grids=[first, second], name="合一", by=cast.street, at=MONDAY).after.get()
    assert days_of(user) == [("合一", TODAY, None, kept.pk)]
    card.refresh_from_db()
    assert (card.post_id, card.revoked_at) == (kept.pk, None)
    assert days_of(cast.worker) == [
        (first.name, LONG_AGO, YESTERDAY, Post.objects.get(user=cast.worker, grid=first).pk),
        ("合一", TODAY, None, planned.pk),
    ]
    assert list(Binding.objects.values_list("pk", "grid", "valid_from", "valid_to")) == [
        (bound[0].pk, heir.pk, soon, None)
    ]
    told = Record.objects.filter(verb="posts.ended", subject_id=other.pk).get()
    assert told.data == {"into": kept.pk, "because": "grids.redrawn"}


def test_what_can_not_become_one(cast: Cast) -> None:
    first, second = cast.place.micros

    def no(grids: list[Grid], error: type[Refusal] = Invalid, **more: Any) -> str:
        return refused(actions.merge_grids, error, grids=grids, name="合一", **{"by": cast.street, **more})

    assert no([first]) == "Choose at least two grids to merge."
    assert no([first, first]) == "Choose at least two grids to merge."
    apart = f"“{cast.place.comprehensives[0].name}” and “{first.name}” don't stand under the same grid."
    assert no([first, cast.place.comprehensives[0]]) == apart
    assert no([first, second], Forbidden, by=cast.outsider)
    draw(second, rectangle(118.011, SOUTH, EAST, NORTH))
    assert no([first, second]) == "These grids don't touch each other."
    actions.clear_border(grid=second, by=cast.street, at=MONDAY)
    assert no([first, second]) == f"“{second.name}” has no border. Draw it first."
    Grid.objects.filter(pk=second.pk).update(micro_type="merchant")
    assert no([first, second]) == f"“{first.name}” and “{second.name}” are of different kinds."


# --- on a later day --------------------------------------------------------------------------------------------------


def test_a_plan_is_carried_out_when_its_day_comes(cast: Cast) -> None:
    old, later, count = cast.place.micros[0], TODAY + dt.timedelta(days=3), Grid.objects.count()
    case = report(cast, old, 118.008)
    row = actions.split_grid(grid=old, parts=halves(), on=later, by=cast.street, at=MONDAY)
    settle()
    assert (row.state, Grid.objects.count(), row.before.get()) == ("planned", count, old)
    told = refused(actions.split_grid, Conflict, grid=old, parts=halves(), by=cast.street)
    assert told == "It is planned already to redraw this grid. Take that plan back first."
    newcomer = give(make_user(), PostKind.BUILDING_LEAD, old)  # since the plan was made
    while jobs.run_due(at=dt.datetime.combine(later, dt.time(0, 1), MONDAY.tzinfo)):
        pass
    row.refresh_from_db()
    old.refresh_from_db()
    case.refresh_from_db()
    west, east = row.after.order_by("code")
    assert (row.state, old.valid_to, west.valid_from, case.grid_id) == (
        "done",
        later - dt.timedelta(days=1),
        later,
        east.pk,
    )
    assert {post.user_id for post in west.posts.all()} == {cast.worker.pk, newcomer.user_id}
    assert "has been carried out" in str(Notice.objects.get(user=cast.street, key=f"redrawing:{row.pk}"))


def test_a_plan_that_fits_no_more_changes_nothing_and_says_so(cast: Cast) -> None:
    old, later = cast.place.micros[0], TODAY + dt.timedelta(days=3)
    row = actions.split_grid(grid=old, parts=halves(), on=later, by=cast.street, at=MONDAY)
    actions.set_border(grid=old, border=rectangle(117.99, SOUTH, MIDDLE, NORTH), by=cast.street, at=MONDAY)
    count = Grid.objects.count()
    while jobs.run_due(at=dt.datetime.combine(later, dt.time(0, 1), MONDAY.tzinfo)):
        pass
    row.refresh_from_db()
    old.refresh_from_db()
    assert (row.state, Grid.objects.count(), old.valid_to) == ("failed", count, None)
    assert row.reason
    assert Notice.objects.get(user=cast.street, key=f"redrawing:{row.pk}").params["reason"] == row.reason


def test_a_plan_is_taken_back(cast: Cast) -> None:
    old, later = cast.place.micros[0], TODAY + dt.timedelta(days=3)
    row = actions.split_grid(grid=old, parts=halves(), on=later, by=cast.street, at=MONDAY)
    refused(actions.withdraw_redrawing, Forbidden, redrawing=row, by=cast.lead)
    actions.withdraw_redrawing(redrawing=row, by=cast.street, at=MONDAY)
    assert not Job.objects.filter(kind="grids.redraw").exists()
    assert refused(actions.withdraw_redrawing, Conflict, redrawing=row, by=cast.street) == "This is planned no more."
    assert actions.split_grid(grid=old, parts=halves(), by=cast.street, at=MONDAY).state == "done"
