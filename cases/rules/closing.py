"""Who may verify, reply, call back, rate and reopen, and until when."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES, Role
from accounts.queries import stands_in_for
from cases.choices import MOST_REOPENINGS, OWN_CHANNELS, CaseState, OrderState
from cases.rules.intake import can_see_confidential
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import names_somebody
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Order, Rating

REPLY_CHARS = 2000
OWN_WORK = _("Whoever handled a case can't verify it. Ask somebody else.")


def handled(by: "User", case: "Case", orders: "Iterable[Order]") -> bool:
    """Whether BY did the work, leading or assisting: as a handler, by completing it, or in the unit that did it."""
    done = [order for order in orders if order.state in {OrderState.DONE, OrderState.SIGNED}]
    own = {by.pk, *stands_in_for(by)}
    if case.completed_by_id in own or any(order.handler_id in own for order in done):
        return True
    units = {order.unit_id for order in done if order.unit_id}
    return bool(units) and not units.isdisjoint(scope_of(by).units)


def can_verify(by: "User", case: "Case", orders: "list[Order]") -> Verdict:
    """Nobody verifies the own work: not the handler, not whoever completed it, not anyone of a unit that had
    a part in it, nor who stands in for one of them today."""
    if not leads(by):
        return Verdict.forbid(_("Verification is for grid leads and the street office."))
    return Verdict.forbid(OWN_WORK, "own_work") if handled(by, case, orders) else YES


def can_reply(by: "User") -> Verdict:
    return YES if leads(by) else Verdict.forbid(_("The public reply is given by grid leads and the street office."))


def owes_answer(channel: str, name: str, phone: str) -> bool:
    """Whether somebody waits for an answer: whoever left a name or a number, or came from outside the grid."""
    return channel not in OWN_CHANNELS or bool(name or phone)


def fit_to_publish(reply: str) -> Verdict:
    """What a reporter reads says something and names nobody: no mobile number, no identity number."""
    if not reply.strip():
        return Verdict.reject(_("Say what the reporter is to read."), "reply_needed", "reply")
    if len(reply) > REPLY_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": REPLY_CHARS}, field="reply")
    if names_somebody(reply):
        message = _("The public reply holds a mobile or identity number. Take it out or mask it (138****0001).")
        return Verdict.reject(message, "personal_data", "reply")
    return YES


def can_call_back(by: "User", case: "Case", orders: "Iterable[Order]") -> Verdict:
    """By the grid or the street, and by none who had a hand in the work."""
    if by.role not in FIELD_ROLES | {Role.STREET, Role.SYSTEM}:
        return Verdict.forbid(_("Calls back are made by the grid and the street office."))
    if handled(by, case, orders):
        return Verdict.forbid(_("Whoever handled a case can't call back about it."), "own_work")
    return can_see_confidential(by) if case.reporter.confidential else YES


def can_rate(
    by: "User", case: "Case", orders: "Iterable[Order]", rating: "Rating | None", leading: "Case | None" = None
) -> Verdict:
    """By the reporter, or taken down by a lead on the phone; never by whoever handled it or stands in for them. One
    change is allowed. A merged case is rated by its own reporter once its LEADING case is closed; ORDERS are of both."""
    worked = {order.handler_id for order in orders} | {case.completed_by_id, leading and leading.completed_by_id}
    if worked & {by.pk, *stands_in_for(by)}:
        return Verdict.forbid(_("Whoever handled a case can't rate it."), "own_work")
    if not (leads(by) or case.reported_by_id == by.pk):
        return Verdict.forbid(_("A rating comes from the reporter."))
    if leading is not None and leading.state != CaseState.CLOSED:
        message = _("Its leading case %(no)s is not closed yet.")
        return Verdict.clash(message % {"no": leading.no}, "leading_open")
    if rating is not None and not rated_before(case, rating) and rating.changes >= 1:
        return Verdict.clash(_("The rating was changed once already."), "rated")
    return YES


def rated_before(case: "Case", rating: "Rating") -> bool:
    """Whether RATING is about a round that was over before this closing: a new one takes its place."""
    return case.closed_at is not None and rating.at < case.closed_at


def rating_in_time(at: dt.datetime, until: dt.datetime) -> Verdict:
    if at <= until:
        return YES
    return Verdict.clash(_("The time for rating ended on %(date)s.") % {"date": _day(until)}, "rating_over")


def can_reopen(by: "User", case: "Case") -> Verdict:
    """By those who lead, and not beyond the cap, whoever asks."""
    if not leads(by):
        return Verdict.forbid(_("A closed case is reopened by grid leads and the street office."))
    if case.round > MOST_REOPENINGS:
        message = _("Case %(no)s was reopened %(count)s times already. Report a new case and name this number in it.")
        return Verdict.clash(message % {"no": case.no, "count": MOST_REOPENINGS}, "reopened_often")
    return YES


def reopening_in_time(case: "Case", at: dt.datetime, until: dt.datetime) -> Verdict:
    if at <= until:
        return YES
    message = _("Case %(no)s could be reopened until %(date)s. Report a new case and name this number in it.")
    return Verdict.clash(message % {"no": case.no, "date": _day(until)}, "reopening_over")


def _day(moment: dt.datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d}"
