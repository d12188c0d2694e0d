"""The report of a quarter: what the page, the workbook and the printed paper have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.models import Grid
from mediation.reports.figures import Counts, Line, MediationFigures, mediation_figures
from mediation.rules.periods import Quarter

# Name of a count or rate, its heading, and whether it is in percent.
COLUMNS: tuple[tuple[str, Any, bool], ...] = (
    ("came", gettext_lazy("disputes that came in"), False),
    ("accepted", gettext_lazy("accepted"), False),
    ("ended", gettext_lazy("mediations that ended"), False),
    ("agreed", gettext_lazy("agreements reached"), False),
    ("success", gettext_lazy("success"), True),
    ("punctuality", gettext_lazy("within the limit"), True),
    ("performance", gettext_lazy("rate of performance"), True),
    ("followed", gettext_lazy("followed up"), False),
    ("relapse", gettext_lazy("began anew"), True),
    ("confirmed", gettext_lazy("confirmed by court"), False),
    ("open", gettext_lazy("running today"), False),
)
# What stands at the top, beside the same of the quarter before.
HEADLINES = ("came", "agreed", "success", "punctuality", "performance", "relapse")


@dataclass(frozen=True)
class QuarterReport:
    """`ground` is what is reported on: a grid, or the own committees of a reader without one."""

    ground: str
    quarter: Quarter
    now: MediationFigures
    before: Counts

    @property
    def title(self) -> str:
        words = {"year": self.quarter.year, "number": self.quarter.number, "ground": self.ground}
        return _("%(ground)s: people's mediation, quarter %(number)s of %(year)s") % words

    @property
    def tables(self) -> list[tuple[str, list[Line]]]:
        """By whom, of what, where."""
        parts = [
            (_("By committee"), self.now.committees),
            (_("By kind of dispute"), self.now.kinds),
            (_("Grid by grid"), self.now.grids),
        ]
        return [(title, lines) for title, lines in parts if lines]

    @property
    def headlines(self) -> list[tuple[str, str, str]]:
        """(heading, this quarter, the quarter before)."""
        labels = {name: (str(label), rate) for name, label, rate in COLUMNS}
        found = []
        for name in HEADLINES:
            label, rate = labels[name]
            found.append((label, spelled(self.now.total, name, rate=rate), spelled(self.before, name, rate=rate)))
        return found


def report_on(
    top: Grid, quarter: Quarter, *, ground: str = "", committees: Iterable[int] | None = None
) -> QuarterReport:
    """The report on TOP and below it, or on COMMITTEES (keys) there. Twelve queries."""
    own = None if committees is None else list(committees)
    before = mediation_figures(top, quarter.before.first, quarter.before.last, own).total
    now = mediation_figures(top, quarter.first, quarter.last, own)
    return QuarterReport(ground or top.name, quarter, now, before)


def spelled(counts: Counts, name: str, *, rate: bool) -> str:
    """“12”, “75 %”; “—” where there is nothing to speak of."""
    value = getattr(counts, name)
    return "—" if value is None else f"{value} %" if rate else str(value)


def cells(counts: Counts) -> list[str]:
    """All COLUMNS of a line, as they are read."""
    return [spelled(counts, name, rate=rate) for name, _label, rate in COLUMNS]


def notes() -> list[str]:
    """What the figures mean."""
    return [
        _("Success: agreements out of all that was mediated to an end; refused and withdrawn ones are not counted."),
        _("Performed: agreements whose due items are all done; what isn't due yet is not counted."),
        _("Began anew: out of those that were followed up. Counts of disputes; nobody is ranked by them."),
    ]
