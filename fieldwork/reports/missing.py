"""Who owes a daily report: whoever makes the rounds, on a working day of the own street, and isn't away."""

import datetime as dt
from dataclasses import dataclass

from accounts.choices import Role
from accounts.models import Delegation
from fieldwork.choices import DAILY_POSTS
from fieldwork.models import DailyReport
from gridgov.core.calendar import WorkCalendar
from grids.choices import CODE_DIGITS, GridKind
from grids.models import Post

STREET = CODE_DIGITS[GridKind.STREET]


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody whose report is looked for: on which grid (the first of several), and whether they are away that day."""

    user: int
    name: str
    grid: int
    code: str
    away: bool


def expected(day: dt.date, prefix: str = "") -> list[Expected]:
    """Those who make the rounds on DAY on grids whose code begins with PREFIX, each once. Two queries."""
    posts = Post.objects.current(day).filter(
        kind__in=DAILY_POSTS, grid__code__startswith=prefix, user__is_active=True, user__role=Role.WORKER
    )
    rows = posts.order_by("grid__code", "pk").values_list("user", "user__full_name", "grid", "grid__code")
    away = set(Delegation.objects.standing(day, day).values_list("user", flat=True))
    first: dict[int, Expected] = {}
    for user, name, grid, code in rows:
        first.setdefault(user, Expected(user, name, grid, code, user in away))
    return list(first.values())


def working(day: dt.date, codes: set[str]) -> set[str]:
    """Those of the streets CODES where DAY is a working day; one query."""
    return {code for code, calendar in WorkCalendar.of_places(codes, day, day).items() if calendar.day(day).works}


def owing(day: dt.date, at: dt.datetime) -> list[int]:
    """Keys of those whose report of DAY was not given until AT. Four queries."""
    people = [one for one in expected(day) if not one.away]
    given = set(DailyReport.objects.filter(day=day, given_at__lte=at).values_list("user", flat=True))
    open_today = working(day, {one.code[:STREET] for one in people})
    return [one.user for one in people if one.code[:STREET] in open_today and one.user not in given]
