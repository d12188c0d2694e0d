"""Shifts from planning to check-out: places, the waiting list, overlaps, lateness, and what each refusal leaves as it was."""

import datetime as dt
import uuid
from typing import Any

import pytest

from accounts.models import Notice, User
from gridgov.core.errors import Refusal
from gridgov.core.jobs import run_due
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.factories import MONDAY, Cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers import actions
from volunteers.models import Project, Shift, SignUp, Volunteer
from volunteers.rules.signing_up import proposed_minutes

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def project(cast: Cast) -> Project:
    return make_project(cast.place.comprehensives[0], cast.lead)


def user_of(volunteer: Volunteer) -> User:
    assert volunteer.user is not None
    return volunteer.user


def join(shift: Shift, volunteer: Volunteer, at: dt.datetime = MONDAY, **more: Any) -> SignUp:
    return actions.sign_up(**{"shift": shift.pk, "volunteer": volunteer, "by": volunteer.user, "at": at, **more})


def refusal(call: Any, *args: Any, **values: Any) -> str:
    """The code with which CALL was refused; nothing was recorded."""
    before = Record.objects.count()
    with pytest.raises(Refusal) as caught:
        call(*args, **values)
    assert Record.objects.count() == before
    return caught.value.code or str(caught.value.field)


def states(shift: Shift) -> list[str]:
    return list(SignUp.objects.filter(shift=shift).order_by("pk").values_list("state", flat=True))


def told(user: User | None) -> list[str]:
    return [row.key.split(":")[2] for row in Notice.objects.filter(user=user).order_by("pk")]


def test_the_waiting_list_moves_up_and_who_moves_is_told(cast: Cast, project: Project) -> None:
    shift = make_shift(project, capacity=1)
    first, second, third = (make_volunteer(cast.place.micros[0]) for _ in range(3))
    rows = [join(shift, one) for one in (first, second, third)]
    assert states(shift) == ["booked", "waiting", "waiting"]
    assert refusal(join, shift, first) == "signed_up_already"
    # Who waits first may come no longer: the next one is asked.
    second.change(state="paused")
    actions.cancel_sign_up(sign_up=rows[0], by=user_of(first), at=MONDAY + HOUR)
    assert states(shift) == ["cancelled", "waiting", "booked"]
    assert (Shift.objects.get().taken, told(third.user), told(cast.lead)) == (1, ["up"], [])
    # Who cancelled in time may come back, behind the others.
    assert join(shift, first, MONDAY + 2 * HOUR).state == "waiting"
    actions.change_shift(shift=shift, capacity=3, by=cast.lead, at=MONDAY + 3 * HOUR)
    assert states(shift) == ["booked", "waiting", "booked"]
    assert (Shift.objects.get().taken, told(first.user)) == (2, ["up"])
    assert refusal(actions.change_shift, shift=shift, capacity=1, by=cast.lead, at=MONDAY) == "invalid"
    assert verify().faults == []


def test_late_is_told_and_too_late_is_refused(cast: Cast, project: Project) -> None:
    shift = make_shift(project)
    volunteer, stranger = (make_volunteer(cast.place.micros[0]) for _ in range(2))
    row = join(shift, volunteer)
    assert refusal(actions.cancel_sign_up, sign_up=row, by=user_of(stranger), at=MONDAY) == "forbidden"
    assert refusal(actions.cancel_sign_up, sign_up=row, by=volunteer.user, at=shift.starts_at) == "shift_begun"
    late = shift.starts_at - HOUR
    actions.cancel_sign_up(sign_up=row, by=user_of(volunteer), at=late)
    row.refresh_from_db()
    assert (row.state, row.cancelled_late, Shift.objects.get().taken, told(cast.lead)) == (
        "cancelled",
        True,
        0,
        ["late"],
    )
    assert refusal(join, shift, volunteer, late) == "cancelled_late"
    assert join(shift, volunteer, late, by=cast.lead).state == "booked"
    assert told(volunteer.user) == ["added"]


def test_who_may_not_come_is_told_why(cast: Cast, project: Project) -> None:
    grid = cast.place.micros[0]
    shift, at_once = make_shift(project), make_shift(project, MONDAY + 2 * DAY + HOUR)
    volunteer = make_volunteer(grid)
    join(shift, volunteer)
    assert refusal(join, at_once, volunteer) == "overlaps"
    after = make_shift(project, shift.ends_at)
    assert join(after, volunteer).state == "booked"
    assert refusal(join, make_shift(project, MONDAY - DAY), volunteer) == "shift_begun"
    assert refusal(join, shift, make_volunteer(grid, state="applied")) == "not_active"
    assert refusal(join, shift, make_volunteer(grid, born_on=dt.date(2012, 1, 1))) == "guardian_needed"
    assert (
        refusal(actions.sign_up, shift=shift, volunteer=make_volunteer(grid), by=cast.outsider, at=MONDAY)
        == "forbidden"
    )
    project.change(least_age=60)
    assert refusal(join, shift, make_volunteer(grid)) == "too_young"
    project.change(least_age=0, is_dangerous=True)
    assert refusal(join, shift, make_volunteer(grid, insured_until=dt.date(2026, 9, 8))) == "not_insured"
    assert join(shift, make_volunteer(grid, insured_until=dt.date(2026, 9, 9))).state == "booked"
    project.change(state="ended")
    assert refusal(join, at_once, make_volunteer(grid)) == "shift_not_open"
    assert SignUp.objects.count() == 3


def test_checking_in_and_out_keeps_to_the_time(cast: Cast, project: Project) -> None:
    shift = make_shift(project, capacity=2, break_minutes=15)
    volunteer, other, waits = (make_volunteer(cast.place.micros[0]) for _ in range(3))
    row, second, third = (join(shift, one) for one in (volunteer, other, waits))
    by, begins, code = user_of(volunteer), shift.starts_at, {"key": shift.key}
    assert refusal(actions.check_in, sign_up=row, by=by, at=begins) == "code_needed"
    assert refusal(actions.check_in, sign_up=row, key=uuid.uuid4(), by=by, at=begins) == "code_needed"
    assert refusal(actions.check_in, sign_up=row, by=by, at=begins - dt.timedelta(minutes=31)) == "outside_the_time"
    assert (
        refusal(actions.check_in, sign_up=row, by=by, at=shift.ends_at + dt.timedelta(seconds=1)) == "outside_the_time"
    )
    assert refusal(actions.check_in, sign_up=row, by=user_of(other), at=begins) == "forbidden"
    assert refusal(actions.check_in, sign_up=third, by=waits.user, at=begins) == "waiting"
    assert refusal(actions.check_out, sign_up=row, by=by, at=begins) == "not_checked_in"
    assert actions.check_in(sign_up=row, **code, by=by, at=begins + 10 * dt.timedelta(minutes=1)).arrived_by == "code"
    assert refusal(actions.check_in, sign_up=row, by=by, at=begins + HOUR) == "sign_up_moved"
    assert refusal(actions.check_out, sign_up=row, by=by, at=shift.ends_at + 3 * HOUR) == "outside_the_time"
    actions.check_out(sign_up=row, by=by, at=begins + HOUR)
    assert refusal(actions.miss_shift, sign_up=second, by=cast.lead, at=begins - HOUR) == "not_begun"
    assert refusal(actions.miss_shift, sign_up=second, by=other.user, at=begins) == "forbidden"
    actions.miss_shift(sign_up=second, by=cast.lead, at=begins + HOUR)
    assert refusal(actions.check_in, sign_up=second, by=other.user, at=begins + HOUR) == "sign_up_moved"
    assert actions.check_in(sign_up=second, by=cast.lead, at=begins + HOUR).arrived_by == "organiser"
    shift = Shift.objects.get()
    assert states(shift) == ["gone", "present", "waiting"]
    assert [proposed_minutes(shift, row) for row in SignUp.objects.order_by("pk")] == [35, 45, 0]


def test_planning_weekly_reminding_and_cancelling(cast: Cast, project: Project) -> None:
    starts = MONDAY + 2 * DAY
    plan = {"project": project, "starts_at": starts, "ends_at": starts + HOUR, "capacity": 5, "place": "活动室"}
    assert refusal(actions.plan_shifts, **plan, by=cast.outsider, at=MONDAY) == "forbidden"
    for wrong in (
        {"ends_at": starts}, {"ends_at": starts + 13 * HOUR}, {"break_minutes": 60}, {"starts_at": MONDAY}, {"capacity": 0},
        {"place": " "}, {"place": "找13912345678"}, {"weeks": 27}, {"weeks": 0}, {"capacity": 501},
        {"starts_at": starts + 400 * DAY, "ends_at": starts + 400 * DAY + HOUR},
    ):  # fmt: skip
        assert refusal(actions.plan_shifts, **{**plan, **wrong}, by=cast.lead, at=MONDAY) == "invalid", wrong
    assert Shift.objects.count() == Job.objects.filter(kind__startswith="volunteers.remind").count() == 0
    first, second = actions.plan_shifts(**plan, weeks=2, by=cast.lead, at=MONDAY)
    assert second.starts_at == starts + 7 * DAY
    volunteer = make_volunteer(cast.place.micros[0])
    row = join(first, volunteer)
    assert refusal(actions.change_shift, shift=first, ends_at=starts + 2 * HOUR, by=cast.lead, at=MONDAY) == "signed_up"
    actions.change_shift(shift=second, ends_at=second.ends_at + HOUR, by=cast.lead, at=MONDAY)
    run_due(at=starts - 20 * HOUR)
    assert told(volunteer.user) == ["remind"]
    assert refusal(actions.cancel_shift, shift=first, reason="", by=cast.lead, at=MONDAY) == "invalid"
    assert refusal(actions.end_project, project=project, by=cast.lead, at=MONDAY) == "shifts_open"
    actions.check_in(sign_up=row, key=first.key, by=user_of(volunteer), at=starts)
    assert refusal(actions.cancel_project, project=project, reason="雨", by=cast.lead, at=starts) == "people_were_there"
    assert Project.objects.get().state == "open"
    run_due(at=starts + 4 * HOUR)
    assert told(cast.lead) == ["to-close"]
    join(second, volunteer)
    actions.cancel_shift(shift=second, reason="暴雨", by=cast.lead, at=MONDAY)
    assert (told(volunteer.user), states(second)) == (["remind", "cancelled"], ["cancelled"])
    assert refusal(actions.cancel_shift, shift=second, reason="暴雨", by=cast.lead, at=MONDAY) == "shift_moved"
    run_due(at=starts + 10 * DAY)
    assert (told(volunteer.user), told(cast.lead)) == (["remind", "cancelled"], ["to-close"])


def test_projects_and_needs_go_their_way(cast: Cast) -> None:
    grid = cast.place.comprehensives[0]
    made = actions.make_project(grid=grid, title="助老", skills=["care"], by=cast.lead, at=MONDAY)
    need = actions.enter_need(grid=grid, words="陪同就医", skill="care", by=cast.lead, at=MONDAY)
    care = actions.enter_need(grid=grid, words="送餐", reference="ZH-12", by=cast.lead, at=MONDAY)
    assert (made.state, made.organiser, need.source, care.source) == ("draft", cast.lead, "resident", "care")
    for wrong in (
        {"title": ""},
        {"title": "找13912345678"},
        {"skills": ["magic"]},
        {"least_age": 300},
        {"organiser": cast.worker},
    ):
        values = {"grid": grid, "title": "助老", **wrong}
        assert refusal(actions.make_project, **values, by=cast.lead, at=MONDAY) == "invalid", wrong
    assert refusal(actions.make_project, grid=grid, title="助老", by=cast.worker, at=MONDAY) == "forbidden"
    assert refusal(actions.enter_need, grid=grid, words="张三电话13912345678", by=cast.lead, at=MONDAY) == "invalid"
    assert refusal(actions.meet_need, need=need, by=cast.lead, at=MONDAY) == "need_moved"
    actions.take_up_need(need=need, project=made, by=cast.lead, at=MONDAY)
    assert refusal(actions.take_up_need, need=need, project=made, by=cast.lead, at=MONDAY) == "need_moved"
    assert refusal(actions.meet_need, need=need, by=cast.outsider, at=MONDAY) == "forbidden"
    actions.change_project(project=made, about="每周三", skills=["repair", "care"], by=cast.lead, at=MONDAY)
    actions.open_project(project=made, by=cast.lead, at=MONDAY)
    assert refusal(actions.open_project, project=made, by=cast.lead, at=MONDAY) == "project_moved"
    assert actions.meet_need(need=need, by=cast.lead, at=MONDAY).state == "met"
    actions.drop_need(need=care, reason="已解决", by=cast.lead, at=MONDAY)
    assert actions.reopen_need(need=care, by=cast.lead, at=MONDAY).reason == ""
    actions.end_project(project=made, by=cast.lead, at=MONDAY)
    assert refusal(actions.change_project, project=made, title="新", by=cast.lead, at=MONDAY) == "project_over"
    assert refusal(actions.take_up_need, need=care, project=made, by=cast.lead, at=MONDAY) == "project_over"
    assert Project.objects.get().skills == ["care", "repair"]
    other = make_project(grid, cast.lead)
    actions.take_up_need(need=care, project=other.pk, by=cast.lead, at=MONDAY)
    actions.cancel_project(project=other, reason="人手不足", by=cast.lead, at=MONDAY)
    care.refresh_from_db()
    assert (care.state, care.project) == ("open", None)
