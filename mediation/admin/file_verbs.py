"""What is done with a file as a whole."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.calendar import CHINA
from gridgov.core.errors import YES, Verdict
from gridgov.core.verbs import Verb
from mediation import actions
from mediation.choices.files import INFORMS
from mediation.forms import files as forms
from mediation.models import Mediation
from mediation.rules.files import can_accept, can_now

_MORE = _("More")


def of_file(act: Callable[..., Any]) -> Callable[..., Any]:
    """ACT, called with the row of the page."""
    return lambda row, **given: act(mediation=row, **given)


def now(move: str) -> Callable[[User, Mediation], Verdict]:
    return lambda by, row: can_now(row, move)


def _may_accept(by: User, row: Mediation) -> Verdict:
    return can_now(row, "accept") and can_accept(row.parties.all())


def _may_tell_ways(by: User, row: Mediation) -> Verdict:
    verdict = can_now(row, "follow_up")
    left = row.outcome in INFORMS and row.informed_at is None
    return verdict if not verdict or left else Verdict.clash(_("There is nothing to tell any more."))


def _extend(row: Mediation, *, until: dt.date, **given: Any) -> Mediation:
    """The day that is named counts to its end."""
    return actions.extend_file(mediation=row, until=dt.datetime.combine(until, dt.time(23, 59), CHINA), **given)


def _may_extend(by: User, row: Mediation) -> Verdict:
    wants = any(party.extends_at for party in row.parties.all())
    return can_now(row, "extend") and (YES if wants else Verdict.clash(_("No party has asked for more time.")))


BUTTONS = (
    Verb("accept", _("Accept"), of_file(actions.accept_file), may=_may_accept, icon="task_alt",
         done=_("It is accepted and has its number; the month runs.")),
    Verb("decline", _("Decline"), of_file(actions.decline_file), forms.ReasonForm, now("decline"), icon="block", done=_("Declined.")),
    Verb("extend", _("Extend"), _extend, forms.ExtendForm, _may_extend, icon="more_time",
         hint=_("By the will of both parties.")),
    Verb("end", _("End without agreement"), of_file(actions.end_file), forms.EndForm, now("end"), icon="stop_circle", menu=_MORE,
         done=_("The mediation is over.")),
    Verb("ways", _("Told of other ways"), of_file(actions.tell_ways), may=_may_tell_ways, icon="alt_route", done=_("Noted.")),
    Verb("withdraw", _("Application withdrawn"), of_file(actions.withdraw_file), forms.ReasonForm, now("withdraw"), icon="undo",
         menu=_MORE, done=_("The mediation is over.")),
    Verb("change", _("Change"), of_file(actions.change_file), forms.ChangeForm, now("change"), icon="edit", menu=_MORE,
         done=_("Changed.")),
    Verb("danger", _("Report danger"), of_file(actions.report_danger), forms.DangerForm, now("report_danger"), icon="warning",
         danger=True, menu=_MORE, done=_("The street office is told; mediation has stopped."),
         hint=_("Suspected crime or danger is reported at once, and mediation stops (People's Mediation Law, art. 25).")),
)  # fmt: skip
