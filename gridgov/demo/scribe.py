"""Who reports what where, in which words: the scribe turns drawn numbers into the texts and places of cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from . import wording
from .catalogue import Category, categories
from .mix import ANONYMOUS, CHANNELS, rows
from .parts import POST_LEVELS, Grid, Plan

SPOTS = 16  # points kept ready in every micro-grid
CAPTURE = CHANNELS.index("grid_worker")
PREFIXES = ("138", "139", "136", "150", "159", "186", "177")
ASSISTED = 0.25  # share of the orders to units that others help with
WITHOUT_PHONE = 0.4  # of what a worker captures, the share without a resident's number


@dataclass(frozen=True, slots=True)
class Told:
    """The draws about a chunk of reports, one entry per case."""

    grid: NDArray[np.int64]  # index into the micro-grids
    captured: NDArray[np.bool_]
    own: NDArray[np.bool_]  # captured and the worker's own to handle
    unnamed: NDArray[np.bool_]
    dice: NDArray[np.int64]  # (10, n) in 0 … 65535, for all that is picked from a list
    hour: NDArray[np.int64]
    cold: NDArray[np.bool_]


class Words(NamedTuple):
    title: str
    text: str
    place: str
    grid: str
    lon: float
    lat: float
    contact: str
    department: str
    unit: str
    assists: tuple[str, ...]
    mistaken: str  # the unit that gets the order if it first goes astray
    outcome: str


class _Handlers(NamedTuple):
    unit: str
    assists: tuple[str, ...]


class Scribe:
    """Knows the plan's micro-grids, who handles what there, and the templates of every category."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        self.plan = plan
        self.micros: list[Grid] = plan.of_kind("micro")
        by_code = {category.code: category for category in categories()}
        self.categories: tuple[Category, ...] = tuple(by_code[row.code] for row in rows())
        self._shops = np.array([row.shops for row in rows()])
        self._in_estates = np.array([row.place in ("building", "hall", "estate") for row in rows()])
        self._choices = self._reporting(rng)
        self._spots = _spots(self.micros, rng)
        self._places: dict[tuple[int, str], tuple[str, ...]] = {}
        self._handlers: dict[tuple[int, str], _Handlers] = {}
        self._texts = [[wording.texts(c, cold=cold) for cold in (False, True)] for c in self.categories]
        self._outcomes = [wording.outcomes(c) for c in self.categories]
        self._tier_a = np.array([c.tier == "A" for c in self.categories])
        self.returnable = np.array([
            c.department not in POST_LEVELS and any(a not in POST_LEVELS for a in c.assists) for c in self.categories
        ])  # fmt: skip

    def tell(
        self,
        category: NDArray[np.int64],
        channel: NDArray[np.int64],
        hour: NDArray[np.int64],
        month: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> Told:
        n = len(category)
        shops = (rng.random(n) < self._shops[category]).astype(int)
        kind = np.where(shops == 1, 1, np.where(self._in_estates[category], 2, 0))
        chance = rng.random(n)
        grid = np.zeros(n, dtype=np.int64)
        for index, (which, cumulated) in enumerate(self._choices):
            mine = kind == index
            grid[mine] = which[np.searchsorted(cumulated, chance[mine])]
        return Told(
            grid=grid,
            captured=channel == CAPTURE,
            own=(channel == CAPTURE) & self._tier_a[category],
            unnamed=rng.random(n) < np.array(ANONYMOUS)[channel],
            dice=rng.integers(0, 1 << 16, size=(10, n)),
            hour=hour,
            cold=np.isin(month + 1, list(wording.COLD_MONTHS)),
        )

    def write(self, category: NDArray[np.int64], channel: NDArray[np.int64], told: Told) -> Iterator[Words]:
        """The words of each case, in order."""
        spot = told.dice[0] % SPOTS
        for c, way, g, (lon, lat), dice, hour, cold, unnamed, own in zip(
            category.tolist(),
            channel.tolist(),
            told.grid.tolist(),
            self._spots[told.grid, spot].tolist(),
            told.dice.T.tolist(),
            told.hour.tolist(),
            told.cold.tolist(),
            told.unnamed.tolist(),
            told.own.tolist(),
            strict=True,
        ):
            yield self._words(c, CHANNELS[way], g, lon, lat, dice, hour, cold, unnamed, own)

    def _words(self, c: int, way: str, g: int, lon: float, lat: float, dice: list[int], hour: int, cold: bool,
               unnamed: bool, own: bool) -> Words:  # fmt: skip
        micro, category = self.micros[g], self.categories[c]
        places = self._places_in(g, rows()[c].place)
        place = places[dice[1] % len(places)]
        handlers = self._handlers_at(c, micro)
        helped = handlers.unit and not own and dice[2] < ASSISTED * 65536
        silent = unnamed or (way == "grid_worker" and dice[3] < WITHOUT_PHONE * 65536)
        done = self._outcomes[c]
        return Words(
            title=f"{category.name}-{place}",
            text=self._text(c, way, dice, hour, cold),
            place=place,
            grid=micro.code,
            lon=lon,
            lat=lat,
            contact="" if silent else f"{PREFIXES[dice[4] % len(PREFIXES)]}****{dice[3] % 10000:04d}",
            department=category.department,
            unit="" if own else handlers.unit,
            assists=handlers.assists if helped else (),
            mistaken=handlers.assists[dice[5] % len(handlers.assists)] if handlers.assists else "",
            outcome=done[dice[5] % len(done)].format(n=wording.NUMBERS[dice[6] % 4], p=place),
        )

    def _text(self, c: int, way: str, dice: list[int], hour: int, cold: bool) -> str:
        texts = self._texts[c][cold]
        leads, tails, when = wording.LEADS[way], wording.TAILS[way], _MOMENTS[hour]
        body = texts[dice[7] % len(texts)]
        if "{" in body:
            body = body.format(
                t=when[dice[6] % len(when)],
                d=wording.SINCE[dice[5] % 8],
                n=wording.NUMBERS[dice[8] % 4],
                f=wording.FLOORS[dice[4] % 5],
                kin=wording.KIN[dice[2] % 7],
            )
        return leads[dice[9] % len(leads)] + body + tails[dice[0] % len(tails)]

    def _places_in(self, g: int, kind: str) -> tuple[str, ...]:
        found = self._places.get((g, kind))
        if found is None:
            found = self._places[g, kind] = wording.places(self.micros[g], kind)
        return found

    def _handlers_at(self, c: int, micro: Grid) -> _Handlers:
        key = (c, micro.code[:12])
        found = self._handlers.get(key)
        if found is None:
            category = self.categories[c]
            unit = self.plan.unit_for(category.department, micro.code)
            helpers = (self.plan.unit_for(name, micro.code) for name in category.assists if name not in POST_LEVELS)
            found = _Handlers(unit.code if unit else "", tuple(helper.code for helper in helpers if helper))
            self._handlers[key] = found
        return found

    def _reporting(self, rng: np.random.Generator) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Which micro-grids report how much, for homes, shops and estates: some places never rest, some never call."""
        weight = np.array([m.households for m in self.micros]) * rng.lognormal(0, 0.45, len(self.micros))
        shop = np.array([m.micro_type == "merchant" for m in self.micros])
        rural = np.array([m.is_village for m in self.micros])
        choices = []
        for flags, fallback in ((~shop, ~shop), (shop, ~shop), (~shop & ~rural, ~shop)):
            which = np.flatnonzero(flags if flags.any() else fallback)
            cumulated = np.cumsum(weight[which])
            cumulated /= cumulated[-1]
            choices.append((which, cumulated))
        return choices


_MOMENTS = [wording.moments(hour) for hour in range(24)]


def _spots(micros: list[Grid], rng: np.random.Generator) -> NDArray[np.float64]:
    """Points inside each micro-grid: (micro-grids, SPOTS, lon/lat), 1e-6 degrees."""
    spots = np.empty((len(micros), SPOTS, 2))
    for index, micro in enumerate(micros):
        ring = shapely.get_coordinates(micro.boundary)[:-1]
        centre = shapely.get_coordinates(shapely.point_on_surface(micro.boundary))[0]
        edge, along = rng.integers(0, len(ring), SPOTS), rng.random((SPOTS, 1))
        rim = ring[edge] * (1 - along) + ring[(edge + 1) % len(ring)] * along
        spots[index] = np.round(centre + (rim - centre) * 0.9 * np.sqrt(rng.random((SPOTS, 1))), 6)
        outside = ~shapely.contains_xy(micro.boundary, spots[index])
        spots[index][outside] = np.round(centre, 6)
    return spots
