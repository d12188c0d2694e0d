"""What mediation offers on a case's page: to hand the dispute over to a committee."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Case
from gridgov.core.errors import Verdict
from gridgov.core.questions import case_verbs
from gridgov.core.verbs import Verb
from mediation.actions import refer_case
from mediation.choices.files import OPEN
from mediation.choices.people import DISPUTES
from mediation.forms.files import ReferForm
from mediation.models import Mediation
from mediation.rules.files import can_refer


def _may_refer(by: User, case: Case) -> Verdict:
    verdict = can_refer(by, case)
    if verdict and any(row["state"] in OPEN for row in getattr(case, "mediation_rows", ())):
        return Verdict.clash(_("This case is in mediation already."), "in_mediation")
    return verdict


def _menu(case: Case) -> Any:
    """A button of its own where the matter list says that it is a dispute."""
    return "" if case.category.key.startswith(f"{DISPUTES}.") else _("More")


def _refer(row: Case, **given: Any) -> Mediation:
    return refer_case(case=row.pk, **given)


CASE_VERBS = (
    Verb(
        "mediate", _("Hand over to mediation"), _refer, ReferForm, _may_refer, icon="handshake", menu=_menu,
        done=_("The committee is told. The clock stands still once it accepts."),
        hint=_("You won't read the file: what is said in mediation stays there. Its result comes back to the case."),
    ),
)  # fmt: skip


@case_verbs.answers
def offered() -> tuple[Verb, ...]:
    return CASE_VERBS
