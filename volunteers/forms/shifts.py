"""What volunteers fill in on the phone about shifts and posts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.intake import TEXT_CHARS
from cases.forms.parts import categories
from gridgov.core.forms import PicturesField
from grids.queries import heavy
from volunteers.choices.work import PLACE_CHARS, WORDS_CHARS
from volunteers.models import Volunteer
from volunteers.reports.posts import own_claims


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=WORDS_CHARS, required=False)


class FindingForm(forms.Form):
    """A problem: at one of the own posts, or on one of the grids one serves in."""

    post = forms.ChoiceField(label=_("found at my post"), required=False)
    grid = forms.TypedChoiceField(label=_("grid"), coerce=int)
    category = forms.ChoiceField(label=_("category"))
    place = forms.CharField(label=_("where exactly"), max_length=PLACE_CHARS)
    text = forms.CharField(label=_("what happened"), max_length=TEXT_CHARS, widget=forms.Textarea(attrs={"rows": 3}))
    photos = PicturesField(label=_("photos"), required=False)

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = [("", _("at none of them")), *((str(one.post_id), one.post.name) for one in own_claims(volunteer))]
        grids = [volunteer.grid, *volunteer.serves.defer(*heavy("")).order_by("code")]
        choices: dict[str, Any] = {
            "post": posts, "grid": list(dict.fromkeys((grid.pk, grid.name) for grid in grids)),
            "category": [("", "———"), *categories()],
        }  # fmt: skip
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
