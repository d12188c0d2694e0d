"""Who would mediate well in a file, and who mediates there."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mediation.models import Mediation, Mediator, Seat
from mediation.rules.choosing import Fit, agreed_of, is_apart


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may mediate in a file, and what speaks for it."""

    mediator: Mediator
    fit: Fit

    @property
    def why(self) -> str:
        """What speaks for it, in words."""
        fit = self.fit
        said = [
            *([_("own committee")] if fit.own else []),
            *([_("knows this kind")] if fit.skilled else []),
            *([_("serves this grid")] if fit.near else []),
            _("%(count)d open") % {"count": fit.open},
            *([_("%(agreed)d of %(over)d agreed") % {"agreed": fit.agreed, "over": fit.over}] if fit.over else []),
        ]
        return " · ".join(said)


def suggest(mediation: Mediation, at: dt.datetime, most: int = 5) -> list[Suggestion]:
    """At most MOST who may, the best first: of this street, in a committee, without a tie to a party, not here already. Four
    queries. The counts are of their open and their latest files, and say nothing of any."""
    phones = list(mediation.parties.values_list("phone", "agent_phone"))
    sits = Seat.objects.current().filter(mediator=OuterRef("pk"))
    rows = (
        Mediator.objects.active()
        .filter(Exists(sits), grid__tree_id=mediation.grid.tree_id)
        .exclude(pk__in=mediation.conflicts.order_by().values("mediator"))
        .exclude(pk__in=mediation.assignments.current().order_by().values("mediator"))
        .with_load()
        .annotate(own=Exists(sits.filter(committee=mediation.committee_id)))
        .for_list()
        .select_related("user")
        .prefetch_related("serves")
    )
    found = [Suggestion(row, _fit(row, mediation)) for row in rows if is_apart(row, phones)]
    return sorted(found, key=lambda one: (-one.fit.points, one.mediator.pk))[:most]


def _fit(row: Mediator, mediation: Mediation) -> Fit:
    here = mediation.grid
    grounds = list(row.serves.all()) or [row.grid]
    near = any(one.tree_id == here.tree_id and one.lft <= here.lft and one.rght >= here.rght for one in grounds)
    ended: list[str] = row.ended  # type: ignore[attr-defined]
    counts = {"open": row.open, "over": len(ended), "agreed": agreed_of(ended)}  # type: ignore[attr-defined]
    return Fit(row.own, mediation.kind in row.skills, not row.skills, near, **counts)  # type: ignore[attr-defined]
