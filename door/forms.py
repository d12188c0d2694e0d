"""What residents fill in. The templates place the fields; words that fields need stand in them."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.intake import TEXT_CHARS
from cases.choices import Score
from door.choices import MOST_PHOTOS, NAME_CHARS, PHONE_CHARS, WORDS_CHARS
from gridgov.core.forms import PicturesField

CRS = ("WGS84", "GCJ02", "BD09")


class PhotosField(PicturesField):
    """So many photos and no more; what they are is told by opening them (cases.actions.pictures)."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = super().clean(data, initial)
        if len(found) > MOST_PHOTOS:
            raise forms.ValidationError(_("At most %(count)s photos.") % {"count": MOST_PHOTOS})
        return found


class ContactForm(forms.Form):
    """Name and phone, with a tick of their own; a key that makes sending twice harmless; and a trap for machines, which
    fill in what people don't see."""

    name = forms.CharField(label=_("What may we call you?"), max_length=NAME_CHARS, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=PHONE_CHARS, required=False)
    consent = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False)
    site = forms.CharField(required=False, max_length=200)

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"] or uuid.uuid4())

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class ReportForm(ContactForm):
    g = forms.CharField(max_length=18)
    m = forms.CharField(max_length=8)
    item = forms.CharField(label=_("What is it?"), max_length=4, required=False)
    text = forms.CharField(label=_("What is the matter?"), max_length=TEXT_CHARS, widget=forms.Textarea)
    photos = PhotosField(label=_("Photos"), required=False)
    place = forms.CharField(label=_("Where exactly?"), max_length=200, required=False)
    lng = forms.FloatField(required=False)
    lat = forms.FloatField(required=False)
    crs = forms.ChoiceField(choices=[(name, name) for name in CRS], required=False)


class JoinForm(ContactForm):
    case = forms.CharField(max_length=200)


class PointForm(forms.Form):
    lng = forms.FloatField()
    lat = forms.FloatField()
    crs = forms.ChoiceField(choices=[(name, name) for name in CRS], required=False)


class FollowForm(forms.Form):
    number = forms.CharField(label=_("Number"), max_length=24)
    code = forms.CharField(label=_("Query code"), max_length=40)


class RateForm(forms.Form):
    score = forms.TypedChoiceField(label=_("satisfaction"), choices=Score.choices, coerce=int)
    solved = forms.TypedChoiceField(
        label=_("Is it solved?"), choices=[("1", _("yes")), ("0", _("no"))], coerce=lambda value: value == "1"
    )
    text = forms.CharField(label=_("words"), max_length=WORDS_CHARS, required=False)


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("What is not solved?"), max_length=WORDS_CHARS)


class WordsForm(forms.Form):
    text = forms.CharField(label=_("What do you want to add?"), max_length=WORDS_CHARS, widget=forms.Textarea)
    photos = PhotosField(label=_("Photos"), required=False)
