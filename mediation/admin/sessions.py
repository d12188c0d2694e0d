"""What is done with the sessions of a file."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from mediation import actions
from mediation.admin.file_verbs import now, of_file
from mediation.choices.files import SessionState
from mediation.forms import meeting as forms
from mediation.models import Mediation
from mediation.rules.files import can_now


def _of_session(act: Callable[..., Any]) -> Callable[..., Any]:
    """ACT with the chosen session, which is of this row."""
    return lambda row, *, session, **given: act(session=row.sessions.filter(pk=session).first() or 0, **given)


def _has(move: str, *states: str) -> Callable[[User, Mediation], Verdict]:
    """Possible, and there is a session in one of STATES."""

    def may(by: User, row: Mediation) -> Verdict:
        verdict = can_now(row, move)
        there = verdict and any(one.state in states for one in row.sessions.all())
        return verdict if not verdict or there else Verdict.clash(_("There is no such session."))

    return may


BUTTONS = (
    Verb("plan", _("Plan a session"), of_file(actions.plan_session), forms.PlanForm, now("meet"), icon="event",
         done=_("The session is planned; room and mediators are booked.")),
    Verb("record", _("Write or change the record"), _of_session(actions.write_record), forms.RecordForm,
         _has("record", SessionState.PLANNED, SessionState.HELD), icon="edit_note", beside=True, done=_("The record is kept.")),
    Verb("cancel", _("Call off"), _of_session(actions.cancel_session), forms.CancelForm, _has("meet", SessionState.PLANNED),
         icon="event_busy", beside=True, done=_("The session is called off.")),
)  # fmt: skip
