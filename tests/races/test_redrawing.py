"""A grid is split while somebody else splits it too, or reports a case there. Real threads, real transactions."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from cases.actions import Report, report_case
from cases.models import Case
from gridgov.core import jobs
from gridgov.core.errors import Refusal
from grids import actions, reports
from grids.choices import PostKind
from grids.models import Binding, Grid, Redrawing
from tests.factories import MONDAY, give, make_cast, make_user
from tests.grids.test_borders import draw
from tests.grids.test_redrawing import LEFT, halves
from tests.races.test_cases import at_once
from tests.races.test_taking import one_waits

pytestmark = pytest.mark.django_db(transaction=True)


def attempt(verb: Any, by: User, **given: Any) -> str:
    try:
        verb(by=User.objects.get(pk=by.pk), at=MONDAY, **given)
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def test_two_splits_of_one_grid() -> None:
    cast = make_cast("B")
    grid = cast.place.micros[0]
    draw(grid, LEFT)
    found = at_once([lambda: attempt(actions.split_grid, cast.street, grid=grid, parts=halves())] * 4)
    assert sorted(found) == ["Conflict", "Conflict", "Conflict", "done"]
    assert (Redrawing.objects.count(), Grid.objects.filter(valid_from=MONDAY.date()).count()) == (1, 2)
    assert reports.tree_faults() == []


def test_a_split_while_cases_are_reported_there() -> None:
    """Whoever comes first: in the end every open case stands on a grid in force, by its place or by the grid named."""
    cast = make_cast("B")
    grid = cast.place.micros[0]
    draw(grid, LEFT)

    def report(n: int) -> str:
        asked = Report(category=cast.category.code, text="楼道堆物", place="东门", lng=118.001 + n / 1000, lat=32.005)
        return attempt(lambda **given: report_case(report=asked, **given), cast.street)

    def named() -> str:
        asked = Report(category=cast.category.code, text="楼道堆物", place="东门", grid=grid.code)
        return attempt(lambda **given: report_case(report=asked, **given), cast.street)

    found = at_once([
        lambda: attempt(actions.split_grid, cast.street, grid=grid, parts=halves()),
        *[lambda n=n: report(n) for n in range(8)], named, named,
    ])  # fmt: skip
    assert found[:9] == ["done"] * 9
    assert set(found[9:]) <= {"done", "Invalid"}
    while jobs.run_due(at=MONDAY + dt.timedelta(minutes=1)):
        pass
    west, east = Redrawing.objects.get().after.order_by("code")
    for case in Case.objects.all():
        wanted = west if case.lng is None or case.lng < 118.005 else east
        assert case.grid_id in ({wanted.pk} if case.lng != 118.005 else {west.pk, east.pk})


def test_a_binding_that_ends_meanwhile_is_not_handed_on_without_end() -> None:
    cast, today = make_cast("B"), MONDAY.date()
    grid = cast.place.micros[0]
    draw(grid, LEFT)
    specialist = give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, cast.unit)
    bound = actions.bind_specialist(post=specialist, grid=grid, by=cast.street, at=MONDAY)
    one_waits(
        lambda: actions.end_binding(binding=bound, valid_to=today, by=cast.street, at=MONDAY),
        lambda: attempt(actions.split_grid, cast.street, grid=grid, parts=halves()),
    )
    assert set(Binding.objects.values_list("grid__name", "valid_from", "valid_to")) == {
        ("西半", today, today), ("东半", today, today),
    }  # fmt: skip
