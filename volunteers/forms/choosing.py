"""Volunteers to choose at the desk: those who are shown to tick, and others by their numbers."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import Invalid
from gridgov.core.forms import HouseForm, Ticks
from volunteers.reports.own_ground import volunteers_for


def numbers_in(text: str) -> list[str]:
    """The numbers in TEXT, with whatever signs between them."""
    return [no.upper() for no in re.split(r"[\s,;\uff0c\uff1b\u3001]+", text) if no]


class ChooseForm(HouseForm):
    """`volunteers`: the keys of all that were chosen. Subclasses say whom to tick."""

    ticked = forms.MultipleChoiceField(required=False, widget=Ticks)
    numbers = forms.CharField(
        label=_("others, by their numbers"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_numbers(self) -> list[int]:
        try:
            return volunteers_for(self.by, numbers_in(self.cleaned_data["numbers"]))
        except Invalid as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        chosen = {*map(int, given["ticked"]), *given["numbers"], *self.more(given)}
        if not chosen:
            raise forms.ValidationError(_("Please choose somebody."))
        return {"volunteers": sorted(chosen)}

    def more(self, given: dict[str, Any]) -> set[int]:
        """For subclasses: whom else what was GIVEN chooses."""
        return set()
