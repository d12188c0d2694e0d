"""What a new time limit asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from cases.models import Policy
from gridgov.core.calendar import LimitUnit
from gridgov.core.forms import put_on


class PolicyForm(forms.ModelForm):
    """A new limit; it takes over for cases accepted from then on."""

    effective_from = forms.SplitDateTimeField(
        label=_("holds from"), required=False, widget=UnfoldAdminSplitDateTimeWidget, help_text=_("Empty: from now on.")
    )
    unit = forms.ChoiceField(label=_("counted in"), choices=LimitUnit.choices, initial=LimitUnit.NATURAL_DAY)

    class Meta:
        model = Policy
        fields = ("limit", "tier", "category", "value", "unit", "street", "effective_from", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)
