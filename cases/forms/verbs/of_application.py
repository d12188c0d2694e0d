"""What can be done with an application: approve, refuse, take it back."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, rules
from cases.forms import asking as forms
from cases.models import Application
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb


def _decide(approve: bool) -> Any:
    return lambda row, **given: actions.decide(application=row.pk, approve=approve, **given)


def _may_decide(by: User, row: Application) -> Verdict:
    return rules.can_decide(by, row, timezone.now())


APPROVE = Verb(
    "approve", _("Approve"), _decide(True), forms.ApproveForm, _may_decide, done=_("Approved; it takes effect at once."),
    icon="check_circle",
)  # fmt: skip
APPLICATION_VERBS: tuple[Verb, ...] = (
    APPROVE,
    Verb(
        "refuse", _("Refuse"), _decide(False), forms.RefuseForm, _may_decide, done=_("Refused; the applicant is told why."),
        icon="cancel", danger=True,
    ),
    Verb(
        "withdraw", _("Withdraw"), lambda row, **given: actions.withdraw_application(application=row.pk, **given),
        may=rules.can_withdraw, done=_("Withdrawn."), icon="undo",
    ),
)  # fmt: skip
