"""The photo of a paper, taken on the mediator's phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.choices.deeds import PaperKind
from mediation.choices.files import NAME_CHARS
from mediation.models import Mediation

MOST_PAGES = 20


class PaperHereForm(forms.Form):
    """The photos come beside it (gridgov.core.uploads.files_of): each is a page of its own in the volume."""

    kind = forms.ChoiceField(label=_("kind of paper"), choices=PaperKind.choices)
    title = forms.CharField(label=_("title"), max_length=NAME_CHARS - 4)
    party = forms.TypedChoiceField(label=_("party"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, file: Mediation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(party.pk, party.name) for party in file.parties.all()]
        self.fields["party"].choices = [("", "———"), *named]  # type: ignore[attr-defined]
