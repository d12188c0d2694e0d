"""All figures of a period as cards in groups, each beside what was frozen, and as the lines of a breakdown."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.admin.figure_looks import Number, share
from cases.models import FrozenFigures
from cases.reports import Figure, Statistics, difference, moved, shown_value

# What the table of a breakdown shows of each part; the sheet has everything.
COLUMNS = (
    "on_time_rate", "close_rate", "extension_rate", "self_found_rate", "rework_rate", "return_rate", "response_rate",
    "satisfaction_rate", "grid_solved_rate", "mean_handling_time",
)  # fmt: skip
# The cards in their groups.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Due in the period"), ("on_time_rate", "close_rate", "extension_rate", "due_suspended", "due_parked", "due_excluded")),
    (_("Coming in and going through"), (
        "response_rate", "file_rate", "self_found_rate", "finish_rate", "rework_rate", "return_rate", "grid_solved_rate")),
    (_("Handling time"), ("mean_handling_time", "median_handling_time", "p90_handling_time")),
    (_("What residents say"), (
        "callback_rate", "solve_rate", "satisfaction_rate", "basically_satisfied_rate", "three_rate_score")),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A figure as the page shows it."""

    figure: Figure
    value: str
    numbers: list[Number]
    frozen: str
    moved: str


def cards_of(found: Statistics, frozen: FrozenFigures | None) -> dict[str, Card]:
    kept = frozen.figures.get("figures", {}) if frozen else {}
    cards = {}
    for figure in found.figures:
        kind, was = figure.definition.kind, kept.get(figure.name, {}).get("value")
        then = None if was is None else Decimal(was)
        cards[figure.name] = Card(
            figure, shown_value(kind, figure.value), share(figure, found.asked),
            shown_value(kind, then) if frozen else "", moved(kind, difference(figure.value, then)),
        )  # fmt: skip
    return cards


def lines_of(found: Statistics) -> list[dict[str, Any]]:
    return [
        {
            "part": part,
            "cells": [
                (shown_value(cell.definition.kind, cell.value), share(cell, part.asked), cell.reached)
                for cell in chosen(part.figures)
            ],
        }
        for part in found.parts
    ]


def chosen(figures: Iterable[Figure]) -> list[Figure]:
    by_name = {figure.name: figure for figure in figures}
    return [by_name[name] for name in COLUMNS]
