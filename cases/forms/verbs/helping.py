"""The verbs of co-handling and of special teams, as the admin offers them."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, forms, rules
from cases.choices import ORDER_IN_FORCE, CaseState, OrderState, Part
from cases.forms.verbs.table import NOT_NOW, May, in_table, on_case
from cases.models import Case, Order
from gridgov.core.errors import YES, Verdict
from gridgov.core.verbs import Verb


def assists(case: Case) -> list[Order]:
    return [order for order in case.orders.all() if order.part == Part.ASSIST]


def _any_order(move: str) -> May:
    """Whether MOVE may be made with at least one assisting order of the case; else its best-known no."""
    rule = rules.OF_ORDER[move]

    def may(by: User, case: Case) -> Verdict:
        verdicts = [rule(by, case, order) for order in assists(case)]
        late = Verdict.clash(NOT_NOW % {"no": case.no, "state": case.get_state_display()}, "illegal_move")
        return next((one for one in verdicts if one), verdicts[0] if verdicts else late)

    return in_table(move, may)


def _may_call(by: User, case: Case) -> Verdict:
    return rules.can_call(by, case, case.lead_order)


def may_note_progress(by: User, case: Case) -> Verdict:
    """Whoever leads, once it is handled; whoever assists, at any time."""
    if any(order.state in ORDER_IN_FORCE and rules.holds(by, order) for order in assists(case)):
        return in_table("assist", lambda by, case: YES)(by, case)
    late = Verdict.clash(NOT_NOW % {"no": case.no, "state": case.get_state_display()}, "illegal_move")
    lead = case.lead_order
    return in_table("progress", lambda by, case: rules.can_work_on(by, lead) if lead else late)(by, case)


def _may_form(by: User, case: Case) -> Verdict:
    verdict = rules.can_form_team(by)
    if verdict and forms.open_team(case):
        return Verdict.clash(_("This case has a special team already."), "team_open")
    return verdict


def _with_team(by: User, case: Case) -> Verdict:
    team = forms.open_team(case)
    return rules.can_run_team(by, team) if team else Verdict.clash(_("This case has no special team."))


def _may_review(by: User, case: Case) -> Verdict:
    verdict, team = _with_team(by, case), forms.open_team(case)
    if verdict and team and all(review.held_at for review in team.reviews.all()):
        return Verdict.clash(_("Every review of this team is noted."))
    return verdict


def _on_team(action: Callable[..., Any]) -> Callable[..., Any]:
    def act(row: Case, **given: Any) -> Any:
        team = forms.open_team(row)
        assert team is not None  # `_with_team` has been asked
        return action(team=team.pk, **given)

    return act


def _hold_review(row: Case, **given: Any) -> Any:
    return actions.hold_review(**given)


def next_for(by: User, case: Case) -> str:
    """The big button of somebody whose unit was called; "" for all others."""
    mine = [order for order in assists(case) if order.state in ORDER_IN_FORCE and rules.holds(by, order)]
    if case.state in {CaseState.COMPLETED, CaseState.CLOSED} or not mine:
        return ""
    return "report-in" if any(order.state == OrderState.SENT for order in mine) else "finish-assist"


REPORT_IN = Verb(
    "report-in", _("Report in"), on_case(actions.report_in), forms.ReportInForm,
    _any_order("report_in"),
    done=_("Reported in."), icon="where_to_vote", hint=_("You are there, or have the request. The time since the call is noted."),
)  # fmt: skip
FINISH = Verb(
    "finish-assist", _("Our part is done"), on_case(actions.finish_assist), forms.FinishAssistForm,
    _any_order("assist"),
    done=_("Noted; whoever leads the case is told."), icon="task_alt",
)  # fmt: skip
# The menu of the verbs about a team.
TEAM = _("Special team …")
EXCUSE = Verb(
    "excuse", _("Excuse"), on_case(actions.excuse_assist), forms.ExcuseForm, _any_order("excuse"),
    done=_("Excused; its clocks are dropped."), icon="person_remove", danger=True,
    hint=_("Its part is not needed, or it was the wrong unit. The reason stays with the order."),
    beside=True,
)  # fmt: skip
CALL = Verb(
    "call", _("Whistle / call help"), on_case(actions.call_for_help), forms.CallForm, in_table("whistle", _may_call),
    done=_("Called; their clocks run."), icon="sports", key="h",
    hint=_("Several at once, each with clocks of its own. The case stays with whoever leads it."),
)  # fmt: skip
OF_ORDER = (REPORT_IN, FINISH, EXCUSE)

VERBS: tuple[Verb, ...] = (
    REPORT_IN,
    FINISH,
    CALL,
    EXCUSE,
    Verb(
        "form-team", _("Form a special team"), on_case(actions.form_team), forms.TeamForm, in_table("team", _may_form),
        done=_("The team is formed."), icon="groups", hint=_("One matter, one policy, one team."), menu=TEAM,
    ),
    Verb(
        "team-review", _("Note the team's review"), _hold_review, forms.TeamReviewForm, in_table("team", _may_review),
        done=_("The review is noted."), icon="event_available", menu=TEAM,
    ),
    Verb(
        "change-team", _("Change the team"), _on_team(actions.change_team), forms.ChangeTeamForm, in_table("team", _with_team),
        done=_("The team is changed."), icon="group_add", menu=TEAM,
    ),
    Verb(
        "end-team", _("End the team"), _on_team(actions.end_team), forms.EndTeamForm, in_table("team", _with_team),
        done=_("The team has ended."), icon="group_off", danger=True, menu=TEAM,
    ),
)  # fmt: skip
