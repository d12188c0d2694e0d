"""Special teams 一事一策一专班: a hard case gets a plan, a lead, members, and days on which it is looked at."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions.taking import notice, notices, take, write_down
from cases.choices import NOTICE_TEAM, NOTICE_TEAM_REVIEW, NOTICE_TEAM_REVIEW_MISSED
from cases.models import Case, Team, TeamMember, TeamReview
from gridgov.core import jobs
from gridgov.core.calendar import CHINA
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import Job
from grids.models import Post

KIND = "cases.team_review"
# When the day's word on a review goes out.
MORNING = dt.time(8, 30)
LONGEST_PLAN, LONGEST_NOTE = 4000, 2000

Members = Sequence[tuple[int, str]]


@transaction.atomic
def form_team(
    *,
    case: Case | int,
    lead: int,
    members: Members,
    plan: str,
    review_days: Sequence[dt.date],
    by: User,
    at: dt.datetime,
) -> Team:
    """Form the one team of a hard case: LEAD and MEMBERS (user id, task) see it from now on, and are told on each of
    the REVIEW_DAYS. Raises Invalid, Conflict, Forbidden."""
    case = take(case, by, "team")
    rules.can_form_team(by).insist()
    if Team.objects.open().filter(case=case).exists():
        raise Conflict(_("This case has a special team already."), code="team_open")
    _insist_on_plan(plan)
    rules.days_ahead(list(review_days), set(), localdate(at)).insist()
    tasks = _people(case, lead, members, at)
    changes = case.move("team")
    team = Team.objects.create(case=case, lead_id=lead, plan=plan.strip(), by=by, at=at)
    TeamMember.objects.bulk_create(TeamMember(team=team, user_id=pk, task=task) for pk, task in tasks.items())
    _add_reviews(team, review_days)
    _write_down("cases.team_formed", team, changes, by=by, at=at, note=plan.strip()[:500], members=list(tasks))
    notify(notices(case, [pk for pk in tasks if pk != by.pk], NoticeKind.ORDER, NOTICE_TEAM, at), at=at)
    return team


@transaction.atomic
def change_team(
    *,
    team: Team | int,
    plan: str = "",
    lead: int | None = None,
    members: Members | None = None,
    review_days: Sequence[dt.date] = (),
    by: User,
    at: dt.datetime,
) -> Team:
    """Another PLAN, LEAD or list of MEMBERS where one is given, and further REVIEW_DAYS. Who leaves sees the case no more,
    unless by the own post."""
    team = _take(team, by)
    rules.can_run_team(by, team).insist()
    if plan:
        _insist_on_plan(plan)
    rules.days_ahead(list(review_days), {review.due_on for review in team.reviews.all()}, localdate(at)).insist()
    before = {member.user_id: member.task for member in team.members.all()}
    wanted = before
    if lead is not None or members is not None:
        rows = list(before.items()) if members is None else members
        wanted = _people(team.case, lead or team.lead_id, rows, at)
    if not plan and wanted == before and lead in (None, team.lead_id) and not review_days:
        raise Invalid(_("Nothing is changed by this."))
    changes = team.case.move("team")
    team.change(plan=plan.strip() or team.plan, lead_id=lead or team.lead_id)
    _set_members(team, before, wanted)
    _add_reviews(team, review_days)
    days = [day.isoformat() for day in review_days]
    _write_down(
        "cases.team_changed",
        team,
        changes,
        by=by,
        at=at,
        note=plan.strip()[:500],
        members=list(wanted),
        review_days=days,
    )
    new = [pk for pk in wanted if pk not in before and pk != by.pk]
    notify(notices(team.case, new, NoticeKind.ORDER, NOTICE_TEAM, at), at=at)
    return team


@transaction.atomic
def hold_review(*, review: TeamReview | int, note: str, by: User, at: dt.datetime) -> TeamReview:
    """Write down what the team found on a review day, or before it; nobody is told of that day any more."""
    pk = review if isinstance(review, int) else review.pk
    team = _take(Team.objects.only("pk").get(reviews=pk), by)
    held = TeamReview.objects.get(pk=pk)
    held.team = team
    rules.can_hold_review(by, held).insist()
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Invalid(_("Say what was found, in at most %(count)s characters.") % {"count": LONGEST_NOTE}, field="note")
    changes = team.case.move("team")
    held.change(held_at=at, held_by=by, note=note.strip())
    jobs.withdraw(KIND, [held.pk])
    _write_down(
        "cases.team_reviewed", team, changes, by=by, at=at, note=note.strip()[:500], day=held.due_on.isoformat()
    )
    return held


@transaction.atomic
def end_team(*, team: Team | int, summary: str, by: User, at: dt.datetime) -> Team:
    """The team has done what it was formed for, and says what came of it."""
    team = _take(team, by)
    rules.can_run_team(by, team).insist()
    if not summary.strip() or len(summary) > LONGEST_NOTE:
        raise Invalid(
            _("Say what came of it, in at most %(count)s characters.") % {"count": LONGEST_NOTE}, field="summary"
        )
    changes = team.case.move("team")
    _end(team, summary.strip(), at)
    _write_down("cases.team_ended", team, changes, by=by, at=at, note=summary.strip()[:500])
    return team


def disband(case: Case, *, by: User, at: dt.datetime) -> None:
    """Part of other verbs: the case ends, and with it its open team, if it has one. One query where it has none."""
    team = Team.objects.open().filter(case=case).first()
    if team is not None:
        team.case = case
        _end(team, "", at)
        _write_down("cases.team_ended", team, {}, by=by, at=at)


def remind(reviews: Iterable[int], *, at: dt.datetime) -> dict[int, dt.datetime]:
    """Tell the teams of REVIEWS (ids) that this is the day, or that it was, once each; answers {id: the next morning}
    for those to be told again. Three queries."""
    rows = TeamReview.objects.filter(pk__in=list(reviews), held_at=None, team__ended_at=None)
    again, found = {}, []
    for review in rows.select_related("team__case").defer("team__case__search").prefetch_related("team__members"):
        missed = localdate(at) > review.due_on
        text, nth = (NOTICE_TEAM_REVIEW_MISSED, 1) if missed else (NOTICE_TEAM_REVIEW, 0)
        case, key = review.team.case, f"team_review:{review.pk}:{nth}"
        found += [
            notice(case, member.user_id, NoticeKind.PROGRESS, text, at, key=key, day=review.due_on.isoformat())
            for member in review.team.members.all()
        ]
        if not missed:
            again[review.pk] = _morning_of(review.due_on + dt.timedelta(days=1))
    notify(found, at=at)
    return again


def _morning_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, MORNING, CHINA)


def _take(team: Team | int, by: User) -> Team:
    """The team as it is now, its case locked; raises Team.DoesNotExist where BY sees no such case."""
    pk = team if isinstance(team, int) else team.pk
    found = Team.objects.only("case_id").get(pk=pk)
    try:
        case = take(found.case_id, by, "team")
    except Case.DoesNotExist:
        raise Team.DoesNotExist from None
    held: Team = Team.objects.prefetch_related("members", "reviews").locked(pk)
    held.case = case
    return held


def _insist_on_plan(plan: str) -> None:
    if not plan.strip() or len(plan) > LONGEST_PLAN:
        raise Invalid(_("A team needs a plan of at most %(count)s characters.") % {"count": LONGEST_PLAN}, field="plan")


def _people(case: Case, lead: int, members: Members, at: dt.datetime) -> dict[int, str]:
    """{user id: task} of all who are to be in the team, its LEAD first; raises Invalid. Two queries."""
    tasks = {lead: "", **{pk: task.strip()[:200] for pk, task in members}}
    if len(tasks) > rules.MOST_MEMBERS:
        raise Invalid(_("At most %(count)s members.") % {"count": rules.MOST_MEMBERS}, field="members")
    users = list(User.objects.filter(pk__in=tasks))
    if len(users) < len(tasks):
        raise Invalid(_("There is no such person."), field="members")
    path = [pk for pk in (case.street_id, case.total_id, case.comprehensive_id, case.grid_id) if pk]
    district = case.scope_code[:6]
    posts = Post.objects.current(localdate(at)).filter(Q(grid__in=path) | Q(area_prefix=district), user__in=tasks)
    seeing = set(posts.values_list("user", flat=True))
    for user in users:
        rules.can_be_in_team(user, seeing).insist()
    return tasks


def _set_members(team: Team, before: dict[int, str], wanted: dict[int, str]) -> None:
    team.members.exclude(user__in=wanted).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, user_id=pk, task=task) for pk, task in wanted.items() if before.get(pk) != task],
        update_conflicts=True, unique_fields=["team", "user"], update_fields=["task"],
    )  # fmt: skip


def _add_reviews(team: Team, days: Sequence[dt.date]) -> None:
    reviews = TeamReview.objects.bulk_create(TeamReview(team=team, due_on=day) for day in days)
    jobs.promise_many(Job(kind=KIND, key=str(row.pk), due_at=_morning_of(row.due_on)) for row in reviews)


def _end(team: Team, summary: str, at: dt.datetime) -> None:
    team.change(ended_at=at, summary=summary)
    jobs.withdraw(KIND, team.reviews.filter(held_at=None).values_list("pk", flat=True))


def _write_down(
    verb: str, team: Team, changes: dict[str, list[object]], *, by: User, at: dt.datetime, **data: object
) -> None:
    """The team's verbs stand in the case's own chain: that is where they are looked for."""
    write_down(verb, team.case, changes, by=by, at=at, team=team.pk, **{k: v for k, v in data.items() if v != []})
