"""Some days of rounds in the demo street: patrols with their trails, visits, daily reports, and what was called needless.
Played by the real actions, shortly before now."""

import datetime as dt
import math
import random
from collections.abc import Iterator
from typing import Any

from accounts.choices import Role
from accounts.models import User
from fieldwork import actions
from fieldwork.choices import DailyKind, Diligence
from fieldwork.models import Patrol
from gridgov.core.calendar import WorkCalendar
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post

# Days of the first worker; workers whose patrols are played, for each costs the start some hundredths of a second.
DAYS, WALKING = 5, 10
MINUTE = dt.timedelta(minutes=1)
VISITS = (
    (Diligence.VISIT, "3号楼2单元一户独居老人", "身体还好，提醒注意用气安全。"),
    (Diligence.TALK, "小区南门小广场", "与居民说事：希望增加晾衣架。"),
    (Diligence.PREVENT, "沿街餐饮店", "查看灭火器和后厨用电，已提醒清理油烟。"),
    (Diligence.SERVE, "5号楼1单元", "代取老年证。"),
    (Diligence.PATROL, "地下车库", "消防通道畅通。"),
)
ORDINARY = "午后短时停水，已向居民说明并联系供水公司。"
NEEDLESS = (
    ("同样的楼栋信息，一周内要填三张不同的表。", "已合并为一张表，下月起执行。", False),
    ("走访必须每户拍照，老人不愿意，我也觉得没必要。", "走访不要求拍照，已告知各社区。", True),
    ("微信群里每天要打两次卡，和日报重复。", "", False),
)
REASON = "居民反映当天无人巡查，核实履职情况。"


def rounds(now: dt.datetime) -> None:
    """The last working day of all full-time workers; some days more of the first, whom one signs in as."""
    street = Grid.objects.filter(parent=None).order_by("code").first()
    if street is None:
        return
    days = _working_days(street, now)
    dice = random.Random(street.code)
    workers = list(_workers(street, now))
    for number, (user, grid) in enumerate(workers):
        for day in days if number == 0 else days[:1]:
            _day(user, grid, day, dice, walks=number < WALKING, gives=number % 9 != 8)
    office = User.objects.filter(role=Role.STREET, posts__grid=street).order_by("pk").first()
    if workers and office:
        _look(workers[0][0], office, now)
        _needless(street, [user for user, _grid in workers], office, now)


def _working_days(street: Grid, now: dt.datetime) -> list[dt.date]:
    today = now.date()
    calendar = WorkCalendar.of(street.code, today - dt.timedelta(days=30), today)
    past = (today - dt.timedelta(days=n) for n in range(1, 31))
    return [day for day in past if calendar.day(day).works][:DAYS]


def _workers(street: Grid, now: dt.datetime) -> Iterator[tuple[User, Grid]]:
    """Each full-time worker with the first of the own micro-grids."""
    posts = Post.objects.current(now.date()).filter(kind=PostKind.GRID_WORKER_FT, grid__kind=GridKind.MICRO)
    rows = posts.filter(grid__code__startswith=street.code).select_related("user", "grid").order_by("grid__code")
    seen = set()
    for post in rows:
        if post.user_id not in seen and post.grid is not None:
            seen.add(post.user_id)
            yield post.user, post.grid


def _day(user: User, grid: Grid, day: dt.date, dice: random.Random, *, walks: bool, gives: bool) -> None:
    begin = dt.datetime.combine(day, dt.time(8, 30), dt.timezone(dt.timedelta(hours=8)))
    for hours in (0, 6) if walks else ():
        start = begin + hours * 60 * MINUTE + dice.randrange(40) * MINUTE
        length = dice.randrange(60, 100)
        patrol = actions.start_patrol(grid=grid, by=user, at=start)
        end = start + length * MINUTE
        actions.add_points(patrol=patrol, readings=_walk(grid, start, length, dice), by=user, at=end)
        actions.stop_patrol(patrol=patrol, by=user, at=end)
    for n, (kind, place, note) in enumerate(dice.sample(VISITS, dice.randrange(1, 4))):
        at = begin + (100 + 70 * n + dice.randrange(40)) * MINUTE
        actions.log_visit(grid=grid, kind=kind, place=place, note=note, by=user, at=at)
    if gives:
        ordinary = dice.random() < 0.25
        given: dict[str, Any] = {"kind": DailyKind.ORDINARY, "note": ORDINARY} if ordinary else {"kind": DailyKind.ZERO}
        actions.give_daily(grid=grid, **given, by=user, at=begin + (8 * 60 + dice.randrange(60)) * MINUTE)


def _walk(grid: Grid, start: dt.datetime, minutes: int, dice: random.Random) -> list[actions.Reading]:
    """Once round inside the border, a point every three minutes."""
    ring = (grid.border or {"coordinates": [[[0.0, 0.0]]]})["coordinates"][0]
    xs, ys = zip(*ring, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    wide, tall = (max(xs) - min(xs)) * 0.3, (max(ys) - min(ys)) * 0.3
    turn = dice.random() * math.tau
    readings = []
    for minute in range(2, minutes, 3):
        angle = turn + minute / minutes * math.tau
        far = 1 + dice.uniform(-0.25, 0.25)
        lng, lat = x + wide * far * math.cos(angle), y + tall * far * math.sin(angle)
        readings.append(actions.Reading(start + minute * MINUTE, lng, lat, accuracy=float(dice.randrange(6, 30))))
    return readings


def _look(worker: User, office: User, now: dt.datetime) -> None:
    patrol = Patrol.objects.own(worker).order_by("pk").first()
    if patrol:
        actions.look_at_trail(patrol=patrol, reason=REASON, by=office, at=now)


def _needless(street: Grid, people: list[User], office: User, now: dt.datetime) -> None:
    for number, (words, answer, anonymous) in enumerate(NEEDLESS):
        at = now - dt.timedelta(days=9 - 3 * number)
        said = actions.say_needless(
            street=street, words=words, page="/m/field/daily/" if number == 2 else "", anonymous=anonymous,
            by=people[number % len(people)], at=at,
        )  # fmt: skip
        if answer:
            actions.answer_needless(said=said, answer=answer, by=office, at=at + dt.timedelta(days=1))
