"""What closing and rating ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.choices import Score
from cases.forms.parts import area
from gridgov.core.forms import HouseForm


class RateForm(HouseForm):
    score = forms.TypedChoiceField(label=_("satisfaction"), coerce=int, choices=Score.choices[::-1])
    solved = forms.TypedChoiceField(
        label=_("is it solved?"), coerce=lambda value: value == "yes", choices=[("yes", _("yes")), ("no", _("no"))]
    )
    text = area(_("words"), required=False)

    def arrange(self) -> None:
        before = getattr(self.row, "rating", None)
        if before:
            self.initial = {"score": before.score, "solved": "yes" if before.solved else "no", "text": before.text}
