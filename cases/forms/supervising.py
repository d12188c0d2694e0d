"""What urging, supervising and answering ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from accounts.choices import Role
from cases.choices import REPLY_CHARS, CardLevel, SupervisionKind
from cases.forms.parts import area
from gridgov.core.forms import HouseForm


class UrgeForm(HouseForm):
    note = area(_("words"), required=False)


class SuperviseForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind"), choices=SupervisionKind.choices)
    level = forms.TypedChoiceField(label=_("card"), coerce=int)
    text = area(_("what is demanded"))
    reply_due = forms.SplitDateTimeField(
        label=_("answer due"), required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Empty: one working day, or what the time limits say."),
    )  # fmt: skip

    def arrange(self) -> None:
        """Only what can be chosen: nothing below what this round has seen, and its kinds by rank."""
        seen: Any = [*self.row.cards.all(), *self.row.supervisions.all()]
        highest = max((one.level for one in seen if one.round == self.row.round), default=CardLevel.NONE)
        names = {**dict(CardLevel.choices), CardLevel.NONE: _("without a card")}
        self.fields["level"].choices = [(level, names[level]) for level in CardLevel.values if level >= highest]  # type: ignore[attr-defined]
        if self.by.role != Role.STREET:
            self.fields["kind"].choices = [(SupervisionKind.ORDINARY, SupervisionKind.ORDINARY.label)]  # type: ignore[attr-defined]


class AnswerForm(HouseForm):
    reply = area(_("answer"), length=REPLY_CHARS, help_text=_("What keeps it, and by when it will be done."))
