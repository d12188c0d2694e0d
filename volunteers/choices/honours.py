"""What residents say, what a panel finds, stars and certificates."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """As whom somebody sits on a panel (seed 001: residents' feedback, social workers and committee score)."""

    SOCIAL_WORKER = "social_worker", _("social worker")
    COMMITTEE = "committee", _("committee")


class PanelState(models.TextChoices):
    OPEN = "open", _("scoring")
    CLOSED = "closed", _("closed")


class CertificateKind(models.TextChoices):
    HOURS = "hours", _("record of volunteer service")  # 志愿服务记录证明
    HONOUR = "honour", _("honour certificate")  # 荣誉证书


class CertificateState(models.TextChoices):
    PUBLICITY = "publicity", _("publicity period")
    ISSUED = "issued", _("issued")
    WITHDRAWN = "withdrawn", _("withdrawn")


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
TITLE_CHARS, WORDS_CHARS, NUMBER_CHARS, CODE_CHARS = 60, 300, 32, 32
