"""What the desk asks about sessions: when, where, with whom; and their records."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gridgov.core.forms import HouseForm, Ticks
from mediation.choices.files import MATTER_CHARS, REASON_CHARS, RECORD_CHARS, SessionKind, SessionState
from mediation.choices.people import PLACE_CHARS
from mediation.models import Room, Session


def moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class PlanForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind"), choices=SessionKind.choices)
    starts_at = moment(_("begins at"))
    ends_at = moment(_("ends at"))
    room = forms.ModelChoiceField(Room.objects.none(), label=_("mediation room"), required=False)
    place = forms.CharField(
        label=_("place"), max_length=PLACE_CHARS, required=False, help_text=_("Where no room is taken.")
    )
    mediators = forms.TypedMultipleChoiceField(label=_("mediators"), coerce=int, widget=Ticks)
    panel = forms.TypedMultipleChoiceField(
        label=_("panel of a hearing"), coerce=int, widget=Ticks, required=False,
        help_text=_("Those who are invited with the consent of all parties."),
    )  # fmt: skip
    parties = forms.TypedMultipleChoiceField(
        label=_("parties who are called"), coerce=int, widget=Ticks, required=False,
        help_text=_("At an inquiry some are heard alone; nobody else learns when by the own link."),
    )  # fmt: skip
    is_open = forms.BooleanField(label=_("held in public"), required=False)

    def arrange(self) -> None:
        self.fields["room"].queryset = Room.objects.visible_to(self.by).in_use().order_by("name")
        current = [one.mediator for one in self.row.assignments.current().select_related("mediator")]
        self.fields["mediators"].choices = [(one.pk, one.name) for one in current]
        self.initial.setdefault("mediators", [one.pk for one in current])
        self.initial.setdefault("is_open", self.row.is_open)
        self.fields["parties"].choices = [(one.pk, one.name) for one in self.row.parties.all()]
        self.initial.setdefault("parties", [pk for pk, _name in self.fields["parties"].choices])
        self.fields["panel"].choices = [(one.pk, one.name) for one in self.row.helpers.all()]
        if not self.fields["panel"].choices:
            del self.fields["panel"]


class SessionForm(HouseForm):
    """About one session of the file; a link says which (?session=)."""

    session = forms.TypedChoiceField(label=_("session"), coerce=int)
    states = frozenset({SessionState.PLANNED})

    def arrange(self) -> None:
        rows = [one for one in self.row.sessions.all() if one.state in self.states]
        self.fields["session"].choices = [
            (one.pk, f"{one.get_kind_display()} {one.starts_at:%m-%d %H:%M}") for one in rows
        ]


class CancelForm(SessionForm):
    reason = forms.CharField(label=_("reason"), max_length=REASON_CHARS)


class RecordForm(HouseForm):
    """The record of the session that the link names. Whoever is overtaken reads the newer text above the own one, and may send
    it again."""

    session = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    came = forms.TypedMultipleChoiceField(label=_("was there"), coerce=int, widget=Ticks, required=False)
    record = forms.CharField(
        label=_("words of the record"), max_length=RECORD_CHARS, widget=forms.Textarea(attrs={"rows": 14})
    )
    opinion = forms.CharField(
        label=_("opinion of the panel"),
        max_length=MATTER_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arrange(self) -> None:
        given = str(self.data.get("session") or self.initial.get("session") or "")
        self.held: Session | None = next((one for one in self.row.sessions.all() if str(one.pk) == given), None)
        if self.held is None:
            return
        everybody = list(self.held.attendances.select_related("party", "helper"))
        self.fields["came"].choices = [(one.pk, str(one)) for one in everybody]
        self.initial |= {
            "version": self.held.version, "record": self.held.record, "opinion": self.held.opinion,
            "came": [one.pk for one in everybody if one.came],
        }  # fmt: skip
        if self.held.kind != SessionKind.HEARING:
            del self.fields["opinion"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.held is None:
            self.add_error(None, gettext("There is no such session."))
        elif said.get("version") not in {None, self.held.version}:
            words = {"who": self.held.recorded_by, "text": self.held.record}
            self.add_error("record", gettext("%(who)s has written meanwhile: %(text)s") % words)
            # What comes back with the form is the newer one: sent again, it is known.
            self.data = {**self.data.dict(), "came": self.data.getlist("came"), "version": str(self.held.version)}
        return said
