"""What residents hold in their hands, and the words they agreed to."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cases.choices import CaseState


class SlipKind(models.TextChoices):
    REPORT = "report", _("own report")
    ME_TOO = "me_too", _("me too")


# The version of the notice that stands beside the tick for contact data (templates/door/notice.html). Raise it with its words.
CONSENT = "2026-11"
# Where a case is never over, contact data is kept so long and no longer (else cases.choices.CONTACT_KEPT).
CONTACT_AT_MOST = dt.timedelta(days=3 * 365)
MOST_PHOTOS = 6
NAME_CHARS, PHONE_CHARS, WORDS_CHARS = 48, 20, 500
# A resident may say so much more to the own report.
MOST_WORDS = 20
# Numbers that are told before anything else: police, fire, ambulance, traffic police.
EMERGENCY = (("110", _("police")), ("119", _("fire")), ("120", _("ambulance")), ("122", _("traffic")))
NOTICE_ADDED = gettext_noop("Whoever reported case %(no)s “%(title)s” has added something.")
# How a state is told to whoever lives here.
PLAIN_STATE = {
    CaseState.SUBMITTED: _("received, being looked at"),
    CaseState.ACCEPTED: _("taken on, being assigned"),
    CaseState.DISPATCHED: _("passed on to whoever handles it"),
    CaseState.HANDLING: _("somebody is at work on it"),
    CaseState.COMPLETED: _("done, being checked"),
    CaseState.VERIFIED: _("checked, about to be closed"),
    CaseState.CLOSED: _("closed, with an answer"),
    CaseState.REJECTED: _("not taken on"),
    CaseState.MERGED: _("handled together with an earlier report"),
    CaseState.VOIDED: _("ended by the office"),
}
