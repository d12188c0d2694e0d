"""How far round which place somebody looks, as an address says it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.forms import insist
from resources.choices import DISTANCES, USUAL_DISTANCE
from resources.reports.nearby import Looking, looking_from

NEAR_CHARS = 40


class NearForm(forms.Form):
    near = forms.CharField(label=_("near"), max_length=NEAR_CHARS, required=False)
    within = forms.TypedChoiceField(
        label=_("within"), choices=[(metres, f"{metres} m") for metres in DISTANCES], coerce=int, required=False,
        empty_value=USUAL_DISTANCE,
    )  # fmt: skip

    def looking(self, user: User) -> tuple[Looking, int] | None:
        """From where USER looks and how far; None where nothing is asked. Raises Faults, Invalid."""
        given: dict[str, Any] = insist(self)
        return (looking_from(user, given["near"]), given["within"]) if given["near"] else None
