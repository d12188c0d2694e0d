"""Two phones of one person at once."""

import datetime as dt

import pytest

from fieldwork import actions
from fieldwork.actions import Reading
from fieldwork.models import DailyReport, Patrol, TrailPoint
from gridgov.core.errors import Conflict
from gridgov.core.models import Record
from tests.factories import MONDAY, make_cast
from tests.races.test_taking import one_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_starts_at_once_are_one_patrol() -> None:
    cast = make_cast()
    given = {"grid": cast.place.micros[0], "by": cast.worker, "at": MONDAY}
    answer = one_waits(lambda: actions.start_patrol(**given), lambda: actions.start_patrol(**given))
    assert isinstance(answer, Conflict) and answer.code == "running"
    assert Patrol.objects.running().count() == 1
    assert Record.objects.filter(verb="fieldwork.patrol_started").count() == 1


def test_two_reports_at_once_are_one_report() -> None:
    cast = make_cast()
    given = {"grid": cast.place.micros[0], "by": cast.worker, "at": MONDAY}
    second = one_waits(
        lambda: actions.give_daily(kind="zero", **given), lambda: actions.give_daily(kind="ordinary", **given)
    )
    assert second.kind == "ordinary"
    assert DailyReport.objects.get().kind == "ordinary"


def test_points_sent_twice_at_once_are_kept_once() -> None:
    cast = make_cast()
    patrol = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY)
    readings = [Reading(MONDAY + dt.timedelta(minutes=n), 115.03, 35.76) for n in range(5)]
    given = {"patrol": patrol.pk, "readings": readings, "by": cast.worker, "at": MONDAY + dt.timedelta(minutes=5)}
    second = one_waits(lambda: actions.add_points(**given), lambda: actions.add_points(**given))
    assert (second.kept, second.thinned) == (0, 5)
    assert TrailPoint.objects.count() == 5


def test_a_stop_and_the_house_at_once_end_it_once() -> None:
    cast = make_cast()
    patrol = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY)
    late = MONDAY + dt.timedelta(hours=5)
    one_waits(
        lambda: actions.stop_patrol(patrol=patrol.pk, by=cast.worker, at=late),
        lambda: actions.end_forgotten(patrol=patrol.pk, by=cast.street, at=late),
    )
    row = Patrol.objects.get()
    assert (row.ending, row.ended_at) == ("self", late)
    assert not Record.objects.filter(verb="fieldwork.patrol_ended").exists()
