"""What the desk asks for: why a trail is looked at, what is answered."""

from django.utils.translation import gettext_lazy as _

from cases.forms.parts import area
from fieldwork.choices import NOTE_CHARS, REASON_CHARS
from gridgov.core.forms import HouseForm


class LookForm(HouseForm):
    reason = area(_("reason"), length=REASON_CHARS, help_text=_("The worker is told at once and reads it."))


class AnswerForm(HouseForm):
    answer = area(_("answer"), length=NOTE_CHARS, help_text=_("Everybody of the street reads it."))
