"""What a person fills in who asks about the own data. The templates place the fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.choices import NAME_CHARS, PHONE_CHARS, WORDS_CHARS, Ask


class OwnAskForm(forms.Form):
    """By whoever is known already: what is asked, and in which words."""

    asks = forms.MultipleChoiceField(
        label=_("What do you ask for?"), choices=Ask.choices, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("What should we know?"), max_length=WORDS_CHARS, required=False, widget=forms.Textarea
    )


class AskForm(OwnAskForm):
    """By whoever comes without number and code: who it is, which is verified at the counter or by calling back."""

    street = forms.CharField(max_length=18)
    name = forms.CharField(label=_("Your name"), max_length=NAME_CHARS)
    phone = forms.CharField(label=_("The phone number that we may have"), max_length=PHONE_CHARS)
    # What people don't see and machines fill in.
    site = forms.CharField(required=False, max_length=200)

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class CodeForm(forms.Form):
    number = forms.CharField(label=_("Number of your request"), max_length=24)
    code = forms.CharField(label=_("Query code"), max_length=40)


def known(form: forms.Form) -> dict[str, Any]:
    """What FORM was given about the person and the wish, for privacy.actions.asking.Asked."""
    return {name: form.cleaned_data[name] for name in ("name", "phone", "asks", "words") if name in form.cleaned_data}
