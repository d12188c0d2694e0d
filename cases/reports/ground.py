"""What cases teach about the ground: which grid a place's name belongs to, and which unit a matter really went to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cases.reports.wording import Names, grid_name, known_places, place_names

LEAST_CASES = 2
SHARE = 0.6  # of a name's cases that a grid must have to stand for the name
MOST_NAMES = 30_000
# By name: [grid, number of its cases]; by category and place (the id of its street or total grid): [unit or 0, number].
Places = dict[str, list[list[int]]]
Units = dict[str, dict[str, list[list[int]]]]


@dataclass(frozen=True)
class Ground:
    """Plain numbers and names, as the model's row keeps them."""

    places: Places = field(default_factory=dict)
    units: Units = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        return Names(self.places)

    def named_in(self, *texts: str) -> list[tuple[str, list[list[int]]]]:
        """The known names in TEXTS with their grids, those of one house before those of an estate or a road."""
        found = [name for text in texts for name in known_places(text, self.names)]
        return [(name, self.places[name]) for name in sorted(dict.fromkeys(found), key=lambda name: -len(name))]

    def went_to(self, category: str, places: Iterable[int]) -> list[list[int]]:
        """Where cases of CATEGORY went on the first of PLACES (the nearest first) that saw any."""
        by_place = self.units.get(category, {})
        return next((by_place[str(place)] for place in places if str(place) in by_place), [])


@dataclass
class Survey:
    """Collects what `Ground` keeps."""

    seen: dict[str, dict[int, list[Counter[int]]]] = field(default_factory=lambda: defaultdict(dict))
    cases: Counter[str] = field(default_factory=Counter)
    grids: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[str, dict[int, Counter[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )

    def grid(self, pk: int, name: str) -> None:
        """A grid in force is called NAME."""
        called = grid_name(name)
        for one in {called, *place_names(called)[:1]} if called != name else {called}:
            self.grids[one].append(pk)

    def case(self, place: str, path: tuple[int | None, ...]) -> None:
        """A case at PLACE, whose grids from the total grid down are PATH."""
        ids = [pk for pk in path if pk is not None]
        for name in place_names(place) if ids else ():
            self.cases[name] += 1
            levels = self.seen[name].setdefault(ids[0], [Counter() for _ in path])
            for counter, pk in zip(levels, _filled(path), strict=True):
                counter[pk] += 1

    def order(self, category: str, places: Iterable[int | None], unit: int | None) -> None:
        """The order that settled a case of CATEGORY on the ground PLACES went to UNIT, or to a grid (None)."""
        for place in places:
            if place is not None:
                self.orders[category][place][unit or 0] += 1

    def ground(self) -> Ground:
        places: Places = {}
        for name, _count in self.cases.most_common(MOST_NAMES):
            if self.cases[name] >= LEAST_CASES:
                places[name] = sorted(
                    (_deepest(levels) for levels in self.seen[name].values()), key=lambda one: -one[1]
                )[:4]
        for name, grids in self.grids.items():
            if name not in places and len(grids) <= 4 and len(places) < 2 * MOST_NAMES:
                places[name] = [[pk, 1] for pk in grids]
        units: Units = {
            category: {str(place): [[unit, n] for unit, n in counts.most_common(3)] for place, counts in by.items()}
            for category, by in self.orders.items()
        }
        return Ground(places, units)


def _filled(path: tuple[int | None, ...]) -> list[int]:
    """PATH with the grid above where a level is missing; the first is there."""
    found: list[int] = []
    for pk in path:
        if pk is not None or found:
            found.append(found[-1] if pk is None else pk)
    return found + found[-1:] * (len(path) - len(found))


def _deepest(levels: list[Counter[int]]) -> list[int]:
    """The deepest grid that has its share of a name's cases in one community, and their number."""
    total = sum(levels[0].values())
    for counter in reversed(levels):
        pk, count = counter.most_common(1)[0]
        if count >= SHARE * total:
            return [pk, count]
    return [levels[0].most_common(1)[0][0], total]
