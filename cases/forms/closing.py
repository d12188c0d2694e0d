"""What closing, replying, calling back and rating ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.choices import Score
from cases.forms.parts import area
from gridgov.core.forms import HouseForm

YES_NO = [("yes", _("yes")), ("no", _("no"))]
READ_BY_REPORTER = _("This is what the reporter reads. No names, no numbers of people.")


class ReplyForm(HouseForm):
    reply = area(_("public reply"), length=rules.REPLY_CHARS, help_text=READ_BY_REPORTER)

    def arrange(self) -> None:
        self.initial = {"reply": self.row.reply}


class CloseForm(HouseForm):
    reply = area(_("public reply"), required=False, length=rules.REPLY_CHARS, help_text=READ_BY_REPORTER)
    note = area(_("internal note"), required=False, help_text=_("Stays in the house."))

    def arrange(self) -> None:
        self.initial = {"reply": self.row.reply}


class CallBackForm(HouseForm):
    reached = forms.TypedChoiceField(label=_("reached"), coerce=lambda value: value == "yes", choices=YES_NO)
    solved = forms.TypedChoiceField(
        label=_("is it solved?"), required=False, empty_value=None, coerce=lambda value: value == "yes",
        choices=[("", "———"), *YES_NO], help_text=_("What the reporter says; empty where nobody was reached."),
    )  # fmt: skip
    note = area(_("note"), required=False)


class RateForm(HouseForm):
    score = forms.TypedChoiceField(label=_("satisfaction"), coerce=int, choices=Score.choices[::-1])
    solved = forms.TypedChoiceField(label=_("is it solved?"), coerce=lambda value: value == "yes", choices=YES_NO)
    text = area(_("words"), required=False)

    def arrange(self) -> None:
        before = getattr(self.row, "rating", None)
        if before and not rules.rated_before(self.row, before):
            self.initial = {"score": before.score, "solved": "yes" if before.solved else "no", "text": before.text}
