"""Urging, supervising and answering, as the admin offers them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, forms, rules
from cases.choices import MOVES, ORDER_IN_FORCE
from cases.models import Case, Supervision
from gridgov.core.admin_verbs import Verb
from gridgov.core.errors import Conflict, Verdict

NOT_NOW = _("Case %(no)s is “%(state)s” now; this can't be done any more, or not yet.")
NONE_OPEN = _("No supervision of this case waits for an answer.")


def _in_table(move: str, case: Case) -> Verdict | None:
    if case.state in MOVES[move][0]:
        return None
    return Verdict.clash(NOT_NOW % {"no": case.no, "state": case.get_state_display()}, "illegal_move")


def _may_urge(by: User, case: Case) -> Verdict:
    if not any(order.state in ORDER_IN_FORCE for order in case.orders.all()):
        return Verdict.clash(_("Nobody has an order for this case; there is nobody to urge."), "no_order")
    return _in_table("urge", case) or rules.can_urge(by, case)


def _may_supervise(by: User, case: Case) -> Verdict:
    _bring_order(case)
    return _in_table("supervise", case) or rules.can_supervise(by, case)


def _may_answer(by: User, case: Case) -> Verdict:
    row = open_supervision(case)
    if row is None:
        return Verdict.clash(NONE_OPEN, "none_open")
    _bring_order(case)
    row.case = case
    return _in_table("answer", case) or rules.can_answer(by, row)


def _bring_order(case: Case) -> None:
    """The order in force with its grid, as the page has read it."""
    case.lead_order = next((order for order in case.orders.all() if order.pk == case.lead_order_id), None)


def open_supervision(case: Case) -> Supervision | None:
    """The one that waits for an answer, of those the page has read."""
    return next((row for row in case.supervisions.all() if row.replied_at is None and row.superseded_at is None), None)


def _urge(row: Case, **given: Any) -> Case:
    return actions.urge_case(case=row.pk, **given)


def _supervise(row: Case, **given: Any) -> Supervision:
    return actions.supervise_case(case=row.pk, **given)


def _answer(row: Case, **given: Any) -> Supervision:
    found = open_supervision(row)
    if found is None:
        raise Conflict(NONE_OPEN, code="none_open")
    return actions.answer_supervision(supervision=found.pk, **given)


VERBS: tuple[Verb, ...] = (
    Verb(
        "answer", _("Answer the supervision"), _answer, forms.AnswerForm, _may_answer,
        done=_("Answered; whoever asked is told."), icon="reply",
    ),
    Verb(
        "urge", _("Urge"), _urge, forms.UrgeForm, _may_urge, done=_("They are reminded."), icon="notifications_active",
        hint=_("A reminder to whoever has the case, no mark against them; once an hour at most."),
    ),
    Verb(
        "supervise", _("Supervise"), _supervise, forms.SuperviseForm, _may_supervise,
        done=_("The supervision is issued."), icon="gavel", danger=True,
        hint=_("Whoever has the case must answer in writing, on a clock of its own. Levels only rise."),
    ),
)  # fmt: skip
