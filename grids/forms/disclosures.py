"""What the pages about public pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import DeskForm, HouseForm, Ticks
from grids.choices import GridKind
from grids.forms.plates import PlateSize
from grids.models import PublicPage

PLATED = [(kind.value, kind.label) for kind in GridKind if kind != GridKind.STREET]


class PublicPageForm(DeskForm):
    class Meta:
        model = PublicPage
        fields = ("street", "is_open", "phone", "gas_phone", "words", "results_after")


class PlatesForm(HouseForm):
    """Of which grids plates are to be printed. `by` is whom the page is for, `row` the communities to choose from."""

    at = forms.ChoiceField(label=_("community"))
    kind = forms.MultipleChoiceField(label=_("kinds of grid"), choices=PLATED, widget=Ticks)
    size = forms.ChoiceField(label=_("size"), choices=PlateSize.choices)

    def arrange(self) -> None:
        places: Any = self.row
        self.fields["at"].choices = places
        self.fields["size"].initial = PlateSize.FOUR
