"""A frozen month as it was frozen, and beside it what today's recount says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cases.admin.figure_looks import Number, share
from cases.models import FrozenFigures
from cases.reports import BY_NAME, DEFINITIONS, Definition, Figure, Part, Statistics, difference, moved, shown_value

Kept = Mapping[str, Mapping[str, Any]]
# Of the parts only these; the file of the month has all.
PART_COLUMNS = ("on_time_rate", "close_rate", "grid_solved_rate", "satisfaction_rate", "response_rate")


@dataclass(frozen=True)
class Beside:
    """A figure as it was frozen and as it is now."""

    definition: Definition
    then: str
    then_share: str
    now: str
    numbers: list[Number]
    moved: str


def snapshot_page(row: FrozenFigures, found: Statistics | None) -> dict[str, Any]:
    """ROW beside FOUND, today's figures of the same grid and month; None where its reader may not ask for them."""
    now = found.figures if found else []
    kept = {part["code"]: part for part in row.figures.get("parts", ())}
    parts = {part.code: part for part in found.parts if part.code} if found else {}
    return {
        "row": row,
        "lines": besides(row.figures.get("figures", {}), now, found),
        "columns": [BY_NAME[name] for name in PART_COLUMNS],
        "parts": [_part(kept.get(code), parts.get(code)) for code in sorted({*kept, *parts})],
    }


def besides(kept: Kept, now: list[Figure], found: Any) -> list[Beside]:
    """Every figure that was kept or is told now, in the order of the definitions. FOUND has what was `asked`."""
    by_name = {figure.name: figure for figure in now}
    return [
        _beside(about, kept.get(about.name, {}), by_name.get(about.name), found)
        for about in DEFINITIONS
        if about.name in kept or about.name in by_name
    ]


def _beside(about: Definition, kept: Mapping[str, Any], now: Figure | None, found: Any) -> Beside:
    then = None if kept.get("value") is None else Decimal(kept["value"])
    top, bottom = kept.get("numerator"), kept.get("denominator")
    numbers = " / ".join(str(number) for number in (top, bottom) if number is not None)
    value = now.value if now else None
    return Beside(
        about, shown_value(about.kind, then), numbers if bottom is not None else "",
        shown_value(about.kind, value), share(now, found.asked) if now else [],
        moved(about.kind, difference(value, then)),
    )  # fmt: skip


def _part(kept: Any, part: Part | None) -> dict[str, Any]:
    lines = {
        line.definition.name: line
        for line in besides(kept["figures"] if kept else {}, part.figures if part else [], part)
    }
    return {
        "label": kept["label"] if kept else part.label if part else "",
        "cells": [lines.get(name) for name in PART_COLUMNS],
    }
