"""What the desk asks about a file: to open it, to correct it, to say why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import DeskForm, HouseForm, put_on
from mediation.actions.parties import PartyData
from mediation.choices.files import INFORMS, MATTER_CHARS, NAME_CHARS, REASON_CHARS, Danger, Outcome, PartyRole, Source
from mediation.choices.people import PHONE_CHARS, PLACE_CHARS, DisputeKind
from mediation.models import Committee, Mediation

_LONG = forms.Textarea(attrs={"rows": 4})
# A case is handed over from its own page.
_SOURCES = [(value, label) for value, label in Source.choices if value != Source.CASE]


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OpenForm(DeskForm):
    """A dispute comes in, with the two who quarrel; more parties are named on the file's page."""

    source = forms.ChoiceField(label=_("came by"), choices=_SOURCES)
    facts = forms.CharField(label=_("main facts"), max_length=MATTER_CHARS, required=False, widget=_LONG)
    points = forms.CharField(label=_("points in dispute"), max_length=MATTER_CHARS, required=False, widget=_LONG)
    applicant = forms.CharField(label=_("applicant"), max_length=NAME_CHARS)
    applicant_phone = forms.CharField(label=_("applicant's phone"), max_length=PHONE_CHARS, required=False)
    respondent = forms.CharField(label=_("respondent"), max_length=NAME_CHARS, required=False)
    respondent_phone = forms.CharField(label=_("respondent's phone"), max_length=PHONE_CHARS, required=False)

    class Meta:
        model = Mediation
        fields = (
            "committee", "source", "reference", "kind", "title", "facts", "points", "happened_at", "people",
            "applicant", "applicant_phone", "respondent", "respondent_phone",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)

    def given(self) -> dict[str, Any]:
        """What `open_file` takes."""
        said = dict(self.cleaned_data)
        parties = []
        for role in (PartyRole.APPLICANT, PartyRole.RESPONDENT):
            name, phone = said.pop(role.value), said.pop(f"{role.value}_phone")
            if name:
                parties.append(PartyData(role=role, name=name, phone=phone))
        committee: Committee = said.pop("committee")
        return {"committee": committee.pk, "place": said.pop("happened_at"), "parties": parties, **said}


class ReasonForm(HouseForm):
    reason = forms.CharField(label=_("reason"), max_length=REASON_CHARS, widget=forms.Textarea(attrs={"rows": 3}))


class ChangeForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind of dispute"), choices=DisputeKind.choices)
    title = forms.CharField(label=_("title"), max_length=NAME_CHARS)
    facts = forms.CharField(label=_("main facts"), max_length=MATTER_CHARS, required=False, widget=_LONG)
    points = forms.CharField(label=_("points in dispute"), max_length=MATTER_CHARS, required=False, widget=_LONG)
    place = forms.CharField(label=_("place of the dispute"), max_length=PLACE_CHARS, required=False)
    people = forms.IntegerField(label=_("people concerned"), min_value=1, max_value=10_000)
    is_hard = forms.BooleanField(label=_("hard dispute: heard by a panel"), required=False)
    is_open = forms.BooleanField(
        label=_("held in public"),
        required=False,
        help_text=_("Only where the parties want it; by itself mediation is not public."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def arrange(self) -> None:
        row: Mediation = self.row
        shown = {name: getattr(row, name) for name in self.fields if name != "place"}
        self.initial = {**shown, "place": row.happened_at}


class EndForm(HouseForm):
    outcome = forms.ChoiceField(
        label=_("outcome of mediation"), choices=[(one.value, one.label) for one in Outcome if one in INFORMS]
    )
    reason = forms.CharField(label=_("reason"), max_length=REASON_CHARS, widget=forms.Textarea(attrs={"rows": 3}))
    informed = forms.BooleanField(
        label=_("The parties were told of arbitration, administrative and court ways (art. 26)"), required=False
    )


class ExtendForm(HouseForm):
    until = forms.DateField(label=_("new limit"), widget=day_input())


class DangerForm(HouseForm):
    danger = forms.ChoiceField(label=_("what is suspected"), choices=Danger.choices)
    told = forms.CharField(
        label=_("whom you told, and when"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Call 110 or the authority in charge first."),
    )  # fmt: skip


class ReferForm(HouseForm):
    """What a case hands over."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("mediation committee"), empty_label=None)
    kind = forms.ChoiceField(label=_("kind of dispute"), choices=DisputeKind.choices)
    facts = forms.CharField(label=_("main facts"), max_length=MATTER_CHARS, widget=_LONG)
    people = forms.IntegerField(label=_("people concerned"), min_value=1, max_value=10_000, initial=2)
    respondent = forms.CharField(label=_("with whom (if known)"), max_length=NAME_CHARS, required=False)
    with_reporter = forms.BooleanField(
        label=_("The reporter agrees to be named to the committee as the applicant"), required=False,
        help_text=_("Never of a confidential reporter."),
    )  # fmt: skip

    def arrange(self) -> None:
        self.fields["committee"].queryset = Committee.objects.visible_to(self.by).standing().order_by("name")
        self.initial.setdefault("facts", self.row.text[:MATTER_CHARS])

    def clean_committee(self) -> int:
        return self.cleaned_data["committee"].pk
