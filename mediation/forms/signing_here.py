"""Signing on the mediator's phone: who signs, below which words, and the drawn name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.forms.drawn import DrawnField
from mediation.reports.own_session import ToSign


class SignHereForm(forms.Form):
    who = forms.ChoiceField(label=_("Who signs"), widget=forms.RadioSelect)
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    picture = DrawnField(label=_("signature"))

    def __init__(self, *args: Any, text: ToSign, **kwargs: Any) -> None:
        super().__init__(*args, initial={"digest": text.digest}, **kwargs)
        self.fields["who"].choices = [(one.key, one.name) for one in text.left]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        kind, _colon, pk = said.pop("who").partition(":")
        return {**said, kind: int(pk)}
