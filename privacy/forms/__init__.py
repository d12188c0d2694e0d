"""What the desk asks: terms, holds, lifted limits, requests, assessments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonField
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from grids.models import Grid
from privacy.choices import NAME_CHARS, PHONE_CHARS, PROOFS, REASON_CHARS, WORDS_CHARS, Ask, Ground, Held, Risk
from privacy.models import Assessment, Hold, Lift, Request
from privacy.reports.assessed import processing


def text(label: Any, most: int = REASON_CHARS, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class DressedForm(DeskForm):
    """Its fields are not the model's, and look like the others all the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class ReasonForm(HouseForm):
    reason = text(_("reason"))


class TermForm(HouseForm):
    days = forms.IntegerField(label=_("days"), min_value=1, max_value=36500)
    reason = text(_("reason"))


class HoldForm(DressedForm):
    what = forms.ChoiceField(label=_("what is held"), choices=Held.choices)
    label = forms.CharField(label=_("its number, or the user name"), max_length=64)
    reason = text(_("reason"), help_text=_("The dispute or the court and its reference; no names."))

    class Meta:
        model = Hold
        fields = ("what", "label", "reason")


class LiftForm(DressedForm):
    user = PersonField(label=_("for whom (user name or full name)"))
    reason = text(_("reason"))

    class Meta:
        model = Lift
        fields = ("user", "reason")


class RequestForm(DressedForm):
    """What somebody asks at the counter. Who it is goes sealed into the row."""

    grid = forms.ModelChoiceField(label=_("street"), queryset=Grid.objects.none())
    name = forms.CharField(
        label=_("who asks"), max_length=NAME_CHARS, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("phone"),
        max_length=PHONE_CHARS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        help_text=_("The number that the office may have: by it the data is found."),
    )
    asks = forms.MultipleChoiceField(label=_("what is asked"), choices=Ask.choices, widget=Ticks)
    words = text(_("in the person's own words"), WORDS_CHARS, required=False)

    # The streets on whose ground the person at the desk answers; set by the page.
    streets: Any = None

    class Meta:
        model = Request
        fields = ("grid",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.streets is not None and "grid" in self.fields:
            self.fields["grid"].queryset = self.streets
            self.fields["grid"].initial = self.streets.first()


class VerifyForm(HouseForm):
    how = forms.ChoiceField(
        label=_("how it was made sure who asks"), choices=[(how.value, how.label) for how in PROOFS]
    )


class DecideForm(HouseForm):
    """For each thing that is asked: granted, or the ground on which it is refused and why here."""

    def arrange(self) -> None:
        before = {part.ask: part for part in self.row.parts.all()}
        for ask in self.row.asks:
            label, part = Ask(ask).label, before.get(ask)
            self.fields[f"ground_{ask}"] = forms.ChoiceField(
                label=label, choices=Ground.choices, required=False, initial=part.ground if part else ""
            )
            self.fields[f"reason_{ask}"] = text(
                _("why, if it is refused"), required=False, rows=2, initial=part.reason if part else ""
            )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        self.cleaned_data = {
            "decisions": {
                ask: (found.get(f"ground_{ask}") or "", found.get(f"reason_{ask}") or "") for ask in self.row.asks
            }
        }
        return self.cleaned_data


class DoneForm(HouseForm):
    note = text(_("what was done"), help_text=_("Which kind, on which page; nothing about the person."))


class AnswerForm(HouseForm):
    answer = text(
        _("answer to the person"),
        WORDS_CHARS,
        rows=5,
        help_text=_(
            "They read it with number and code. To a refusal say that they may ask again, complain, or go to court (PIPL 50)."
        ),
    )


class AgainForm(HouseForm):
    words = text(_("in the person's own words"), WORDS_CHARS, required=False)


class AssessmentForm(DressedForm):
    kind = forms.ChoiceField(label=_("kind of processing"), choices=processing)
    purpose = text(_("Are purpose and manner lawful, proper and necessary?"), WORDS_CHARS, rows=4)
    effect = text(_("Effect on people's rights, and risk to their safety"), WORDS_CHARS, rows=4)
    measures = text(_("Are the measures lawful, effective, and fit for the risk?"), WORDS_CHARS, rows=4)
    risk = forms.ChoiceField(label=_("risk that is left"), choices=Risk.choices)

    class Meta:
        model = Assessment
        fields = ("kind", "purpose", "effect", "measures", "risk", "review_on")
