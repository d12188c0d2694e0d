"""Closing a shift with minutes that count, governance posts, and problems that volunteers find."""

import datetime as dt

import pytest

from accounts.choices import Role
from accounts.models import Notice
from cases.actions import accept_case
from cases.models import Case, Reporter
from gridgov.core.jobs import run_due
from gridgov.core.records import verify
from tests.factories import MONDAY, Cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from tests.volunteers.test_shifts import join, refusal, states, told, user_of
from volunteers import actions
from volunteers.models import Balance, Claim, Finding, HoursEntry, PointsEntry, Shift, SignUp
from volunteers.reports.posts import posts_to_claim

pytestmark = pytest.mark.django_db
HOUR, DAY, MINUTE = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(minutes=1)


def test_the_organiser_confirms_minutes_once(cast: Cast) -> None:
    shift = make_shift(make_project(cast.place.comprehensives[0], cast.lead), capacity=4)
    people = [make_volunteer(cast.place.micros[0]) for _ in range(5)]
    here, gone, forgot, _absent, waits = (join(shift, one) for one in people)
    for row in (here, gone):
        actions.check_in(sign_up=row, key=shift.key, by=user_of(row.volunteer), at=shift.starts_at)
    actions.check_out(sign_up=gone, by=people[1].user, at=shift.starts_at + 50 * MINUTE)
    over = shift.ends_at + HOUR
    close = {"shift": shift, "minutes": {forgot.pk: 90}, "by": cast.lead, "at": over}
    assert refusal(actions.close_shift, **{**close, "at": shift.starts_at}) == "not_over"
    assert refusal(actions.close_shift, **{**close, "by": people[0].user}) == "forbidden"
    assert refusal(actions.close_shift, **{**close, "by": cast.outsider}) == "forbidden"
    assert refusal(actions.close_shift, **{**close, "minutes": {forgot.pk: 121}}) == "invalid"
    assert refusal(actions.close_shift, **{**close, "minutes": {waits.pk: 60}}) == "invalid"
    assert (HoursEntry.objects.count(), Shift.objects.get().state) == (0, "open")
    actions.close_shift(**close)
    assert states(shift) == ["served", "served", "served", "no_show", "cancelled"]
    assert [Balance.objects.get(volunteer=one).minutes for one in people] == [120, 50, 90, 0, 0]
    assert told(people[0].user) == told(people[2].user) == ["confirmed"]
    assert told(people[3].user) == []
    assert set(PointsEntry.objects.values_list("source", flat=True)) == {f"sign_up:{row.pk}" for row in (here, forgot)}
    assert refusal(actions.close_shift, **close) == "shift_moved"
    assert refusal(actions.sign_up, shift=shift, volunteer=people[4], by=cast.lead, at=over) == "shift_not_open"
    assert verify().faults == []


def test_nobody_confirms_the_own_hours_and_training_counts_once(cast: Cast) -> None:
    project = make_project(cast.place.comprehensives[0], cast.lead, kind="training")
    shift = make_shift(project)
    own = join(shift, make_volunteer(cast.place.micros[0], user=cast.lead))
    actions.check_in(sign_up=own, by=cast.lead, at=shift.starts_at)
    assert refusal(actions.close_shift, shift=shift, minutes={}, by=cast.lead, at=shift.ends_at) == "own_hours"
    actions.close_shift(shift=shift, minutes={}, by=cast.street, at=shift.ends_at)
    assert (HoursEntry.objects.get().minutes, PointsEntry.objects.get().rule.what) == (120, "training_done")  # type: ignore[union-attr]


def test_who_leaves_gives_places_back(cast: Cast) -> None:
    shift = make_shift(make_project(cast.place.comprehensives[0], cast.lead), capacity=1)
    first, second = (make_volunteer(cast.place.micros[0]) for _ in range(2))
    join(shift, first), join(shift, second)
    actions.leave_volunteering(volunteer=first, reason="搬家", by=user_of(first), at=MONDAY)
    run_due(at=MONDAY + MINUTE)
    assert (states(shift), told(second.user)) == (["cancelled", "booked"], ["up"])


def test_a_post_is_claimed_by_new_employment_groups_while_there_is_room(cast: Cast) -> None:
    grid = cast.place.comprehensives[0]
    post = actions.make_post(
        grid=grid, name="消防通道观察员", duty="看到堵塞就上报", place="桃园路", by=cast.lead, at=MONDAY
    )
    rider, other = (make_volunteer(cast.place.micros[0], kind="new_employment") for _ in range(2))
    claim = {"post": post, "volunteer": rider, "by": rider.user, "at": MONDAY}
    assert refusal(actions.claim_post, **{**claim, "by": other.user}) == "forbidden"
    resident = make_volunteer(cast.place.micros[0])
    assert refusal(actions.claim_post, **{**claim, "volunteer": resident, "by": resident.user}) == "other_kind"
    row = actions.claim_post(**claim)
    assert refusal(actions.claim_post, **claim) == "claimed_already"
    assert refusal(actions.claim_post, **{**claim, "volunteer": other, "by": other.user}) == "post_full"
    assert refusal(actions.end_claim, claim=row, by=cast.lead, at=MONDAY) == "invalid"
    actions.end_claim(claim=row, reason="岗位调整", by=cast.lead, at=MONDAY + DAY)
    assert Notice.objects.get(user=rider.user).params == {"title": "消防通道观察员", "reason": "岗位调整"}
    assert refusal(actions.end_claim, claim=row, by=rider.user, at=MONDAY) == "claim_ended"
    actions.switch_post(post=post, is_open=False, by=cast.lead, at=MONDAY)
    assert refusal(actions.claim_post, **{**claim, "volunteer": other, "by": other.user}) == "post_not_open"
    assert Claim.objects.count() == 1


def test_who_leaves_or_rests_keeps_no_post_and_one_may_be_claimed_again(cast: Cast) -> None:
    given = {"grid": cast.place.comprehensives[0], "duty": "上报", "place": "桃园路", "places": 4}
    post = actions.make_post(name="观察员", **given, by=cast.lead, at=MONDAY)  # type: ignore[arg-type]
    kept, gone, rests, back = (make_volunteer(cast.place.micros[0], kind="new_employment") for _ in range(4))
    claims = [
        actions.claim_post(post=post, volunteer=who, by=user_of(who), at=MONDAY) for who in (kept, gone, rests, back)
    ]
    actions.leave_volunteering(volunteer=gone, by=user_of(gone), at=MONDAY)
    actions.pause_volunteer(volunteer=rests, by=cast.lead, at=MONDAY)
    actions.end_claim(claim=claims[3], by=user_of(back), at=MONDAY)
    run_due(at=MONDAY + MINUTE)
    assert [row.volunteer for row in Claim.objects.current()] == [kept]
    assert (posts_to_claim(back), posts_to_claim(kept)) == ([post], [])


def test_who_kept_a_post_for_a_month_has_points_for_it_once(cast: Cast) -> None:
    post = actions.make_post(
        grid=cast.place.comprehensives[0], name="观察员", duty="上报", place="桃园路", places=3, by=cast.lead, at=MONDAY
    )
    kept, late, gone = (make_volunteer(cast.place.micros[0], kind="new_employment") for _ in range(3))
    for who, at in ((kept, MONDAY), (late, MONDAY + 30 * DAY), (gone, MONDAY)):
        row = actions.claim_post(post=post, volunteer=who, by=user_of(who), at=at)
        if who == gone:
            actions.end_claim(claim=row, by=user_of(who), at=MONDAY + 40 * DAY)
    october = {"month": dt.date(2026, 10, 1), "by": cast.lead, "at": MONDAY + 60 * DAY}
    assert [actions.reward_keepers(**october), actions.reward_keepers(**october)] == [1, 0]
    line = PointsEntry.objects.get()
    assert (line.volunteer, line.points, line.day, line.rule.what) == (kept, 10, dt.date(2026, 10, 31), "post_kept")  # type: ignore[union-attr]


def test_a_problem_found_brings_points_when_it_is_adopted(cast: Cast) -> None:
    grid = cast.place.micros[0]
    rider = make_volunteer(grid, kind="new_employment")
    post = actions.make_post(
        grid=cast.place.comprehensives[0], name="观察员", duty="上报", place="桃园路", by=cast.lead, at=MONDAY
    )
    found = {
        "volunteer": rider, "grid": grid, "category": cast.category.code, "text": "通道堵塞", "place": "3号楼", "post": post,
        "by": rider.user, "at": MONDAY,
    }  # fmt: skip
    assert refusal(actions.report_finding, **found) == "invalid"
    actions.claim_post(post=post, volunteer=rider, by=user_of(rider), at=MONDAY)
    assert refusal(actions.report_finding, **{**found, "by": cast.lead}) == "forbidden"
    assert Case.objects.count() == 0
    row = actions.report_finding(**found)
    # The case is a resident's, and names nobody.
    assert (row.case.reported_by.role, row.case.channel) == (Role.SYSTEM, "snapshot")
    assert (Reporter.objects.get().name, Reporter.objects.get().anonymous) == ("", True)
    run_due(at=MONDAY + HOUR)
    assert not PointsEntry.objects.exists()
    accept_case(case=row.case, by=cast.lead, at=MONDAY + HOUR)
    run_due(at=MONDAY + 2 * HOUR)
    entry = PointsEntry.objects.get()
    assert (entry.volunteer, entry.source) == (rider, f"case:{row.case.pk}")
    assert Notice.objects.get(user=rider.user).params == {"no": row.case.no, "count": entry.points}
    assert actions.adopt_finding(case=row.case.pk, by=cast.lead, at=MONDAY + 3 * HOUR) is None
    assert (Finding.objects.count(), SignUp.objects.count()) == (1, 0)
    assert verify().faults == []
