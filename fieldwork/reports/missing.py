"""Who owes a daily report: whoever makes the rounds, on a working day of the own street, and isn't away."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import make_aware

from accounts.choices import Role
from accounts.models import Delegation
from fieldwork.choices import DAILY_BY, DAILY_POSTS, DailyState
from fieldwork.models import DailyReport
from gridgov.core.calendar import WorkCalendar
from grids.choices import CODE_DIGITS, GridKind
from grids.models import Grid, Post

STREET = CODE_DIGITS[GridKind.STREET]


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody whose report is looked for: on which grid (the first of several), and whether they are away that day."""

    user: int
    name: str
    grid: int
    code: str
    away: bool


@dataclass(frozen=True, slots=True)
class DailyLine:
    """One person's report of a day, or that it isn't there. `community`: code and name of the total grid."""

    name: str
    code: str
    grid: str
    community: tuple[str, str]
    state: DailyState
    report: DailyReport | None


def expected(day: dt.date, top: Grid | None = None) -> list[Expected]:
    """Those who make the rounds on DAY, at or below TOP, each once. Two queries."""
    posts = Post.objects.current(day).filter(kind__in=DAILY_POSTS, user__is_active=True, user__role=Role.WORKER)
    if top is not None:
        posts = posts.filter(grid__in=Grid.objects.under(top).order_by().values("pk"))
    rows = posts.order_by("grid__code", "pk").values_list("user", "user__full_name", "grid", "grid__code")
    away = set(Delegation.objects.standing(day, day).values_list("user", flat=True))
    first: dict[int, Expected] = {}
    for user, name, grid, code in rows:
        first.setdefault(user, Expected(user, name, grid, code, user in away))
    return list(first.values())


def working(day: dt.date, codes: Iterable[str]) -> set[str]:
    """Those of the streets CODES where DAY is a working day; one query."""
    return {code for code, calendar in WorkCalendar.of_places(codes, day, day).items() if calendar.day(day).works}


def owing(day: dt.date, at: dt.datetime) -> list[int]:
    """Keys of those whose report of DAY was not given until AT. Four queries."""
    people = [one for one in expected(day) if not one.away]
    given = set(DailyReport.objects.filter(day=day, given_at__lte=at).values_list("user", flat=True))
    open_today = working(day, {one.code[:STREET] for one in people})
    return [one.user for one in people if one.code[:STREET] in open_today and one.user not in given]


def daily_lines(top: Grid, day: dt.date, at: dt.datetime) -> list[DailyLine]:
    """Everybody at or below TOP whose report of DAY is there AT that moment or looked for, grid by grid and never by how much anybody
    did. Five queries."""
    people = {one.user: one for one in expected(day, top)}
    below = Grid.objects.under(top).order_by().values("pk")
    reports = {row.user_id: row for row in DailyReport.objects.for_list().filter(day=day, grid__in=below)}
    places = _places({one.grid for one in people.values()} | {row.grid_id for row in reports.values()})
    due = make_aware(dt.datetime.combine(day, DAILY_BY))
    none = (DailyState.MISSING if at >= due else DailyState.NOT_YET) if day_works(top, day) else DailyState.FREE
    lines = []
    for user in people.keys() | reports.keys():
        one, report = people.get(user), reports.get(user)
        code, grid, community = places[report.grid_id if report else one.grid]  # type: ignore[union-attr]
        name = report.user.full_name if report else one.name  # type: ignore[union-attr]
        lines.append(DailyLine(name, code, grid, community, _state(one, report, none), report))
    return sorted(lines, key=lambda line: (line.community[0], line.code, line.name))


def day_works(top: Grid, day: dt.date) -> bool:
    """Whether DAY is a working day in the street of TOP; one query."""
    return bool(working(day, [top.street_code]))


def _state(one: Expected | None, report: DailyReport | None, none: DailyState) -> DailyState:
    if report is not None:
        return DailyState(report.kind)
    return DailyState.AWAY if one is not None and one.away else none


def _places(keys: set[int]) -> dict[int, tuple[str, str, tuple[str, str]]]:
    """Code, name and community of the grids KEYS. One query."""
    above = [f"{way}{field}" for way in ("parent__parent__", "parent__", "") for field in ("kind", "code", "name")]
    rows = Grid.objects.filter(pk__in=keys).order_by().values_list("pk", "code", "name", *above)
    found = {}
    for pk, code, name, *levels in rows:
        nodes = [levels[i : i + 3] for i in range(0, len(levels), 3)]
        community = next(((c, n) for kind, c, n in nodes if kind == GridKind.TOTAL), (code[:STREET], ""))
        found[pk] = (code, name, community)
    return found
