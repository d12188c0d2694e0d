"""What a party is asked for on the own page, and before it opens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.choices.links import DIGITS
from mediation.forms.drawn import DrawnField


class DigitsForm(forms.Form):
    digits = forms.RegexField(
        rf"^[0-9]{{{DIGITS}}}$",
        label=_("The last four digits of your phone"),
        error_messages={"invalid": _("Four digits, please.")},
    )


class AnswerForm(forms.Form):
    agreed = forms.TypedChoiceField(choices=[("1", _("yes")), ("0", _("no"))], coerce=lambda said: said == "1")


class RowForm(forms.Form):
    """Which mediator, or which helper."""

    row = forms.IntegerField(min_value=1, max_value=2**62)


class PartySignForm(forms.Form):
    """Below which text: of a `session`, or the agreement without one. `digest` is of the words that were read."""

    session = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    digest = forms.CharField(max_length=64)
    picture = DrawnField()
