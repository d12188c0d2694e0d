"""Patrols: started once, stopped by whoever walks, ended by the house when forgotten; and their trails."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Notice, User
from fieldwork import actions
from fieldwork.actions import Reading
from fieldwork.choices import Ending
from fieldwork.jobs import delete_old_trails
from fieldwork.models import Patrol, TrailDay, TrailLook, TrailPoint
from fieldwork.reports import minutes_of
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.geodesy import wgs84_to_gcj02
from gridgov.core.models import Job, Record
from tests.factories import MONDAY, Cast, at, make_cast

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def start(cast: Cast, moment: dt.datetime = MONDAY) -> Patrol:
    return actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=moment)


def reading(moment: dt.datetime, lng: float = 115.03, lat: float = 35.76, **more: Any) -> Reading:
    return Reading(moment, lng, lat, **more)


def walk(cast: Cast, patrol: Patrol, minutes: range, received: dt.datetime | None = None) -> actions.Taken:
    readings = [reading(patrol.started_at + n * MINUTE, lng=115.03 + n / 1000) for n in minutes]
    return actions.add_points(
        patrol=patrol, readings=readings, by=cast.worker, at=received or patrol.started_at + minutes[-1] * MINUTE
    )


def untouched(refused: Any, error: type[Exception], **given: Any) -> Exception:
    before = Patrol.objects.count(), TrailPoint.objects.count(), TrailLook.objects.count(), Record.objects.count()
    with pytest.raises(error) as caught:
        refused(**given)
    assert before == (
        Patrol.objects.count(), TrailPoint.objects.count(), TrailLook.objects.count(), Record.objects.count(),
    )  # fmt: skip
    return caught.value


def test_a_patrol_begins_and_ends(cast: Cast) -> None:
    patrol = start(cast)
    assert (patrol.user, patrol.grid, patrol.kind, patrol.ended_at) == (
        cast.worker,
        cast.place.micros[0],
        "patrol",
        None,
    )
    assert Job.objects.get(kind="fieldwork.end_patrol").due_at == MONDAY + dt.timedelta(hours=4)
    stopped = actions.stop_patrol(patrol=patrol, note=" 一切正常 ", by=cast.worker, at=MONDAY + 50 * MINUTE)
    assert (stopped.ended_at, stopped.ending, stopped.note) == (MONDAY + 50 * MINUTE, Ending.SELF, "一切正常")
    assert minutes_of(stopped, MONDAY + 99 * MINUTE) == 50
    assert not Job.objects.filter(kind="fieldwork.end_patrol").exists()
    assert list(Record.objects.order_by("pk").values_list("verb", flat=True)) == [
        "fieldwork.patrol_started", "fieldwork.patrol_stopped",
    ]  # fmt: skip


def test_one_runs_at_a_time(cast: Cast) -> None:
    start(cast)
    refused = untouched(start, Conflict, cast=cast, moment=MONDAY + MINUTE)
    assert refused.code == "running"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("moment", "fine"), [("05:59", False), ("06:00", True), ("21:59", True), ("22:00", False)])
def test_nobody_walks_at_night(cast: Cast, moment: str, fine: bool) -> None:
    if fine:
        start(cast, at(f"2026-09-07 {moment}"))
    else:
        untouched(start, Conflict, cast=cast, moment=at(f"2026-09-07 {moment}"))


def test_only_the_own_grid_is_walked(cast: Cast) -> None:
    where = {"grid": cast.place.micros[1], "at": MONDAY}
    untouched(actions.start_patrol, Invalid, **where, by=cast.worker)
    untouched(actions.start_patrol, Forbidden, **where, by=cast.unit_staff)
    untouched(actions.start_patrol, Forbidden, **where, by=cast.street)
    assert actions.start_patrol(**where, by=cast.lead).user == cast.lead
    untouched(actions.start_patrol, Invalid, grid=cast.place.micros[0], kind="stroll", by=cast.worker, at=MONDAY)


def test_only_whoever_walks_stops_it(cast: Cast) -> None:
    patrol = start(cast)
    untouched(actions.stop_patrol, Forbidden, patrol=patrol, by=cast.lead, at=MONDAY + MINUTE)
    untouched(actions.stop_patrol, Patrol.DoesNotExist, patrol=patrol, by=cast.other_worker, at=MONDAY + MINUTE)
    actions.stop_patrol(patrol=patrol, by=cast.worker, at=MONDAY + MINUTE)
    untouched(actions.stop_patrol, Conflict, patrol=patrol, by=cast.worker, at=MONDAY + 2 * MINUTE)


def test_stop_may_come_late(cast: Cast) -> None:
    """The phone had no net when it was pressed."""
    patrol = start(cast)
    later = MONDAY + 90 * MINUTE
    untouched(actions.stop_patrol, Invalid, patrol=patrol, until=MONDAY - MINUTE, by=cast.worker, at=later)
    untouched(actions.stop_patrol, Invalid, patrol=patrol, until=later + 3 * MINUTE, by=cast.worker, at=later)
    stopped = actions.stop_patrol(patrol=patrol, until=MONDAY + 30 * MINUTE, by=cast.worker, at=later)
    assert stopped.ended_at == MONDAY + 30 * MINUTE


def test_a_forgotten_patrol_ends_after_silence(cast: Cast) -> None:
    patrol = start(cast)
    walk(cast, patrol, range(0, 61, 2))
    silent = MONDAY + dt.timedelta(hours=4)
    jobs.run_due(at=silent)
    assert Patrol.objects.get().ended_at is None, "a point came an hour after the start"
    jobs.run_due(at=silent + 61 * MINUTE)
    ended = Patrol.objects.get()
    assert (ended.ended_at, ended.ending) == (silent + 60 * MINUTE, Ending.SILENT)
    assert minutes_of(ended, silent + 99 * MINUTE) == 60, "counted to the last sign of life"
    told = Notice.objects.get(user=cast.worker)
    assert told.params == {"time": "09-07 09:00", "ended": "14:00"}
    assert Record.objects.latest("pk").data["ending"] == "silent"


def test_every_patrol_ends_at_night(cast: Cast) -> None:
    start(cast, at("2026-09-07 20:30"))
    jobs.run_due(at=at("2026-09-07 21:59"))
    assert Patrol.objects.get().ended_at is None
    jobs.run_due(at=at("2026-09-07 22:05"))
    ended = Patrol.objects.get()
    assert (ended.ended_at, ended.ending) == (at("2026-09-07 22:00"), Ending.NIGHT)


# --- points


def test_points_stand_a_minute_apart(cast: Cast) -> None:
    patrol = start(cast)
    moments = [MONDAY + dt.timedelta(seconds=s) for s in (0, 30, 59, 60, 119, 120)]
    taken = actions.add_points(
        patrol=patrol, readings=[reading(m) for m in reversed(moments)], by=cast.worker, at=MONDAY + 3 * MINUTE
    )
    assert (taken.kept, taken.thinned, taken.outside) == (3, 3, 0)
    again = actions.add_points(
        patrol=patrol, readings=[reading(m) for m in moments], by=cast.worker, at=MONDAY + 3 * MINUTE
    )
    assert (again.kept, again.thinned) == (0, 6), "sent twice is kept once"
    assert list(TrailPoint.objects.values_list("taken_at", flat=True)) == [moments[0], moments[3], moments[5]]


def test_late_points_belong_if_they_were_taken_on_the_way(cast: Cast) -> None:
    patrol = start(cast)
    actions.stop_patrol(patrol=patrol, by=cast.worker, at=MONDAY + 20 * MINUTE)
    taken = walk(cast, patrol, range(-2, 30), received=MONDAY + dt.timedelta(hours=9))
    assert (taken.kept, taken.thinned, taken.outside) == (21, 0, 11)
    late = range(25, 30)
    refused = untouched(walk, Conflict, cast=cast, patrol=patrol, minutes=late, received=MONDAY + dt.timedelta(days=1))
    assert refused.code == "outside_patrol"  # type: ignore[attr-defined]


def test_nobody_is_tracked_beyond_the_hours(cast: Cast) -> None:
    """Even where the house slept and ended nothing."""
    patrol = start(cast, at("2026-09-07 21:50"))
    taken = walk(cast, patrol, range(20))
    assert (taken.kept, taken.outside) == (11, 9)
    assert TrailPoint.objects.latest("taken_at").taken_at == at("2026-09-07 22:00")


def test_a_trail_without_a_net_for_hours_is_one_trail(cast: Cast) -> None:
    patrol = start(cast)
    taken = walk(cast, patrol, range(10, 400, 60), received=MONDAY + 400 * MINUTE)
    assert (taken.kept, taken.outside) == (7, 0)


def test_readings_are_turned_round_once(cast: Cast) -> None:
    patrol = start(cast)
    x, y = wgs84_to_gcj02(115.03, 35.76)
    given = [reading(MONDAY + MINUTE, x, y, crs="GCJ02", accuracy=12.5)]
    actions.add_points(patrol=patrol, readings=given, by=cast.worker, at=MONDAY + MINUTE)
    point = TrailPoint.objects.get()
    assert (point.lng, point.lat, point.crs, point.x, point.y, point.accuracy) == (115.03, 35.76, "GCJ02", x, y, 12.5)
    for bad in (reading(MONDAY, 200.0), reading(MONDAY, crs="BD09"), reading(MONDAY, lat=float("nan"))):
        given = {"patrol": patrol, "readings": [bad], "by": cast.worker, "at": MONDAY + MINUTE}
        untouched(actions.add_points, Invalid, **given)
    untouched(actions.add_points, Invalid, patrol=patrol, readings=[], by=cast.worker, at=MONDAY)


def test_nobody_else_adds_to_a_trail(cast: Cast) -> None:
    patrol = start(cast)
    given = {"patrol": patrol, "readings": [reading(MONDAY)], "at": MONDAY}
    untouched(actions.add_points, Forbidden, **given, by=cast.lead)
    untouched(actions.add_points, Patrol.DoesNotExist, **given, by=cast.other_worker)


# --- looking


def test_the_street_looks_with_a_reason_and_the_worker_is_told(cast: Cast) -> None:
    patrol = start(cast)
    walk(cast, patrol, range(5))
    given = {"patrol": patrol, "reason": "核实9月7日到岗情况", "at": MONDAY + 60 * MINUTE}
    running = untouched(actions.look_at_trail, Conflict, **given, by=cast.street)
    assert running.code == "running"  # type: ignore[attr-defined]
    actions.stop_patrol(patrol=patrol, by=cast.worker, at=MONDAY + 30 * MINUTE)
    for nosy in (cast.lead, cast.total_lead, cast.worker):
        untouched(actions.look_at_trail, Forbidden, **given, by=nosy)
    untouched(actions.look_at_trail, Invalid, **{**given, "reason": "看看"}, by=cast.street)
    trail = actions.look_at_trail(**given, by=cast.street)
    assert len(trail.points) == 5
    look = TrailLook.objects.get()
    assert (look.by, look.reason, look.patrol) == (cast.street, "核实9月7日到岗情况", patrol)
    told = Notice.objects.get(user=cast.worker)
    assert told.params["reason"] == "核实9月7日到岗情况" and told.params["who"] == cast.street.full_name
    assert Record.objects.latest("pk").verb == "fieldwork.trail_looked_at"


def test_trails_go_after_ninety_days_and_leave_sums(cast: Cast) -> None:
    patrol = start(cast)
    walk(cast, patrol, range(31))
    actions.stop_patrol(patrol=patrol, by=cast.worker, at=MONDAY + 40 * MINUTE)
    afternoon = start(cast, MONDAY + dt.timedelta(hours=5))
    walk(cast, afternoon, range(11))
    actions.stop_patrol(patrol=afternoon, by=cast.worker, at=MONDAY + dt.timedelta(hours=5, minutes=20))
    newer = start(cast, MONDAY + dt.timedelta(days=1))
    walk(cast, newer, range(3))
    system = User.objects.system()
    assert actions.tidy_trails(by=system, at=MONDAY + dt.timedelta(days=90)) == 0
    delete_old_trails([], MONDAY + dt.timedelta(days=90, hours=6))
    assert set(TrailPoint.objects.values_list("patrol", flat=True)) == {newer.pk}
    day = TrailDay.objects.get()
    # 0.001 degrees of longitude a minute at 35.76° north: 90.4 m.
    assert (day.user, day.day, day.minutes) == (cast.worker, MONDAY.date(), 60)
    assert day.kilometres == round(day.kilometres, 1) and 3.5 <= day.kilometres <= 3.7
    assert Record.objects.get(verb="fieldwork.trails_deleted").data == {"points": 42}
    late = {"patrol": patrol, "reason": "核实到岗情况", "by": cast.street, "at": MONDAY + dt.timedelta(days=91)}
    refused = untouched(actions.look_at_trail, Conflict, **late)
    assert refused.code == "deleted"  # type: ignore[attr-defined]
