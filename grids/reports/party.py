"""Which grids have a party organisation of their level over them, alone or jointly, and which have none."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from grids.choices import PARTY_NEEDED, GridKind, PartyKind
from grids.models import Grid, PartyOrg


@dataclass(frozen=True, slots=True)
class Covering:
    """An organisation that covers a grid; `joint`: several grids together."""

    pk: int
    name: str
    secretary: str
    joint: bool


@dataclass(slots=True)
class PartyLine:
    """A grid in force, the kind of organisation that should cover it, and those of that kind which do."""

    pk: int
    code: str
    name: str
    kind: GridKind
    level: int
    community: str
    needed: PartyKind
    orgs: list[Covering] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PartyShare:
    """Of the grids that need an organisation of KIND: how many are covered, and how many of those jointly."""

    kind: PartyKind
    covered: int
    joint: int
    all: int


def party_lines(top: Grid, on: dt.date) -> list[PartyLine]:
    """The grids at and below TOP on the day ON in the order of the tree; two queries, whatever their number."""
    lines, community = [], ""
    rows = Grid.objects.under(top).current(on).order_by("lft").values_list("pk", "code", "name", "kind", "level")
    for pk, code, name, kind, level in rows:
        if kind in {GridKind.STREET, GridKind.TOTAL}:
            community = code if kind == GridKind.TOTAL else ""
        lines.append(PartyLine(pk, code, name, GridKind(kind), level, community, PARTY_NEEDED[kind]))
    by_grid = {line.pk: line for line in lines}
    covers = PartyOrg.objects.current(on).filter(street__tree_id=top.tree_id).exclude(grids=None).order_by("lft")
    found = list(covers.values_list("grids", "pk", "name", "kind", "secretary__full_name"))
    sizes = Counter(org for grid, org, *_rest in found)
    for grid, org, name, kind, secretary in found:
        if grid in by_grid and by_grid[grid].needed == kind:
            by_grid[grid].orgs.append(Covering(org, name, secretary or "", sizes[org] > 1))
    return lines


def party_shares(lines: Iterable[PartyLine]) -> dict[str, list[PartyShare]]:
    """LINES summed up by community ('' for what lies above them) and kind of organisation, in the order of the chain."""
    groups: dict[str, dict[PartyKind, list[PartyLine]]] = {}
    for line in lines:
        groups.setdefault(line.community, {}).setdefault(line.needed, []).append(line)
    return {
        community: [_share(kind, by_kind[kind]) for kind in PartyKind if kind in by_kind]
        for community, by_kind in groups.items()
    }


def _share(kind: PartyKind, lines: list[PartyLine]) -> PartyShare:
    covered = [line for line in lines if line.orgs]
    return PartyShare(kind, len(covered), sum(any(org.joint for org in line.orgs) for line in covered), len(lines))
