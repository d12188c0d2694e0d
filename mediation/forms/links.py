"""What a party is asked for before the own page opens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.choices.links import DIGITS


class DigitsForm(forms.Form):
    digits = forms.RegexField(
        rf"^[0-9]{{{DIGITS}}}$",
        label=_("The last four digits of your phone"),
        error_messages={"invalid": _("Four digits, please.")},
    )
