"""The files of the demo's committees: what was quarrelled about, how it was mediated, and how it ended."""

import datetime as dt
import io
import itertools
import random
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from accounts.models import User
from mediation.actions.agreements import write_agreement
from mediation.actions.choosing import accept_mediator, assign, say_conflict
from mediation.actions.confirming import ask_court, note_ruling
from mediation.actions.ending import end_file
from mediation.actions.files import accept_file, decline_file, open_file, withdraw_file
from mediation.actions.filing import file_volume
from mediation.actions.following import follow_up
from mediation.actions.inviting import agree_to_helper, invite_helper
from mediation.actions.meeting import plan_session, write_record
from mediation.actions.parties import PartyData, say_consent, tell_rights
from mediation.actions.performing import note_performance
from mediation.actions.signing import sign
from mediation.choices.deeds import Retention
from mediation.models import Expert, Mediation, Mediator, Party, Session
from mediation.rules.agreements import TaskData

from .mediation import House
from .names import person_name

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
MONTH = 30
# Kind, title, facts, points, what is agreed, how it is performed, what the respondent has to do.
STORIES = (
    ("neighbour_leak", "楼上卫生间漏水", "楼上住户卫生间防水层老化，渗水致楼下天花板起皮脱落。", "维修费用和楼下粉刷费用由谁承担。",
     "楼上住户重做卫生间防水，并为楼下重新粉刷受损天花板。", "聘请有资质的施工队施工，社区到场查看。", "完成防水施工和天花板粉刷"),
    ("neighbour_noise", "夜间练琴噪声", "孩子晚上九点后练琴，影响邻居老人休息。", "练琴的时间和隔音措施。",
     "练琴时间为每日十六时至二十时，琴房加装隔音垫。", "当场承诺，一周内装好隔音垫。", "装好隔音垫"),
    ("neighbour_space", "楼道堆放杂物", "住户在公共楼道堆放旧家具，妨碍通行和消防安全。", "杂物的清理和公共部位的使用。",
     "三日内清走楼道杂物，不再占用公共部位。", "自行清理，网格员到场查看。", "清走楼道杂物"),
    ("family", "赡养费协商", "老人独居，三名子女对照料分工意见不一。", "照料分工和赡养费用。",
     "三名子女轮流照料，每月按约定分担生活费用。", "每月五日前转入老人账户，社区按季回访。", "按月支付生活费用"),
    ("consumer", "健身房预付卡退款", "健身房停业装修，会员要求退还余款。", "余款的计算和退款期限。",
     "按未使用次数退还余款，分两期付清。", "银行转账，付款凭证交调委会备存。", "付清退款"),
    ("labour", "装修工资拖欠", "装修完工后工头未按约定支付两名工人工资。", "工资数额和支付期限。",
     "确认欠付工资，十五日内付清。", "银行转账，付款凭证交调委会备存。", "付清工资"),
    ("property", "停车位划线争议", "物业重新划线后一个车位变窄，业主拒交停车费。", "车位尺寸和停车费的补交。",
     "物业恢复原划线，业主补交停车费。", "物业一周内重新划线。", "恢复原划线"),
)  # fmt: skip
# How far a file has come: so many days ago it was opened, by which steps it went.
COURSES = (
    ("applied", 1), ("applied", 0.2), ("declined", 20), ("withdrawn", 15), ("told", 3), ("planned", 6), ("planned", 5), ("held", 9),
    ("held", 27), ("hearing", 12), ("written", 8), ("signing", 7), ("sealed", 14), ("sealed", 22), ("done", 40), ("done", 55),
    ("court", 48), ("oral", 18), ("oral", 35), ("failed", 33), ("refused", 26), ("filed", 80), ("filed", 75), ("filed", 70),
    ("conflict", 4),
)  # fmt: skip


@dataclass
class Play:
    """One file on its way: who acts, and when."""

    house: House
    file: Mediation
    story: tuple[str, ...]
    lead: Mediator
    begun: dt.datetime

    @property
    def by(self) -> User:
        assert self.lead.user is not None
        return self.lead.user

    @property
    def director(self) -> User:
        user = self.house.mediators[0].user
        assert user is not None
        return user

    @property
    def parties(self) -> list[Party]:
        return list(self.file.parties.order_by("pk"))

    def on(self, days: float) -> dt.datetime:
        return self.begun + days * DAY


def mediate(houses: list[House], now: dt.datetime) -> int:
    """Play a file for each of the COURSES in HOUSES in turn; how many."""
    if not houses:
        return 0
    dice = random.Random("disputes")
    turns = itertools.cycle(houses)
    for number, (course, days) in enumerate(COURSES):
        # Most of them where one signs in.
        house = houses[0] if number % 2 else next(turns)
        day = now - dt.timedelta(days=days)
        _play(house, number, course, day if days < 1 else _morning(day, number), now, dice)
    return len(COURSES)


def _morning(day: dt.datetime, number: int) -> dt.datetime:
    """When an office hears of it on that day."""
    return day.replace(hour=9, minute=7 * number % 60, second=0, microsecond=0)


def _play(house: House, number: int, course: str, begun: dt.datetime, now: dt.datetime, dice: random.Random) -> None:
    story = STORIES[number % len(STORIES)]
    lead = house.mediators[1 + number % 3]
    assert lead.user is not None
    source = ("party", "party", "committee", "police", "court")[number % 5]
    kind, title, facts, points = story[:4]
    sides = [_party(role, number, dice) for role in ("applicant", "respondent")]
    file = open_file(
        committee=house.committee.pk, kind=kind, source=source, title=title, facts=facts, points=points, parties=sides,
        place=f"{house.committee.grid.name.removesuffix('总网格')}{1 + number % 9}号楼", by=lead.user, at=begun,
    )  # fmt: skip
    play = Play(house, file, story, lead, begun)
    if course == "declined":
        decline_file(mediation=file, reason="双方已向人民法院起诉。", by=play.director, at=play.on(0.14))
    elif course != "applied":
        _begin(play, course, now)


def _party(role: str, number: int, dice: random.Random) -> PartyData:
    return PartyData(
        role=role, name=person_name(dice), sex=dice.choice(("female", "male")), birth_year=1950 + dice.randrange(50),
        phone=f"1000002{2 * number + (role == 'respondent'):04}", address=f"{1 + number % 9}号楼{1 + dice.randrange(4)}单元",
    )  # fmt: skip


def _begin(play: Play, course: str, now: dt.datetime) -> None:
    """Accepted; the parties are told of their rights and want mediation, or don't."""
    accept_file(mediation=play.file, by=play.director, at=play.on(0.1))
    first, second = play.parties
    for party in (first, second):
        tell_rights(party=party, by=play.by, at=play.on(0.12))
    say_consent(party=first, agreed=True, by=play.by, at=play.on(0.14))
    say_consent(party=second, agreed=course != "refused", by=play.by, at=play.on(0.16))
    if course == "refused":
        _end(play, "refused", "被申请人明确拒绝调解。", 0.3)
    elif course == "withdrawn":
        withdraw_file(mediation=play.file, reason="双方自行和解，申请人撤回申请。", by=play.by, at=play.on(2))
    elif course == "conflict":
        tied = play.house.mediators[3]
        say_conflict(mediation=play.file, mediator=tied.pk, party=second.pk, kind="kin", by=play.by, at=play.on(0.2))
    elif course != "told":
        _meet(play, course, now)


def _meet(play: Play, course: str, now: dt.datetime) -> None:
    """Who was chosen sits beside the lead; one session is planned, or was held."""
    beside = play.house.mediators[4]
    made = assign(mediation=play.file, mediator=beside.pk, chosen_by=play.parties[0], by=play.director, at=play.on(0.2))
    accept_mediator(assignment=made, party=play.parties[1], by=play.by, at=play.on(0.22))
    if course == "planned":
        _plan(play, now + (1 + play.file.pk % 3) * DAY, now)
        return
    session = _plan(play, play.on(2), play.on(1))
    _write(play, session, play.on(2))
    if course == "hearing":
        _hear(play, play.on(5))
    elif course == "failed":
        _end(play, "failed", "双方就费用分担未能达成一致。", 20)
    elif course != "held":
        _agree(play, course, now)


def _plan(play: Play, day: dt.datetime, at: dt.datetime, **more: Any) -> Session:
    """At a free hour of that day: files are played one after the other, and no two sit in a room at once."""
    for hour in (9, 10, 14, 15, 16, 11):
        start = day.replace(hour=hour, minute=0, second=0, microsecond=0)
        taken = Session.objects.overlapping(start, start + HOUR).filter(room=play.house.room)
        if (
            not taken.exists()
            and not Session.objects.overlapping(start, start + HOUR).filter(mediators=play.lead).exists()
        ):
            break
    given = {"kind": "mediation", "room": play.house.room, "mediators": [play.lead.pk], **more}
    return plan_session(mediation=play.file, starts_at=start, ends_at=start + HOUR, **given, by=play.by, at=at)


def _write(play: Play, session: Session, day: dt.datetime, **more: str) -> None:
    words = (
        f"调解员宣读当事人的权利和义务。申请人陈述：{play.story[2]}被申请人表示愿意协商。"
        f"调解员归纳争议：{play.story[3]}双方各自提出方案，调解员逐条说明有关规定。"
    )
    came = list(session.attendances.values_list("pk", flat=True))
    at = max(session.ends_at, day)
    write_record(session=session, record=words, version=session.version, came=came, **more, by=play.by, at=at)


def _hear(play: Play, day: dt.datetime) -> None:
    """An expert of the pool sits on the panel, as both parties want."""
    expert = (
        Expert.objects.on_call()
        .filter(grid__tree_id=play.file.grid.tree_id, profession="lawyer")
        .order_by("pk")
        .first()
    )
    helper = invite_helper(mediation=play.file, kind="expert", expert=expert, by=play.by, at=play.on(3))
    for party in play.parties:
        agree_to_helper(helper=helper, party=party, by=play.by, at=play.on(3.5))
    session = _plan(play, day, play.on(4), kind="hearing", panel=[helper.pk])
    _write(play, session, day, opinion="听证团认为：应由责任方承担修复义务，建议双方各让一步，限期完成。")


def _agree(play: Play, course: str, now: dt.datetime) -> None:
    """Written down on the fourth day, signed on the fifth; by word of mouth it holds at once."""
    _kind, _title, facts, points, content, manner, what = play.story
    at, due = play.on(4), play.on(4).date() + MONTH * DAY
    form = "oral" if course == "oral" else "written"
    tasks = [TaskData(play.parties[1].pk, what, due)]
    agreement = write_agreement(
        mediation=play.file, form=form, facts=facts, points=points, duties="双方互谅互让，按约履行。", content=content, manner=manner,
        deadline=due, tasks=tasks, by=play.by, at=at,
    )  # fmt: skip
    if course in {"written", "oral"}:
        return
    given = {"mediation": play.file, "how": "screen", "digest": agreement.digest}
    at = play.on(5)
    hands: list[tuple[dict[str, int], User]] = [({"party": party.pk}, play.by) for party in play.parties]
    for held in play.file.assignments.current().select_related("mediator__user").order_by("pk"):
        assert held.mediator.user is not None
        hands.append(({"mediator": held.mediator_id}, held.mediator.user))
    for hand, by in hands[: 1 if course == "signing" else None]:
        sign(**given, **hand, picture=_stroke(str(hand)), signed_on=at.date(), by=by, at=at)  # type: ignore[arg-type]
    if course != "signing":
        sign(**given, seal=True, signed_on=at.date(), by=play.director, at=at)  # type: ignore[arg-type]
        _follow(play, course, now)


def _follow(play: Play, course: str, now: dt.datetime) -> None:
    """Performed, asked after, confirmed by the court, filed."""
    if course == "sealed":
        return
    if course == "court":
        ask_court(mediation=play.file, on=play.on(10).date(), court="示例区人民法院", by=play.by, at=play.on(10))
        on, no = play.on(22), f"({play.begun.year})示0101民特12号"
        note_ruling(mediation=play.file, confirmed=True, on=on.date(), court_no=no, by=play.by, at=on)
    task = play.file.tasks.get()
    note_performance(
        mediation=play.file, task=task.pk, state="done", done_on=play.on(15).date(), by=play.by, at=play.on(15)
    )
    follow_up(
        mediation=play.file, on=play.on(30).date(), performance="done", satisfaction="satisfied", note="双方已和好，没有新的争议。",
        by=play.by, at=play.on(30),
    )  # fmt: skip
    if course == "filed":
        why = "当事人身份证明已当面核对，未留复印件；笔录由双方口头确认。"
        file_volume(mediation=play.file, retention=Retention.LONG, statement=why, by=play.director, at=play.on(32))


def _end(play: Play, outcome: str, reason: str, days: float) -> None:
    end_file(mediation=play.file, outcome=outcome, reason=reason, informed=True, by=play.by, at=play.on(days))


def _stroke(seed: str) -> bytes:
    """A name as somebody scribbles it: a PNG."""
    dice = random.Random(seed)
    picture = Image.new("RGB", (320, 120), "white")
    points = [(20 + 28 * n, 60 + dice.randrange(-38, 38)) for n in range(11)]
    ImageDraw.Draw(picture).line(points, fill="black", width=4, joint="curve")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
