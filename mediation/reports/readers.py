"""Who reads a file today, and so may be told about it."""

from mediation.choices.people import Office
from mediation.models import Mediation, Seat


def readers_of(mediation: Mediation) -> list[int]:
    """The keys of the accounts of its mediators; the director's where none of them has one."""
    own = mediation.assignments.current().filter(mediator__user__isnull=False).order_by("pk")
    found = list(own.values_list("mediator__user", flat=True))
    directing = Seat.objects.current().filter(committee=mediation.committee_id, office=Office.DIRECTOR)
    return found or list(directing.filter(mediator__user__isnull=False).values_list("mediator__user", flat=True))
