"""Volunteers of the demo street: squads, couriers with their posts, projects with shifts past and ahead, hours and points, a
station, what residents said, a panel and certificates. Played by the real actions, in the weeks before now."""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.actions import open_account
from accounts.choices import Role
from accounts.models import User
from gridgov.core.codes import digest
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post
from volunteers.actions import certificates, panels
from volunteers.actions.appeals import appeal_hours
from volunteers.actions.exchanging import exchange_points, hand_over
from volunteers.actions.feedback import give_feedback
from volunteers.actions.needs import enter_need, take_up_need
from volunteers.actions.people import Offer, Person, apply_as_volunteer, review_volunteer
from volunteers.actions.posts import claim_post, make_post
from volunteers.actions.profiles import note_training
from volunteers.actions.projects import make_project, open_project
from volunteers.actions.shifts import close_shift, plan_shifts
from volunteers.actions.signing_up import sign_up
from volunteers.actions.squads import add_members, form_squad
from volunteers.actions.stations import add_good, add_station
from volunteers.choices.people import CONSENT
from volunteers.models import HoursEntry, Panel, Project, Shift, SignUp, Volunteer
from volunteers.reports.panels import near_of

from .names import person_name

USERNAME = "volunteer1"
RESIDENTS, COURIERS, APPLYING = 16, 4, 2
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
NICKNAMES = (
    "小桃",
    "老陈",
    "晨跑的人",
    "热心肠",
    "阿芳",
    "邻家大姐",
    "修理匠",
    "木棉",
    "大李",
    "星星",
    "小满",
    "长青",
    "阿木",
    "向日葵",
    "老周",
    "微光",
)
SKILLS = ("care", "first_aid", "repair", "teaching", "computer", "mediation", "electric", "culture")
TIMES = (("6m", "6a"), ("1m", "3m", "5m"), ("2e", "4e"), ("7m", "7a", "7e"), ("1a", "2a", "3a", "4a", "5a"))
# Kind, title, what it is about, skills wanted, places, hours, day of the first shift before today.
PROJECTS = (
    ("service", "独居老人结对陪伴", "每周到结对老人家中坐一坐，代买代办，查看用气用电安全。", ("care",), 4, 2, 20),
    ("patrol", "红袖章平安巡逻", "傍晚两人一组巡查小区出入口和地下车库，劝阻飞线充电。", ("patrol",), 6, 2, 19),
    (
        "event",
        "周末便民义诊和家电维修",
        "小区广场便民服务：量血压、修小家电、手机使用辅导。",
        ("first_aid", "repair"),
        8,
        3,
        18,
    ),
)
WEEKS = 5
GOODS = (("洗衣液1瓶", 8, 20), ("大米5公斤", 20, 6), ("抽纸1提", 4, 30), ("理发券1张", 6, 10))
POSTS = (
    ("送餐途中安全哨", "送餐时留意消防通道、井盖和飞线充电，随手上报。", "幸福里小区南门至滨河路", 2),
    ("夜间灯光员", "夜间配送时查看路灯和楼道灯。", "幸福里小区1至5号楼", 2),
    ("老人代买联络岗", "接受社区转来的代买需求。", "社区党群服务中心", 1),
)
NEEDS = (
    "独居老人行动不便，需要有人每周陪同买菜一次。",
    "楼道灯频繁损坏，希望有会电工的志愿者检查。",
    "暑期儿童托管缺一名辅导员。",
)
SAID = ((5, "陪老人聊天很耐心"), (5, ""), (4, "希望多来几次"), (5, "修好了收音机，谢谢"), (4, ""), (3, "来得有点晚"))
EMPLOYERS = ("美程外卖", "快达速递")


@dataclass
class Team:
    """Who acts: the street office, the lead and the worker of the first grid, with their places; and the volunteers."""

    now: dt.datetime
    street: Grid
    grid: Grid
    micros: list[Grid]
    office: User
    total_lead: User
    lead: User
    worker: User
    volunteers: list[Volunteer] = field(default_factory=list)
    couriers: list[Volunteer] = field(default_factory=list)

    def ago(self, days: float) -> dt.datetime:
        return self.now - days * DAY


def enlist(now: dt.datetime, password: str | None) -> None:
    """Fill the room for the first street; `volunteer1` gets PASSWORD."""
    team = _team(now)
    if team is None:
        return
    dice = random.Random(f"volunteers {team.street.code}")
    _people(team, dice, password)
    _squads(team)
    projects = [_project(team, number) for number in range(len(PROJECTS))]
    _today(team, projects[1])
    _needs(team, projects[0])
    _posts(team)
    _station(team)
    _honours(team, projects)


def _team(now: dt.datetime) -> Team | None:
    street = Grid.objects.filter(parent=None).order_by("code").first()
    if street is None:
        return None
    posts = Post.objects.current(now.date()).filter(grid__tree_id=street.tree_id).select_related("user", "grid")
    by_code = posts.order_by("grid__code", "pk")
    lead, total = by_code.filter(kind=PostKind.GRID_LEAD).first(), by_code.filter(kind=PostKind.ROOT_GRID_LEAD).first()
    office = by_code.filter(kind=PostKind.STREET_STAFF).first()
    worker = by_code.filter(kind=PostKind.GRID_WORKER_FT, grid__kind=GridKind.MICRO).first()
    if not (lead and total and office and worker and lead.grid):
        return None
    micros = list(Grid.objects.under(lead.grid).filter(kind=GridKind.MICRO, valid_to=None).order_by("code"))
    return Team(now, street, lead.grid, micros, office.user, total.user, lead.user, worker.user)


def _people(team: Team, dice: random.Random, password: str | None) -> None:
    """Residents of the first grid, couriers, one below eighteen, and two whose application waits."""
    system = User.objects.system()
    for number in range(RESIDENTS + COURIERS + APPLYING):
        courier, at = RESIDENTS <= number < RESIDENTS + COURIERS, team.ago(45) + number * HOUR
        waits = number >= RESIDENTS + COURIERS
        by, grid = system, team.micros[number % min(3, len(team.micros))]
        name = person_name(dice)
        if number == 0:
            by = open_account(
                username=USERNAME, full_name=NICKNAMES[0], role=Role.VOLUNTEER, password=password, by=system, at=at
            )
        minor = number == RESIDENTS - 1
        guardian = (
            {"guardian_name": person_name(dice), "guardian_phone": "10000000000", "guardian_agreed": True}
            if minor
            else {}
        )
        born = dt.date(
            team.now.year - (15 if minor else dice.randrange(22, 68)), dice.randrange(1, 13), dice.randrange(1, 28)
        )
        work = {"kind": "new_employment", "employer": EMPLOYERS[number % 2]} if courier else {}
        row = apply_as_volunteer(
            person=Person(name, f"1000000{number + 1:04}", born, **guardian),  # type: ignore[arg-type]
            offer=Offer(
                NICKNAMES[number] if number < len(NICKNAMES) else f"骑手{number - RESIDENTS + 1}号",
                (SKILLS[number % len(SKILLS)], *(("patrol",) if number % 3 == 0 else ())), TIMES[number % len(TIMES)],
                tuple(team.micros[:2]) if number % 4 == 0 else (),
            ),
            grid=grid, consent=CONSENT, **work, by=by, at=team.ago(1) if waits else at,
        )  # fmt: skip
        if waits:
            continue
        row = review_volunteer(volunteer=row, accepted=True, by=team.lead, at=at + 2 * HOUR)
        (team.couriers if courier else team.volunteers).append(row)
    trained = {"trained_on": team.ago(30).date(), "insured_until": team.now.date() + 300 * DAY}
    for row in team.volunteers[:4]:
        note_training(volunteer=row, **trained, by=team.lead, at=team.ago(30))


def _squads(team: Team) -> None:
    """One that is whole, one that is short, a patrol team, and the couriers'."""
    by, at = team.office, team.ago(40)
    rows, first = team.volunteers, team.micros[0]
    for kind, name, grid, lead, micros, members in (
        ("one_plus_five", "一专五志一队", first, team.worker, [first], rows[:5]),
        ("one_plus_five", "一专五志二队", team.micros[1], team.worker, [team.micros[1]], rows[5:8]),
        ("patrol", "红袖章巡逻队", team.grid, team.lead, [], rows[8:13]),
        ("new_employment", "骑手先锋队", team.grid, team.lead, [], team.couriers),
    ):
        squad = form_squad(grid=grid, kind=kind, name=name, lead=lead, micros=micros, by=by, at=at)
        add_members(squad=squad, volunteers=[one.pk for one in members], by=by, at=at)


def _project(team: Team, number: int) -> Project:
    """Shifts week by week, those of the past with their hours; one who signed up did not come."""
    kind, title, about, skills, places, hours, ago = PROJECTS[number]
    row = make_project(
        grid=team.grid, title=title, kind=kind, about=about, skills=skills, by=team.lead, at=team.ago(30)
    )
    row = open_project(project=row, by=team.lead, at=team.ago(30))
    begins = team.ago(ago).replace(hour=18 if kind == "patrol" else 9, minute=0, second=0)
    span: dict[str, Any] = {"starts_at": begins, "ends_at": begins + hours * HOUR, "capacity": places, "weeks": WEEKS}
    shifts = plan_shifts(project=row, **span, place="社区党群服务中心集合", by=team.lead, at=team.ago(30))
    for week, shift in enumerate(shifts):
        ahead = shift.starts_at > team.now
        # Of what is ahead one has a waiting list, and the others have places.
        wanted = places + 1 if ahead and number == 0 and week % 2 else places // 2 if ahead else places - 1
        coming = _some(team.volunteers, 5 * number + 3 * week, wanted)
        if week % 2 == 0 and team.volunteers[0] not in coming:
            coming[0] = team.volunteers[0]
        signed = [
            _sign_up(shift, one, at=min(team.now, shift.starts_at) - 2 * DAY + n * HOUR) for n, one in enumerate(coming)
        ]
        if not ahead and shift.ends_at < team.now:
            came = signed[:-1] if week == 1 else signed
            minutes = {one.pk: hours * 60 - 10 * (n % 3) for n, one in enumerate(came)}
            close_shift(shift=shift, minutes=minutes, by=team.lead, at=min(team.now, shift.ends_at + 2 * HOUR))
    return row


def _some(rows: Sequence[Volunteer], first: int, count: int) -> list[Volunteer]:
    return list(itertools.islice(itertools.cycle(rows), first, first + count))


def _sign_up(shift: Shift, volunteer: Volunteer, at: dt.datetime) -> SignUp:
    return sign_up(shift=shift, volunteer=volunteer, by=_account(volunteer), at=at)


def _account(volunteer: Volunteer) -> User:
    return User.objects.get(pk=volunteer.user_id)


def _today(team: Team, project: Project) -> None:
    """A shift that is on now: whoever tries the demo checks in by its code."""
    span: dict[str, Any] = {"starts_at": team.now - HOUR / 2, "ends_at": team.now + 6 * HOUR, "capacity": 5}
    (shift,) = plan_shifts(project=project, **span, place="幸福里小区南门岗亭", by=team.lead, at=team.ago(3))
    for one in (team.volunteers[0], *team.volunteers[9:11]):
        _sign_up(shift, one, team.ago(2))


def _needs(team: Team, project: Project) -> None:
    rows = [enter_need(grid=team.micros[0], words=words, by=team.lead, at=team.ago(6)) for words in NEEDS]
    take_up_need(need=rows[0], project=project, by=team.lead, at=team.ago(5))


def _posts(team: Team) -> None:
    for number, (name, duty, place, places) in enumerate(POSTS):
        given: dict[str, Any] = {"name": name, "duty": duty, "place": place, "places": places}
        row = make_post(grid=team.grid, **given, by=team.office, at=team.ago(35))
        for one in team.couriers[number : number + 1]:
            claim_post(post=row, volunteer=one, by=_account(one), at=team.ago(33))


def _station(team: Team) -> None:
    """Goods for points: one exchange is collected, one waits; and hours that somebody finds too few."""
    by, at, own = team.lead, team.ago(34), team.volunteers[0]
    station = add_station(
        grid=team.grid, name="爱心超市", place="社区党群服务中心一层", hours="周一至周五9:00—17:00", by=by, at=at
    )
    goods = [
        add_good(station=station, name=name, points=points, stock=stock, by=by, at=at) for name, points, stock in GOODS
    ]
    took = exchange_points(good=goods[2], by=_account(own), at=team.ago(4))
    hand_over(redemption=took, code=took.code, by=by, at=team.ago(3))
    exchange_points(good=goods[2], by=_account(own), at=team.ago(1))
    short = SignUp.objects.filter(volunteer=own, state="served").order_by("-pk").first()
    if short is not None:
        appeal_hours(sign_up=short, words="当天实际服务到结束，少记了时间。", by=_account(own), at=team.ago(1))


def _honours(team: Team, projects: Sequence[Project]) -> None:
    """Who signs, what residents said, a panel with two honours, one of them issued, and the record of volunteer1."""
    by, door = team.office, User.objects.door()
    said = {
        "name": f"{team.street.name}办事处",
        "responsible": "王主任",
        "handler": "李干事",
        "contact": "010-60000000",
    }
    certificates.set_issuer(grid=team.street, **said, by=by, at=team.ago(44))
    for number, (stars, words) in enumerate(SAID):
        for project in projects[:: 2 if number % 2 else 1]:
            voice = digest(f"demo {project.pk} {number}")
            give_feedback(project=project, stars=stars, words=words, voice=voice, by=door, at=team.ago(11))
    panel = panels.open_panel(
        grid=team.grid,
        title="季度星级志愿者评议",
        first=team.ago(60).date(),
        last=team.ago(10).date(),
        by=by,
        at=team.ago(10),
    )
    seats = ((team.lead, "social_worker"), (team.total_lead, "committee"), (team.worker, "social_worker"))
    for user, part in seats:
        panels.seat_member(panel=panel, user=user, part=part, by=by, at=team.ago(10))
    served = (
        HoursEntry.objects.filter(day__lte=panel.last)
        .order_by("volunteer")
        .values_list("volunteer", flat=True)
        .distinct()
    )
    proven = [one for one in team.volunteers if one.pk in set(served)]
    rows = panels.put_forward(panel=panel, volunteers=[proven[0], *proven[-2:]], by=by, at=team.ago(10))
    near = near_of(Panel.objects.for_detail().get(pk=panel.pk))
    for (user, _part), (number, row) in itertools.product(seats, enumerate(rows)):
        if (user.pk, row.pk) not in near:
            panels.score_candidate(panel=panel, candidate=row.pk, points=92 - 5 * number, by=user, at=team.ago(9.5))
    panels.close_panel(panel=panel, by=by, at=team.ago(9))
    for row, title, days in ((rows[0], "星级志愿者", 9), (rows[1], "邻里守望之星", 2)):
        certificates.honour(
            panel=panel, candidate=row.pk, title=title, words="热心助老，常年坚持", by=by, at=team.ago(days)
        )
    certificates.issue_due(by=User.objects.system(), at=team.now)
    own = team.volunteers[0]
    lately: dict[str, Any] = {"first": team.ago(60).date(), "last": team.now.date()}
    certificates.issue_record(volunteer=own, **lately, by=_account(own), at=team.now)
    current = panels.open_panel(grid=team.grid, title="本月星级志愿者评议", **lately, by=by, at=team.now)
    for user, part in seats:
        panels.seat_member(panel=current, user=user, part=part, by=by, at=team.now)
    panels.put_forward(panel=current, volunteers=team.volunteers[8:11], by=by, at=team.now)
