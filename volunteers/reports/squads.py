"""How squads stand: what each lacks, and the board of all of them, community by community."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr

from accounts.models import User
from grids.choices import GridKind
from grids.models import Grid
from volunteers.choices.people import SIZES, SquadGap, SquadKind
from volunteers.models import Squad, Volunteer

# Of a code: as far as it says the community, and the street.
_COMMUNITY, _STREET = 12, 9


def gaps_of(squad: Squad) -> list[SquadGap]:
    """What SQUAD (`counted`, with its micro-grids) lacks; nothing of one that has ended."""
    if squad.ended_on is not None:
        return []
    least, most = SIZES[squad.kind]
    strength: int = squad.strength  # type: ignore[attr-defined]
    found = {
        SquadGap.SHORT: strength < least,
        SquadGap.OVER: most is not None and strength > most,
        SquadGap.NO_LEAD: squad.lead_id is None or not squad.lead.is_active,  # type: ignore[union-attr]
        SquadGap.NO_MICRO: _is_unbound(squad),
    }
    return [gap for gap, there in found.items() if there]


def _is_unbound(squad: Squad) -> bool:
    return squad.kind == SquadKind.ONE_PLUS_FIVE and squad.grid.kind != GridKind.MICRO and not list(squad.micros.all())


def size_told(kind: str) -> str:
    """How many a squad of KIND should have: 5, ≥10."""
    least, most = SIZES[kind]
    return str(least) if least == most else f"≥{least}"


@dataclass
class BoardLine:
    """A community (or a street, for what stands on it as a whole) with its squads."""

    code: str
    name: str = ""
    teams: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    micros: int = 0
    # Micro-grids that a squad of one worker and five is bound to.
    bound: int = 0
    volunteers: int = 0

    @property
    def by_kind(self) -> list[int]:
        return [self.teams[kind] for kind in SquadKind]

    @property
    def by_gap(self) -> list[int]:
        return [self.gaps[gap] for gap in SquadGap]

    def add(self, other: "BoardLine") -> None:
        self.teams += other.teams
        self.gaps += other.gaps
        self.micros += other.micros
        self.bound += other.bound
        self.volunteers += other.volunteers


def squad_board(user: User, day: dt.date) -> list[BoardLine]:
    """The communities that USER sees, by code, each with its squads on DAY; the streets' own squads before them."""
    lines: dict[str, BoardLine] = defaultdict(lambda: BoardLine(""))
    grids = Grid.objects.ground_of(user).current(day).order_by()
    micros = grids.filter(kind=GridKind.MICRO)
    for key, count in _by_community(micros, "code"):
        lines[key].micros = count
    for key, count in _by_community(Volunteer.objects.visible_to(user).active().order_by(), "grid__code"):
        lines[key].volunteers += count
    # What one leads or stands in beyond the own posts is no line of this board.
    squads = Squad.objects.standing().filter(grid__in=Grid.objects.ground_of(user).order_by().values("pk"))
    bound: set[str] = set()
    for squad in squads.for_list().prefetch_related("micros"):
        line = lines[_key(squad.grid.code)]
        line.teams[squad.kind] += 1
        line.gaps.update(gaps_of(squad))
        if squad.kind == SquadKind.ONE_PLUS_FIVE:
            bound |= {micro.code for micro in squad.micros.all()}
            bound |= {squad.grid.code} if squad.grid.kind == GridKind.MICRO else set()
    for code in bound:
        lines[_key(code)].bound += 1
    return _named(lines)


def total_of(lines: Iterable[BoardLine]) -> BoardLine:
    found = BoardLine("")
    for line in lines:
        found.add(line)
    return found


def _key(code: str) -> str:
    return code[:_COMMUNITY] if len(code) > _STREET else code


def _by_community(rows: Any, code: str) -> list[tuple[str, int]]:
    keyed = rows.annotate(key=Substr(code, 1, _COMMUNITY)).values_list("key").annotate(count=Count("pk"))
    return [(str(key), int(count)) for key, count in keyed]


def _named(lines: dict[str, BoardLine]) -> list[BoardLine]:
    codes = {key: key if len(key) == _STREET else f"{key}000" for key in lines}
    names = dict(Grid.objects.filter(code__in=codes.values()).values_list("code", "name"))
    for key, line in lines.items():
        line.code = codes[key]
        line.name = names.get(line.code, line.code)
    return [lines[key] for key in sorted(lines)]
