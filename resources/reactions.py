"""What the library tells the rooms below."""

from gridgov.core.questions import Offer, offers_at
from grids.models import Grid
from resources.reports.offered import offered


@offers_at.answers
def offers_for_residents(grid: Grid) -> list[Offer]:
    """What stands on the public page of GRID."""
    return offered(grid)
