"""The units that handle cases, laid out over counties, streets and communities from one table (data/units.csv)."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

from .parts import Grid, Unit, UnitKind

DATA = Path(__file__).parent / "data"
COUNTY = "示例区"


@cache
def _table() -> tuple[dict[str, str], ...]:
    with (DATA / "units.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def units(grids: Iterable[Grid]) -> tuple[Unit, ...]:
    """One set of county units, one per street, one per community, in the order of their areas."""
    grids = list(grids)
    streets = {g.code: g.name for g in grids if g.kind == "street"}
    found = [_unit(row, code, county=COUNTY) for code in sorted({s[:6] for s in streets}) for row in _of("county")]
    for code, name in streets.items():
        found += [_unit(row, code, street=name) for row in _of("street")]
    for total in (g for g in grids if g.kind == "total"):
        names = {
            "community": total.community,
            "short": total.community.removesuffix("社区"),
            "committee": "村民委员会" if total.is_village else "居民委员会",
        }
        found += [_unit(row, total.community_code, **names) for row in _of("community")]
    return tuple(found)


def _of(level: str) -> list[dict[str, str]]:
    return [row for row in _table() if row["level"] == level]


def _unit(row: dict[str, str], area: str, **names: str) -> Unit:
    kind = cast(UnitKind, row["kind"])
    return Unit(f"{area}-{row['key']}", row["name_zh"].format(**names), (row["department_zh"],), kind, area)
