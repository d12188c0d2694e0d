"""What the phone's pages of a grid ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.choices import GroupKind, GroupLevel
from grids.models import GridNotice, GroupLink
from grids.rules.serving import MOST_HOUSEHOLDS


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HouseholdsForm(forms.Form):
    households = forms.IntegerField(
        label=_("Households as you count them"), min_value=0, max_value=MOST_HOUSEHOLDS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class NoticeForm(forms.Form):
    """Something to announce."""

    title = forms.CharField(label=_("title"), max_length=GridNotice._meta.get_field("title").max_length)
    text = forms.CharField(
        label=_("text"), max_length=GridNotice._meta.get_field("text").max_length, widget=forms.Textarea({"rows": 5})
    )
    valid_from = forms.DateField(label=_("first day"), required=False, widget=_day(), help_text=_("Empty: today."))
    valid_to = forms.DateField(label=_("last day"), required=False, widget=_day(), help_text=_("Empty: without end."))
    is_public = forms.BooleanField(label=_("for residents, too"), required=False, initial=True)


class WayForm(forms.Form):
    """How a group is joined: by a link or by a picture of its code."""

    picture = forms.FileField(
        label=_("picture of the QR code"), required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("or a link"), required=False, max_length=500, widget=forms.TextInput({"inputmode": "url"}),
        help_text=_("One that begins with https://"),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("valid until"), required=False, widget=_day(),
        help_text=_("WeChat's codes hold for 7 days. You are reminded on the day before."),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("on the public page"), required=False)


class GroupForm(WayForm):
    """A new group."""

    label = forms.CharField(label=_("name of the group"), max_length=GroupLink._meta.get_field("label").max_length)
    level = forms.ChoiceField(label=_("whom it is for"), choices=GroupLevel.choices)
    kind = forms.ChoiceField(label=_("messenger"), choices=GroupKind.choices)

    field_order = ("label", "level", "kind", "picture", "url", "valid_until", "is_public")
