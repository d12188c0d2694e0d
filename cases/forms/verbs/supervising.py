"""Urging, supervising and answering, as the admin offers them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, forms, rules
from cases.choices import ORDER_IN_FORCE
from cases.forms.verbs.table import in_table, on_case
from cases.models import Case, Supervision
from gridgov.core.errors import Conflict, Verdict
from gridgov.core.verbs import Verb

NONE_OPEN = _("No supervision of this case waits for an answer.")


def _may_urge(by: User, case: Case) -> Verdict:
    orders = [order for order in case.orders.all() if order.state in ORDER_IN_FORCE]
    return rules.can_be_urged(orders, lately=False) and rules.can_urge(by, case)


def _may_supervise(by: User, case: Case) -> Verdict:
    _bring_order(case)
    return rules.can_supervise(by, case)


def may_answer(by: User, case: Case) -> Verdict:
    row = open_supervision(case)
    if row is None:
        return Verdict.clash(NONE_OPEN, "none_open")
    _bring_order(case)
    row.case = case
    return rules.can_answer(by, row)


def _bring_order(case: Case) -> None:
    """The order in force with its grid, as the page has read it."""
    case.lead_order = next((order for order in case.orders.all() if order.pk == case.lead_order_id), None)


def open_supervision(case: Case) -> Supervision | None:
    """The one that waits for an answer, of those the page has read."""
    return next((row for row in case.supervisions.all() if row.replied_at is None and row.superseded_at is None), None)


def _answer(row: Case, **given: Any) -> Supervision:
    found = open_supervision(row)
    if found is None:
        raise Conflict(NONE_OPEN, code="none_open")
    return actions.answer_supervision(supervision=found.pk, **given)


# The menu of what makes haste.
HURRY = _("Hurry …")
VERBS: tuple[Verb, ...] = (
    Verb(
        "answer", _("Answer the supervision"), _answer, forms.AnswerForm, in_table("answer", may_answer),
        done=_("Answered; whoever asked is told."), icon="reply", key="n",
    ),
    Verb(
        "urge", _("Urge"), on_case(actions.urge_case), forms.UrgeForm, in_table("urge", _may_urge),
        done=_("They are reminded."), icon="notifications_active", key="g",
        hint=_("A reminder to whoever has the case, no mark against them; once an hour at most."), menu=HURRY,
    ),
    Verb(
        "supervise", _("Supervise"), on_case(actions.supervise_case), forms.SuperviseForm, in_table("supervise", _may_supervise),
        done=_("The supervision is issued."), icon="gavel", danger=True,
        hint=_("Whoever has the case must answer in writing, on a clock of its own. Levels only rise."), menu=HURRY,
    ),
)  # fmt: skip
