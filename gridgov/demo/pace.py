"""How fast a street works: from the moment of a report to all the moments of its handling.

Everything is an array of local seconds (see days.py), one entry per case; NEVER where a step does not happen.
About nine in ten cases are completed in time; returns, rework and reopening are as rare as in a well-kept office.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .catalogue import Category
from .days import DAY, HOUR, Days

Seconds = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = np.int64(2**62)
MORNING, EVENING = 8 * HOUR, 18 * HOUR

LATE = {"A": 0.06, "B": 0.1, "C": 0.13}  # share completed after the limit
RETURNED = 0.05  # of the orders to units
LATE_AFTER_RETURN = 2.0
REWORKED = 0.03
DRAGGED = 0.06  # of the late ones: weeks instead of days
ANSWERED = 0.42  # reporters who rate, and of those without a name
ANSWERED_UNNAMED = 0.12
# Ratings 1 (not satisfied) to 4 (very satisfied): completed in time; late or reworked.
PLEASED = (0.02, 0.09, 0.34, 0.55)
SOUR = (0.14, 0.26, 0.37, 0.23)
REOPENED = (0.35, 0.05, 0.006, 0.006)  # by rating; 3 stands for those who did not rate


@dataclass(frozen=True, slots=True)
class Pace:
    """When each step happened. Detours: `returned` and sent again; `rework`; `reopened` to `reclosed`, a second round."""

    accepted: Seconds
    due: Seconds
    dispatched: Seconds
    returned: Seconds
    redispatched: Seconds
    signed: Seconds
    first_completed: Seconds
    rework: Seconds
    completed: Seconds
    verified: Seconds
    closed: Seconds
    rated: Seconds
    rating: NDArray[np.int64]
    reopened: Seconds
    resent: Seconds
    resumed: Seconds
    recompleted: Seconds
    reverified: Seconds
    reclosed: Seconds
    answered: Seconds  # the supervision that comes with a red card


class Limits:
    """The limits of the categories as arrays: number, unit, urgency, tier's share of late cases."""

    def __init__(self, categories: tuple[Category, ...]) -> None:
        self.limit = np.array([c.limit for c in categories])
        self.in_hours = np.array([c.limit_unit == "natural_hour" for c in categories])
        self.in_work_days = np.array([c.limit_unit == "work_day" for c in categories])
        self.late = np.array([LATE[c.tier] for c in categories])
        self.emergency = np.array([c.urgency == "emergency" for c in categories])
        self.urgent = np.array([c.urgency != "normal" for c in categories])
        self.soon = self.emergency | np.array([c.tier == "A" for c in categories])

    def due(self, days: Days, category: NDArray[np.int64], start: Seconds) -> Seconds:
        number = self.limit[category]
        natural = start + number * np.where(self.in_hours[category], HOUR, DAY)
        return np.where(self.in_work_days[category], days.after_work_days(start, number), natural)

    def red(self, days: Days, category: NDArray[np.int64], due: Seconds) -> Seconds:
        """When the red card comes for what was due at DUE (cases.choices.clocks)."""
        three = np.full(len(due), 3)
        return np.where(self.soon[category], due + DAY, days.after_work_days(due, three))


def pace(
    limits: Limits,
    days: Days,
    *,
    category: NDArray[np.int64],
    submitted: Seconds,
    captured: Flags,
    own: Flags,
    returnable: Flags,
    unnamed: Flags,
    rng: np.random.Generator,
) -> Pace:
    """Draw the steps of each case.

    `captured`: by a worker in the own grid, accepted at once; `own`: and the worker's own to handle, begun at once;
    `returnable`: another unit could have got it first by mistake; `unnamed`: the reporter left no name.
    """
    n = len(category)
    urgent, emergency = limits.urgent[category], limits.emergency[category]
    accepted = np.where(captured, submitted, _accepted(submitted, urgent, emergency, rng))
    due = limits.due(days, category, accepted)
    returned_once = returnable & ~own & (rng.random(n) < RETURNED)
    late = rng.random(n) < limits.late[category] * np.where(returned_once, LATE_AFTER_RETURN, 1.0)
    completed = _completed(accepted, due, late, emergency, rng)
    took = completed - accepted

    wait = np.where(urgent, 900, HOUR)
    dispatched = accepted + _at_most(took, 0.15, rng.exponential(wait, n) + 60)
    returned = dispatched + _at_most(took, 0.2, rng.exponential(5 * HOUR, n))
    redispatched = returned + _at_most(took, 0.05, rng.exponential(wait, n) + 60)
    sent = np.where(returned_once, redispatched, dispatched)
    dispatched = np.where(own, accepted, dispatched)
    signed = np.where(own, accepted, sent + _at_most(took, 0.3, rng.exponential(4 * HOUR, n)))
    reworked = rng.random(n) < REWORKED
    rest = completed - signed
    first_completed = signed + (rest * rng.uniform(0.4, 0.6, n)).astype(np.int64)
    rework = first_completed + (rest * rng.uniform(0.05, 0.2, n)).astype(np.int64)

    verified = _in_office_hours(completed + _lognormal(7 * HOUR, 1.0, n, rng) + 600, rng)
    closed = verified + rng.integers(60, 1800, n)
    rating = _ratings(late | reworked, rng)
    answers = rng.random(n) < np.where(unnamed, ANSWERED_UNNAMED, ANSWERED)
    rated = closed + np.minimum(_lognormal(9 * HOUR, 1.1, n, rng) + 60, 6 * DAY)
    reopens = rng.random(n) < np.array(REOPENED)[np.where(answers, rating, 3) - 1]
    reopened = _in_office_hours(np.where(answers, rated, closed) + rng.integers(HOUR, 6 * DAY, n), rng)
    resent = reopened + rng.integers(120, HOUR, n)
    resumed = resent + rng.integers(600, 3 * HOUR, n)
    recompleted = _in_office_hours(resumed + _lognormal(20 * HOUR, 0.6, n, rng), rng)
    reverified = _in_office_hours(recompleted + _lognormal(6 * HOUR, 0.7, n, rng) + 600, rng)
    return Pace(
        accepted=accepted,
        due=due,
        dispatched=dispatched,
        returned=_if(returned_once, returned),
        redispatched=_if(returned_once, redispatched),
        signed=signed,
        first_completed=_if(reworked, first_completed),
        rework=_if(reworked, rework),
        completed=completed,
        verified=verified,
        closed=closed,
        rated=_if(answers, rated),
        rating=rating,
        reopened=_if(reopens, reopened),
        resent=_if(reopens, resent),
        resumed=_if(reopens, resumed),
        recompleted=_if(reopens, recompleted),
        reverified=_if(reopens, reverified),
        reclosed=_if(reopens, reverified + rng.integers(60, 1800, n)),
        answered=_answered(limits.red(days, category, due), submitted, signed, completed, returned_once | reworked),
    )


def _answered(red: Seconds, submitted: Seconds, signed: Seconds, completed: Seconds, detour: Flags) -> Seconds:
    """Three in four answer the morning after the red card, where the same hands had the case all the time."""
    answered = red + 14 * HOUR + submitted % 19_000
    return _if(~detour & (signed < red) & (answered < completed) & (submitted % 4 > 0), answered)


def _accepted(submitted: Seconds, urgent: Flags, emergency: Flags, rng: np.random.Generator) -> Seconds:
    """The hub answers in minutes what is urgent, day and night; the rest of the night waits for the morning."""
    n = len(submitted)
    wait = _lognormal(1, 0.8, n, rng, medians=np.where(emergency, 240, np.where(urgent, 900, 2400)))
    forgotten = (rng.random(n) < 0.02) & ~emergency
    wait = np.where(forgotten, wait * 12, wait) + 30
    clock = submitted % DAY
    asleep = ~urgent & ((clock < MORNING) | (clock >= 20 * HOUR))
    opening = submitted - clock + MORNING + np.where(clock >= 20 * HOUR, DAY, 0)
    return np.where(asleep, opening, submitted) + wait


def _completed(accepted: Seconds, due: Seconds, late: Flags, emergency: Flags, rng: np.random.Generator) -> Seconds:
    n = len(accepted)
    span = (due - accepted).astype(float)
    within = accepted + (span * (0.03 + 0.92 * rng.beta(1.5, 2.2, n))).astype(np.int64)
    over = np.where(rng.random(n) < DRAGGED, rng.uniform(10 * DAY, 50 * DAY, n), rng.exponential(1.6 * DAY, n))
    beyond = due + np.where(emergency, rng.exponential(3 * HOUR, n), over + HOUR).astype(np.int64)
    planned = np.where(late, beyond, within)
    # Crews mend pipes at night, but most work is done by day: pull it into the day before, or the morning after.
    clock = planned % DAY
    night = ~emergency & ((clock < MORNING) | (clock >= 20 * HOUR))
    midnight = planned - clock
    evening = midnight + np.where(clock < MORNING, -DAY, 0) + EVENING - rng.integers(0, 3 * HOUR, n)
    morning = evening - evening % DAY + DAY + MORNING + rng.integers(0, 2 * HOUR, n)
    kept_before = (evening > accepted + 1800) & (~late | (evening > due))
    kept_after = late | (morning < due)
    by_day = np.where(kept_before, evening, np.where(kept_after, morning, planned))
    return np.where(night, by_day, planned)


def _ratings(spoiled: Flags, rng: np.random.Generator) -> NDArray[np.int64]:
    chance = rng.random(len(spoiled))[:, None]
    table = np.where(spoiled[:, None], np.cumsum(SOUR), np.cumsum(PLEASED))
    return np.minimum((table < chance).sum(axis=1), len(PLEASED) - 1) + 1


def _in_office_hours(instant: Seconds, rng: np.random.Generator) -> Seconds:
    """The instant, or the next morning if that is at night."""
    clock = instant % DAY
    opening = instant - clock + MORNING + np.where(clock >= EVENING, DAY, 0) + rng.integers(0, 5400, len(instant))
    return np.where((clock < MORNING) | (clock >= EVENING), opening, instant)


def _at_most(took: Seconds, share: float, wait: NDArray[np.float64]) -> Seconds:
    """A wait in seconds, but no more than its share of the whole."""
    return np.minimum(wait, took * share).astype(np.int64)


def _lognormal(
    median: float, sigma: float, n: int, rng: np.random.Generator, *, medians: NDArray[np.int64] | None = None
) -> Seconds:
    scale = median if medians is None else medians
    seconds: Seconds = (scale * rng.lognormal(0, sigma, n)).astype(np.int64)
    return seconds


def _if(flags: Flags, instant: Seconds) -> Seconds:
    return np.where(flags, instant, NEVER)
