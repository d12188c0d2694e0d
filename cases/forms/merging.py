"""What merging asks for."""

from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.parts import area
from cases.models import Case
from gridgov.core.errors import Invalid
from gridgov.core.forms import HouseForm

CANDIDATES = 12


def case_named(text: str, by: User) -> int:
    """The id of the case that BY calls by its number or id; raises Invalid."""
    pk = Case.objects.visible_to(by).named(text.strip()).values_list("pk", flat=True).first()
    if pk is None:
        message = _("There is no case %(no)s in your scope.") % {"no": text.strip()}
        raise Invalid(message, code="unknown_case", field="leading")
    return pk


class MergeForm(HouseForm):
    """Into one of the older cases of the same matter nearby, or into the one whose number is typed."""

    pick = forms.ChoiceField(label=_("leading case"), required=False)
    number = forms.CharField(label=_("or its number"), required=False, max_length=20)
    reason = area(_("why it is the same matter"))

    def arrange(self) -> None:
        rows = Case.objects.visible_to(self.by).could_lead(self.row).only("no", "title", "state", "reported_at")
        found = [
            (str(row.pk), f"{row.no} {row.title} ({localtime(row.reported_at):%m-%d}, {row.get_state_display()})")
            for row in rows[:CANDIDATES]
        ]
        self.fields["pick"].choices = [("", "———"), *found]
        self.fields["pick"].help_text = _("Older cases of the same category in this community.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        pick, number = given.pop("pick", ""), given.pop("number", "")
        if not (pick or number or self.errors):
            raise forms.ValidationError(_t("Choose the leading case, or type its number."))
        if not self.errors:
            try:
                given["leading"] = case_named(number, self.by) if number else int(pick)
            except Invalid as refusal:
                self.add_error("number", str(refusal))
        return given
