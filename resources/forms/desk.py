"""What the desk asks about resources and services."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import DeskForm, HouseForm, put_on
from resources.choices import (
    CONTACT_CHARS,
    MONTH_DAYS,
    PHONE_CHARS,
    REASON_CHARS,
    TIME_CHARS,
    WEEKDAYS,
    WEEKS,
    WHAT_CHARS,
)
from resources.models import Resource

CONTACT = ("contact_name", "contact_phone")


class ResourceForm(DeskForm):
    """A contact that is masked is no part of the page of a row: who changes it says so (SetContactForm)."""

    class Meta:
        model = Resource
        fields = (
            "kind", "name", "offers", "grid", "place", "lng", "lat", "hours", *CONTACT, "is_contact_open", "consented_on",
            "is_public",
        )  # fmt: skip
        widgets: ClassVar = {
            "offers": forms.Textarea(attrs={"rows": 2}),
            "consented_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts: ClassVar = {
            "grid": _("Empty: the grid whose border holds the place on the map."),
            "hours": _("In words, like: Monday to Friday 9:00–17:00"),
            "is_contact_open": _("A shop's or an office's number. A talent's contact is always masked."),
            "consented_on": _("For talents: the day on which they agreed to stand here."),
            "is_public": _("On the public pages of the grids. Of a talent only the family name and the offer."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "grid" in self.fields:
            self.fields["grid"].required = bool(self.instance.pk)
            if self.instance.pk:
                self.fields["grid"].help_text = ""
        put_on(self)


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("reason"), max_length=REASON_CHARS, widget=forms.Textarea({"rows": 2}))


class SetContactForm(HouseForm):
    """Instead of a contact that nobody reads here."""

    contact_name = forms.CharField(label=_("contact person"), max_length=CONTACT_CHARS, required=False)
    contact_phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)


class ServiceForm(HouseForm):
    what = forms.CharField(label=_("what is done"), max_length=WHAT_CHARS)
    weekday = forms.TypedChoiceField(
        label=_("weekday"), choices=[("", "—"), *WEEKDAYS], coerce=int, required=False, empty_value=None
    )
    week = forms.TypedChoiceField(
        label=_("which of the month"), choices=[("", _("every week")), *WEEKS], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=_("or the day of the month"), min_value=1, max_value=MONTH_DAYS, required=False,
        help_text=_("Instead of a weekday. The 31st is the last day of a shorter month."),
    )  # fmt: skip
    time = forms.CharField(
        label=_("time"), max_length=TIME_CHARS, required=False, help_text=_("In words, like: 9:00–11:00")
    )
