"""What somebody fills in who wants to help, and what a volunteer changes later."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grids.models import Grid
from volunteers.actions import Offer, Person
from volunteers.choices.people import (
    NAME_CHARS,
    PHONE_CHARS,
    WEEKDAYS,
    DayPart,
    Skill,
    VolunteerKind,
)
from volunteers.forms.open import Trapped

TIMES = [(f"{day}{part.value}", f"{name} {part.label}") for day, name in enumerate(WEEKDAYS, 1) for part in DayPart]


class OfferForm(forms.Form):
    """Nickname, skills, free times and micro-grids out of MICROS; `offer` when it is valid."""

    nickname = forms.CharField(label=_("What may others call you?"), max_length=NAME_CHARS, required=False)
    skills = forms.MultipleChoiceField(label=_("What can you do?"), choices=Skill.choices, required=False)
    times = forms.MultipleChoiceField(label=_("When do you have time?"), choices=TIMES, required=False)
    serves = forms.MultipleChoiceField(label=_("Where do you want to help?"), required=False)

    def __init__(self, *args: Any, micros: list[Grid], **kwargs: Any) -> None:
        self.micros = {micro.code: micro for micro in micros}
        super().__init__(*args, **kwargs)
        self.fields["serves"].choices = [(code, micro.name) for code, micro in self.micros.items()]

    @property
    def offer(self) -> Offer:
        given = self.cleaned_data
        serves = tuple(self.micros[code] for code in given["serves"])
        return Offer(given["nickname"], tuple(given["skills"]), tuple(given["times"]), serves)

    @property
    def week(self) -> list[tuple[Any, list[tuple[str, Any]]]]:
        """The free times as a table: a weekday, and its parts by their values."""
        return [
            (name, [(f"{day}{part.value}", part.label) for part in DayPart]) for day, name in enumerate(WEEKDAYS, 1)
        ]


class JoinForm(Trapped, OfferForm):
    """Who somebody is, with a tick for the use of it; a key that makes sending twice harmless; a trap for machines. The rules
    say what is missing (volunteers.rules.people), so that each way in says it alike."""

    home = forms.ChoiceField(label=_("Where do you live?"), required=False)
    name = forms.CharField(label=_("full name"), max_length=NAME_CHARS, required=False)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)
    born_on = forms.DateField(label=_("born on"), required=False)
    kind = forms.ChoiceField(
        label=_("Are you a courier, rider or driver of a platform?"), choices=VolunteerKind.choices
    )
    employer = forms.CharField(label=_("platform or firm"), max_length=NAME_CHARS, required=False)
    guardian_name = forms.CharField(label=_("guardian"), max_length=NAME_CHARS, required=False)
    guardian_phone = forms.CharField(label=_("guardian's phone"), max_length=PHONE_CHARS, required=False)
    guardian_agreed = forms.BooleanField(required=False)
    password = forms.CharField(label=_("password"), max_length=128, required=False, strip=False)
    again = forms.CharField(label=_("password again"), max_length=128, required=False, strip=False)
    consent = forms.BooleanField(required=False)
    key = forms.UUIDField(required=False)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        """KNOWN: whoever fills it in has an account."""
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["home"].choices = [("", _("elsewhere, or I don't know")), *self.fields["serves"].choices]

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"] or uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.known and not given.get("password"):
            self.add_error("password", _("Please choose a password."))
        elif not self.known and given["password"] != given.get("again"):
            self.add_error("again", _("The two passwords are not the same."))
        return given

    @property
    def person(self) -> Person:
        names = ("name", "phone", "born_on", "guardian_name", "guardian_phone", "guardian_agreed")
        return Person(**{name: self.cleaned_data[name] for name in names})


class ProfileForm(OfferForm):
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS)


class LeaveForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)
    sure = forms.BooleanField(label=_("I want to leave."))
