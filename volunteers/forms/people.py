"""What the desk asks about volunteers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm
from grids.forms.desk import day_input
from grids.models import Grid
from grids.queries import heavy
from volunteers.actions import Person
from volunteers.choices.people import NAME_CHARS, NATIONAL_CHARS, PHONE_CHARS, WORDS_CHARS, VolunteerKind

_STAYS = _("Empty: stays as it is.")
_PERSON = ("name", "phone", "born_on", "guardian_name", "guardian_phone")


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), **more)


class RefuseForm(HouseForm):
    reason = forms.CharField(
        label=_("reason"), max_length=WORDS_CHARS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person reads it when signing in."),
    )  # fmt: skip


class ReasonForm(HouseForm):
    """Why; may be left empty."""

    reason = forms.CharField(
        label=_("reason"), max_length=WORDS_CHARS, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class LookForm(HouseForm):
    reason = forms.CharField(label=_("What do you need it for?"), max_length=200)


class SureForm(HouseForm):
    sure = forms.BooleanField(label=_("I know that this can't be taken back."))


class TrainingForm(HouseForm):
    trained_on = day_field(_("trained on"), required=False)
    insured_until = day_field(_("insured until"), required=False)

    def arrange(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.row, name)


class CorrectForm(HouseForm):
    """Who somebody is is not shown here: what is left empty stays as it is."""

    name = forms.CharField(label=_("full name"), max_length=NAME_CHARS, required=False, help_text=_STAYS)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False, help_text=_STAYS)
    born_on = day_field(_("born on"), required=False, help_text=_STAYS)
    guardian_name = forms.CharField(label=_("guardian"), max_length=NAME_CHARS, required=False, help_text=_STAYS)
    guardian_phone = forms.CharField(
        label=_("guardian's phone"), max_length=PHONE_CHARS, required=False, help_text=_STAYS
    )
    guardian_agreed = forms.BooleanField(label=_("The guardian has agreed."), required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=VolunteerKind.choices)
    employer = forms.CharField(label=_("platform or firm"), max_length=NAME_CHARS, required=False)
    grid = forms.CharField(label=_("grid code"), max_length=18)
    national_no = forms.CharField(label=_("number in the national record"), max_length=NATIONAL_CHARS, required=False)

    def arrange(self) -> None:
        row = self.row
        self.initial |= {
            "kind": row.kind, "employer": row.employer, "grid": row.grid.code, "national_no": row.national_no,
            "guardian_agreed": row.guardian_agreed_at is not None,
        }  # fmt: skip

    def clean_grid(self) -> Grid:
        found: Grid | None = Grid.objects.filter(code=self.cleaned_data["grid"].strip()).defer(*heavy("")).first()
        if found is None:
            raise forms.ValidationError(_("There is no such grid."))
        return found

    def clean(self) -> dict[str, Any]:
        """The fields about the person as one `person`."""
        given = super().clean() or {}
        if self.errors:
            return given
        facts = {name: given.pop(name) or getattr(self.row, name) for name in _PERSON}
        person = Person(**facts, guardian_agreed=given.pop("guardian_agreed"))
        return {**given, "person": person}


class ExportForm(HouseForm):
    ending = forms.ChoiceField(label=_("format"), choices=[("xlsx", "XLSX"), ("csv", "CSV")])
    full = forms.BooleanField(label=_("names, phones and birthdays in full"), required=False)
    reason = forms.CharField(
        label=_("What do you need them for?"),
        max_length=200,
        required=False,
        help_text=_("It is recorded with the list."),
    )

    def clean(self) -> dict[str, Any]:
        """Without the tick the list is masked, whatever the reason."""
        given = super().clean() or {}
        if given.get("full") and len(given.get("reason", "").strip()) < 2:
            self.add_error("reason", _("Say why you need to see it."))
        return given if given.get("full") else {**given, "reason": ""}
