"""What residents say, what a panel finds, stars and certificates."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Part(models.TextChoices):
    """As whom somebody sits on a panel (seed 001: residents' feedback, social workers and committee score)."""

    SOCIAL_WORKER = "social_worker", _("social worker")
    COMMITTEE = "committee", _("committee")


class PanelState(models.TextChoices):
    OPEN = "open", _("scoring")
    CLOSED = "closed", _("panel is closed")


class CertificateKind(models.TextChoices):
    HOURS = "hours", _("record of volunteer service")  # 志愿服务记录证明
    HONOUR = "honour", _("honour certificate")  # 荣誉证书


class CertificateState(models.TextChoices):
    PUBLICITY = "publicity", _("publicity period")
    ISSUED = "issued", _("certificate is issued")
    WITHDRAWN = "withdrawn", _("certificate is withdrawn")


class ObjectionState(models.TextChoices):
    OPEN = "open", _("to be answered")
    UPHELD = "upheld", _("upheld")
    REFUSED = "refused", _("refused")


CERTIFICATE_MOVES: dict[str, frozenset[str]] = {
    CertificateState.PUBLICITY: frozenset({CertificateState.ISSUED, CertificateState.WITHDRAWN}),
    CertificateState.ISSUED: frozenset({CertificateState.WITHDRAWN}),
    CertificateState.WITHDRAWN: frozenset(),
}
# Hours of service for one star, two stars … (an older provincial scale; handbook 1.7).
STARS = (100, 300, 600, 1000, 1500)
# Names stand open among members so long before an honour is issued (handbook 1.7: usually seven days at least).
PUBLICITY = dt.timedelta(days=7)
SCORES, STARRED = (0, 100), (1, 5)
# What counts how much in a panel's result, in percent.
WEIGHTS = {"residents": 40, Part.SOCIAL_WORKER: 30, Part.COMMITTEE: 30}
TITLE_CHARS, WORDS_CHARS, NAME_CHARS, NUMBER_CHARS, CODE_CHARS = 60, 300, 60, 32, 32
# Hours are told in steps of so many minutes, rounded down (handbook 1.7).
STEP = 30
# Residents speak of an activity from its first shift until so long after its end; below LEAST_VOICES nothing is made of it.
SPEAK_WITHIN, LEAST_VOICES = dt.timedelta(days=30), 3
# How many voices of one project, and how many objections, one network has in a day.
NETWORK_VOICES, NETWORK_OBJECTIONS = 60, 10
MOST_CANDIDATES, MOST_SEATS = 100, 30
LONGEST_PANEL, LONGEST_RECORD = dt.timedelta(days=366), dt.timedelta(days=50 * 366)
# What begins the number of a paper.
LETTERS = {CertificateKind.HOURS: "H", CertificateKind.HONOUR: "R"}

NOTICE_SEATED = gettext_noop("You sit on the panel “%(name)s”: please score.")
NOTICE_HONOURED = gettext_noop("You are to be honoured: %(name)s. It stands open until %(day)s.")
NOTICE_ISSUED = gettext_noop("Your certificate %(number)s is issued.")
NOTICE_WITHDRAWN = gettext_noop("Your certificate %(number)s was withdrawn: %(note)s")
