"""The days of the demo: which are worked, on which it poured or froze, and when a limit of working days runs out.

All arrays count from the first day; instants are "local seconds": seconds since 1970 on a clock in Shanghai.
"""

from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from gridgov.core.calendar import official_day

DAY, HOUR = 86_400, 3_600
CLOSE_OF_DAY = 18 * HOUR
EPOCH = date(1970, 1, 1).toordinal()
SPARE = 90  # days beyond the last that deadlines may reach into
# Chance of a day of heavy rain or of ice, by month from January.
RAIN = (0.0, 0.01, 0.02, 0.04, 0.05, 0.1, 0.22, 0.2, 0.08, 0.03, 0.01, 0.0)
ICE = (0.14, 0.1, 0.02, 0, 0, 0, 0, 0, 0, 0, 0.05, 0.12)


class Weather(IntEnum):
    FAIR = 0
    RAIN = 1
    ICE = 2


class Days:
    """The days from `first` to `last`, each the same for the same seed whatever the span."""

    def __init__(self, first: date, last: date, seed: int) -> None:
        self.first = first
        self.dates = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        self.origin = (first.toordinal() - EPOCH) * DAY  # local seconds of the first midnight
        self.month: NDArray[np.int64] = np.array([day.month - 1 for day in self.dates])
        self.worked: NDArray[np.bool_] = np.array([works(day) for day in self.dates])
        self.weather: NDArray[np.int64] = np.array([weather(day, seed) for day in self.dates])
        beyond = [last + timedelta(days=i) for i in range(1, SPARE + 1)]
        working = np.flatnonzero(np.concatenate([self.worked, [works(day) for day in beyond]]))
        self._working = working
        self._behind = np.searchsorted(working, np.arange(len(self.dates) + SPARE), side="right")

    def of(self, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Index of the day of each instant."""
        return (seconds - self.origin) // DAY

    def after_work_days(self, seconds: NDArray[np.int64], number: NDArray[np.int64]) -> NDArray[np.int64]:
        """Close of the N-th working day after the day of each instant; the start day is not counted."""
        nth = self._behind[self.of(seconds)] + number - 1
        due: NDArray[np.int64] = self.origin + self._working[nth] * DAY + CLOSE_OF_DAY
        return due


def works(day: date) -> bool:
    """Whether the office works; beyond the years chinesecalendar knows, Monday to Friday."""
    known = official_day(day)
    return day.weekday() < 5 if known is None else known[0]


def weather(day: date, seed: int) -> Weather:
    chance = np.random.default_rng([seed, day.toordinal()]).random()
    if chance < RAIN[day.month - 1]:
        return Weather.RAIN
    return Weather.ICE if chance > 1 - ICE[day.month - 1] else Weather.FAIR
