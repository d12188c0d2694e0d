"""A year of cases as plain data: `history(plan, count, start, end, seed)` streams them in the order they came in.

Numbers are drawn thousands at a time; per case there is little more to do than to fill a tuple. What would happen after
`end` has not happened: such cases are still open, in the state they had reached.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .days import DAY, HOUR, Days
from .mix import CHANNELS, Mix
from .pace import NEVER, Limits, Pace, Seconds, pace
from .parts import Plan
from .scribe import Scribe

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFSET = 8 * HOUR  # Shanghai is ahead of UTC by this all year round
CHUNK = 8192
STATES = ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed")


class Step(NamedTuple):
    """Something done to a case. `unit` is whom it was sent to or who did it; "" is a worker, a lead or the hub."""

    at: datetime
    verb: str  # report, or a verb of the table of legal moves (cases.choices.MOVES)
    unit: str = ""


class Case(NamedTuple):
    """One case. Times are aware (Asia/Shanghai); None is a step that did not happen, or not before the end."""

    number: int  # from 1, in the order of submitted_at
    category: str  # 0101 …
    tier: str
    urgency: str
    channel: str
    title: str
    text: str
    place: str
    grid: str  # micro-grid
    lon: float  # WGS-84, inside the micro-grid
    lat: float
    anonymous: bool
    contact: str  # masked, 138****0001; "" if anonymous or not given
    department: str  # as the catalogue names it
    captured: bool  # by a worker in the own grid: accepted at once, and in tier A the worker's own to handle
    unit: str  # code of the lead unit; "" when 微网格员 sees to it
    assists: tuple[str, ...]  # codes of assisting units
    state: str  # one of STATES
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None  # by the mission's limits and the category's own
    dispatched_at: datetime | None
    returned_by: str  # code of the unit that got it by mistake, or ""
    returned_at: datetime | None
    redispatched_at: datetime | None  # the second order, after the return
    signed_at: datetime | None
    first_completed_at: datetime | None  # the completion that did not pass the check
    rework_at: datetime | None
    completed_at: datetime | None  # decides on-time
    outcome: str
    verified_at: datetime | None
    closed_at: datetime | None
    rating: int | None  # 1 not satisfied … 4 very satisfied
    rated_at: datetime | None
    reopened_at: datetime | None  # the second round begins
    resent_at: datetime | None
    resumed_at: datetime | None
    recompleted_at: datetime | None
    reverified_at: datetime | None
    reclosed_at: datetime | None
    answered_at: datetime | None  # the supervision that came with the red card

    @property
    def late(self) -> bool:
        """Completed after the limit. (An open case may be overdue as well: compare due_at with the end.)"""
        return self.completed_at is not None and self.due_at is not None and self.completed_at > self.due_at

    @property
    def own(self) -> bool:
        """The worker who captured it handles it: no order is sent, reporting signs it in."""
        return self.captured and self.tier == "A"

    def steps(self) -> list[Step]:
        """What happened, in order: the script for whoever plays the case through the actions.

        What reporting does by itself (acceptance of a captured case, the own order of tier A) is no step.
        """
        first = self.returned_by or self.unit
        script: list[tuple[datetime | None, str, str]] = [
            (self.submitted_at, "report", ""),
            (None if self.captured else self.accepted_at, "accept", ""),
            (None if self.own else self.dispatched_at, "dispatch", first),
            (self.returned_at, "return", first),
            (self.redispatched_at, "dispatch", self.unit),
            (None if self.own else self.signed_at, "sign_in", self.unit),
            (self.answered_at, "answer", self.unit),
            (self.first_completed_at, "complete", self.unit),
            (self.rework_at, "rework", ""),
            (self.completed_at, "complete", self.unit),
            (self.verified_at, "verify", ""),
            (self.closed_at, "close", ""),
            (self.rated_at, "rate", ""),
            (self.reopened_at, "reopen", ""),
            (self.resent_at, "dispatch", self.unit),
            (self.resumed_at, "sign_in", self.unit),
            (self.recompleted_at, "complete", self.unit),
            (self.reverified_at, "verify", ""),
            (self.reclosed_at, "close", ""),
        ]
        return [Step(at, verb, unit) for at, verb, unit in script if at is not None]


def history(plan: Plan, count: int, start: datetime, end: datetime, seed: int = 1) -> Iterator[Case]:
    """Exactly `count` cases submitted in [start, end), the same for the same arguments, in the order they came in."""
    first, last = start.astimezone(SHANGHAI), (end - timedelta(seconds=1)).astimezone(SHANGHAI)
    rng = np.random.default_rng([seed, count])
    year = _Year(plan, Days(first.date(), last.date(), seed), int(end.timestamp()) + OFFSET, rng)
    submitted = year.arrivals(count, int(start.timestamp()) + OFFSET)
    for low in range(0, count, CHUNK):
        yield from year.cases(submitted[low : low + CHUNK], low + 1)


class _Year:
    """What stays the same from chunk to chunk. `stop` is the end in local seconds."""

    def __init__(self, plan: Plan, days: Days, stop: int, rng: np.random.Generator) -> None:
        self.days, self.stop, self.rng = days, stop, rng
        self.mix, self.scribe = Mix(), Scribe(plan, rng)
        self.limits = Limits(self.scribe.categories)

    def arrivals(self, count: int, begin: int) -> Seconds:
        """Sorted moments of the reports between `begin` and the end."""
        weights = self.mix.arrivals(self.days, self.rng).ravel()
        hours = self.days.origin + np.arange(len(weights)) * HOUR
        # The first and the last hour may be cut short.
        open_part = np.clip(np.minimum(hours + HOUR, self.stop) - np.maximum(hours, begin), 0, HOUR)
        weights = weights * open_part
        slot = np.repeat(np.arange(len(weights)), self.rng.multinomial(count, weights / weights.sum()))
        within = (self.rng.random(count) * open_part[slot]).astype(np.int64)
        return np.sort(np.maximum(hours[slot], begin) + within)

    def cases(self, submitted: Seconds, number: int) -> Iterator[Case]:
        """The cases of a chunk, numbered from `number`."""
        stop = self.stop
        hour, day = (submitted % DAY) // HOUR, self.days.of(submitted)
        category = self.mix.category(self.days, day, hour, self.rng)
        channel = self.mix.channel(category, hour, self.rng)
        told = self.scribe.tell(category, channel, hour, self.days.month[day], self.rng)
        steps = pace(
            self.limits,
            self.days,
            category=category,
            submitted=submitted,
            captured=told.captured,
            own=told.own,
            returnable=self.scribe.returnable[category],
            unnamed=told.unnamed,
            rng=self.rng,
        )

        def when(instants: Seconds, until: int = stop) -> list[datetime | None]:
            return [datetime.fromtimestamp(at - OFFSET, SHANGHAI) if at < until else None for at in instants.tolist()]

        kinds = [self.scribe.categories[c] for c in category.tolist()]
        words = list(self.scribe.write(category, channel, told))
        returned_at, completed_at, rated_at = when(steps.returned), when(steps.completed), when(steps.rated)
        # The columns stand in the order of Case's fields.
        yield from map(Case._make, zip(
            range(number, number + len(submitted)),
            [kind.code for kind in kinds],
            [kind.tier for kind in kinds],
            [kind.urgency for kind in kinds],
            [CHANNELS[way] for way in channel.tolist()],
            [w.title for w in words],
            [w.text for w in words],
            [w.place for w in words],
            [w.grid for w in words],
            [w.lon for w in words],
            [w.lat for w in words],
            told.unnamed.tolist(),
            [w.contact for w in words],
            [w.department for w in words],
            told.captured.tolist(),
            [w.unit for w in words],
            [w.assists for w in words],
            [STATES[state] for state in _states(steps, stop).tolist()],
            when(submitted),
            when(steps.accepted),
            when(np.where(steps.accepted < stop, steps.due, NEVER), until=int(NEVER)),
            when(steps.dispatched),
            [w.mistaken if at else "" for w, at in zip(words, returned_at, strict=True)],
            returned_at,
            when(steps.redispatched),
            when(steps.signed),
            when(steps.first_completed),
            when(steps.rework),
            completed_at,
            [w.outcome if at else "" for w, at in zip(words, completed_at, strict=True)],
            when(steps.verified),
            when(steps.closed),
            [rating if at else None for rating, at in zip(steps.rating.tolist(), rated_at, strict=True)],
            rated_at,
            when(steps.reopened),
            when(steps.resent),
            when(steps.resumed),
            when(steps.recompleted),
            when(steps.reverified),
            when(steps.reclosed),
            when(steps.answered),
            strict=True,
        ))  # fmt: skip


def _states(steps: Pace, stop: int) -> NDArray[np.int64]:
    """Index into STATES: what the last step before the end left the case in."""
    state = np.zeros(len(steps.accepted), dtype=np.int64)
    for instant, reached in (
        (steps.accepted, 1),
        (steps.dispatched, 2),
        (steps.returned, 1),
        (steps.redispatched, 2),
        (steps.signed, 3),
        (steps.first_completed, 4),
        (steps.rework, 3),
        (steps.completed, 4),
        (steps.verified, 5),
        (steps.closed, 6),
        (steps.reopened, 1),
        (steps.resent, 2),
        (steps.resumed, 3),
        (steps.recompleted, 4),
        (steps.reverified, 5),
        (steps.reclosed, 6),
    ):
        state[instant < stop] = reached
    return state
