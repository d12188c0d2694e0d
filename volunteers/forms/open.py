"""What pages for everybody ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.choices.honours import STARRED, WORDS_CHARS


class Trapped(forms.Form):
    """With a field that only machines fill in, since people don't see it."""

    site = forms.CharField(required=False, max_length=200)

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class FeedbackForm(Trapped):
    stars = forms.TypedChoiceField(
        label=_("How was it?"), coerce=int, choices=[(n, "★" * n) for n in range(STARRED[1], STARRED[0] - 1, -1)]
    )
    words = forms.CharField(label=_("In your words, if you want"), max_length=WORDS_CHARS, required=False)


class ObjectionForm(Trapped):
    words = forms.CharField(label=_("Why do you object?"), max_length=WORDS_CHARS)


class CodeForm(forms.Form):
    code = forms.CharField(label=_("code"), max_length=40)
