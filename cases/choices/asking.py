"""Applications 申请: what may be asked for, who decides, how often (clocks.md, Applications; handbook 3.1)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices.case import Tier
from gridgov.core.calendar import LimitUnit


class Ask(models.TextChoices):
    """What is asked for. Each kind has an effect of its own when it is approved (cases.actions.deciding)."""

    EXTENSION = "extension", _("extension")
    SUSPENSION = "suspension", _("suspension")
    PARKING = "parking", _("parking")
    RECLASSIFICATION = "reclassification", _("reclassification")
    RETURN = "return", _("return of the order")
    VOIDING = "voiding", _("voiding")
    EXCLUSION = "exclusion", _("exclusion from figures")
    INCLUSION = "inclusion", _("appeal against exclusion")


class AskState(models.TextChoices):
    PENDING = "pending", _("waiting for a decision")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Level(models.IntegerChoices):
    """Rungs of the tree on which somebody decides."""

    NONE = 0, _("the worker or unit")
    COMPREHENSIVE = 1, _("comprehensive-grid lead")
    TOTAL = 2, _("total-grid lead")
    STREET = 3, _("street office")


LEVEL_OF_ROLE = {
    Role.WORKER: Level.NONE, Role.UNIT_STAFF: Level.NONE, Role.COMPREHENSIVE_LEAD: Level.COMPREHENSIVE,
    Role.TOTAL_LEAD: Level.TOTAL, Role.STREET: Level.STREET, Role.SYSTEM: Level.STREET,
}  # fmt: skip
# The lowest rung that decides about cases of a tier.
LEVEL_OF_TIER = {Tier.A: Level.COMPREHENSIVE, Tier.B: Level.COMPREHENSIVE, Tier.C: Level.STREET}


@dataclass(frozen=True)
class Terms:
    """How a kind of application is treated: `steps` rungs above the applicant for the first request, `again` more for
    each further one, never below `least`; at most `most` approved for a case (None: no cap), of a return for each
    addressee; and none longer than `longest` counted in `unit`."""

    steps: int = 1
    again: int = 1
    least: int = Level.NONE
    most: int | None = None
    longest: Decimal | None = None
    unit: str = ""


# Where no row of the street's own says otherwise (cases.models.ApprovalRule).
TERMS: dict[str, Terms] = {
    Ask.EXTENSION: Terms(most=2, longest=Decimal(15), unit=LimitUnit.WORK_DAY),
    Ask.SUSPENSION: Terms(most=2, longest=Decimal(30), unit=LimitUnit.NATURAL_DAY),
    Ask.PARKING: Terms(least=Level.STREET),
    Ask.RECLASSIFICATION: Terms(),
    Ask.RETURN: Terms(most=1),
    Ask.VOIDING: Terms(least=Level.TOTAL),
    Ask.EXCLUSION: Terms(least=Level.STREET),
    Ask.INCLUSION: Terms(least=Level.STREET),
}
# No single extension counts more units than this, whatever the unit.
MOST_EXTENSION = 1000
# Asked before expiry, and pending ones lapse when the clock they speak about runs out.
BEFORE_EXPIRY = frozenset({Ask.EXTENSION, Ask.SUSPENSION, Ask.PARKING})
# Those that stop the clock: never for an emergency, nor where the matter list says that its clock may not be paused.
PAUSING = frozenset({Ask.SUSPENSION, Ask.PARKING})


class Hold(models.TextChoices):
    """Why a case stands still. It keeps its state meanwhile; only the verbs of HELD_MOVES are possible."""

    NONE = "", _("runs")
    SUSPENDED = "suspended", _("suspended")
    PARKED = "parked", _("parked")


class PauseReason(models.TextChoices):
    """Why a case may wait (handbook 3.1, 11)."""

    WAITS_FOR_RESIDENT = "waits_for_resident", _("waits for the resident")
    WAITS_FOR_APPROVAL = "waits_for_approval", _("waits for another authority's approval")
    WAITS_FOR_MATERIAL = "waits_for_material", _("waits for material or spare parts")
    WEATHER = "weather", _("weather or season")
    IN_MEDIATION = "in_mediation", _("in mediation")
    IN_COURT = "in_court", _("in court, arbitration or review")
    HARD_CASE = "hard_case", _("hard case that needs a plan")
    OTHER = "other", _("another reason")


class SupervisionKind(models.TextChoices):
    """Urging is a reminder; these ask for an answer (handbook 3.4)."""

    ORDINARY = "ordinary", _("supervision")
    LISTED = "listed", _("listed supervision")
    INTERVIEW = "interview", _("interview")
