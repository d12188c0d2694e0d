"""Volunteers and shifts to test with, made plainly."""

import datetime as dt
import itertools
from typing import Any

from accounts.choices import Role
from accounts.models import User
from grids.models import Grid
from tests.factories import MONDAY, make_user
from volunteers.choices.people import CONSENT
from volunteers.choices.work import ProjectKind, ProjectState
from volunteers.models import Balance, Good, PointsEntry, Project, Shift, SignUp, Station, Volunteer

_numbers = itertools.count(1)


def make_volunteer(grid: Grid, **values: Any) -> Volunteer:
    """An active volunteer on GRID with an account of the own role, and a balance of nothing."""
    number = next(_numbers)
    user = values.pop("user", None) or make_user(Role.VOLUNTEER, username=f"V{number:07}")
    given = {
        "no": f"V{number:07}", "state": "active", "name": f"李志愿{number}", "nickname": f"小{number}",
        "phone": f"1390000{number:04}", "born_on": dt.date(1990, 5, 1), "consent": CONSENT, "applied_at": MONDAY,
    }  # fmt: skip
    row = Volunteer.objects.create(grid=grid, user=user, **{**given, **values})
    Balance.objects.create(volunteer=row)
    return row


def make_project(grid: Grid, organiser: User, **values: Any) -> Project:
    """An open one."""
    given = {
        "kind": ProjectKind.SERVICE, "state": ProjectState.OPEN, "title": f"助老服务{next(_numbers)}",
        "made_by": organiser, "made_at": MONDAY, "opened_at": MONDAY,
    }  # fmt: skip
    return Project.objects.create(grid=grid, organiser=organiser, **{**given, **values})


def make_shift(project: Project, starts_at: dt.datetime = MONDAY + dt.timedelta(days=2), **values: Any) -> Shift:
    """Two hours, ten places."""
    given = {"ends_at": starts_at + dt.timedelta(hours=2), "capacity": 10, "place": "社区活动室"}
    return Shift.objects.create(project=project, grid=project.grid, starts_at=starts_at, **{**given, **values})


def make_sign_up(volunteer: Volunteer, organiser: User, starts_at: dt.datetime = MONDAY, **values: Any) -> SignUp:
    """For a shift of its own on the volunteer's grid; served, with no hours booked."""
    shift = make_shift(make_project(volunteer.grid, organiser), starts_at)
    return SignUp.objects.create(shift=shift, volunteer=volunteer, **{"state": "served", "queued_at": MONDAY, **values})


def earn(volunteer: Volunteer, points: int, by: User, **values: Any) -> PointsEntry:
    """Points by no rule, plainly."""
    given = {"kind": "earned", "source": f"test:{next(_numbers)}", "day": MONDAY.date(), "at": MONDAY, **values}
    return PointsEntry.objects.create(volunteer=volunteer, points=points, by=by, **given)


def make_good(grid: Grid, **values: Any) -> Good:
    """Ten of something for five points, at a station of its own on GRID."""
    station = Station.objects.create(grid=grid, name=f"爱心超市{next(_numbers)}", place="社区服务中心一楼")
    return Good.objects.create(station=station, **{"name": "洗衣液", "points": 5, "stock": 10, **values})
