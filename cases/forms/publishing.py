"""What publishing a result asks for: the words, the pictures one by one, and a look at what may tell whom it is about."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.forms.parts import area
from cases.models import Case, Photo
from cases.reports.published import people_of, usual_title
from gridgov.core.forms import HouseForm, Ticks
from gridgov.core.personal import traces

COVER = _("Tick those that show nobody and no number plate; cover what must not be seen first.")


class PublishForm(HouseForm):
    title = forms.CharField(label=_("title for the public"), max_length=rules.TITLE_CHARS)
    text = area(_("result for the public"), length=rules.REPLY_CHARS)
    photos = forms.TypedMultipleChoiceField(
        label=_("photos to release"), coerce=int, required=False, widget=Ticks, help_text=COVER
    )
    looked = forms.BooleanField(label=_("I have looked at what is marked; it tells of nobody"), required=False)

    def arrange(self) -> None:
        case: Case = self.row
        before = getattr(case, "publication", None)
        again = before is not None and before.round == case.round
        self.initial = {
            "title": before.title if again else usual_title(case), "text": before.text if again else case.reply,
        }  # fmt: skip
        self.fields["photos"].choices = [(photo.pk, _shown(photo)) for photo in case.photos.order_by("kind", "pk")]
        if not self.fields["photos"].choices:
            del self.fields["photos"]
        found = traces(f"{self.initial['title']}\n{self.initial['text']}", people_of(case))
        if found:
            listed = ", ".join(f"{one.trait.label} “{one.words}”" for one in found)
            self.fields["looked"].help_text = _("Marked in these words: %(found)s") % {"found": listed}


def _shown(photo: Photo) -> Any:
    """The picture itself, small, as everybody would see it."""
    words = _("covered") if photo.areas else ""
    return format_html(
        '<img class="gg-pick" src="{}?v={}" alt="{}" width="120"> {} {}',
        reverse("photo-thumb", args=[photo.pk]), photo.stamp, photo.get_kind_display(), photo.get_kind_display(), words,
    )  # fmt: skip
