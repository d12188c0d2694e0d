"""From bare cells to named, numbered grids: which cell is the shops' and what the house on it is called."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import shapely

from .geometry import Cell, in_reading_order
from .names import PINNED_PLACES, PINNED_SHOPS, SHOP_ROWS, Community, counted
from .parts import Grid, MicroType

FEWEST_RESIDENTS = 5  # micro-grids of a comprehensive grid that stay homes, whatever the shops take
MOST_SHOPS = 3
PROMISED = {name for names in PINNED_SHOPS.values() for name in names}


@dataclass(frozen=True, slots=True)
class StreetDraft:
    """A street before its grids: `cell` holds communities > comprehensive > micro cells; the rest are head counts."""

    code: str
    name: str
    cell: Cell
    communities: tuple[Community, ...]
    merchants: int
    workers: int
    groups: int


def lay_out(draft: StreetDraft, rng: random.Random) -> list[Grid]:
    """All grids of the street, parents first, in the order of their codes; cells are numbered in reading order."""
    return _Layout(draft, rng).street()


class _Layout:
    def __init__(self, draft: StreetDraft, rng: random.Random) -> None:
        self.draft, self.rng = draft, rng
        self.rows_named: Counter[str] = Counter()  # shop rows so far, by road or village

    def street(self) -> list[Grid]:
        draft = self.draft
        roots = in_reading_order(draft.cell.children)
        leads = [in_reading_order(root.children) for root in roots]
        codes = [
            [f"{draft.code}{community.number}{number:03d}" for number in range(1, len(cells) + 1)]
            for community, cells in zip(draft.communities, leads, strict=True)
        ]
        shops = self._shops({code: len(cell.children) for row, cells in zip(codes, leads, strict=True)
                             for code, cell in zip(row, cells, strict=True)})  # fmt: skip
        below: list[Grid] = []
        for community, root, cells, row in zip(draft.communities, roots, leads, codes, strict=True):
            below += self._community(community, root, cells, [shops[code] for code in row])
        households = sum(grid.households for grid in below if grid.kind == "total")
        head = Grid(
            draft.code, "", "street", "", draft.name, "", households, draft.name, "", ("", ""), draft.cell.shape
        )
        return [head, *below]

    def _shops(self, sizes: dict[str, int]) -> dict[str, int]:
        """How many of its micro-grids each comprehensive grid gives to shops; pinned rows of shops come first."""
        shops = {code: len(PINNED_SHOPS.get(code, ())) for code in sizes}
        room = [code for code, size in sizes.items() for _ in range(min(MOST_SHOPS, size - FEWEST_RESIDENTS))]
        for code, number in shops.items():
            for _ in range(number):
                room.remove(code)
        self.rng.shuffle(room)
        for code in room[: self.draft.merchants - sum(shops.values())]:
            shops[code] += 1
        if sum(shops.values()) != self.draft.merchants:
            raise ValueError(f"no room for {self.draft.merchants} merchant micro-grids in {self.draft.code}")
        return shops

    def _community(self, community: Community, root: Cell, leads: Sequence[Cell], shops: Sequence[int]) -> list[Grid]:
        code = f"{self.draft.code}{community.number}"
        pinned = [p for lead in range(1, len(leads) + 1) for p in PINNED_PLACES.get(f"{code}{lead:03d}", ())]
        free = {estate: _house_numbers(pinned if not i else []) for i, estate in enumerate(community.estates)}
        groups = count(1)
        below: list[Grid] = []
        for index, (cell, number) in enumerate(zip(leads, shops, strict=True)):
            lead = f"{code}{index + 1:03d}"
            estate = community.estates[_estate(index, len(leads), len(community.estates))]
            frontage = _frontage(cell.children, root)
            fronts = set(sorted(range(len(cell.children)), key=lambda i: -frontage[i])[:number])
            homes = [c for i, c in enumerate(cell.children) if i not in fronts]
            rows = [c for i, c in enumerate(cell.children) if i in fronts]
            names = _houses(estate, PINNED_PLACES.get(lead, ()), free[estate], len(homes))
            if community.is_village:
                names = [f"{community.name}{counted(next(groups))}组" for _ in homes]
            micros = self._micros(lead, 1, homes, names, "resident", community, estate)
            micros += self._micros(
                lead, 701, rows, list(self._rows(lead, community, number)), "merchant", community, estate
            )
            households = sum(micro.households for micro in micros)
            name = f"{community.short}第{counted(index + 1)}网格"
            below.append(Grid(
                lead, f"{code}000", "comprehensive", "", name, community.name, households, estate, estate,
                community.roads, cell.shape,
            ))  # fmt: skip
            below += micros
        households = sum(grid.households for grid in below if grid.kind == "comprehensive")
        return [Grid(
            f"{code}000", self.draft.code, "total", "", f"{community.name}总网格", community.name, households,
            community.name, "", community.roads, root.shape,
        ), *below]  # fmt: skip

    def _micros(self, lead: str, first: int, cells: Sequence[Cell], names: Sequence[str], micro_type: MicroType,
                community: Community, estate: str) -> list[Grid]:  # fmt: skip
        return [
            Grid(
                f"{lead}{first + i:03d}", lead, "micro", micro_type, f"{name}微网格", community.name,
                self.rng.randint(30, 50), name, estate, community.roads, cell.shape,
            )
            for i, (cell, name) in enumerate(zip(in_reading_order(cells), names, strict=True))
        ]  # fmt: skip

    def _rows(self, lead: str, community: Community, number: int) -> Iterator[str]:
        """Names of rows of shops, each once in the street: the pinned ones, then 桃园路沿街商铺, 示例街东段底商 …"""
        pinned = PINNED_SHOPS.get(lead, ())
        yield from pinned
        for turn in range(number - len(pinned)):
            road = community.name if community.is_village else community.roads[turn % 2]
            # The plain 底商 of a road may be promised to a pinned grid further on.
            promised = f"{road}{SHOP_ROWS[0]}" in PROMISED
            again, kind = divmod(self.rows_named[road] + promised, len(SHOP_ROWS))
            self.rows_named[road] += 1
            yield f"{road}{SHOP_ROWS[kind]}" + (f"{counted(again + 1)}区" if again else "")


def _frontage(cells: Sequence[Cell], root: Cell) -> list[float]:
    """How much of each cell's border lies on the community's: shops stand along the main roads."""
    edges = shapely.boundary([cell.shape for cell in cells])
    return [float(length) for length in shapely.length(shapely.intersection(edges, root.shape.boundary))]


def _estate(index: int, leads: int, estates: int) -> int:
    """The first estate is the big one: half of the comprehensive grids; the others share the rest."""
    half = (leads + 1) // 2
    if index < half or estates == 1:
        return 0
    return 1 + (index - half) * (estates - 1) // max(1, leads - half)


def _house_numbers(pinned: Sequence[str]) -> Iterator[int]:
    """House numbers of an estate that no pinned place has taken."""
    taken = {int(place.split("号楼")[0]) for place in pinned}
    return (number for number in count(1) if number not in taken)


def _houses(estate: str, pinned: Sequence[str], free: Iterator[int], number: int) -> list[str]:
    """The pinned places of a comprehensive grid, then the next free houses."""
    names = [f"{estate}{place}" for place in pinned]
    return names + [f"{estate}{next(free)}号楼" for _ in range(number - len(names))]
