"""What is asked for papers: from when to when, why, who signs."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.forms.desk import day_input


class RecordForm(forms.Form):
    """The days of an official record; without any, from the first of the year to today."""

    first = forms.DateField(label=_("first day"), widget=day_input())
    last = forms.DateField(label=_("last day"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["first"].initial, self.fields["last"].initial = dt.date(today.year, 1, 1), today
