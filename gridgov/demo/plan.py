"""A whole street on paper: the tree with its borders, units, people, posts and party organisations, all from one seed.

`street()` is the street of the sources (6 total, 39 comprehensive, 267 resident and 47 merchant micro-grids),
`town()` the village that sample_cases.csv also speaks of, `demo()` both, `district()` fifteen streets.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import islice

from shapely import affinity
from shapely.geometry import Polygon

from .geometry import Cell, Sizes, tile
from .layout import StreetDraft, lay_out
from .names import STREET_COMMUNITIES, VILLAGE, community_names, invented
from .parts import Plan
from .people import enrol
from .specialists import bind
from .units import units

COUNTY_CODE = "990101"  # province prefix 99 is unallocated
STREET_CODE, STREET_NAME = "990101001", "新禾街道"
TOWN_CODE, TOWN_NAME = "990101101", "示范镇"
LEADS = (7, 7, 7, 6, 6, 6)  # comprehensive grids per community: 39
RESIDENT, MERCHANT, GROUPS, WORKERS = 267, 47, 99, 27
# Empty sand in the Badain Jaran desert; the east side bends like the river that 滨河 is named after.
STREET_OUTLINE = Polygon([
    (102.0004, 40.2003), (102.0094, 40.1991), (102.0185, 40.1996), (102.0262, 40.1988), (102.0289, 40.2022),
    (102.0296, 40.2061), (102.0288, 40.2102), (102.0284, 40.2143), (102.0293, 40.2181), (102.0309, 40.2214),
    (102.0208, 40.2231), (102.0114, 40.2226), (102.0016, 40.2219), (101.9996, 40.2152), (102.0009, 40.2079),
])  # fmt: skip
TOWN_OUTLINE = Polygon([
    (102.0601, 40.2301), (102.0662, 40.2296), (102.0688, 40.2331), (102.0671, 40.2358), (102.0612, 40.2352),
])  # fmt: skip
DISTRICT_OUTLINE = Polygon([
    (101.9402, 40.1501), (101.9801, 40.1462), (102.0204, 40.1489), (102.0611, 40.1455), (102.0684, 40.1702),
    (102.0661, 40.2004), (102.0702, 40.2297), (102.0688, 40.2552), (102.0291, 40.2589), (101.9897, 40.2561),
    (101.9455, 40.2583), (101.9388, 40.2301), (101.9414, 40.1998), (101.9371, 40.1749),
])  # fmt: skip


def street(seed: int = 1) -> Plan:
    """The demo street 990101001: 6 / 39 / 267 / 47, 45 cadres, 27 workers, 314 members, 99 party groups."""
    return _plan([_home(seed)], seed)


def town(seed: int = 1) -> Plan:
    """示范镇 with the one village the sample cases mention: 1 / 1 / 5 / 1."""
    return _plan([_village(seed)], seed)


def demo(seed: int = 1) -> Plan:
    """The street and the town side by side: every grid code of sample_cases.csv exists."""
    return _plan([_home(seed), _village(seed)], seed)


def district(scale: float = 1.0, seed: int = 1) -> Plan:
    """`scale` times a district of 15 streets, 374 communities, 1541 comprehensive grids of 8-10 micro-grids each.

    About 15,800 grids at scale 1. 990101001 has the communities and numbers of the demo street, 990101101 its village.
    """
    if not 0.2 <= scale <= 8:
        raise ValueError("a district has from 3 to 120 streets: scale 0.2 to 8")
    rng = random.Random(f"district {seed}")
    streets, communities, leads = round(15 * scale), round(374 * scale), round(1541 * scale)
    homes = len(STREET_COMMUNITIES)
    per_street = _spread(communities - homes, streets - 1)
    per_community = _spread(leads - sum(LEADS), communities - homes)
    sizes: list[Sizes] = [_home_sizes(rng)]
    for number in per_street:
        sizes.append([[rng.randint(8, 10) for _ in range(per_community.pop())] for _ in range(number)])
    outline = affinity.scale(DISTRICT_OUTLINE, scale**0.5, scale**0.5, origin=(102.0, 40.2))
    home, *others = tile(outline, sizes, seed=seed).children
    towns = len(others) * 4 // 15 + 1
    names = community_names(rng)
    drafts = [_home_draft(home)]
    for number, cell in enumerate(others[:-towns], start=2):
        drafts.append(_invented_draft(f"{COUNTY_CODE}{number:03d}", f"{next(names)}街道", cell, names, rng))
    for number, cell in enumerate(others[-towns:], start=101):
        name = TOWN_NAME if number == 101 else f"{next(names)}镇"
        drafts.append(_invented_draft(f"{COUNTY_CODE}{number:03d}", name, cell, names, rng))
    return _plan(drafts, seed)


def _plan(drafts: Sequence[StreetDraft], seed: int) -> Plan:
    """Number and name the grids, then the units, then the people: each part with chance of its own."""
    grids = [grid for draft in drafts for grid in lay_out(draft, random.Random(f"layout {draft.code} {seed}"))]
    agencies = units(grids)
    roll = enrol(
        grids,
        agencies,
        workers={draft.code: draft.workers for draft in drafts},
        groups={draft.code: draft.groups for draft in drafts},
        rng=random.Random(f"people {seed}"),
    )
    specialists, bindings = bind(grids, agencies, random.Random(f"specialists {seed}"))
    return Plan(
        seed, tuple(grids), agencies, tuple(roll.people), tuple(roll.posts), tuple(roll.organisations),
        tuple(specialists), tuple(bindings),
    )  # fmt: skip


def _home(seed: int) -> StreetDraft:
    return _home_draft(tile(STREET_OUTLINE, _home_sizes(random.Random(f"street {seed}")), seed=seed))


def _home_draft(cell: Cell) -> StreetDraft:
    return StreetDraft(STREET_CODE, STREET_NAME, cell, STREET_COMMUNITIES, MERCHANT, WORKERS, GROUPS)


def _home_sizes(rng: random.Random) -> list[list[int]]:
    """39 comprehensive grids of 7 to 10 micro-grids, 314 in all."""
    sizes = [7 + rng.randint(0, 2) for _ in range(sum(LEADS))]
    while (missing := RESIDENT + MERCHANT - sum(sizes)) != 0:
        index = rng.randrange(len(sizes))
        if 7 <= sizes[index] + (step := 1 if missing > 0 else -1) <= 10:
            sizes[index] += step
    turn = iter(sizes)
    return [list(islice(turn, number)) for number in LEADS]


def _village(seed: int) -> StreetDraft:
    cell = tile(TOWN_OUTLINE, [[6]], seed=seed)
    return StreetDraft(TOWN_CODE, TOWN_NAME, cell, (VILLAGE,), 1, 1, 2)


def _invented_draft(code: str, name: str, cell: Cell, names: Iterator[str], rng: random.Random) -> StreetDraft:
    """A street or town of invented communities, staffed as in the sources: a worker per comprehensive grid."""
    is_town = code[6:] >= "100"
    first = 201 if is_town else 1
    communities = [
        VILLAGE if code == TOWN_CODE and not i else invented(f"{first + i:03d}", next(names), rng, village=is_town)
        for i in range(len(cell.children))
    ]
    leads = sum(len(root.children) for root in cell.children)
    micros = len(cell.leaves())
    merchants = micros * (5 if is_town else 15) // 100
    groups = max(leads, micros * GROUPS // (RESIDENT + MERCHANT))
    return StreetDraft(code, name, cell, tuple(communities), merchants, leads, groups)


def _spread(total: int, parts: int) -> list[int]:
    """`total` in `parts` nearly equal whole numbers."""
    return [total * (i + 1) // parts - total * i // parts for i in range(parts)]
