"""Hours and points: two ledgers that never become one another."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class HoursKind(models.TextChoices):
    SERVICE = "service", _("service")
    CORRECTION = "correction", _("correction")
    REVERSAL = "reversal", _("reversal")


class AppealState(models.TextChoices):
    OPEN = "open", _("to be answered")
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
    HANDED_OVER = "handed_over", _("collected")
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
# Shown at the station: short enough to be read out, and of use to nobody else's account.
CODE_CHARS = 6
MOST_POINTS, MOST_PRICE, MOST_STOCK, MOST_AT_ONCE = 1000, 100_000, 100_000, 20
# Points run out after so many days at most: ten years.
MOST_DAYS = 3660
REASON_CHARS, NAME_CHARS, PLACE_CHARS = 200, 60, 100

NOTICE_HOURS_CORRECTED = gettext_noop("Your hours of %(day)s were corrected to %(count)s minutes. Reason: %(reason)s")
NOTICE_APPEALED = gettext_noop("A volunteer asks for the hours of %(day)s to be corrected: %(note)s")
NOTICE_APPEAL_ANSWERED = gettext_noop("Your word about the hours of %(day)s was answered: %(note)s")
NOTICE_POINTS_TAKEN_BACK = gettext_noop("%(count)s points of %(day)s were taken back. Reason: %(reason)s")
NOTICE_EXCHANGE_ENDED = gettext_noop(
    "“%(title)s” was not handed over; your %(count)s points are back. Reason: %(reason)s"
)
NOTICE_UNCOLLECTED = gettext_noop("“%(title)s” was not collected in time; your %(count)s points are back.")
NOTICES = (
    NOTICE_HOURS_CORRECTED, NOTICE_APPEALED, NOTICE_APPEAL_ANSWERED, NOTICE_POINTS_TAKEN_BACK, NOTICE_EXCHANGE_ENDED,
    NOTICE_UNCOLLECTED,
)  # fmt: skip
