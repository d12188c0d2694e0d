"""The 83 categories a case can have, read from the catalogue of the cases room (cases/data/categories.csv)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

Tier = Literal["A", "B", "C"]
LimitUnit = Literal["natural_day", "natural_hour", "work_day", "work_hour"]

CATEGORIES_CSV = Path(__file__).resolve().parents[2] / "cases" / "data" / "categories.csv"
# The mission's limits in natural days; a row of the catalogue that says the plain thing means these.
TIER_DAYS: dict[Tier, int] = {"A": 1, "B": 3, "C": 7}
PLAIN = {("A", "1", "natural_day"), ("B", "3", "work_day"), ("C", "7", "work_day")}


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    name: str
    tier: Tier
    urgency: Literal["normal", "urgent", "emergency"]
    response_hours: int
    limit: int
    limit_unit: LimitUnit
    department: str
    assists: tuple[str, ...]


@cache
def categories() -> tuple[Category, ...]:
    """Every category a case can be filed under, in the order of their codes."""
    with CATEGORIES_CSV.open(encoding="utf-8", newline="") as file:
        return tuple(_category(row) for row in csv.DictReader(file) if row["level"] == "2" and row["enabled"] == "1")


def _category(row: dict[str, str]) -> Category:
    tier = cast(Tier, row["default_tier"])
    limit, unit = int(row["deadline_value"]), cast(LimitUnit, row["deadline_unit"])
    if (tier, row["deadline_value"], unit) in PLAIN:
        limit, unit = TIER_DAYS[tier], "natural_day"
    return Category(
        code=row["code"],
        name=row["name_zh"],
        tier=tier,
        urgency=cast(Literal["normal", "urgent", "emergency"], row["urgency"]),
        response_hours=int(row["first_response_hours"]),
        limit=limit,
        limit_unit=unit,
        department=row["default_department_zh"],
        assists=tuple(name for name in row["assist_departments_zh"].split(";") if name),
    )
