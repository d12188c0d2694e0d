"""Professional workers 专业网格员: people of sixteen departments and five utilities, each bound to neighbouring total grids.

In the sources a district has 3,579 of them; here every community has one of each unit, who serves about two more.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

from .catalogue import categories
from .names import person_name
from .parts import Binding, Grid, Person, Unit

# What the residents of any place call for first, and all departments of the county's government.
UTILITIES = ("water", "power", "gas", "heating", "telecom")
OTHERS = ("disabled_federation", "trade_union")
PEOPLE, COMMUNITIES = 3579, 374  # of a whole district


def bind(grids: Sequence[Grid], units: Sequence[Unit], rng: random.Random) -> tuple[list[Person], list[Binding]]:
    """Everybody who is bound, and to which total grids: the utilities come first, so `specialist1` is of the water company."""
    totals = [grid for grid in grids if grid.kind == "total"]
    people: list[Person] = []
    bindings: list[Binding] = []
    chosen = _chosen(units)
    wanted = max(len(chosen), PEOPLE * len(totals) // COMMUNITIES)
    for place, unit in enumerate(chosen):
        number = min(len(totals), wanted * (place + 1) // len(chosen) - wanted * place // len(chosen))
        matters = _matters(unit)
        for low, high in pairwise(len(totals) * part // number for part in range(number + 1)):
            username = f"specialist{len(people) + 1}"
            people.append(Person(username, person_name(rng), "specialist", unit.code, unit.area_code, part_time=False))
            bindings += [Binding(username, total.code, matters) for total in totals[low:high]]
    return people, bindings


def _chosen(units: Sequence[Unit]) -> list[Unit]:
    keyed = [(unit.code.split("-", 1)[1], unit) for unit in units if len(unit.area_code) == 6]
    utilities = [unit for key, unit in keyed if key in UTILITIES]
    return utilities + [unit for key, unit in keyed if unit.kind == "government" and key not in OTHERS]


def _matters(unit: Unit) -> tuple[str, ...]:
    """The categories of the catalogue that are usually UNIT's to lead or to help with; none: all it does."""
    return tuple(c.code for c in categories() if {c.department, *c.assists} & set(unit.departments))
