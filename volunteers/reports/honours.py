"""What a volunteer is thanked by, on one page: stars, papers, and what a panel found."""

from dataclasses import dataclass

from volunteers.choices.honours import PanelState
from volunteers.models import Candidate, Certificate, Panel, Volunteer
from volunteers.reports.certificates import Standing, issuer_for, standing_of
from volunteers.reports.panels import Reckoned, reckon

MOST = 20


@dataclass(frozen=True)
class Honours:
    """`found`: the latest closed panels with the own result and how it came about; of nobody else's. `signs`: whether
    somebody signs for papers here."""

    standing: Standing
    certificates: list[Certificate]
    found: list[tuple[Panel, Reckoned]]
    signs: bool


def honours_of(volunteer: Volunteer) -> Honours:
    """VOLUNTEER as `for_list` fetches it."""
    balance = getattr(volunteer, "balance", None)
    papers = list(Certificate.objects.filter(volunteer=volunteer).for_list().order_by("-id")[:MOST])
    own = Candidate.objects.filter(volunteer=volunteer, panel__state=PanelState.CLOSED).order_by("-panel_id")[:3]
    by_panel = {row.panel_id: row.pk for row in own}
    panels = Panel.objects.filter(pk__in=by_panel).for_detail().order_by("-pk")
    found = [(panel, reckon(panel)[by_panel[panel.pk]]) for panel in panels]
    standing = standing_of(balance.minutes if balance else 0)
    return Honours(standing, papers, found, signs=issuer_for(volunteer.grid) is not None)
