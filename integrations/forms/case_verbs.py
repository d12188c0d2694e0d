"""What the exchange offers on a case's page: 网格呼叫, the grid's own request up to a platform."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from gridgov.core.errors import Verdict
from gridgov.core.forms import HouseForm
from gridgov.core.verbs import Verb
from integrations.actions.hotline import pass_up
from integrations.models.hotline import Partner, PartnerOrder
from integrations.rules import hotline as rules


class CallUpForm(HouseForm):
    """Whom, and why."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("exchange partner"), empty_label=None)
    reason = forms.CharField(
        label=_("what is needed from them"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it, with the matter, the place and the pictures; never who reported."),
    )  # fmt: skip

    def arrange(self) -> None:
        passed = PartnerOrder.objects.filter(case=self.row.pk, ours=True, recalled_at=None).values("partner")
        rows = Partner.objects.visible_to(self.by).taking_requests().filter(ground=self.row.street_id)
        self.fields["partner"].queryset = rows.exclude(pk__in=passed).order_by("name")


def _may_call(by: User, case: Case) -> Verdict:
    verdict = rules.can_offer_call(by, getattr(case, "partner_takes", False))
    return verdict and case.can_move("urge")  # as long as it is open


def _call(row: Case, **given: Any) -> PartnerOrder:
    return pass_up(case=row.pk, **given)


CASE_VERBS = (
    Verb(
        "call-up", _("Grid call"), _call, CallUpForm, _may_call, icon="upload",
        done=_("It is on its way to them; their number and answer come in beside the case."),
        hint=_("The case goes up to a platform as a request of this street's. The own clocks run on."),
    ),
)  # fmt: skip
