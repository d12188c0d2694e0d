"""What the library tells the rooms below."""

from django.utils.translation import gettext_lazy as _

from gridgov.core.keeping import Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from gridgov.core.questions import Offer, offers_at
from grids.models import Grid
from resources.reports import keeping as kept
from resources.reports.offered import offered


@offers_at.answers
def offers_for_residents(grid: Grid) -> list[Offer]:
    """What stands on the public page of GRID."""
    return offered(grid)


keeps(
    Kind(
        "resources.contact",
        _("contact persons of venues, firms, organisations and talents"),
        purpose=_("to call upon what a resource offers"),
        basis=_("the contact's consent (PIPL 13 I 1)"),
        where=_("with the resource, masked unless they agreed to be read"),
        seen_by=_("those who work on that ground, with a reason that is recorded"),
        term=Term(
            None,
            _("as long as the resource is in use"),
            _("taken out of use, the office strikes the contact out on its page"),
        ),
        public=True,
        consented=True,
        ways=Ways(
            find=kept.resources_of,
            label=kept.label_of,
            copy=kept.copy_of,
            page="resources_resource",
            unerasable=_("Struck out on the page of the resource, by whoever keeps it."),
        ),
    )
)
looks(Look("resources.revealed", counted=True, named=kept.names_of))
