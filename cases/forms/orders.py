"""What sending and working ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import rules
from cases.choices import ORDER_IN_FORCE, Outcome, Part, PhotoKind, Tier
from cases.forms.closing import READ_BY_REPORTER
from cases.forms.parts import ToForm, area
from cases.models import Case
from gridgov.core.forms import HouseForm, PicturesField


class DispatchForm(ToForm):
    note = area(_("instruction"), required=False)


class ReassignForm(ToForm):
    reason = area(_("why it goes elsewhere"))


class ProgressForm(HouseForm):
    note = area(_("how it goes"), length=2000)


class CompleteForm(HouseForm):
    result = area(
        _("what was done"), length=2000, help_text=_("The account for the office; the reporter doesn't read it.")
    )
    outcome = forms.ChoiceField(label=_("outcome"), choices=Outcome.choices)
    reply = area(_("public reply"), required=False, length=2000, help_text=READ_BY_REPORTER)
    photos = PicturesField(label=_("photos taken afterwards"), required=False)

    def arrange(self) -> None:
        case: Case = self.row
        self.initial = {"reply": case.reply}
        kinds = {photo.kind for photo in case.photos.all()}
        if case.category.needs_photo_before and PhotoKind.BEFORE not in kinds:
            self.fields["photos"].help_text = _("This category needs a photo from before the work; add one first.")
        has_one = PhotoKind.AFTER in kinds
        if case.category.needs_photo and not has_one:
            self.fields["photos"].required = True
            self.fields["photos"].help_text = _("This category needs a photo taken afterwards.")
        still = [one for one in case.orders.all() if one.part == Part.ASSIST and one.state in ORDER_IN_FORCE]
        if refusal := rules.assists_done(still).refusal:
            # Said before anything is typed.
            self.fields["result"].help_text = str(refusal)


class RaiseForm(HouseForm):
    tier = forms.ChoiceField(label=_("to tier"))
    reason = area(_("why it must go up"))

    def arrange(self) -> None:
        self.fields["tier"].choices = [choice for choice in Tier.choices if choice[0] > self.row.tier]


class PhotoForm(HouseForm):
    kind = forms.ChoiceField(label=_("taken"), choices=PhotoKind.choices)
    photos = PicturesField(label=_("photos"))

    def arrange(self) -> None:
        self.fields["kind"].initial = PhotoKind.AFTER if self.row.signed_at else PhotoKind.BEFORE
