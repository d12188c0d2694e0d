"""What applications ask for, and what deciding about them does."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.choices import Clock, PauseReason, Tier
from cases.forms.parts import MomentField, area, categories
from cases.models import ApprovalRule, Case
from cases.reports import limit_text
from gridgov.core.calendar import LimitUnit
from gridgov.core.forms import HouseForm, put_on

# Extensions are counted in these; seconds are for trials.
COUNTED = [(unit.value, unit.label) for unit in LimitUnit if unit != LimitUnit.NATURAL_SECOND]


class ExtensionForm(HouseForm):
    value = forms.DecimalField(label=_("how much more"), min_value=0, max_digits=6, decimal_places=2)
    unit = forms.ChoiceField(label=_("counted in"), choices=COUNTED)
    reason = area(_("why"))

    def arrange(self) -> None:
        """Counted like the limit itself, which no extension exceeds."""
        case: Case = self.row
        clocks = [row for row in case.deadlines.all() if row.clock == Clock.CASE and row.round == case.round]
        if clocks:
            limit = limit_text(clocks[-1].value, clocks[-1].unit)
            self.fields["unit"].initial = clocks[-1].unit
            self.fields["value"].help_text = _("The limit itself: %(limit)s.") % {"limit": limit}


class PauseForm(HouseForm):
    cause = forms.ChoiceField(label=_("why it waits"), choices=PauseReason.choices)
    until = MomentField(label=_("until"))
    reason = area(_("why"))

    days = 7

    def arrange(self) -> None:
        when = timezone.localtime() + dt.timedelta(days=self.days)
        self.fields["until"].initial = when.replace(hour=9, minute=0)


class ParkingForm(PauseForm):
    plan = area(_("plan"), length=2000, help_text=_("Who does what until when."))

    days = 30
    field_order = ("cause", "until", "plan", "reason")

    def arrange(self) -> None:
        super().arrange()
        self.fields["until"].label = _("review day")
        self.fields["cause"].initial = PauseReason.HARD_CASE


class ReclassifyForm(HouseForm):
    category = forms.ChoiceField(label=_("category"))
    tier = forms.ChoiceField(
        label=_("tier"), required=False, choices=[("", _("as the matter list says")), *Tier.choices]
    )
    reason = area(_("why"))

    def arrange(self) -> None:
        self.fields["category"].choices = categories()
        self.fields["category"].initial = self.row.category.code


class ReturnForm(HouseForm):
    whose = forms.CharField(label=_("whose matter it is"), max_length=200)
    contact = forms.CharField(label=_("whom you spoke to there"), max_length=200)
    basis = forms.CharField(
        label=_("by which rule"), max_length=200, help_text=_("The duty list, a regulation, an agreement.")
    )
    reason = area(_("reason"))


class WhyForm(HouseForm):
    reason = area(_("why"))


class ReviewForm(HouseForm):
    note = area(_("how the plan goes"))
    until = MomentField(label=_("next review day"))

    def arrange(self) -> None:
        when = timezone.localtime() + dt.timedelta(days=30)
        self.fields["until"].initial = when.replace(hour=9, minute=0)


class ApproveForm(HouseForm):
    note = area(_("words on the decision"), required=False)


class RefuseForm(HouseForm):
    note = area(_("why not"))


class ApprovalRuleForm(forms.ModelForm):
    """A new rule; it takes over for what is asked from then on."""

    class Meta:
        model = ApprovalRule
        fields = ("kind", "street", "least", "steps", "again", "most", "longest", "unit", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)
