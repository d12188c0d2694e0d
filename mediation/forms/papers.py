"""What the desk asks for about papers and the volume."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.parts import area
from gridgov.core.forms import HouseForm
from mediation.choices.deeds import MOST_PAGES, PAPER_BYTES, WORDS_CHARS, PaperKind
from mediation.choices.files import NAME_CHARS
from mediation.choices.papers import Ending
from mediation.models import Paper


class PaperForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind of paper"), choices=PaperKind.choices)
    title = forms.CharField(label=_("title in the list of contents"), max_length=NAME_CHARS)
    file = forms.FileField(
        label=_("scan or photo"), widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    )
    party = forms.TypedChoiceField(label=_("of which party"), required=False, coerce=int, empty_value=None)

    def arrange(self) -> None:
        whose = cast(forms.TypedChoiceField, self.fields["party"])
        whose.choices = [("", "—"), *((party.pk, party.name) for party in self.row.parties.order_by("pk"))]
        size = {"size": PAPER_BYTES // 2**20, "pages": MOST_PAGES}
        self.fields["file"].help_text = _("A picture, or a PDF of at most %(pages)s pages and %(size)s MB.") % size


class StrikeForm(HouseForm):
    paper = forms.TypedChoiceField(label=_("paper of a file"), coerce=int)
    reason = area(_("reason"), length=WORDS_CHARS)

    def arrange(self) -> None:
        rows = Paper.objects.filter(mediation=self.row, struck_at=None)
        cast(forms.TypedChoiceField, self.fields["paper"]).choices = [(row.pk, row.title) for row in rows]


class VolumeForm(HouseForm):
    ending = forms.ChoiceField(label=_("format"), choices=Ending.choices)
