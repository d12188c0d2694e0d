"""What a street plan is made of: plain values, in no one's tables yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from shapely.geometry import Polygon

GridKind = Literal["street", "total", "comprehensive", "micro"]
MicroType = Literal["", "resident", "merchant"]
PostRole = Literal["root_grid_lead", "grid_lead", "grid_worker_ft", "micro_grid_worker"]
PersonRole = Literal["cadre", "worker", "member", "staff", "specialist"]
UnitKind = Literal["government", "street", "community", "utility", "property", "committee"]
OrganisationKind = Literal["work_committee", "community_committee", "branch", "group"]
SetUp = Literal["", "alone", "jointly"]  # 单建 / 联建

# Departments of the catalogue that name a post of the place instead of a unit. 社区居委会 is both: post level and unit.
POST_LEVELS = {"微网格员": "micro", "社区居委会": "community"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A node of the tree. Codes are text: street 9 digits, total (总网格) and comprehensive 15, micro 18."""

    code: str
    parent: str  # "" at a street
    kind: GridKind
    micro_type: MicroType
    name: str
    community: str  # 幸福里社区, 东岭村; "" at a street
    households: int  # of a micro-grid (a merchant micro-grid counts its shops); of the others the sum
    place: str  # what people there call it: 幸福里小区3号楼, 滨河路底商
    estate: str  # 幸福里小区, 东岭村; "" above a comprehensive grid
    roads: tuple[str, str]
    boundary: Polygon  # lon/lat WGS-84, 1e-6 degrees

    @property
    def community_code(self) -> str:
        """The 12 digits that all grids of a community begin with; "" at a street."""
        return "" if self.kind == "street" else self.code[:12]

    @property
    def is_village(self) -> bool:
        return "200" <= self.code[9:12] < "500"


@dataclass(frozen=True, slots=True)
class Unit:
    """Who handles cases. `departments` are the names the catalogue uses for it within the area."""

    code: str  # area code, hyphen, key: 990101-water, 990101001-hub, 990101001001-committee
    name: str
    departments: tuple[str, ...]
    kind: UnitKind
    area_code: str  # prefix of the grids it serves: 6, 9 or 12 digits


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    role: PersonRole
    unit: str  # code of the unit the person works for; "" for volunteers of a micro-grid
    area_code: str  # 6, 9 or 12 digits
    part_time: bool


@dataclass(frozen=True, slots=True)
class Post:
    username: str
    grid: str
    role: PostRole


@dataclass(frozen=True, slots=True)
class Binding:
    """A unit's professional worker answers for a grid in some matters (none named: in all of the unit)."""

    username: str
    grid: str
    matters: tuple[str, ...]  # beginnings of category codes


@dataclass(frozen=True, slots=True)
class PartyOrganisation:
    code: str
    name: str
    kind: OrganisationKind
    parent: str  # "" at the work committee of a street
    set_up: SetUp  # of a group: over one micro-grid alone or several jointly
    grids: tuple[str, ...]  # what it covers: a street, a total or a comprehensive grid, or micro-grids
    secretary: str  # username


@dataclass(frozen=True)
class Plan:
    """A street (or several): grids stand parents first and in the order of their codes."""

    seed: int
    grids: tuple[Grid, ...]
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    posts: tuple[Post, ...]
    organisations: tuple[PartyOrganisation, ...]
    specialists: tuple[Person, ...] = ()  # beside `people`: they hold their posts in units
    bindings: tuple[Binding, ...] = ()

    def grid(self, code: str) -> Grid:
        return self._by_code[code]

    def of_kind(self, kind: GridKind, micro_type: MicroType = "") -> list[Grid]:
        return [g for g in self.grids if g.kind == kind and micro_type in ("", g.micro_type)]

    def children(self, code: str) -> list[Grid]:
        return self._children.get(code, [])

    def within(self, code: str) -> Iterator[Grid]:
        """The grid and everything below it, parents first."""
        yield self.grid(code)
        for child in self.children(code):
            yield from self.within(child.code)

    def unit_for(self, department: str, grid: str) -> Unit | None:
        """The unit that a department name means at a grid: of its community, else street, else county.

        None for 微网格员, who are a post (POST_LEVELS); KeyError for a name nobody answers to.
        """
        for digits in (12, 9, 6):
            if unit := self._units.get((grid[:digits], department)):
                return unit
        if department in POST_LEVELS:
            return None
        raise KeyError(department)

    @cached_property
    def _by_code(self) -> dict[str, Grid]:
        return {g.code: g for g in self.grids}

    @cached_property
    def _children(self) -> dict[str, list[Grid]]:
        below: dict[str, list[Grid]] = {}
        for g in self.grids:
            below.setdefault(g.parent, []).append(g)
        return below

    @cached_property
    def _units(self) -> dict[tuple[str, str], Unit]:
        return {(unit.area_code, name): unit for unit in self.units for name in unit.departments}
