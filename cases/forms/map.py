"""What the one map is asked for: a level, a day, a piece of ground."""

import datetime as dt
import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.reports.map import Moment
from gridgov.core.calendar import CHINA
from gridgov.core.fields import Bounds
from grids.choices import LEVELS, GridKind

# How far the time slider goes back, and the spans of days whose reports are counted.
DAYS_BACK = 90
SPANS = (1, 7, 30)


class BoxField(forms.CharField):
    """west,south,east,north in degrees, or None for everywhere."""

    def clean(self, value: Any) -> Bounds | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise ValidationError(_("A box has four numbers: west, south, east, north.")) from None
        if not all(map(math.isfinite, (west, south, east, north))):
            raise ValidationError(_("A box has four numbers: west, south, east, north."))
        return west, south, east, north


class MapForm(forms.Form):
    """Everything has its usual value: the communities, today as it stands, the last seven days, everywhere."""

    level = forms.ChoiceField(choices=[(level, GridKind(level).label) for level in LEVELS], required=False)
    day = forms.DateField(required=False)
    span = forms.TypedChoiceField(choices=[(days, days) for days in SPANS], coerce=int, required=False, empty_value=7)
    box = BoxField(required=False, max_length=100)
    cases = forms.ChoiceField(choices=[("open", ""), ("reported", "")], required=False)

    def __init__(self, data: Any, *, now: dt.datetime) -> None:
        super().__init__(data)
        self.now = now

    def clean_level(self) -> str:
        return self.cleaned_data["level"] or GridKind.TOTAL

    def clean_day(self) -> dt.date:
        today = self.now.astimezone(CHINA).date()
        day = self.cleaned_data["day"] or today
        if not today - dt.timedelta(days=DAYS_BACK) <= day <= today:
            raise ValidationError(_("The map goes back %(days)d days.") % {"days": DAYS_BACK})
        return day

    def moment(self) -> Moment:
        """What a valid form is about."""
        return Moment(self.cleaned_data["day"], self.cleaned_data["span"], self.now)
