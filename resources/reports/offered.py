"""What everybody may read of the library, on a grid's public page."""

from gridgov.core.masking import mask_name, mask_text, nameless
from gridgov.core.questions import Offer
from grids.models import Grid
from resources.choices import ResourceKind
from resources.models import Resource
from resources.rules import is_contact_shown

MOST_OFFERED = 20


def offered(grid: Grid) -> list[Offer]:
    """What may be shown to residents of GRID: on it, below and above it, the smaller grids first. Of a talent, who is a person,
    neither full name nor place; of nobody a mobile number that stands in words. One query."""
    around = (Grid.objects.under(grid) | Grid.objects.above(grid)).order_by().values("pk")
    rows = Resource.objects.in_use().filter(is_public=True, grid__in=around).order_by("-grid__level", "name", "pk")
    return [_told(row) for row in rows.for_list()[:MOST_OFFERED]]


def _told(row: Resource) -> Offer:
    kind, offers = str(row.get_kind_display()), mask_text(row.offers)
    if row.kind == ResourceKind.TALENT:
        return Offer(mask_name(row.name), kind, nameless(offers, row.name))
    name, place, hours = map(mask_text, (row.name, row.place, row.hours))
    return Offer(name, kind, offers, place, hours, row.contact_phone if is_contact_shown(row) else "")
