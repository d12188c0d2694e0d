"""Figures of a period for whoever asks: in scope, filtered, and broken down."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from cases.reports.figures import Figure, Part, figures_of
from cases.reports.narrowing import NOTHING, Asked, narrow
from cases.reports.parts import asked_of_part, column_for, in_order, names_of
from cases.reports.tallies import Sums, read
from grids.models import Grid, Unit


@dataclass(frozen=True)
class Statistics:
    """What was asked, when, and the answer: the figures of the whole and of each part."""

    asked: Asked
    at: dt.datetime
    grid: Grid | None
    unit: Unit | None
    figures: list[Figure]
    parts: list[Part] = field(default_factory=list)


def statistics(*, asked: Asked, by: User, at: dt.datetime) -> Statistics | None:
    """The figures BY may see, as they are at AT; None where there are none for them: no such grid or unit in scope, or no
    scope at all."""
    narrowed = narrow(asked, by)
    if narrowed is None:
        return None
    column = column_for(asked.by, narrowed.grid, by)
    found = read(asked.first, asked.last, at=at, where=narrowed.where, by=column)
    whole: Counter[str] = Counter()
    for sums in found.values():
        whole.update(sums)
    parts = _parts(asked, column, found) if asked.by else []
    return Statistics(asked, at, narrowed.grid, narrowed.unit, figures_of(whole), parts)


def _parts(asked: Asked, column: str, found: dict[Any, Sums]) -> list[Part]:
    names = names_of(asked.by, found)
    parts = []
    for key, sums in found.items():
        if any(sums.values()):
            code, label = names.get(key or NOTHING, (str(key), str(key)))
            alone = asked_of_part(asked, asked.by, column, key, code)
            parts.append(Part(alone, code, label, figures_of(sums)))
    return sorted(parts, key=in_order(asked.by))
