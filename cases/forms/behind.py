"""The address of the list behind a number of the figures, and reading it again."""

import datetime as dt
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode

from cases.forms.figures import AskForm
from cases.queries import LISTED
from cases.reports import Asked, Behind
from cases.reports.tallies import PLACE

# In this order, with dots between. Codes, numbers and days have none.
_PARTS = ("measure", "from", "to", "grid", "unit", "category", "channel", "tier", "missing", "weekday", "hour")


class BehindForm(AskForm):
    """A number of the figures as it stands in an address."""

    measure = forms.ChoiceField(choices=[(name, name) for name in sorted(LISTED)])
    missing = forms.ChoiceField(required=False, choices=[("", ""), *((name, name) for name in PLACE)])
    weekday = forms.IntegerField(required=False, min_value=1, max_value=7)
    hour = forms.IntegerField(required=False, min_value=0, max_value=23)

    def __init__(self, value: str, *, today: dt.date) -> None:
        super().__init__(dict(zip(_PARTS, value.split("."), strict=False)), today=today)
        self.fields["from"].required = self.fields["to"].required = True

    def behind(self) -> Behind:
        given = self.cleaned_data
        asked = Asked(**{**vars(self.asked()), "missing": given["missing"]})
        return Behind(given["measure"], asked, given["weekday"], given["hour"])


def behind_of(value: str, today: dt.date) -> Behind | None:
    """What VALUE, a part of an address, names; None where that is nothing."""
    form = BehindForm(value, today=today)
    return form.behind() if form.is_valid() else None


def list_behind(measure: str, asked: Asked, *, weekday: int | None = None, hour: int | None = None) -> str:
    """The address of the list of cases that MEASURE counts; "" where it counts none that can be listed."""
    if measure not in LISTED:
        return ""
    values: dict[str, Any] = {**vars(asked), "measure": measure, "weekday": weekday, "hour": hour}
    values |= {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    told = ["" if values[name] is None else str(values[name]) for name in _PARTS]
    value = ".".join(told).rstrip(".")
    return f"{reverse('admin:cases_case_changelist')}?{urlencode({'behind': value})}"
