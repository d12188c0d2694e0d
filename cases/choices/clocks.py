"""The words of the clocks, and the limits that hold where no policy says otherwise."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.choices.case import Tier
from gridgov.core.calendar import LimitUnit

# The mission's limits. A policy row may say otherwise for cases accepted after it.
TIER_LIMITS = {
    Tier.A: (Decimal(1), LimitUnit.NATURAL_DAY),
    Tier.B: (Decimal(3), LimitUnit.NATURAL_DAY),
    Tier.C: (Decimal(7), LimitUnit.NATURAL_DAY),
}


class Clock(models.TextChoices):
    """What a deadline measures."""

    RESPONSE = "response", _("acceptance")
    CASE = "case", _("case clock")
    SIGN_IN = "sign_in", _("sign-in")
    HANDLE = "handle", _("step clock")
    VERIFY = "verify", _("verification")
    REPORT_IN = "report_in", _("report-in")
    REPLY = "reply", _("answer to supervision")


# Shares of a limit, in percent, at which something happens; 100 is the breach.
STAGES: dict[str, tuple[int, ...]] = {
    Clock.RESPONSE: (100,), Clock.CASE: (50, 80, 100), Clock.SIGN_IN: (100,), Clock.HANDLE: (100,), Clock.VERIFY: (100,),
    Clock.REPORT_IN: (100,), Clock.REPLY: (100,),
}  # fmt: skip
# After the breach of a case clock comes the red card, at a moment of its own (Deadline.red_at).
RED_STAGE = 200


class LimitOf(models.TextChoices):
    """What a policy row limits. Only a case's own limit depends on who settles it; all others have a default for all."""

    CASE = "case", _("the case")
    SIGN_IN = "sign_in", _("sign-in by the unit")
    VERIFY = "verify", _("verification")
    REPORT_IN = "report_in", _("report-in after a whistle")
    ASSIST = "assist", _("co-handling")
    REPLY = "reply", _("answer to supervision")
    RED = "red", _("overdue until the red card")
    RATING = "rating", _("rating after closing")
    REOPENING = "reopening", _("reopening after closing")


SIGN_IN_LIMIT = (1, LimitUnit.WORK_DAY)
VERIFY_LIMIT = (1, LimitUnit.WORK_DAY)
# Where no policy says otherwise (handbook 1.4 sign-in; 3.1 verification, rating, reopening; 3.4 supervision).
LIMITS: dict[str, tuple[Decimal, LimitUnit]] = {
    LimitOf.SIGN_IN: (Decimal(SIGN_IN_LIMIT[0]), SIGN_IN_LIMIT[1]),
    LimitOf.VERIFY: (Decimal(VERIFY_LIMIT[0]), VERIFY_LIMIT[1]),
    LimitOf.REPORT_IN: (Decimal(2), LimitUnit.WORK_HOUR),
    LimitOf.ASSIST: (Decimal(3), LimitUnit.WORK_DAY),
    LimitOf.REPLY: (Decimal(1), LimitUnit.WORK_DAY),
    LimitOf.RED: (Decimal(3), LimitUnit.WORK_DAY),
    LimitOf.RATING: (Decimal(7), LimitUnit.NATURAL_DAY),
    LimitOf.REOPENING: (Decimal(15), LimitUnit.NATURAL_DAY),
}
# Tier A and emergencies don't wait three working days for the red card.
RED_SOON = (Decimal(1), LimitUnit.NATURAL_DAY)


class Entry(models.TextChoices):
    """Why a row stands in the ledger of a deadline."""

    START = "start", _("started")
    TIER = "tier", _("tier raised")
    HANDOVER = "handover", _("handed over")
    RECOMPUTED = "recomputed", _("worked out again")
    MET = "met", _("met")
    REWORK = "rework", _("runs again after a failed verification")
    BREACH = "breach", _("overdue")
    DROPPED = "dropped", _("dropped")
    PAUSED = "paused", _("stands still")
    RESUMED = "resumed", _("runs again")
    EXTENDED = "extended", _("extended")
    CATEGORY = "category", _("reclassified")
    REVIVED = "revived", _("runs on after a merge was undone")


class CardLevel(models.IntegerChoices):
    """Cards belong to cases and units, never to residents."""

    NONE = 0, _("none")
    YELLOW = 1, _("yellow card")
    RED = 2, _("red card")


class Light(models.TextChoices):
    """How a clock looks: the three flags of handbook 3.3 with a fourth for clocks at rest."""

    CALM = "calm", _("in time")
    NEAR = "near", _("time is running out")
    LATE = "late", _("overdue")
    DONE = "done", _("finished")
