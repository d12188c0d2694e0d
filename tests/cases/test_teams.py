"""Special teams: who forms them, whom they let see the case, and that review days are told exactly so often."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.actions.teams import KIND, disband
from cases.choices import NOTICE_TEAM_REVIEW, NOTICE_TEAM_REVIEW_MISSED, Ask, OrderState, Part
from cases.models import Case, Team, TeamMember, TeamReview
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Job, Record
from grids.choices import PostKind
from tests.cases.test_actions import HOUR, snapshot, walk
from tests.factories import MONDAY, Cast, at, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, FRIDAY = (MONDAY.date() + dt.timedelta(days=days) for days in (1, 2, 4))


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture
def stranger(cast: Cast) -> User:
    """Of a unit that has nothing to do with the case."""
    found = make_user(Role.UNIT_STAFF)
    give(found, PostKind.UNIT_STAFF, make_unit())
    return found


def form(case: Case, cast: Cast, *members: tuple[User, str], **values: Any) -> Team:
    given = {
        "lead": cast.total_lead.pk,
        "plan": "分三步走",
        "review_days": [TUESDAY, FRIDAY],
        "by": cast.street,
        "at": MONDAY,
    }
    return actions.form_team(case=case, members=[(user.pk, task) for user, task in members], **{**given, **values})


def everything(case: Case) -> list[Any]:
    """What a refused verb must leave as it was."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Team, TeamMember, TeamReview)]
    return [*snapshot(case), *rows, Job.objects.filter(kind=KIND).count()]


def refused(kind: type[Refusal], of: Case, verb: Any, **values: Any) -> Refusal:
    before = everything(of)
    with pytest.raises(kind) as refusal:
        verb(**values)
    assert everything(of) == before
    return refusal.value


def sweep(moment: dt.datetime) -> None:
    while jobs.run_due(at=moment):
        pass


def test_a_team_is_formed_and_its_people_see_the_case(cast: Cast, stranger: User) -> None:
    case = walk(cast, "handling")
    assert [list(Case.objects.visible_to(user)) for user in (stranger, cast.other_worker)] == [[], []]
    team = form(case, cast, (stranger, "查管线"), (cast.other_worker, "劝导"))
    assert [(one.user, one.task) for one in team.members.all()] == [
        (cast.total_lead, ""), (stranger, "查管线"), (cast.other_worker, "劝导"),
    ]  # fmt: skip
    assert [review.due_on for review in team.reviews.all()] == [TUESDAY, FRIDAY]
    assert [list(Case.objects.visible_to(user)) for user in (stranger, cast.other_worker)] == [[case], [case]]
    told = Notice.objects.filter(kind=NoticeKind.ORDER, at=MONDAY).values_list("user", flat=True)
    assert sorted(told) == sorted([cast.total_lead.pk, stranger.pk, cast.other_worker.pk])
    row = Record.objects.get(verb="cases.team_formed")
    assert (row.subject_id, row.actor, row.data["team"], row.data["note"]) == (
        case.pk,
        cast.street,
        team.pk,
        "分三步走",
    )
    assert list(Team.objects.visible_to(stranger)) == [team]
    assert list(Team.objects.visible_to(cast.outsider)) == []
    # A case of the same kind beside it stays out of sight.
    walk(cast, "handling")
    assert list(Case.objects.visible_to(stranger)) == [case]


def test_sight_by_membership_ends_with_the_team(cast: Cast, stranger: User) -> None:
    case = walk(cast, "handling")
    team = form(case, cast, (stranger, ""))
    actions.end_team(team=team, summary="已解决", by=cast.total_lead, at=MONDAY + HOUR)
    assert list(Case.objects.visible_to(stranger)) == []
    team.refresh_from_db()
    assert (team.ended_at, team.summary) == (MONDAY + HOUR, "已解决")
    assert not Job.objects.filter(kind=KIND).exists()
    assert form(case, cast).pk != team.pk


@pytest.mark.parametrize("who", ["lead", "worker", "unit_staff"])
def test_teams_are_formed_by_total_leads_and_the_street(cast: Cast, who: str) -> None:
    case = walk(cast, "handling")
    refused(Forbidden, case, form, case=case, cast=cast, by=getattr(cast, who))
    form(case, cast, by=cast.total_lead)


def test_what_is_refused_when_a_team_is_formed(cast: Cast) -> None:
    case = walk(cast, "handling")
    far = make_user(Role.TOTAL_LEAD)
    give(far, PostKind.ROOT_GRID_LEAD, cast.place.street)
    far.posts.update(grid=cast.outsider.posts.get().grid)
    auditor, gone = make_user(Role.AUDITOR), make_user(Role.UNIT_STAFF, is_active=False)
    tries: list[tuple[str, dict[str, Any]]] = [
        ("plan", {"plan": " "}),
        ("plan", {"plan": "长" * 4001}),
        ("members", {"lead": 10**9}),
        ("members", {"lead": auditor.pk}),
        ("members", {"lead": gone.pk}),
        ("members", {"lead": far.pk}),
        ("review_days", {"review_days": [MONDAY.date() - dt.timedelta(days=1)]}),
        ("review_days", {"review_days": [TUESDAY, TUESDAY]}),
        ("review_days", {"review_days": [TUESDAY + dt.timedelta(days=n) for n in range(25)]}),
    ]
    for field, values in tries:
        assert refused(Invalid, case, form, case=case, cast=cast, **values).field == field, values
    crowd = [(make_user(Role.WORKER), "") for _ in range(30)]
    before = everything(case)
    with pytest.raises(Invalid):
        form(case, cast, *crowd)
    with pytest.raises(Case.DoesNotExist):
        form(case, cast, by=cast.outsider)
    assert everything(case) == before
    form(case, cast)
    assert refused(Conflict, case, form, case=case, cast=cast).code == "team_open"


def test_a_team_changes_its_plan_people_and_days(cast: Cast, stranger: User) -> None:
    case = walk(cast, "handling")
    team = form(case, cast, (cast.worker, "盯现场"))
    given = {"plan": "改为两步", "members": [(stranger.pk, "查管线")], "review_days": [WEDNESDAY]}
    actions.change_team(team=team, **given, by=cast.total_lead, at=MONDAY + HOUR)
    team = Team.objects.get(pk=team.pk)
    assert team.plan == "改为两步"
    assert [(one.user, one.task) for one in team.members.all()] == [(cast.total_lead, ""), (stranger, "查管线")]
    assert [review.due_on for review in team.reviews.all()] == [TUESDAY, WEDNESDAY, FRIDAY]
    assert list(Notice.objects.filter(at=MONDAY + HOUR).values_list("user", flat=True)) == [stranger.pk]
    row = Record.objects.get(verb="cases.team_changed")
    assert row.data["review_days"] == [WEDNESDAY.isoformat()]
    actions.change_team(team=team, lead=stranger.pk, by=cast.street, at=MONDAY + HOUR)
    team.refresh_from_db()
    assert (team.lead, team.members.count()) == (stranger, 2)
    refused(Invalid, case, actions.change_team, team=team, review_days=[TUESDAY], by=cast.street, at=MONDAY)
    refused(Invalid, case, actions.change_team, team=team, by=cast.street, at=MONDAY)
    refused(Forbidden, case, actions.change_team, team=team, plan="另一个", by=cast.worker, at=MONDAY)
    before = everything(case)
    with pytest.raises(Team.DoesNotExist):
        actions.change_team(team=team, plan="另一个", by=cast.outsider, at=MONDAY)
    assert everything(case) == before
    # The lead of a team runs it, of whatever role.
    actions.change_team(team=team, plan="再改", by=stranger, at=MONDAY)


def test_review_days_are_told_at_half_past_eight_and_once_more_when_missed(cast: Cast, stranger: User) -> None:
    case = walk(cast, "handling")
    form(case, cast, (stranger, ""), review_days=[TUESDAY])
    told = Notice.objects.filter(text__in=[NOTICE_TEAM_REVIEW, NOTICE_TEAM_REVIEW_MISSED]).order_by("pk")
    sweep(at("2026-09-08 08:29"))
    assert not told.exists()
    for moment in ("2026-09-08 08:30", "2026-09-08 12:00", "2026-09-09 08:29"):
        sweep(at(moment))
        assert {(n.user, n.text) for n in told.all()} == {
            (cast.total_lead, NOTICE_TEAM_REVIEW),
            (stranger, NOTICE_TEAM_REVIEW),
        }
    for moment in ("2026-09-09 08:30", "2026-09-10 08:30", "2026-09-20 08:30"):
        sweep(at(moment))
        assert [n.text for n in told.all()] == [NOTICE_TEAM_REVIEW] * 2 + [NOTICE_TEAM_REVIEW_MISSED] * 2
    assert not Job.objects.filter(kind=KIND).open().exists()
    # A job that comes twice tells nobody twice.
    Job.objects.filter(kind=KIND).update(done_at=None, lease=None, run_at=MONDAY)
    sweep(at("2026-09-20 09:00"))
    assert told.count() == 4


def test_after_an_outage_of_days_a_review_is_told_once(cast: Cast) -> None:
    case = walk(cast, "handling")
    form(case, cast, review_days=[TUESDAY])
    sweep(at("2026-09-14 10:00"))
    told = Notice.objects.filter(text__in=[NOTICE_TEAM_REVIEW, NOTICE_TEAM_REVIEW_MISSED])
    assert [n.text for n in told] == [NOTICE_TEAM_REVIEW_MISSED]
    assert "2026-09-08" in str(told.get())


def test_a_review_that_was_held_is_not_told(cast: Cast) -> None:
    case = walk(cast, "handling")
    team = form(case, cast)
    first, second = team.reviews.all()
    held = actions.hold_review(review=first, note="管线图已拿到", by=cast.total_lead, at=MONDAY + HOUR)
    assert (held.held_at, held.held_by, held.note) == (MONDAY + HOUR, cast.total_lead, "管线图已拿到")
    assert list(Job.objects.filter(kind=KIND).values_list("key", flat=True)) == [str(second.pk)]
    row = Record.objects.get(verb="cases.team_reviewed")
    assert (row.data["day"], row.data["note"]) == (TUESDAY.isoformat(), "管线图已拿到")
    again = {"note": "再看一次", "at": MONDAY + HOUR}
    assert refused(Conflict, case, actions.hold_review, review=first.pk, by=cast.street, **again).code == "review_held"
    refused(Forbidden, case, actions.hold_review, review=second, by=cast.worker, **again)
    refused(Invalid, case, actions.hold_review, review=second, note=" ", by=cast.street, at=MONDAY)
    actions.end_team(team=team, summary="好了", by=cast.street, at=MONDAY + HOUR)
    assert refused(Conflict, case, actions.hold_review, review=second, by=cast.street, **again).code == "team_ended"
    refused(Conflict, case, actions.end_team, team=team, summary="又好了", by=cast.street, at=MONDAY)


def test_closing_ends_the_team(cast: Cast) -> None:
    case = walk(cast, "verified")
    team = form(case, cast)
    actions.close_case(case=case, by=cast.lead, at=MONDAY + 6 * HOUR)
    team.refresh_from_db()
    assert team.ended_at == MONDAY + 6 * HOUR
    assert Record.objects.filter(verb="cases.team_ended").count() == 1
    assert not Job.objects.filter(kind=KIND).exists()
    before = everything(case)
    disband(case, by=cast.street, at=MONDAY + 7 * HOUR)
    assert everything(case) == before


def test_voiding_ends_the_team_and_withdraws_the_helpers(cast: Cast, stranger: User) -> None:
    case = walk(cast, "handling")
    team, unit = form(case, cast), stranger.posts.get().unit
    assert unit is not None
    actions.call_for_help(case=case, units=[unit.pk], note="请到场", by=cast.lead, at=MONDAY + 4 * HOUR)
    row = actions.ask(case=case.pk, kind=Ask.VOIDING, reason="重复登记", by=cast.lead, at=MONDAY + 4 * HOUR)
    actions.decide(application=row, approve=True, by=cast.street, at=MONDAY + 5 * HOUR)
    team.refresh_from_db()
    assert team.ended_at == MONDAY + 5 * HOUR
    assert case.orders.get(part=Part.ASSIST).state == OrderState.WITHDRAWN
    assert not case.deadlines.running().exists()


def test_a_team_may_be_formed_for_a_parked_case(cast: Cast) -> None:
    case = walk(cast, "handling")
    case.change(hold="parked", hold_until=MONDAY + 50 * HOUR)
    form(case, cast)


def test_the_size_of_a_team_does_not_make_it_dear(cast: Cast) -> None:
    counts = []
    for many in (1, 1, 9):  # the first also asks for the posts of whoever acts
        case = walk(cast, "handling")
        people = []
        for _ in range(many):
            people.append((make_user(Role.WORKER), "巡查"))
        days = [TUESDAY + dt.timedelta(days=n) for n in range(many)]
        with CaptureQueriesContext(connection) as caught:
            team = form(case, cast, *people, review_days=days)
        with CaptureQueriesContext(connection) as told:
            sweep(dt.datetime.combine(TUESDAY, dt.time(8, 30), MONDAY.tzinfo))
        actions.end_team(team=team, summary="好", by=cast.street, at=MONDAY)
        counts.append((len(caught), len(told)))
    assert counts[1] == counts[2]
