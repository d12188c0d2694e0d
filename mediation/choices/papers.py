"""Papers that are written from templates the office can change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TemplateKind(models.TextChoices):
    """In the order of the volume."""

    COVER = "cover", _("cover")
    CONTENTS = "contents", _("list of contents")
    APPLICATION = "application", _("application for mediation")
    REGISTRATION = "registration", _("registration of acceptance")
    NOTICE = "notice", _("notice of rights and duties")
    INQUIRY = "inquiry", _("record of inquiry")
    RECORD = "record", _("record of mediation")
    HEARING = "hearing", _("record of a hearing")
    AGREEMENT = "agreement", _("agreement")
    ORAL = "oral", _("note of an oral agreement")
    WAYS = "ways", _("notice of other ways")
    FOLLOW_UP = "follow_up", _("record of follow-up")
    CONFIRMATION = "confirmation", _("application for judicial confirmation")
    STATEMENT = "statement", _("statement about the volume, and back cover")


BODY_CHARS = 20000
