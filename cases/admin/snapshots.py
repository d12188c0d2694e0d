"""A frozen month as it was frozen, and beside it what today's recount says."""

from dataclasses import dataclass
from typing import Any

from cases.admin.figure_looks import Number, share
from cases.models import FrozenFigures
from cases.reports import (
    BY_NAME,
    DEFINITIONS,
    Asked,
    Definition,
    Figure,
    Part,
    Statistics,
    difference,
    kept_figures,
    moved,
    share_of,
    shown_value,
)

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
        "lines": besides(kept_figures(row.figures.get("figures", {})), now, found.asked if found else None),
        "columns": [BY_NAME[name] for name in PART_COLUMNS],
        "parts": [_part(kept.get(code), parts.get(code)) for code in sorted({*kept, *parts})],
    }


def besides(kept: list[Figure], now: list[Figure], asked: Asked | None) -> list[Beside]:
    """Every figure that was kept or is told now, in the order of the definitions. ASKED is what NOW answers."""
    then, today = ({figure.name: figure for figure in figures} for figures in (kept, now))
    return [
        _beside(about, then.get(about.name), today.get(about.name), asked)
        for about in DEFINITIONS
        if about.name in then or about.name in today
    ]


def _beside(about: Definition, then: Figure | None, now: Figure | None, asked: Asked | None) -> Beside:
    was, value = then.value if then else None, now.value if now else None
    return Beside(
        about, shown_value(about.kind, was), share_of(then) if then else "", shown_value(about.kind, value),
        share(now, asked) if now and asked else [], moved(about.kind, difference(value, was)),
    )  # fmt: skip


def _part(kept: Any, part: Part | None) -> dict[str, Any]:
    then = kept_figures(kept["figures"]) if kept else []
    lines = {
        line.definition.name: line for line in besides(then, part.figures if part else [], part.asked if part else None)
    }
    return {
        "label": kept["label"] if kept else part.label if part else "",
        "cells": [lines.get(name) for name in PART_COLUMNS],
    }
