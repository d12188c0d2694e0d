"""The text of a paper, as the office writes it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm
from mediation.choices.papers import BODY_CHARS


class TemplateForm(HouseForm):
    body = forms.CharField(
        label=_("text of the paper"),
        max_length=BODY_CHARS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false"}),
    )
