"""Papers that are written from templates the office can change."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.choices.deeds import PaperKind
from mediation.choices.files import SessionKind


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


class Ending(models.TextChoices):
    """As what a volume is exported."""

    PDF = "pdf", _("PDF, with the scans")
    DOCX = "docx", _("DOCX, without the scans")


BODY_CHARS = 20000
# An export is whoever's who asked, for a day; so many at the same time.
VOLUME_KEPT = dt.timedelta(days=1)
MOST_VOLUMES = 3

# What is written of a session of each kind.
OF_SESSION: dict[str, TemplateKind] = {
    SessionKind.INQUIRY: TemplateKind.INQUIRY,
    SessionKind.MEDIATION: TemplateKind.RECORD,
    SessionKind.HEARING: TemplateKind.HEARING,
}
# The volume in its order (handbook 1.6): beside scans of each kind lie the papers that are written here.
VOLUME: dict[str, tuple[TemplateKind, ...]] = {
    PaperKind.APPLICATION: (TemplateKind.APPLICATION, TemplateKind.REGISTRATION),
    PaperKind.NOTICE: (TemplateKind.NOTICE,),
    PaperKind.IDENTITY: (),
    PaperKind.AUTHORITY: (),
    PaperKind.INQUIRY: (TemplateKind.INQUIRY,),
    PaperKind.EVIDENCE: (),
    PaperKind.RECORD: (TemplateKind.RECORD, TemplateKind.HEARING),
    PaperKind.AGREEMENT: (TemplateKind.AGREEMENT, TemplateKind.ORAL, TemplateKind.WAYS),
    PaperKind.PERFORMANCE: (),
    PaperKind.FOLLOW_UP: (TemplateKind.FOLLOW_UP,),
    PaperKind.CONFIRMATION: (TemplateKind.CONFIRMATION,),
    PaperKind.STATEMENT: (TemplateKind.STATEMENT,),
}
