"""How often what is reported, when and by which way: data/mix.csv times the profiles of season, hour and channel."""

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .days import Days, Weather
from .units import DATA

# Factors by month from January.
SEASONS = {
    "flat": (0.95, 0.8, 1, 1, 1, 1.05, 1.1, 1.1, 1, 1, 1, 1),
    "summer": (0.5, 0.5, 0.7, 0.9, 1.2, 1.6, 1.9, 1.9, 1.4, 0.9, 0.6, 0.5),
    "nights": (0.3, 0.3, 0.6, 1, 1.4, 2, 2.4, 2.2, 1.5, 0.8, 0.5, 0.3),
    "warm": (0.3, 0.3, 0.8, 1.3, 1.5, 1.6, 1.6, 1.5, 1.3, 1, 0.5, 0.3),
    "winter": (1.6, 1.5, 1.2, 0.9, 0.8, 0.8, 0.9, 0.8, 0.8, 0.9, 1.2, 1.6),
    "heating": (2.4, 2.0, 1.1, 0.03, 0.02, 0.02, 0.02, 0.02, 0.03, 0.3, 3.6, 3.0),
    "rain": (0.5, 0.5, 0.6, 0.8, 1, 1.6, 2.2, 2.2, 1.4, 0.8, 0.5, 0.5),
    "water": (0.6, 0.5, 0.3, 0.4, 0.6, 1.6, 3, 2.8, 1.2, 0.4, 0.3, 0.6),
    "dark": (1.3, 1.2, 1, 0.9, 0.8, 0.7, 0.7, 0.8, 0.9, 1.1, 1.3, 1.4),
    "power": (1.2, 1, 0.7, 0.6, 0.8, 1.3, 2, 2, 1, 0.6, 0.8, 1.1),
    "burning": (0.6, 0.7, 1.2, 0.9, 0.6, 1, 0.5, 0.5, 1, 2.4, 2.2, 0.8),
    "spring": (0.5, 0.6, 1.5, 1.9, 1.6, 1.1, 0.8, 0.8, 1, 1, 0.8, 0.5),
    "school": (0.6, 0.8, 1, 1.1, 1.4, 1.9, 2, 1.8, 0.9, 0.6, 0.5, 0.5),
    "yearend": (2, 1.2, 0.6, 0.6, 0.7, 0.7, 0.7, 0.8, 0.9, 1, 1.3, 1.9),
    "newyear": (1.4, 2, 1, 0.9, 0.8, 0.8, 0.8, 0.8, 1, 1, 0.9, 1),
}
# Factors by hour from midnight, on a working day; each profile is brought to the sum of one.
HOURS = {
    "any": (2, 2, 2, 2, 2, 3, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 6, 5, 4, 3, 2),
    "office": (0, 0, 0, 0, 0, 0, 0.3, 2, 9, 12, 11, 7, 3, 5, 9, 10, 9, 5, 2, 2, 1, 0.6, 0.2, 0),
    "day": (0.3, 0.1, 0, 0, 0.1, 0.5, 2, 6, 9, 9, 8, 7, 6, 6, 7, 7, 7, 7, 7, 6, 5, 3, 2, 0.8),
    "commute": (0.2, 0.1, 0, 0, 0, 0.6, 4, 11, 9, 6, 5, 5, 4, 4, 4, 5, 8, 10, 8, 5, 4, 2, 1, 0.4),
    "morning": (0, 0, 0, 0, 0.2, 2, 7, 12, 12, 10, 8, 6, 4, 4, 4, 4, 4, 4, 4, 4, 2, 1, 0.4, 0.1),
    "evening": (0.8, 0.2, 0.1, 0, 0, 0.2, 1, 3, 5, 5, 4, 5, 5, 4, 4, 4, 5, 8, 11, 12, 11, 7, 4, 2),
    "night": (7, 5, 3, 1.5, 1, 2, 4, 5, 4, 3, 2, 2, 3, 2, 2, 2, 2, 3, 5, 8, 11, 14, 15, 12),
}
OFF_DAY = {"office": 0.3, "day": 0.85, "commute": 0.6, "night": 1.3, "evening": 1.2, "morning": 1.0, "any": 1.0}
FEW = 0.75  # residents report somewhat less on days off
POUR = {"water": 14.0, "rain": 3.5}  # by season profile, on a day of heavy rain
FREEZE = {"water": 9.0, "heating": 1.5, "dark": 1.1}

CHANNELS = ("grid_worker", "hotline_12345", "wechat", "snapshot", "phone", "visit", "counter", "platform")
# Shares by kind of matter: at an hour when offices are open, and at night, when nobody patrols and counters are closed.
WAYS = {
    "street": ((66, 10, 8, 18, 4, 1, 0, 4), (4, 22, 24, 44, 6, 0, 0, 5)),
    "home": ((44, 19, 20, 11, 13, 3, 1, 2), (3, 34, 36, 14, 13, 0, 0, 0)),
    "utility": ((14, 30, 27, 4, 23, 2, 1, 2), (1, 40, 32, 4, 23, 0, 0, 0)),
    "service": ((16, 14, 31, 1, 22, 6, 16, 0), (0, 22, 58, 2, 18, 0, 0, 0)),
    "dispute": ((25, 20, 20, 2, 17, 10, 13, 0), (1, 37, 41, 3, 18, 0, 0, 0)),
    "care": ((52, 10, 12, 0, 20, 8, 4, 0), (4, 26, 38, 0, 32, 0, 0, 0)),
}
# Share of reporters who leave no name, by channel; a grid worker reports under the own name.
ANONYMOUS = (0.0, 0.06, 0.08, 0.45, 0.05, 0.0, 0.0, 0.3)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of data/mix.csv. `shops` is the share that falls to merchant micro-grids."""

    code: str
    weight: float
    season: str
    hours: str
    place: str
    shops: float
    channels: str


@cache
def rows() -> tuple[Row, ...]:
    with (DATA / "mix.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(r["code"], float(r["weight"]), r["season"], r["hours"], r["place"], float(r["shops"]), r["channels"])
            for r in csv.DictReader(file)
        )


class Mix:
    """The tables to draw from; C is the number of categories, in the order of data/mix.csv."""

    def __init__(self) -> None:
        weights = self._weights()
        self._hourly: NDArray[np.float64] = weights.sum(axis=-1)  # (weather, off, month, hour)
        self._choice: NDArray[np.float32] = (np.cumsum(weights, axis=-1) / self._hourly[..., None]).astype(np.float32)
        ways = np.array([WAYS[row.channels] for row in rows()], dtype=float)  # (C, 2, channels)
        self._way: NDArray[np.float64] = np.cumsum(ways / ways.sum(axis=-1, keepdims=True), axis=-1)

    def arrivals(self, days: Days, rng: np.random.Generator) -> NDArray[np.float64]:
        """Relative number of reports per day and hour (days, 24); no two days are alike."""
        expected = self._hourly[days.weather, (~days.worked).astype(int), days.month]
        swing = rng.lognormal(0, 0.12, size=(len(days.dates), 1))
        arrivals: NDArray[np.float64] = expected * swing
        return arrivals

    def category(
        self, days: Days, day: NDArray[np.int64], hour: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Index of a category for each report."""
        table = self._choice[days.weather[day], (~days.worked[day]).astype(int), days.month[day], hour]
        chance = rng.random(len(day), dtype=np.float32)[:, None]
        return np.minimum((table < chance).sum(axis=1), len(rows()) - 1)

    def channel(
        self, category: NDArray[np.int64], hour: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Index of a channel (CHANNELS) for each report."""
        closed = ((hour < 8) | (hour >= 18)).astype(int)
        chosen: NDArray[np.int64] = (self._way[category, closed] < rng.random(len(hour))[:, None]).sum(axis=1)
        return chosen

    def _weights(self) -> NDArray[np.float64]:
        """Relative frequency of every category: (weather, working/off day, month, hour, C)."""
        table = rows()
        weights = np.zeros((len(Weather), 2, 12, 24, len(table)))
        for index, row in enumerate(table):
            hours = np.array(HOURS[row.hours]) / sum(HOURS[row.hours])
            plain = row.weight * np.outer(SEASONS[row.season], hours)  # (month, hour)
            for off in (0, 1):
                day = plain * (OFF_DAY[row.hours] * FEW if off else 1.0)
                weights[Weather.FAIR, off, :, :, index] = day
                weights[Weather.RAIN, off, :, :, index] = day * POUR.get(row.season, 0.9)
                weights[Weather.ICE, off, :, :, index] = day * FREEZE.get(row.season, 0.9)
        return weights
