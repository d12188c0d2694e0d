"""The sample cases of the field kit (data/sample_cases.csv), each with the micro-grid its words point to."""

import csv
import re
from dataclasses import dataclass
from datetime import datetime

from .parts import Grid, Plan
from .units import DATA

HOUSE = re.compile(r"^(.*?号楼)(\d+单元)?")


@dataclass(frozen=True, slots=True)
class Sample:
    """`grid` is the comprehensive grid the file names; `micro` the micro-grid its place points to, or ""."""

    number: str  # DEMO-0001
    channel: str
    title: str
    text: str
    category: str
    tier: str
    urgency: str
    department: str
    community: str
    grid: str
    micro: str
    place: str
    reported_at: datetime
    anonymous: bool
    contact: str  # masked
    mediation: bool
    duplicate_of: str
    note: str


def samples(plan: Plan) -> tuple[Sample, ...]:
    """All samples whose grid the plan has, in the order they were reported."""
    with (DATA / "sample_cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {grid.code for grid in plan.of_kind("comprehensive")}
    found = [_sample(plan, row) for row in rows if row["grid_code"] in known]
    return tuple(sorted(found, key=lambda sample: sample.reported_at))


def _sample(plan: Plan, row: dict[str, str]) -> Sample:
    micro = _micro(plan.children(row["grid_code"]), row["location_text"])
    return Sample(
        number=row["case_no"],
        channel=row["channel"],
        title=row["title"],
        text=row["text"],
        category=row["category_code"],
        tier=row["tier"],
        urgency=row["urgency"],
        department=row["department_zh"],
        community=row["community_zh"],
        grid=row["grid_code"],
        micro=micro.code if micro else "",
        place=row["location_text"],
        reported_at=datetime.fromisoformat(row["reported_at"]),
        anonymous=row["anonymous"] == "1",
        contact=row["contact_masked"],
        mediation=row["mediation_suggested"] == "1",
        duplicate_of=row["duplicate_of"],
        note=row["note"],
    )


def _micro(micros: list[Grid], place: str) -> Grid | None:
    """The micro-grid named in the place: house and entrance, else the house, else the place itself."""
    if house := HOUSE.match(place):
        whole = [m for m in micros if m.place == house.group(0)]
        same = [m for m in micros if m.place.startswith(house.group(1))]
        return next(iter(whole + same), None)
    return next((m for m in micros if place.startswith(m.place)), None)
