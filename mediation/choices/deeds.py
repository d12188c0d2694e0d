"""The agreement, its signatures, what comes after it, and the volume (人民调解法 28 to 33)."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AgreementForm(models.TextChoices):
    WRITTEN = "written", _("in writing")
    # A mediator notes what was agreed (人民调解法 28).
    ORAL = "oral", _("by word of mouth")


class SignedBy(models.TextChoices):
    PARTY = "party", _("party")
    MEDIATOR = "mediator", _("mediator")
    SEAL = "seal", _("seal of the committee")


class SignedHow(models.TextChoices):
    SCREEN = "screen", _("on the screen")
    LINK = "link", _("by the own link")
    SCAN = "scan", _("on paper, scanned")


# A seal is put at the desk; nobody draws it.
SEALED_HERE = _("put at the desk")


class Performance(models.TextChoices):
    OPEN = "open", _("not due or not done yet")
    DONE = "done", _("performed")
    PARTIAL = "partial", _("done in part")
    NONE = "none", _("not performed")


class Confirmation(models.TextChoices):
    """司法确认 (人民调解法 33): both parties together ask the court, within thirty days."""

    NONE = "", _("not asked for")
    ASKED = "asked", _("applied for at the court")
    CONFIRMED = "confirmed", _("confirmed by the court")
    REJECTED = "rejected", _("rejected by the court")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("satisfied")
    FAIR = "fair", _("fairly satisfied")
    DISSATISFIED = "dissatisfied", _("dissatisfied")


class PaperKind(models.TextChoices):
    """The file set 卷宗 in its order (handbook 1.6)."""

    APPLICATION = "application", _("application or registration")
    NOTICE = "notice", _("notice of rights and duties")
    IDENTITY = "identity", _("proof of identity")
    AUTHORITY = "authority", _("power of attorney")
    INQUIRY = "inquiry", _("record of inquiry")
    EVIDENCE = "evidence", _("evidence")
    RECORD = "record", _("record of mediation")
    AGREEMENT = "agreement", _("agreement, or note of an oral one")
    PERFORMANCE = "performance", _("proof of performance")
    FOLLOW_UP = "follow_up", _("record of follow-up")
    CONFIRMATION = "confirmation", _("papers of judicial confirmation")
    STATEMENT = "statement", _("statement about the volume, and back cover")


class Retention(models.TextChoices):
    """How long a volume is kept."""

    SHORT = "short", _("5 years")
    LONG = "long", _("15 years")
    PERMANENT = "permanent", _("for ever")


# 人民调解法 33: within thirty days from the day it takes effect.
CONFIRM_DAYS = 30
CONFIRM_WARNING = dt.timedelta(days=7)
# When on its day something is brought to mind.
TOLD_AT = dt.time(9)
CONTENT_CHARS, MANNER_CHARS, WORDS_CHARS, COURT_CHARS = 4000, 500, 1000, 60
MOST_PAPERS, MOST_PAGES, PAPER_BYTES = 200, 100, 20 * 1024 * 1024
MOST_TASKS, LONGEST_TERM = 50, dt.timedelta(days=10 * 366)

NOTICE_TASK_DUE = gettext_noop("An item of performance of %(no)s is due on %(day)s: ask how it stands.")
NOTICE_CONFIRM_NEAR = gettext_noop("Until %(day)s the parties of %(no)s may ask the court to confirm their agreement.")
NOTICES = (NOTICE_TASK_DUE, NOTICE_CONFIRM_NEAR)
