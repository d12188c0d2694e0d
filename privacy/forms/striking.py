"""What of somebody's data is struck out: chosen from what there is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm, Ticks
from privacy.reports.found import found_for


class StrikeForm(HouseForm):
    rows = forms.MultipleChoiceField(label=_("what goes"), widget=Ticks)

    def arrange(self) -> None:
        found = [one for one in found_for(self.row) if one.can_go]
        self.fields["rows"].choices = [
            (f"{one.kind.name}:{key}", f"{one.kind.title} {label}") for one in found for key, label in one.can_go
        ]
