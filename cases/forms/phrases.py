"""What the desk's phrasebook asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import StreetPhrase
from cases.models.phrases import PHRASE_CHARS
from gridgov.core.forms import HouseForm


def _place(**more: bool) -> forms.IntegerField:
    return forms.IntegerField(label=_("place in the list"), min_value=1, max_value=999, **more)


class PhraseForm(forms.ModelForm):
    """New words; without a place they come last."""

    position = _place(required=False)

    class Meta:
        model = StreetPhrase
        fields = ("street", "category", "text", "position")

    def _post_clean(self) -> None:
        """Whether it can be is the action's to say."""


class PhraseChangeForm(HouseForm):
    text = forms.CharField(label=_("common words"), max_length=PHRASE_CHARS)
    position = _place()

    def arrange(self) -> None:
        for name in ("text", "position"):
            self.fields[name].initial = getattr(self.row, name)
