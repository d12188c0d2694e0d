"""The ladder: what gives a card, and the words of supervision by rule."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cases.choices.asking import Level
from cases.choices.case import Tier
from cases.choices.clocks import CardLevel

# Between two urgings of one case.
URGE_PAUSE = dt.timedelta(hours=1)
SUPERVISION_CHARS, REPLY_CHARS = 500, 2000
# The rung that is told when a case of a tier is overdue: one level up (clocks: ladder).
RUNG_OF_TIER = {Tier.A: Level.COMPREHENSIVE, Tier.B: Level.TOTAL, Tier.C: Level.STREET}


class Cause(models.TextChoices):
    """Why a card was given. No column: it stands in the record."""

    OVERDUE = "overdue", _("overdue")
    REPLY = "reply", _("supervision not answered")
    REOPENED = "reopened", _("reopened")
    SUPERVISED = "supervised", _("supervision")


# What supervision by rule demands; kept as it stands here and shown in the reader's language.
DEMANDS = {
    Cause.OVERDUE: gettext_noop("Overdue up to the red card. Say what keeps it, and by when it will be done."),
    Cause.REPLY: gettext_noop(
        "The supervision before was not answered. Say what keeps it, and by when it will be done."
    ),
    Cause.REOPENED: gettext_noop("Reopened again. Say why it was not solved, and what will be done now."),
}
NOTICE_CARDS = {
    (CardLevel.YELLOW, Cause.OVERDUE): gettext_noop("Yellow card: case %(no)s “%(title)s” was not completed in time."),
    (CardLevel.YELLOW, Cause.REPLY): gettext_noop(
        "Yellow card: supervision of case %(no)s “%(title)s” was not answered in time."
    ),
    (CardLevel.YELLOW, Cause.REOPENED): gettext_noop("Yellow card: case %(no)s “%(title)s” was opened again."),
    (CardLevel.YELLOW, Cause.SUPERVISED): gettext_noop("Yellow card: case %(no)s “%(title)s” is under supervision."),
    (CardLevel.RED, Cause.OVERDUE): gettext_noop("Red card: case %(no)s “%(title)s” is still not completed."),
    (CardLevel.RED, Cause.REPLY): gettext_noop(
        "Red card: supervision of case %(no)s “%(title)s” is still not answered."
    ),
    (CardLevel.RED, Cause.REOPENED): gettext_noop("Red card: case %(no)s “%(title)s” was opened again and again."),
    (CardLevel.RED, Cause.SUPERVISED): gettext_noop("Red card: case %(no)s “%(title)s” is under supervision."),
}
NOTICE_URGED = gettext_noop("Please hurry: case %(no)s “%(title)s”. %(note)s")
NOTICE_SUPERVISED = gettext_noop("Supervision of case %(no)s “%(title)s”: please answer by %(due)s.")
NOTICE_REPLIED = gettext_noop("Supervision of case %(no)s “%(title)s” was answered.")
