"""The columns of a breakdown, the same on the page, on paper and in the sheet; and how a value is written in its unit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.reports.figures import BY_NAME, Figure, Kind, figure_of

# A measure, or a figure by its name.
COLUMNS: tuple[tuple[str, Any], ...] = (
    ("reported", _("reported")), ("due", _("cases due")), ("due_on_time", _("on time")), ("due_late", _("not on time")),
    ("on_time_rate", _("on-time rate")), ("closed", _("closed")), ("closed_in_grid", _("kept in the grid")),
    ("grid_solved_rate", _("rate kept in the grid")), ("rated", _("rated")), ("satisfaction_rate", _("satisfaction rate")),
)  # fmt: skip
HEADS = [label for _name, label in COLUMNS]


def count_of(measure: str, sums: Mapping[str, int]) -> int:
    """A measure of SUMS; what is due and not on time is no measure of its own."""
    return sums.get("due", 0) - sums.get("due_on_time", 0) if measure == "due_late" else sums.get(measure, 0)


def value_of(name: str, sums: Mapping[str, int]) -> tuple[str, Decimal | int | None]:
    """What a column says of SUMS: as it is written, and as a number; None where there is nothing to divide by."""
    if name not in BY_NAME:
        count = count_of(name, sums)
        return str(count), count
    figure = figure_of(name, sums)
    return shown_value(figure.definition.kind, figure.value), figure.value


def share_of(figure: Figure) -> str:
    """“411 / 446”, or of how many."""
    if figure.denominator is None or figure.definition.kind == Kind.SCORE:
        return ""
    if figure.definition.kind == Kind.HOURS:
        return _("%(count)s cases") % {"count": figure.denominator}
    return f"{figure.numerator} / {figure.denominator}"


def shown_value(kind: Kind, value: Decimal | None) -> str:
    """VALUE in its unit; nothing is a dash, never 0 or 100."""
    if value is None:
        return "—"
    if kind == Kind.COUNT:
        return f"{value:.0f}"
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return {Kind.RATE: f"{text}%", Kind.SCORE: text, Kind.HOURS: _t("%(hours)s h") % {"hours": text}}[kind]


def moved(kind: Kind, by: Decimal | None) -> str:
    """A difference with its sign; "" where nothing moved."""
    if not by:
        return ""
    return f"{by:+.0f}" if kind == Kind.COUNT else f"{by:+.2f}".rstrip("0").rstrip(".")


def difference(now: Decimal | None, then: Decimal | None) -> Decimal | None:
    return None if now is None or then is None else now - then
