"""What the desk asks about the parties of a file and whoever is invited to help."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm, Ticks
from mediation.actions.parties import FIRST_BIRTH_YEAR, PartyData
from mediation.choices.files import NAME_CHARS, HelperKind, PartyRole
from mediation.choices.people import PHONE_CHARS, PLACE_CHARS, Sex
from mediation.models import Expert


class OnePartyForm(HouseForm):
    """About one party of the file; a link says which (?party=)."""

    party = forms.TypedChoiceField(label=_("party"), coerce=int)

    def arrange(self) -> None:
        self.fields["party"].choices = [
            (one.pk, f"{one.get_role_display()} {one.name}") for one in self.row.parties.all()
        ]


class ConsentForm(OnePartyForm):
    agreed = forms.TypedChoiceField(
        label=_("consent"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("agrees to mediation")), ("no", _("refuses mediation"))],
    )  # fmt: skip


class PartyForm(HouseForm):
    role = forms.ChoiceField(label=_("role"), choices=PartyRole.choices)
    name = forms.CharField(label=_("name of the party"), max_length=NAME_CHARS)
    is_organisation = forms.BooleanField(label=_("an organisation"), required=False)
    sex = forms.ChoiceField(label=_("sex"), choices=[("", "—"), *Sex.choices], required=False)
    birth_year = forms.IntegerField(label=_("born in"), min_value=FIRST_BIRTH_YEAR, max_value=2100, required=False)
    occupation = forms.CharField(label=_("occupation"), max_length=NAME_CHARS, required=False)
    address = forms.CharField(label=_("address"), max_length=PLACE_CHARS, required=False)
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)
    agent_name = forms.CharField(label=_("agent"), max_length=NAME_CHARS, required=False)
    agent_phone = forms.CharField(label=_("agent's phone"), max_length=PHONE_CHARS, required=False)

    def clean(self) -> dict[str, Any]:
        """One piece: `data`; and the party it is about, where a form asks for one."""
        given = super().clean() or {}
        names = {field.name for field in fields(PartyData)}
        if self.errors:
            return given
        rest = {name: value for name, value in given.items() if name not in names}
        return {**rest, "data": PartyData(**{name: value for name, value in given.items() if name in names})}


class ChangePartyForm(PartyForm):
    """With a party that the link names, filled in as it stands."""

    party = forms.IntegerField(widget=forms.HiddenInput)

    def arrange(self) -> None:
        given = str(self.data.get("party") or self.initial.get("party") or "")
        held = next((one for one in self.row.parties.all() if str(one.pk) == given), None)
        if held is not None:
            self.initial |= {field.name: getattr(held, field.name) for field in fields(PartyData)}


class InviteForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind"), choices=HelperKind.choices)
    expert = forms.ModelChoiceField(Expert.objects.none(), label=_("expert of the pool"), required=False)
    name = forms.CharField(
        label=_("full name"), max_length=NAME_CHARS, required=False, help_text=_("Of an expert it is known.")
    )
    phone = forms.CharField(label=_("phone"), max_length=PHONE_CHARS, required=False)

    def arrange(self) -> None:
        rows = Expert.objects.visible_to(self.by).on_call().order_by("profession", "name")
        self.fields["expert"].queryset = rows
        self.fields["expert"].label_from_instance = lambda row: (
            f"{row.get_profession_display()} {row.name} {row.office}"
        )


class HelperForm(HouseForm):
    helper = forms.TypedChoiceField(label=_("invited helper"), coerce=int)

    def arrange(self) -> None:
        self.fields["helper"].choices = [(one.pk, one.name) for one in self.row.helpers.all()]


class HelperConsentForm(HelperForm):
    """Which parties agree to it."""

    parties = forms.TypedMultipleChoiceField(label=_("agreed by"), coerce=int, widget=Ticks)

    def arrange(self) -> None:
        super().arrange()
        self.fields["parties"].choices = [(one.pk, one.name) for one in self.row.parties.all()]
