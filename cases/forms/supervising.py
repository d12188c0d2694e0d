"""What urging, supervising and answering ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.choices import REPLY_CHARS, CardLevel, SupervisionKind
from cases.forms.parts import MomentField, area
from gridgov.core.forms import HouseForm


class UrgeForm(HouseForm):
    note = area(_("note"), required=False)


class SuperviseForm(HouseForm):
    kind = forms.ChoiceField(label=_("kind"), choices=SupervisionKind.choices)
    level = forms.TypedChoiceField(label=_("card"), coerce=int)
    text = area(_("what is demanded"))
    reply_due = MomentField(
        label=_("answer due"), required=False, help_text=_("Empty: one working day, or what the time limits say.")
    )

    def arrange(self) -> None:
        """Only what can be chosen: nothing below what this round has seen, and its kinds by rank."""
        seen: Any = [*self.row.cards.all(), *self.row.supervisions.all()]
        highest = max((one.level for one in seen if one.round == self.row.round), default=CardLevel.NONE)
        names = {**dict(CardLevel.choices), CardLevel.NONE: _("without a card")}
        levels = [level for level in CardLevel.values if rules.can_rise_to(level, highest, None)]
        kinds = [row for row in SupervisionKind.choices if rules.can_supervise(self.by, self.row, row[0])]
        self.fields["level"].choices = [(level, names[level]) for level in levels]
        self.fields["kind"].choices = kinds


class AnswerForm(HouseForm):
    reply = area(_("answer"), length=REPLY_CHARS, help_text=_("What keeps it, and by when it will be done."))
