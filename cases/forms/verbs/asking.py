"""The applications as verbs of a case: each with a form of its own, all calling one action."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, rules
from cases.choices import ORDER_IN_FORCE, Ask, Hold, Terms
from cases.forms import NoteForm
from cases.forms import asking as forms
from cases.forms.verbs.table import May, in_table, on_case
from cases.models import Case, Order
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb

APPLY = _("Apply for …")
WAITS = _("The application is made; it waits for a decision.")


def _own_order(by: User, case: Case) -> Order | None:
    """The order in force that is addressed to BY, of those the page has read already; the leading one first."""
    held = [order for order in case.orders.all() if order.state in ORDER_IN_FORCE and rules.holds(by, order)]
    return min(held, key=lambda order: order.pk != case.lead_order_id, default=None)


def _may_ask(kind: Ask) -> May:
    def may(by: User, case: Case) -> Verdict:
        own = _own_order(by, case)
        may = rules.can_ask(by, case, kind, own)
        earlier = [one for one in case.applications.all() if one.kind == kind]
        # The caps are the action's to know; a button need not ask for them.
        return may if not may else rules.can_ask_again(case, kind, own, earlier, Terms())

    return in_table(actions.MOVE[kind], may)


def _ask(row: Case, *, kind: Ask, **given: Any) -> Any:
    return actions.ask(case=row.pk, kind=kind, **given)


def _asking(kind: Ask, label: Any, form: type, icon: str, hint: Any = "", *, danger: bool = False) -> Verb:
    name = "return" if kind == Ask.RETURN else f"ask-{kind.value}"
    act = partial(_ask, kind=kind)
    return Verb(name, label, act, form, _may_ask(kind), done=WAITS, icon=icon, hint=hint, danger=danger, menu=APPLY)


def _may_review(by: User, case: Case) -> Verdict:
    if case.hold != Hold.PARKED:
        return Verdict.clash(_("This case is not parked."), "not_parked")
    return rules.can_review(by, case)


VERBS: tuple[Verb, ...] = (
    Verb(
        "review", _("Review the parked case"), on_case(actions.review_parked), forms.ReviewForm, _may_review,
        done=_("Reviewed; it stays parked."), icon="event_repeat",
    ),
    Verb(
        "resume", _("Resume"), on_case(actions.resume_case), NoteForm, rules.can_resume,
        done=_("It runs on with the time that was left."), icon="play_circle",
    ),
    _asking(
        Ask.EXTENSION, _("Extension"), forms.ExtensionForm, "more_time",
        _("Before the time runs out. No extension is longer than the limit itself, and what is late already stays late."),
    ),
    _asking(
        Ask.SUSPENSION, _("Suspension"), forms.PauseForm, "pause_circle",
        _("The clock stands still until that day and runs on by itself."),
    ),
    _asking(
        Ask.PARKING, _("Parking a hard case"), forms.ParkingForm, "inventory_2",
        _("For hard cases with a plan. It is looked at again on its review day."),
    ),
    _asking(
        Ask.RECLASSIFICATION, _("Another category"), forms.ReclassifyForm, "category",
        _("The clock is not started anew; where the new limit is longer it is stretched."),
    ),
    _asking(
        Ask.RETURN, _("Return"), forms.ReturnForm, "assignment_return",
        _("Only what is not yours: say whose it is, whom you spoke to there, and by which rule."),
    ),
    _asking(Ask.EXCLUSION, _("Not counted in figures"), forms.WhyForm, "percent"),
    _asking(Ask.INCLUSION, _("Appeal: count it again"), forms.WhyForm, "balance"),
    _asking(
        Ask.VOIDING, _("Voiding"), forms.WhyForm, "delete_forever",
        _("For trial data and abuse. Nothing is deleted; a second person must agree."), danger=True,
    ),
)  # fmt: skip
