"""Who serves: cadres, full-time workers, members and staff, their posts and the party organisations over them.

One committee lead per total and comprehensive grid, workers who share out all micro-grids, one part-time member in each.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .names import person_name
from .parts import Grid, PartyOrganisation, Person, PersonRole, Post, PostRole, SetUp, Unit

HOME = "990101001"  # on the demo street user names carry no street number
HUB_STAFF = 4


@dataclass(slots=True)
class Roll:
    """The roll while it is being written."""

    people: list[Person]
    posts: list[Post]
    organisations: list[PartyOrganisation]


def enrol(grids: Sequence[Grid], units: Sequence[Unit], *, workers: dict[str, int], groups: dict[str, int],
          rng: random.Random) -> Roll:  # fmt: skip
    """Fill every post; `workers` and `groups`: how many full-time workers and party groups, by street code."""
    roll = Roll([], [], [])
    by_parent: dict[str, list[Grid]] = {}
    for grid in grids:
        by_parent.setdefault(grid.parent, []).append(grid)
    for street in by_parent[""]:
        office = _Office(street, by_parent, roll, rng)
        office.cadres_and_members()
        office.workers(workers[street.code])
        office.organisations(groups[street.code])
    _staff(units, roll, rng)
    return roll


def login(area: str, word: str, number: str = "") -> str:
    """A user name that says the post: `lead001003`, `micro001003012`, on other streets `s007-lead001003`."""
    street = "" if len(area) == 6 or area.startswith(HOME) else f"s{area[6:9]}-"
    return f"{street}{word}{number}"


class _Office:
    """The people of one street."""

    def __init__(self, street: Grid, by_parent: dict[str, list[Grid]], roll: Roll, rng: random.Random) -> None:
        self.street, self.roll, self.rng = street, roll, rng
        self.roots = by_parent[street.code]
        self.leads = {root.code: by_parent[root.code] for root in self.roots}
        self.micros = {lead.code: by_parent[lead.code] for leads in self.leads.values() for lead in leads}

    def cadres_and_members(self) -> None:
        for root in self.roots:
            committee = f"{root.community_code}-committee"
            self._post(root, "total", "cadre", "root_grid_lead", committee)
            for lead in self.leads[root.code]:
                self._post(lead, "lead", "cadre", "grid_lead", committee)
                for micro in self.micros[lead.code]:
                    self._post(micro, "micro", "member", "micro_grid_worker", "")

    def workers(self, number: int) -> None:
        """Full-time workers: shared out over the communities by size, each with neighbouring micro-grids of one."""
        of_root = {r.code: [m for lead in self.leads[r.code] for m in self.micros[lead.code]] for r in self.roots}
        shares = _shares([len(micros) for micros in of_root.values()], number)
        count = 0
        for root, share in zip(self.roots, shares, strict=True):
            for part in _runs(of_root[root.code], share):
                count += 1
                username = login(self.street.code, "worker", f"{count:02d}")
                self._person(username, "worker", f"{root.community_code}-committee", root.community_code)
                self.roll.posts += [Post(username, micro.code, "grid_worker_ft") for micro in part]

    def organisations(self, number: int) -> None:
        """The chain of party organisations; every micro-grid belongs to exactly one group."""
        street, out = self.street, self.roll.organisations
        committee = f"{street.code}-party"
        head = login(street.code, "party")
        self._person(head, "staff", f"{street.code}-party_service", street.code)
        out.append(PartyOrganisation(
            committee, f"{street.name}党工委", "work_committee", "", "", (street.code,), head
        ))  # fmt: skip
        shares = dict(zip(self.micros, _shares([len(m) for m in self.micros.values()], number), strict=True))
        for root in self.roots:
            joint = f"{root.community_code}-party"
            out.append(PartyOrganisation(
                joint, f"{root.community}大党委", "community_committee", committee, "", (root.code,), _named("total", root)
            ))  # fmt: skip
            for lead in self.leads[root.code]:
                branch = f"{lead.code}-party"
                out.append(PartyOrganisation(
                    branch, f"{lead.name}党支部", "branch", joint, "", (lead.code,), _named("lead", lead)
                ))  # fmt: skip
                out += self._groups(lead, branch, shares[lead.code])

    def _groups(self, lead: Grid, branch: str, number: int) -> list[PartyOrganisation]:
        """The micro-grids of a branch in `number` groups: some large enough to stand alone, the others jointly."""
        micros, found = self.micros[lead.code], []
        alone = self.rng.randint(0, number - 1) if len(micros) > number else number
        parts = [[micro] for micro in micros[:alone]] + _runs(micros[alone:], number - alone)
        for index, part in enumerate(parts, start=1):
            set_up: SetUp = "alone" if len(part) == 1 else "jointly"
            name = f"{part[0].name}党小组" if set_up == "alone" else f"{lead.name}联合第{index}党小组"
            codes = tuple(micro.code for micro in part)
            found.append(PartyOrganisation(
                f"{branch}-{index:02d}", name, "group", branch, set_up, codes, _named("micro", part[0])
            ))  # fmt: skip
        return found

    def _post(self, grid: Grid, word: str, role: PersonRole, post: PostRole, unit: str) -> None:
        username = _named(word, grid)
        self._person(username, role, unit, grid.community_code)
        self.roll.posts.append(Post(username, grid.code, post))

    def _person(self, username: str, role: PersonRole, unit: str, area: str) -> None:
        self.roll.people.append(Person(username, person_name(self.rng), role, unit, area, part_time=role == "member"))


def _named(word: str, grid: Grid) -> str:
    number = grid.code[9:12] if word == "total" else grid.code[9:]
    return login(grid.code, word, number)


def _staff(units: Sequence[Unit], roll: Roll, rng: random.Random) -> None:
    """Somebody at every unit who can take an order, and a small crew at the hub that hands them out."""
    for unit in units:
        key = unit.code.split("-", 1)[1]
        for number in range(1, (HUB_STAFF if key == "hub" else 1) + 1):
            username = login(unit.area_code, key, unit.area_code[9:12] if len(unit.area_code) == 12 else str(number))
            roll.people.append(Person(username, person_name(rng), "staff", unit.code, unit.area_code, part_time=False))


def _shares(sizes: Sequence[int], total: int) -> list[int]:
    """`total` shared out in proportion to the sizes, at least one each and never more than the size."""
    whole = sum(sizes)
    shares = [max(1, min(size, total * size // whole)) for size in sizes]
    order = sorted(range(len(sizes)), key=lambda i: shares[i] - total * sizes[i] / whole)
    for i in order * total:
        if sum(shares) >= total:
            break
        if shares[i] < sizes[i]:
            shares[i] += 1
    if sum(shares) != total:
        raise ValueError(f"{total} cannot be shared over {len(sizes)} places of sizes {list(sizes)}")
    return shares


def _runs(micros: Sequence[Grid], parts: int) -> list[list[Grid]]:
    """The micro-grids in `parts` runs of neighbours of nearly equal length."""
    bounds = [len(micros) * part // parts for part in range(parts + 1)] if parts else []
    return [list(micros[low:high]) for low, high in pairwise(bounds)]
