"""The record of a session, as it is written on the phone: words, who was there, and which record they go on from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.choices.files import MATTER_CHARS, RECORD_CHARS, SessionKind
from mediation.models import Session


class RecordForm(forms.Form):
    """`base` is the version that the words go on from, as a draft on the phone remembers it; `version` that of the page."""

    came = forms.MultipleChoiceField(label=_("Who is there"), required=False, widget=forms.CheckboxSelectMultiple)
    record = forms.CharField(label=_("words of the record"), max_length=RECORD_CHARS, widget=forms.Textarea)
    opinion = forms.CharField(
        label=_("opinion of the panel"), max_length=MATTER_CHARS, required=False, widget=forms.Textarea
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        there = list(session.attendances.select_related("party", "helper"))
        begun = {
            "record": session.record, "opinion": session.opinion, "version": session.version,
            "came": [str(one.pk) for one in there if one.came],
        }  # fmt: skip
        super().__init__(*args, initial=begun, **kwargs)
        self.fields["came"].choices = [(str(one.pk), _name_of(one)) for one in there]  # type: ignore[attr-defined]
        if session.kind != SessionKind.HEARING:
            del self.fields["opinion"]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        version, base = said.pop("version"), said.pop("base")
        return {**said, "came": [int(pk) for pk in said["came"]], "version": version if base is None else base}


def _name_of(one: Any) -> str:
    if one.party is not None:
        return f"{one.party.name} · {one.party.get_role_display()}"
    return f"{one.helper.name} · {_('sits on the panel') if one.on_panel else one.helper.get_kind_display()}"
