"""The verbs of a case as desk and phone offer them: the same actions, tables and rules as the API's."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, forms, rules
from cases.choices import CaseState, PhotoKind, Tier
from cases.forms.verbs import asking, merging, publishing, supervising
from cases.forms.verbs.helping import VERBS as HELPING
from cases.forms.verbs.helping import may_note_progress
from cases.forms.verbs.table import NOT_NOW, May, in_table, on_case
from cases.models import Case
from gridgov.core.errors import Refusal, Verdict
from gridgov.core.verbs import Verb


def _with_order(rule: Callable[..., Verdict]) -> May:
    def may(by: User, case: Case) -> Verdict:
        if case.lead_order is None:
            return Verdict.clash(NOT_NOW % {"no": case.no, "state": case.get_state_display()}, "illegal_move")
        return rule(by, case.lead_order)

    return may


def _may_raise(by: User, case: Case) -> Verdict:
    above = next((tier for tier in Tier.values if tier > case.tier), "")
    return rules.can_raise(by, case, above)


def _may_verify(by: User, case: Case) -> Verdict:
    return rules.can_verify(by, case, list(case.orders.all()))


def _may_rate(by: User, case: Case) -> Verdict:
    orders = [*case.orders.all(), *(case.leading.orders.all() if case.leading else ())]
    return rules.can_rate(by, case, orders, getattr(case, "rating", None), case.leading)


def _may_reveal(by: User, case: Case) -> Verdict:
    reporter = getattr(case, "reporter", None)
    if reporter is None or not (reporter.name or reporter.phone):
        return Verdict.clash(_("Nothing is known of the reporter."))
    return rules.can_see_confidential(by) if reporter.confidential else rules.can_report(by)


def _may_hush(by: User, case: Case) -> Verdict:
    return rules.can_keep_confidential(by, case.reporter)


def add_photos(*, case: int, kind: str, photos: list[Any], by: User, at: dt.datetime) -> None:
    """Keep each picture by itself; what can't be kept is told after the others are."""
    refused: Refusal | None = None
    for upload in photos:
        try:
            actions.add_photo(case=case, kind=kind, upload=upload, by=by, at=at)
        except Refusal as refusal:
            refused = refusal
    if refused is not None:
        refused.field = "photos"
        raise refused


def _complete(row: Case, *, photos: list[Any], **given: Any) -> Case:
    add_photos(case=row.pk, kind=PhotoKind.AFTER, photos=photos, by=given["by"], at=given["at"])
    return actions.complete_case(case=row.pk, **given)


def _add_photo(row: Case, **given: Any) -> None:
    add_photos(case=row.pk, **given)


def _rule(rule: Callable[[User], Verdict]) -> May:
    return lambda by, case: rule(by)


VERBS: tuple[Verb, ...] = (
    Verb(
        "accept", _("Accept"), on_case(actions.accept_case), forms.AcceptForm, in_table("accept", _rule(rules.can_accept)),
        done=_("Accepted; the case clock runs."), icon="inbox", key="a",
        hint=_("Grade and classify: category, tier and grid become final, and the case clock starts."),
    ),
    Verb(
        "dispatch", _("Dispatch"), on_case(actions.dispatch_case), forms.DispatchForm, in_table("dispatch", rules.can_dispatch),
        done=_("The order is sent."), icon="send", key="d",
    ),
    Verb(
        "sign-in", _("Sign in"), on_case(actions.sign_in_case),
        may=in_table("sign_in", _with_order(rules.can_sign_in)), done=_("Signed in; it is in your hands."), icon="draw", key="i",
    ),
    Verb(
        "complete", _("Complete"), _complete, forms.CompleteForm, in_table("complete", _with_order(rules.can_work_on)),
        done=_("Completed; it waits for verification by somebody else."), icon="check_circle", key="e",
    ),
    Verb(
        "verify", _("Passed verification"), on_case(actions.verify_case), forms.NoteForm, in_table("verify", _may_verify),
        done=_("Verified."), icon="fact_check", key="v", hint=_("You have seen it on the spot, or asked the reporter."),
    ),
    Verb(
        "close", _("Close the case"), on_case(actions.close_case), forms.CloseForm, in_table("close", _may_verify),
        done=_("Closed."), icon="task_alt", key="l",
    ),
    Verb(
        "rate", _("Take down the rating"), on_case(actions.rate_case), forms.RateForm, in_table("rate", _may_rate),
        done=_("The rating is noted."), icon="star", hint=_("What the reporter says; one change is allowed."),
    ),
    Verb(
        "progress", _("Note progress"), on_case(actions.note_progress), forms.ProgressForm,
        may_note_progress, done=_("Noted."), icon="edit_note", key="p",
    ),
    Verb(
        "photo", _("Add photos"), _add_photo, forms.PhotoForm, in_table("add_photo", _rule(rules.can_report)),
        done=_("The photos are kept."), icon="add_a_photo", key="f",
        hint=_("Pictures are kept without the place and time hidden in them."),
    ),
    Verb(
        "rework", _("Send back for rework"), on_case(actions.rework_case), forms.ReasonForm, in_table("rework", _may_verify),
        done=_("Sent back; the clock runs on."), icon="undo", key="w", danger=True,
    ),
    Verb(
        "reassign", _("Reassign"), on_case(actions.reassign_case), forms.ReassignForm, in_table("reassign", rules.can_dispatch),
        done=_("The order went elsewhere; the case clock runs on."), icon="alt_route", key="r",
    ),
    Verb(
        "raise", _("Hand up a tier"), on_case(actions.raise_tier), forms.RaiseForm, in_table("raise", _may_raise),
        done=_("Handed up; it waits for dispatch there."), icon="upgrade", key="u",
    ),
    Verb(
        "reject", _("Do not accept"), on_case(actions.reject_case), forms.RejectForm, in_table("reject", _rule(rules.can_accept)),
        done=_("Not accepted; the reason is noted."), icon="block", danger=True,
    ),
    Verb(
        "reopen", _("Reopen"), on_case(actions.reopen_case), forms.ReasonForm, in_table("reopen", rules.can_reopen),
        done=_("Open again, with a clock of its own."), icon="restart_alt", danger=True,
    ),
    *HELPING,
    *supervising.VERBS,
    Verb(
        "reveal", _("Show the reporter"), on_case(actions.reveal_reporter), forms.RevealForm, _may_reveal,
        shows="cases/revealed.html", icon="visibility", key="x",
    ),
    Verb(
        "confidential", _("Keep the reporter confidential"), on_case(actions.keep_confidential), may=_may_hush, icon="lock",
        done=_("The reporter is confidential now."),
        hint=_("From then on only who is entrusted with it sees the contact. It can't be taken back."),
    ),
    *asking.VERBS,
    *merging.VERBS,
    *publishing.VERBS,
)  # fmt: skip

# The next sensible step from a state: the big button.
NEXT = {
    CaseState.SUBMITTED: "accept",
    CaseState.ACCEPTED: "dispatch",
    CaseState.DISPATCHED: "sign-in",
    CaseState.HANDLING: "complete",
    CaseState.COMPLETED: "verify",
    CaseState.VERIFIED: "close",
    CaseState.CLOSED: "rate",
}
