"""What the desk asks for about panels, papers and objections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from accounts.forms import PersonField
from accounts.models import User
from cases.forms.parts import area
from gridgov.core.forms import DeskForm, HouseForm, put_on
from grids.forms.desk import day_input
from volunteers.choices.honours import SCORES, TITLE_CHARS, WEIGHTS, WORDS_CHARS, Part
from volunteers.forms.choosing import numbers_in
from volunteers.models import Certificate, Issuer, Panel

PERCENT = {"min_value": 0, "max_value": 100, "widget": UnfoldAdminIntegerFieldWidget}


class PanelForm(DeskForm):
    """A new panel; the weights are percent."""

    residents = forms.IntegerField(label=_("weight of residents"), initial=WEIGHTS["residents"], **PERCENT)
    social_worker = forms.IntegerField(
        label=_("weight of social workers"), initial=WEIGHTS[Part.SOCIAL_WORKER], **PERCENT
    )
    committee = forms.IntegerField(label=_("weight of the committee"), initial=WEIGHTS[Part.COMMITTEE], **PERCENT)

    first = forms.DateField(label=_("first day"), widget=day_input())
    last = forms.DateField(label=_("last day"), widget=day_input())

    class Meta:
        model = Panel
        fields = ("grid", "title", "first", "last")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        weights = {name: given.pop(name, None) for name in WEIGHTS}
        return {**given, "weights": weights}


class SeatForm(HouseForm):
    user = PersonField(label=_("user name"))
    part = forms.ChoiceField(label=_("as"), choices=Part.choices)


class LeaveOutForm(HouseForm):
    user = forms.ModelChoiceField(None, label=_("account"))

    def arrange(self) -> None:
        seats = self.row.seats.all()
        self.fields["user"].queryset = User.objects.filter(pk__in=[seat.user_id for seat in seats])


class PutForwardForm(HouseForm):
    """By number, or all who served long enough in the panel's time; one of the two."""

    numbers = forms.CharField(
        label=_("volunteer numbers"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Separated by spaces, commas or lines."),
    )  # fmt: skip
    least = forms.IntegerField(
        label=_("or all with so many hours in this time"), required=False, min_value=1, max_value=9999
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        numbers = numbers_in(given.get("numbers") or "")
        if not numbers and not given.get("least"):
            raise forms.ValidationError(_("Numbers, or hours."), code="required")
        return {"numbers": numbers, "least": given.get("least")}


class CandidateForm(HouseForm):
    """About one of the panel's candidates."""

    candidate = forms.TypedChoiceField(label=_("candidate"), coerce=int)

    def arrange(self) -> None:
        candidates = [(one.pk, f"{one.volunteer.public_name} {one.volunteer.no}") for one in self.row.candidates.all()]
        self.fields["candidate"].choices = candidates


class ScoreForm(CandidateForm):
    """Points, or stepping back: the only thing to do for whom one is too near to."""

    points = forms.IntegerField(label=_("score, 0 to 100"), required=False, min_value=SCORES[0], max_value=SCORES[1])
    step_back = forms.BooleanField(label=_("I step back: somebody else scores"), required=False)
    words = area(_("words"), required=False, length=WORDS_CHARS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("points") is None) != bool(given.pop("step_back", False)) and not self.errors:
            raise forms.ValidationError(_("Give points, or step back."), code="required")
        return given


class HonourForm(CandidateForm):
    title = forms.CharField(label=_("honour"), max_length=TITLE_CHARS)
    words = area(_("words on the certificate"), required=False, length=WORDS_CHARS)


class RecordOfForm(DeskForm):
    """The official record for a volunteer who asks at the counter."""

    number = forms.CharField(label=_("volunteer number"), max_length=16, widget=UnfoldAdminTextInputWidget)
    first = forms.DateField(label=_("first day"), widget=day_input())
    last = forms.DateField(label=_("last day"), widget=day_input())

    class Meta:
        model = Certificate
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class WithdrawForm(HouseForm):
    reason = area(_("reason"), length=WORDS_CHARS, help_text=_("Everybody who checks the certificate reads it."))


class AnswerObjectionForm(HouseForm):
    upheld = forms.TypedChoiceField(
        label=_("what becomes of the honour"), coerce=lambda value: value == "1",
        choices=[("0", _("the honour stands")), ("1", _("the honour is withdrawn"))],
    )  # fmt: skip
    answer = area(_("answer"), length=WORDS_CHARS)


class IssuerForm(DeskForm):
    class Meta:
        model = Issuer
        fields = ("grid", "name", "responsible", "handler", "contact")
