"""How a panel stands: who may score whom, what is missing, and how a result comes about, line by line."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from grids.models import Grid
from volunteers.choices.honours import MOST_CANDIDATES, WEIGHTS, PanelState, Part
from volunteers.models import Candidate, HoursEntry, Member, Panel, Score, Seat, Volunteer
from volunteers.rules.certificates import hours_of
from volunteers.rules.panels import Near

RESIDENTS = "residents"


def near_of(panel: Panel) -> dict[tuple[int, int], Near]:
    """By (user, candidate), keys: who of PANEL's seats is too near to whom, in the time it is about or today, and why. PANEL
    is as `for_detail` fetches it; two queries more."""
    users, rows = {seat.user_id for seat in panel.seats.all()}, list(panel.candidates.all())
    together = Member.objects.filter(Q(until=None) | Q(until__gte=panel.first)).order_by()
    stands: dict[int, set[int]] = defaultdict(set)
    leads: dict[int, set[int]] = defaultdict(set)
    of_candidates = together.filter(volunteer__in=[row.volunteer_id for row in rows])
    for volunteer, squad, lead in of_candidates.values_list("volunteer", "squad", "squad__lead"):
        stands[volunteer].add(squad)
        leads[volunteer].add(lead)
    own: dict[int, set[int]] = defaultdict(set)
    for user, squad in together.filter(volunteer__user__in=users).values_list("volunteer__user", "squad"):
        own[user].add(squad)
    found = {}
    for user, row in product(users, rows):
        if row.volunteer.user_id == user:
            found[user, row.pk] = Near.SELF
        elif user in leads[row.volunteer_id]:
            found[user, row.pk] = Near.LEADS
        elif own[user] & stands[row.volunteer_id]:
            found[user, row.pk] = Near.SHARES
    return found


@dataclass(frozen=True)
class Line:
    """What residents, or one part of the panel, bring to a result: `value` in hundredths of a point, from `voices` of them;
    `weight` as set, and `counts`, the percent it has where others said nothing. None for `value`: nobody spoke."""

    what: str
    weight: int
    voices: int
    value: int | None
    counts: float = 0

    @property
    def label(self) -> Any:
        return Part(self.what).label if self.what in Part.values else None

    @property
    def points(self) -> float | None:
        return None if self.value is None else self.value / 100


@dataclass(frozen=True)
class Reckoned:
    """A result in hundredths of a point with the lines it is made of; none where nobody spoke."""

    lines: list[Line]
    result: int | None

    @property
    def points(self) -> float | None:
        return None if self.result is None else self.result / 100


def reckon(panel: Panel, residents: dict[int, tuple[int, int]] | None = None) -> dict[int, Reckoned]:
    """Candidate by candidate (keys), by the panel's weights. The weight of who said nothing goes to the others, in their
    proportions. RESIDENTS: by volunteer, how many spoke and what; without it what was written at closing. PANEL is as
    `for_detail` fetches it."""
    given: dict[tuple[int, str], list[int]] = defaultdict(list)
    for seat in panel.seats.all():
        for score in seat.scores.all():
            if score.points is not None:
                given[score.candidate_id, seat.part].append(score.points)
    found = {}
    for row in panel.candidates.all():
        spoke = (row.voices, row.residents) if residents is None else residents.get(row.volunteer_id, (0, None))
        said: list[tuple[str, int, int | None]] = [(RESIDENTS, *spoke)]
        for part in Part.values:
            points = given[row.pk, part]
            said.append((part, len(points), 100 * sum(points) // len(points) if points else None))
        found[row.pk] = _weighed(panel.weights, said)
    return found


def _weighed(weights: dict[str, int], said: list[tuple[str, int, int | None]]) -> Reckoned:
    spoken = sum(weights[what] for what, _voices, value in said if value is not None)
    lines = [
        Line(
            what, weights[what], voices, value,
            round(100 * weights[what] / spoken, 1) if spoken and value is not None else 0,
        )
        for what, voices, value in said
    ]  # fmt: skip
    total = sum(weights[what] * value for what, _voices, value in said if value is not None)
    return Reckoned(lines, total // spoken if spoken else None)


def missing_of(panel: Panel) -> dict[int, list[Candidate]]:
    """By seat (keys): the candidates for whom it has neither scored nor stepped back, and to whom it isn't too near."""
    rows, near, found = list(panel.candidates.all()), near_of(panel), {}
    for seat in panel.seats.all():
        done = {score.candidate_id for score in seat.scores.all()}
        found[seat.pk] = [row for row in rows if row.pk not in done and (seat.user_id, row.pk) not in near]
    return found


def seat_of(user: User, panel: Panel) -> Seat | None:
    return next((seat for seat in panel.seats.all() if seat.user_id == user.pk), None)


@dataclass(frozen=True)
class OnBoard:
    """A candidate as one reader sees it: hours in the panel's time; who was too near to be asked; `own`, the reader's score
    (points None: stepped back); when the panel is closed, the result with its lines."""

    candidate: Candidate
    hours: float
    near: Near | None
    own: Score | None
    reckoned: Reckoned | None


@dataclass(frozen=True)
class Board:
    """`seats`: each with how many scores it has yet to give. `sits`: whether the reader is one of them."""

    seats: list[tuple[Seat, int]]
    lines: list[OnBoard]
    weights: list[tuple[Any, int]]
    sits: bool


def board_of(panel: Panel, reader: User) -> Board:
    """PANEL as READER sees it: while it scores, nobody reads others' points. It is as `for_detail` fetches it."""
    missing, near, own = missing_of(panel), near_of(panel), seat_of(reader, panel)
    given = {score.candidate_id: score for score in own.scores.all()} if own else {}
    closed = panel.state == PanelState.CLOSED
    found = reckon(panel) if closed else {}
    rows = list(panel.candidates.all())
    served = HoursEntry.objects.filter(
        volunteer__in=[row.volunteer_id for row in rows], day__gte=panel.first, day__lte=panel.last
    )
    minutes = dict(served.order_by().values_list("volunteer").annotate(sum=Sum("minutes")))
    lines = [
        OnBoard(row, hours_of(minutes.get(row.volunteer_id, 0)), near.get((reader.pk, row.pk)), given.get(row.pk), found.get(row.pk))
        for row in rows
    ]  # fmt: skip
    weighed = [(what, panel.weights[what]) for what in WEIGHTS if what in panel.weights]
    weights = [(Part(what).label if what in Part.values else None, weight) for what, weight in weighed]
    seats = [(seat, len(missing[seat.pk])) for seat in panel.seats.all()]
    return Board(seats, lines, weights, own is not None)


def fitting(panel: Panel, numbers: Iterable[str], least: int | None) -> list[Volunteer]:
    """The volunteers with these NUMBERS, or all active ones of the panel's grid with LEAST hours in its time. Raises Invalid
    for a number that nobody there has."""
    there = Volunteer.objects.active().filter(grid__in=Grid.objects.under(panel.grid).order_by().values("pk"))
    asked = list(dict.fromkeys(numbers))
    if asked:
        found = {one.no: one for one in there.filter(no__in=asked).for_list()}
        if lacking := [number for number in asked if number not in found]:
            raise Invalid(
                _("No active volunteer here has the number %(number)s.") % {"number": lacking[0]}, field="numbers"
            )
        return list(found.values())
    served = HoursEntry.objects.filter(day__gte=panel.first, day__lte=panel.last).order_by().values("volunteer")
    enough = served.annotate(sum=Sum("minutes")).filter(sum__gte=60 * (least or 0)).values("volunteer")
    return list(there.filter(pk__in=enough).for_list().order_by("no")[: MOST_CANDIDATES + 1])
