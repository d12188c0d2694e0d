"""What the desk's phrasebook asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import PHRASE_CHARS
from cases.models import StreetPhrase
from gridgov.core.forms import DeskForm, HouseForm, put_on


def _place(**more: bool) -> forms.IntegerField:
    return forms.IntegerField(label=_("place in the list"), min_value=1, max_value=999, **more)


class PhraseForm(DeskForm):
    """New words; without a place they come last."""

    position = _place(required=False)

    class Meta:
        model = StreetPhrase
        fields = ("street", "category", "text", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class PhraseChangeForm(HouseForm):
    text = forms.CharField(label=_("common words"), max_length=PHRASE_CHARS)
    position = _place()

    def arrange(self) -> None:
        for name in ("text", "position"):
            self.fields[name].initial = getattr(self.row, name)
