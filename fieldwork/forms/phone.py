"""The forms of the phone. None has more than a thumb likes to fill in."""

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.intake import TEXT_CHARS
from cases.forms.parts import categories
from fieldwork.actions import Reading
from fieldwork.choices import NOTE_CHARS, PAGE_CHARS, PLACE_CHARS, DailyKind, Diligence
from fieldwork.reports import own_places, streets_of


def _area(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": 3}), **more)


class OnGridForm(forms.Form):
    """Asks for one of the own grids only where there are several."""

    grid = forms.ChoiceField(label=_("grid"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(node.code, node.name) for node in own_places(by)]
        self.fields["grid"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            self.fields["grid"].widget = forms.HiddenInput()
            self.fields["grid"].initial = choices[0][0] if choices else ""


class StartForm(OnGridForm):
    kind = forms.ChoiceField(label=_("diligence"), choices=Diligence.choices, initial=Diligence.PATROL)


class StopForm(forms.Form):
    note = _area(_("note"), NOTE_CHARS, required=False)
    # When it was pressed, by the phone's clock; a form that waits for the net still says so.
    until = forms.DateTimeField(required=False)


class WalkForm(OnGridForm):
    """A patrol that began without a network, as the phone tells it afterwards; `points` are JSON."""

    kind = forms.ChoiceField(label=_("diligence"), choices=Diligence.choices)
    since = forms.DateTimeField()
    until = forms.DateTimeField(required=False)
    note = forms.CharField(label=_("note"), max_length=NOTE_CHARS, required=False)
    points = forms.CharField(required=False)

    def clean_points(self) -> tuple[Reading, ...]:
        try:
            return tuple(_reading(one) for one in json.loads(self.cleaned_data["points"] or "[]"))
        except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
            raise forms.ValidationError(_("These points can't be read."), code="bad_points") from error


def _reading(said: Any) -> Reading:
    """A point as a phone keeps it. Raises TypeError, ValueError or KeyError for anything else."""
    at = dt.datetime.fromisoformat(said["at"])
    if at.tzinfo is None:
        raise ValueError(said["at"])
    sure = said.get("accuracy")
    return Reading(at, float(said["lng"]), float(said["lat"]), accuracy=None if sure is None else float(sure))


class VisitForm(OnGridForm):
    kind = forms.ChoiceField(label=_("diligence"), choices=Diligence.choices, initial=Diligence.VISIT)
    place = forms.CharField(label=_("household or place"), max_length=PLACE_CHARS)
    note = _area(_("note"), NOTE_CHARS, required=False)
    at = forms.DateTimeField(required=False)


class CaseForm(forms.Form):
    category = forms.ChoiceField(label=_("category"))
    text = _area(_("what happened"), TEXT_CHARS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "———"), *categories()]  # type: ignore[attr-defined]


class DailyForm(OnGridForm):
    kind = forms.ChoiceField(choices=DailyKind.choices)
    note = _area(_("note"), NOTE_CHARS, required=False)
    day = forms.DateField(required=False)


class NeedlessForm(forms.Form):
    words = _area(_("what is needless"), NOTE_CHARS)
    page = forms.CharField(max_length=PAGE_CHARS, required=False, widget=forms.HiddenInput)
    anonymous = forms.BooleanField(label=_("anonymous"), required=False)
    street = forms.ChoiceField(label=_("street"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(street.code, street.name) for street in streets_of(by)]
        self.fields["street"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            self.fields["street"].widget = forms.HiddenInput()
            self.fields["street"].initial = choices[0][0] if choices else ""
