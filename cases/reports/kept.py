"""Figures as they were frozen, made figures again."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cases.reports.figures import DEFINITIONS, Figure


def kept_figures(kept: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    """What `freeze_figures` kept under `figures`, in the order of the definitions; what is no figure any more is left out."""
    return [
        Figure(about, _number(one["numerator"]), one["denominator"], _decimal(one["value"]))
        for about in DEFINITIONS
        if (one := kept.get(about.name))
    ]


def _number(value: Any) -> Any:
    """Decimals were kept as their digits."""
    return Decimal(value) if isinstance(value, str) else value


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
