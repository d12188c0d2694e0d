"""One row of each API resource at a time, for rules that hold for every list of the house.

A new resource needs a maker here: `make(cast, number)` makes one row more that the street office of CAST sees (or the
person that `reader` names), and nobody of another street, unless the resource is in SHARED.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.choices import NoticeKind, Role
from accounts.models import Delegation, Notice, User
from cases import actions
from cases.choices import Ask, BulkVerb, Hold, PauseReason
from cases.models import ApprovalRule, Bulk, FrozenFigures, Pause, Policy, Publication, StreetPhrase
from fieldwork.actions import give_daily, log_visit, say_needless, start_patrol
from gridgov.core.calendar import LimitUnit
from gridgov.core.models import CalendarDay, DayKind
from grids.choices import DutyArea, PartyKind, PostKind, RedrawKind
from grids.models import Binding, ContactCard, Duty, Grid, GridNotice, GroupLink, PartyOrg, PublicPage, Redrawing
from integrations.actions.hooks import add_hook
from integrations.models import Delivery
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_category, make_street, make_unit, make_user
from tests.house.exemptions import Exemption
from tests.house.mediation_rows import MEDIATION
from tests.resources.stock import make_resource, make_service
from tests.volunteers.people import earn, make_good, make_project, make_shift, make_sign_up, make_volunteer
from volunteers.actions import appeal_hours, book_hours, exchange_points, make_post, sign_up
from volunteers.models import Candidate, Certificate, Feedback, Member, Need, Panel, PointsRule, Squad


@dataclass(frozen=True)
class Maker:
    make: Callable[[Cast, int], Any]
    reader: Callable[[Cast], User] = lambda cast: cast.street


def _case(cast: Cast, number: int) -> Any:
    report = actions.Report(category=cast.category.code, text=f"第{number}件", grid=cast.place.micros[0].code)
    case = actions.report_case(report=report, by=cast.street, at=MONDAY)
    actions.accept_case(case=case, by=cast.lead, at=MONDAY)
    return actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)


def _team(cast: Cast, number: int) -> Any:
    case = _case(cast, number)
    plan = {"plan": "一事一策", "review_days": [MONDAY.date()]}
    members = [(cast.worker.pk, "盯现场")]
    return actions.form_team(case=case, lead=cast.total_lead.pk, members=members, **plan, by=cast.street, at=MONDAY)


def _supervision(cast: Cast, number: int) -> Any:
    return actions.supervise_case(case=_case(cast, number), text=f"请说明{number}", by=cast.street, at=MONDAY)


def _policy(cast: Cast, number: int) -> Any:
    place = {"street": cast.place.street, "category": cast.category}
    when = MONDAY + dt.timedelta(days=number)
    return Policy.objects.create(tier="A", value=number + 1, unit=LimitUnit.WORK_DAY, effective_from=when, **place)


def _phrase(cast: Cast, number: int) -> Any:
    place = {"street": cast.place.street, "category": cast.category}
    return StreetPhrase.objects.create(**place, text=f"楼道堆物{number}", position=number)


def _application(cast: Cast, number: int) -> Any:
    kinds = (Ask.EXTENSION, Ask.SUSPENSION, Ask.VOIDING, Ask.EXCLUSION)
    wanted = {"value": 1, "unit": LimitUnit.NATURAL_HOUR, "until": MONDAY + dt.timedelta(days=3), "cause": "weather"}
    case = _case(cast, number)
    return actions.ask(case=case.pk, kind=kinds[number % 4], reason="确有需要", by=cast.lead, at=MONDAY, **wanted)


def _approval_rule(cast: Cast, number: int) -> Any:
    when = MONDAY + dt.timedelta(days=number)
    return ApprovalRule.objects.create(street=cast.place.street, kind=Ask.EXTENSION, most=number, effective_from=when)


def _frozen(cast: Cast, number: int) -> Any:
    month = dt.date(2026, number, 1)
    return FrozenFigures.objects.create(grid=cast.place.street, month=month, by=cast.street, at=MONDAY, figures={})


def _notice(cast: Cast, number: int) -> Any:
    return Notice.objects.create(
        user=cast.street, kind=NoticeKind.SYSTEM, key=str(number), text="Noted.", at=MONDAY + dt.timedelta(hours=number)
    )


def _delegation(cast: Cast, number: int) -> Any:
    day = MONDAY.date() + dt.timedelta(days=number)
    return Delegation.objects.create(
        user=cast.street,
        deputy=make_user(Role.STREET),
        valid_from=day,
        valid_to=day,
        made_by=cast.street,
        made_at=MONDAY,
    )


def _grid(cast: Cast, number: int) -> Any:
    """The tree is numbered anew: what the cast holds of it is read again, for whatever is made afterwards."""
    above = cast.place.comprehensives[0]
    row = Grid.objects.create(
        code=f"{above.code}{100 + number}", kind="micro", micro_type="resident", parent=above, name=f"新{number}",
        valid_from=LONG_AGO, border=None,
    )  # fmt: skip
    cast.read_anew()
    return row


def _post(cast: Cast, number: int) -> Any:
    if number % 2:
        own = make_unit(area_prefix=cast.place.street.code)
        return give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, own)
    return give(make_user(Role.WORKER), PostKind.GRID_WORKER_PT, cast.place.micros[0])


def _binding(cast: Cast, number: int) -> Any:
    """Of the street's own unit, so that the office may bind and end."""
    own = make_unit(area_prefix=cast.place.street.code)
    post = give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, own)
    return Binding.objects.create(post=post, grid=cast.place.totals[0], matters=["0602"], valid_from=LONG_AGO)


def _squad(cast: Cast, number: int) -> Any:
    who = {"grid": cast.place.comprehensives[0], "lead": cast.lead, "made_by": cast.street, "made_at": MONDAY}
    row = Squad.objects.create(kind="one_plus_five", name=f"红枫{number}队", **who)
    row.micros.add(cast.place.micros[0])
    Member.objects.create(squad=row, volunteer=make_volunteer(cast.place.micros[0]), since=MONDAY.date())
    return row


def _party(cast: Cast, number: int) -> Any:
    street = cast.place.street
    root = PartyOrg.objects.filter(street=street, parent=None).first() or PartyOrg.objects.create(
        street=street, kind=PartyKind.WORK_COMMITTEE, name="党工委", valid_from=LONG_AGO
    )
    branch = PartyOrg.objects.create(
        street=street, kind=PartyKind.COMMUNITY_COMMITTEE, name=f"党委{number}", parent=root, valid_from=LONG_AGO,
        secretary=make_user(Role.TOTAL_LEAD),
    )  # fmt: skip
    branch.grids.add(cast.place.totals[0])
    return branch


def _walker(cast: Cast) -> dict[str, Any]:
    """One worker more on the first micro-grid: a patrol runs once a person, a daily report is given once a day."""
    user = make_user(Role.WORKER)
    give(user, PostKind.GRID_WORKER_FT, cast.place.micros[0])
    return {"grid": cast.place.micros[0], "by": user, "at": MONDAY}


def _needless(cast: Cast, number: int) -> Any:
    return say_needless(street=cast.place.street, words=f"重复填表{number}", by=cast.street, at=MONDAY)


def _bulk(cast: Cast, number: int) -> Any:
    return Bulk.objects.create(key=uuid.uuid4(), verb=BulkVerb.URGE, by=cast.street, at=MONDAY)


def _pause(cast: Cast, number: int) -> Any:
    waits = {"kind": Hold.PARKED, "cause": PauseReason.WEATHER, "until": MONDAY + dt.timedelta(days=30)}
    return Pause.objects.create(case=_case(cast, number), **waits, by=cast.lead, started_at=MONDAY)


def _publication(cast: Cast, number: int) -> Any:
    said = {"title": f"已修复{number}", "text": "已修复", "closed_at": MONDAY, "round": 1}
    return Publication.objects.create(case=_case(cast, number), **said, by=cast.street, at=MONDAY)


def _calendar_day(cast: Cast, number: int) -> Any:
    day = dt.date(2026, 12, number)
    return CalendarDay.objects.create(scope=cast.place.street.code, date=day, kind=DayKind.REST, name="街道活动")


def _announcement(cast: Cast, number: int) -> Any:
    said = {"title": f"公告{number}", "text": "停水通知", "valid_from": LONG_AGO}
    return GridNotice.objects.create(grid=cast.place.micros[0], **said, by=cast.lead, at=MONDAY)


def _group(cast: Cast, number: int) -> Any:
    way = {"label": f"{number}号楼", "url": "https://example.cn/join"}
    return GroupLink.objects.create(grid=cast.place.micros[0], **way, kept_by=cast.worker, at=MONDAY)


def _card(cast: Cast, number: int) -> Any:
    post = give(make_user(Role.WORKER), PostKind.GRID_WORKER_PT, cast.place.micros[0], is_public_contact=True)
    return ContactCard.objects.create(post=post, token=f"token{post.pk}", by=cast.street, at=MONDAY)


def _duty(cast: Cast, number: int) -> Any:
    said = {"kind": PostKind.GRID_LEAD, "area": DutyArea.GRASSROOTS, "text": f"走访{number}", "valid_from": LONG_AGO}
    return Duty.objects.create(street=cast.place.street, position=number, **said)


def _page(cast: Cast, number: int) -> Any:
    """A street has one: the others are of streets that nobody of the cast has to do with."""
    street = cast.place.street if number == 1 else make_street(f"99010101{number}", 0, 0, 0).street
    return PublicPage.objects.create(street=street)


def _redrawing(cast: Cast, number: int) -> Any:
    planned = {"street": cast.place.street, "planned_by": cast.street, "planned_at": MONDAY}
    row = Redrawing.objects.create(kind=RedrawKind.SPLIT, on=MONDAY.date() + dt.timedelta(days=number), **planned)
    row.before.add(cast.place.micros[0])
    return row


def _system(cast: Cast) -> User:
    return User.objects.filter(role=Role.SYSTEM_ADMIN).first() or make_user(Role.SYSTEM_ADMIN)


def _security(cast: Cast) -> User:
    return User.objects.filter(role=Role.SECURITY_ADMIN).first() or make_user(Role.SECURITY_ADMIN)


def _webhook(cast: Cast, number: int) -> Any:
    told = {
        "name": f"推送{number}",
        "url": "https://receiver.example/hook",
        "events": ["case.closed"],
        "owner": cast.street,
    }
    return add_hook(**told, by=cast.street, at=MONDAY)


def _delivery(cast: Cast, number: int) -> Any:
    about = {"event": "case.closed", "subject_type": "case", "subject_id": number, "number": str(number), "body": "{}"}
    return Delivery.objects.create(webhook=_webhook(cast, number), record=number, at=MONDAY, next_at=MONDAY, **about)


def _feedback(cast: Cast, number: int) -> Any:
    project = make_project(cast.place.micros[0], cast.lead)
    return Feedback.objects.create(project=project, stars=5, voice=f"{number:064}", at=MONDAY)


def _panel(cast: Cast, number: int) -> Any:
    days = {
        "first": LONG_AGO,
        "last": MONDAY.date(),
        "weights": {"residents": 40, "social_worker": 30, "committee": 30},
    }
    row = Panel.objects.create(
        grid=cast.place.street, title=f"评议{number}", **days, made_by=cast.street, made_at=MONDAY
    )
    Candidate.objects.create(panel=row, volunteer=make_volunteer(cast.place.micros[0]))
    return row


def _certificate(cast: Cast, number: int) -> Any:
    said = {
        "issuer": "街道", "contact": "010", "responsible": "王主任", "handler": "李干事", "minutes": 60, "first": "2026-01-01",
        "last": "2026-06-30", "lines": [],
    }  # fmt: skip
    no = uuid.uuid4().hex
    paper = {"kind": "hours", "state": "issued", "no": no, "code": no, "said": said}
    when = {"made_by": cast.street, "made_at": MONDAY, "issued_at": MONDAY}
    return Certificate.objects.create(volunteer=make_volunteer(cast.place.micros[0]), **paper, **when)


def _hours(cast: Cast, number: int) -> Any:
    sign_up = make_sign_up(make_volunteer(cast.place.micros[0]), cast.street)
    return book_hours(sign_up=sign_up, minutes=60, by=cast.street, at=MONDAY)


def _hours_appeal(cast: Cast, number: int) -> Any:
    helper = make_volunteer(cast.place.micros[0])
    said = {"words": f"少记{number}小时", "by": helper.user, "at": MONDAY}
    return appeal_hours(sign_up=make_sign_up(helper, cast.street), **said)


def _points(cast: Cast, number: int) -> Any:
    return earn(make_volunteer(cast.place.micros[0]), 5, cast.street)


def _points_rule(cast: Cast, number: int) -> Any:
    when = MONDAY.date() + dt.timedelta(days=number)
    return PointsRule.objects.create(street=cast.place.street, what="post_kept", points=number, effective_from=when)


def _redemption(cast: Cast, number: int) -> Any:
    earned = _points(cast, number)
    return exchange_points(good=make_good(cast.place.totals[0]), by=earned.volunteer.user, at=MONDAY)


def _need(cast: Cast, number: int) -> Any:
    said = {"source": "resident", "words": f"陪同{number}", "entered_by": cast.lead, "entered_at": MONDAY}
    return Need.objects.create(grid=cast.place.comprehensives[0], **said)


def _shift(cast: Cast, number: int) -> Any:
    return make_shift(make_project(cast.place.comprehensives[0], cast.lead))


def _sign_up(cast: Cast, number: int) -> Any:
    volunteer = make_volunteer(cast.place.micros[0])
    return sign_up(shift=_shift(cast, number), volunteer=volunteer, by=volunteer.user, at=MONDAY)


def _governance_post(cast: Cast, number: int) -> Any:
    said = {"name": f"岗位{number}", "duty": "上报", "place": "桃园路"}
    return make_post(grid=cast.place.comprehensives[0], **said, by=cast.lead, at=MONDAY)


MAKERS = {
    **{name: Maker(*one) for name, one in MEDIATION.items()},
    "activity-feedback": Maker(_feedback),
    "announcements": Maker(_announcement),
    "applications": Maker(_application),
    "approval-rules": Maker(_approval_rule),
    "accounts": Maker(lambda cast, number: make_user(Role.WORKER), _security),
    "bindings": Maker(_binding),
    "bulk-runs": Maker(_bulk),
    "calendar-days": Maker(_calendar_day),
    "cases": Maker(_case),
    "categories": Maker(lambda cast, number: make_category(f"07{number + 1:02}")),
    "certificates": Maker(_certificate),
    "contact-cards": Maker(_card),
    "daily-reports": Maker(lambda cast, number: give_daily(kind="zero", **_walker(cast))),
    "delegations": Maker(_delegation),
    "duties": Maker(_duty),
    "figures/snapshots": Maker(_frozen),
    "goods": Maker(lambda cast, number: make_good(cast.place.totals[0])),
    "grids": Maker(_grid),
    "groups": Maker(_group),
    "hours": Maker(_hours),
    "hours-appeals": Maker(_hours_appeal),
    "governance-posts": Maker(_governance_post),
    "needs": Maker(_need),
    "needless-work": Maker(_needless),
    "notices": Maker(_notice),
    "panels": Maker(_panel),
    "party-orgs": Maker(_party),
    "patrols": Maker(lambda cast, number: start_patrol(**_walker(cast))),
    "phrases": Maker(_phrase),
    "points": Maker(_points),
    "points-rules": Maker(_points_rule),
    "policies": Maker(_policy),
    "projects": Maker(lambda cast, number: make_project(cast.place.comprehensives[0], cast.lead)),
    "public-pages": Maker(_page, _system),
    "redemptions": Maker(_redemption),
    "redrawings": Maker(_redrawing),
    "resource-services": Maker(
        lambda cast, number: make_service(make_resource(cast.place.micros[0], f"服务点{number}"))
    ),
    "resources": Maker(lambda cast, number: make_resource(cast.place.micros[0], f"活动室{number}")),
    "shifts": Maker(_shift),
    "sign-ups": Maker(_sign_up),
    "posts": Maker(_post, _security),
    "stations": Maker(lambda cast, number: make_good(cast.place.totals[0]).station),
    "teams": Maker(_team),
    "squads": Maker(_squad),
    "supervisions": Maker(_supervision),
    "pauses": Maker(_pause),
    "publications": Maker(_publication),
    "units": Maker(lambda cast, number: make_unit()),
    "volunteers": Maker(lambda cast, number: make_volunteer(cast.place.micros[0])),
    "webhook-deliveries": Maker(_delivery),
    "webhooks": Maker(_webhook),
    "visits": Maker(lambda cast, number: log_visit(place=f"{number}号楼", **_walker(cast))),
}


def outsiders(cast: Cast) -> list[User]:
    """One of each kind of hand in another street, or in another unit."""
    elsewhere = Grid.objects.exclude(tree_id=cast.place.street.tree_id)
    found = [cast.outsider]
    for role, kind, level in (
        (Role.TOTAL_LEAD, PostKind.ROOT_GRID_LEAD, "total"),
        (Role.COMPREHENSIVE_LEAD, PostKind.GRID_LEAD, "comprehensive"),
        (Role.WORKER, PostKind.GRID_WORKER_FT, "micro"),
    ):
        user = make_user(role)
        give(user, kind, elsewhere.filter(kind=level).first())
        found.append(user)
    stranger = make_user(Role.UNIT_STAFF)
    give(stranger, PostKind.UNIT_STAFF, make_unit())
    return [*found, stranger]


# Resources that everyone who works with cases may read, in whichever street.
SHARED = {
    "categories": Exemption("the matter list is published"),
    "units": Exemption("whom one can send an order to is no secret among those who work with cases"),
}


def make_all(cast: Cast) -> None:
    """A row of each."""
    for route in sorted(MAKERS):
        MAKERS[route].make(cast, 1)
