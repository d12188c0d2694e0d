"""What the phone asks for about hours and points."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.choices.ledger import CODE_CHARS, MOST_AT_ONCE, REASON_CHARS


class AppealForm(forms.Form):
    words = forms.CharField(label=_("what is wrong"), max_length=REASON_CHARS, widget=forms.Textarea(attrs={"rows": 3}))


class ExchangeForm(forms.Form):
    count = forms.IntegerField(
        label=_("count"), min_value=1, max_value=MOST_AT_ONCE, initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("code on the volunteer's phone"), max_length=CODE_CHARS + 10,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
    )  # fmt: skip
