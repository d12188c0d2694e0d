"""Freezing the figures of a month: what was reported stays as it was reported."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.choices.figures import SCORE_WEIGHTS, Dimension
from cases.models import FrozenFigures
from cases.reports import Asked, Figure, Statistics, last_day, statistics
from gridgov.core.errors import Conflict
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid


@transaction.atomic
def freeze_figures(*, grid: Grid, month: dt.date, by: User, at: dt.datetime) -> FrozenFigures:
    """Keep the figures of GRID's subtree and of the grids right below it for MONTH (its first day) as they are at AT.

    Once for each grid and month; the row can't be changed or dropped.
    """
    rules.can_freeze(by, grid, month, at).insist()
    advisory_lock("freezing", grid.pk, month.isoformat())
    if FrozenFigures.objects.filter(grid=grid, month=month).exists():
        raise Conflict(_("The figures of this month are frozen already."), code="frozen")
    asked = Asked(first=month, last=last_day(month), grid=grid.code, by=Dimension.GRID)
    found = statistics(asked=asked, by=User.objects.system(), at=at)
    assert found is not None  # the system sees every grid
    row = FrozenFigures.objects.create(grid=grid, month=month, by=by, at=at, figures=_kept(found))
    record("cases.figures_frozen", row, by=by, at=at, data={"month": f"{month:%Y-%m}", "grid": grid.code})
    return row


def _kept(found: Statistics) -> dict[str, Any]:
    """What is kept: numerators, denominators and values, by name; the weights that held."""
    return {
        "figures": _plain(found.figures),
        "parts": [
            {"code": part.code, "label": part.label, "figures": _plain(part.figures)}
            for part in found.parts
            if part.code
        ],
        "weights": SCORE_WEIGHTS,
    }


def _plain(figures: list[Figure]) -> dict[str, dict[str, str | int | None]]:
    return {
        figure.name: {
            "numerator": _number(figure.numerator), "denominator": figure.denominator, "value": _number(figure.value),
        }
        for figure in figures
    }  # fmt: skip


def _number(value: Any) -> str | int | None:
    """Decimals as their digits, so that what was kept is exactly what was shown."""
    return value if value is None or isinstance(value, int) else str(value)
