"""Hours and points: two ledgers that never become one another."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoursKind(models.TextChoices):
    SERVICE = "service", _("service")
    CORRECTION = "correction", _("correction")
    REVERSAL = "reversal", _("reversal")


class AppealState(models.TextChoices):
    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    REFUSED = "refused", _("refused")


class PointsFor(models.TextChoices):
    """What points are given for: never for anybody's behaviour outside these."""

    REPORT_ADOPTED = "report_adopted", _("a reported problem was adopted")
    HELP_GIVEN = "help_given", _("help was given, by the hour")
    TRAINING_DONE = "training_done", _("training was taken part in")
    POST_KEPT = "post_kept", _("a governance post was kept, by the month")


# What counts by the hour; everything else is given for once, however long it took.
BY_THE_HOUR = frozenset({PointsFor.HELP_GIVEN})


class PointsKind(models.TextChoices):
    EARNED = "earned", _("earned")
    SPENT = "spent", _("exchanged")
    EXPIRED = "expired", _("expired")
    REVERSAL = "reversal", _("reversal")


class RedemptionState(models.TextChoices):
    RESERVED = "reserved", _("to be collected")
    HANDED_OVER = "handed_over", _("handed over")
    CANCELLED = "cancelled", _("cancelled")


REDEMPTION_MOVES: dict[str, frozenset[str]] = {
    RedemptionState.RESERVED: frozenset({RedemptionState.HANDED_OVER, RedemptionState.CANCELLED}),
    RedemptionState.HANDED_OVER: frozenset(),
    RedemptionState.CANCELLED: frozenset(),
}
# Minutes that one person can serve on a day at all, and from which a day is looked at again (handbook 1.7).
DAY_MOST, DAY_FLAG = 24 * 60, 8 * 60
# A correction or an appeal comes so long after the day at most.
CORRECT_WITHIN = dt.timedelta(days=366)
# What nobody collects goes back on the shelf.
COLLECT_WITHIN = dt.timedelta(days=14)
MOST_POINTS, MOST_PRICE, MOST_STOCK, MOST_AT_ONCE = 1000, 100_000, 100_000, 20
REASON_CHARS, NAME_CHARS, PLACE_CHARS = 200, 60, 100
