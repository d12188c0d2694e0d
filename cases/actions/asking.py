"""Applications 申请: asking, withdrawing, and lapsing. What is decided about them: `deciding`.

An application changes nothing by itself. It says what is wanted and why; somebody else, high enough up the tree, decides.
A pending one ends with the clock it speaks about.
"""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions.people import leads_at
from cases.actions.taking import AGAIN, is_free, notice, notices, take, write_down
from cases.choices import (
    BEFORE_EXPIRY,
    MOST_EXTENSION,
    NOTICE_ASKED,
    NOTICE_LAPSED,
    ORDER_IN_FORCE,
    TERMS,
    Ask,
    AskState,
    Clock,
    PauseReason,
    Terms,
    Tier,
)
from cases.models import Application, ApprovalRule, Case, Category, Order
from gridgov.core import jobs
from gridgov.core.calendar import LimitUnit, due_after
from gridgov.core.errors import Conflict, Invalid

KIND = "cases.application"
# When to look again at what waits beside a clock that stands still, where no day says when it runs on.
LATER = dt.timedelta(hours=1)
# What a case's move is called for each kind; the table of moves says from which states it may be asked for.
MOVE = {
    Ask.EXTENSION: "extend", Ask.SUSPENSION: "suspend", Ask.PARKING: "park", Ask.RECLASSIFICATION: "reclassify",
    Ask.RETURN: "return", Ask.VOIDING: "void", Ask.EXCLUSION: "exclude", Ask.INCLUSION: "exclude",
}  # fmt: skip


def terms_for(case: Case, kind: str, at: dt.datetime) -> Terms:
    """How applications of KIND are treated on the ground of CASE at AT. One query."""
    row = ApprovalRule.objects.in_force(street=case.street_id, kind=kind, at=at).first()
    if row is None:
        return TERMS[kind]
    return Terms(row.steps, row.again, row.least, row.most, row.longest, row.unit)


@transaction.atomic
def ask(*, case: Case | int, kind: str, reason: str, by: User, at: dt.datetime, **wanted: Any) -> Application:
    """Ask for KIND. WANTED holds what it needs: `value` and `unit` (extension), `until`, `cause`, `plan` (suspension,
    parking), `category`, `tier` (reclassification), `whose`, `contact`, `basis` (return); nothing for the others.

    Raises Invalid for what can't be asked like that, Conflict where it is too late, too often, or asked already.
    """
    case = take(case, by)
    mine = _own_order(case, by)
    rules.can_ask(by, case, kind, mine).insist()
    case.insist_on(MOVE[Ask(kind)])
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    terms = terms_for(case, kind, at)
    earlier = list(case.applications.filter(kind=kind).select_related("order"))
    rules.can_ask_again(case, kind, mine, earlier, terms).insist()
    due = due_of(case, mine)
    rules.in_time(kind, due, at).insist()
    data = {"round": case.round, **_READ[Ask(kind)](case, mine, terms, at, wanted)}
    before = sum(one.state in {AskState.APPROVED, AskState.REFUSED, AskState.LAPSED} for one in earlier)
    level = rules.level_for(by, case, terms, before)
    application = Application.objects.create(
        case=case, order=mine, kind=kind, level=level, nth=len(earlier) + 1, data=data, reason=reason.strip()[:500], by=by,
        at=at, lapses_at=due if kind in BEFORE_EXPIRY else None,
    )  # fmt: skip
    if application.lapses_at:
        jobs.promise(KIND, application.pk, due_at=application.lapses_at)
    case.change(version=case.version + 1)
    write_down(
        "cases.asked", case, {}, by=by, at=at, kind=kind, application=application.pk, note=reason.strip(), asked=data
    )
    people = leads_at(case, level, localdate(at), but=by.pk)
    notify(notices(case, people, NoticeKind.APPLICATION, NOTICE_ASKED, at, who=str(by)), at=at)
    return application


@transaction.atomic
def withdraw_application(*, application: Application | int, by: User, at: dt.datetime) -> Application:
    """Take back what one asked for, while nobody has decided."""
    row, case = hold_application(application, by)
    rules.can_withdraw(by, row).insist()
    row.change(state=AskState.WITHDRAWN, decided_at=at)
    write_down("cases.taken_back", case, {}, by=by, at=at, kind=row.kind, application=row.pk)
    return row


@transaction.atomic
def lapse_application(*, application: int, by: User, at: dt.datetime) -> dt.datetime | None:
    """End a pending application whose clock has run out; answers when to look again if that clock was moved meanwhile, or
    stands still."""
    row = Application.objects.filter(pk=application).first()
    if row is None or row.state != AskState.PENDING:
        return None
    if not is_free(row.case_id):
        return at + AGAIN
    row, case = hold_application(row, by)
    if row.state != AskState.PENDING or row.lapses_at is None:
        return None
    if (ends := end_of_waiting(case, row, at)) is not None and ends > at:
        row.change(lapses_at=ends)
        return ends
    row.change(state=AskState.LAPSED, decided_at=at)
    write_down("cases.lapsed", case, {}, by=by, at=at, kind=row.kind, application=row.pk)
    key = f"application:{row.pk}:lapsed"  # two of a case may lapse with one clock
    notify([notice(case, row.by_id, NoticeKind.APPLICATION, NOTICE_LAPSED, at, key=key)], at=at)
    return None


def end_of_waiting(case: Case, row: Application, at: dt.datetime) -> dt.datetime | None:
    """Until when the pending ROW can be decided, as its clock stands at AT. One that stands still lets nothing lapse."""
    if case.hold_until is not None:
        return case.hold_until if case.hold_until > at else at + LATER
    return due_of(case, row.order) or row.lapses_at


def wait_on(case: Case) -> None:
    """The clocks of CASE run on after it stood still: what waits for a decision lapses with them again. One query where
    nothing does."""
    moved = {}
    for row in case.applications.pending().filter(lapses_at__isnull=False).select_related("order"):
        if (due := due_of(case, row.order)) is not None:
            row.change(lapses_at=due)
            moved[row.pk] = due
    if moved:
        jobs.rearm(KIND, moved)


def withdraw_of_round(case: Case, *, at: dt.datetime) -> None:
    """A new round begins: what was asked about the clock and the orders of the one before is moot. One query."""
    moot = BEFORE_EXPIRY | {Ask.RETURN}
    Application.objects.filter(case=case, state=AskState.PENDING, kind__in=moot).update(
        state=AskState.WITHDRAWN, decided_at=at
    )


_WITHDRAW = """
    UPDATE cases_application SET state = %s, decided_at = %s, note = %s WHERE case_id = %s AND state = %s RETURNING by_id
"""


def withdraw_all(case: Case, *, note: str, at: dt.datetime) -> list[int]:
    """The case ends: what was asked about it is moot; whoever had asked. One query, inside the transaction of the end."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAW, [AskState.WITHDRAWN.value, at, note[:500], case.pk, AskState.PENDING.value])
        return [row[0] for row in cursor.fetchall()]


def hold_application(application: Application | int, by: User) -> tuple[Application, Case]:
    """The application and its case, both locked, the case first; raises Application.DoesNotExist outside BY's scope."""
    pk = application if isinstance(application, int) else application.pk
    known = Application.objects.filter(pk=pk).values_list("case", flat=True).first()
    try:
        case = take(known or 0, by)
    except Case.DoesNotExist:
        raise Application.DoesNotExist from None
    row: Application = Application.objects.select_related("order").select_for_update(of=("self",)).get(pk=pk)
    row.case = case
    return row, case


def _own_order(case: Case, by: User) -> Order | None:
    """The order in force that is addressed to BY; the leading one first. One query at most."""
    lead = case.lead_order
    if lead is not None and lead.state in ORDER_IN_FORCE and rules.holds(by, lead):
        return lead
    for order in case.orders.filter(state__in=ORDER_IN_FORCE).exclude(pk=lead.pk if lead else 0).select_related("unit"):
        if rules.holds(by, order):
            return order
    return None


def due_of(case: Case, order: Order | None) -> dt.datetime | None:
    """When the clock runs out that an application about CASE, or an assisting ORDER of it, speaks about."""
    if order is not None and order.pk != case.lead_order_id:
        row = case.deadlines.running().filter(order=order, clock=Clock.HANDLE).only("due_at").first()
        return row.due_at if row else None
    return case.due_at


# --- what each kind needs ------------------------------------------------------------------------------------------------


def _extension(
    case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]
) -> dict[str, Any]:
    """More time: no more than the first limit was, nor than the terms allow in all (handbook 3.3)."""
    unit = str(wanted.get("unit") or "")
    try:
        value = Decimal(str(wanted.get("value")))
    except InvalidOperation:
        raise Invalid(_("Say how much more time is needed."), field="value") from None
    if unit not in LimitUnit.values or not value.is_finite() or not 0 < value <= MOST_EXTENSION:
        raise Invalid(_("Say how much more time is needed."), field="value" if unit in LimitUnit.values else "unit")
    due = due_of(case, order)
    assert due is not None  # in_time has refused a case without a clock
    assisting = order is not None and order.pk != case.lead_order_id
    clock = {"order": order, "clock": Clock.HANDLE} if assisting else {"clock": Clock.CASE, "round": case.round}
    first = case.deadlines.filter(**clock).latest("pk")
    too_long = Invalid(_("No extension is longer than the limit itself."), code="too_long", field="value")
    end = _after(case, due, value, unit)
    if end is None:
        raise too_long
    wished = end - due
    same = unit == first.unit
    if (same and value > first.value) or (not same and wished > first.original_due_at - first.started_at):
        raise too_long
    # Both from the same moment on, so that a holiday lengthens what is wished and what is allowed alike.
    _insist_short(case, due, end, terms, field="value")
    return {"value": str(value), "unit": unit}


def _after(case: Case, start: dt.datetime, value: Decimal, unit: str) -> dt.datetime | None:
    """When VALUE UNITs from START are over; None where the calendar knows no end of so many."""
    try:
        return due_after(case.grid.street_code, start, value, unit).at
    except ValueError:
        return None


def _insist_short(case: Case, start: dt.datetime, end: dt.datetime, terms: Terms, *, field: str) -> None:
    """Raise Invalid at FIELD where it is longer from START to END than TERMS allow."""
    if not terms.longest:
        return
    last = _after(case, start, terms.longest, terms.unit)
    if last is not None and end > last:
        text = _("At most %(limit)s.") % {"limit": LimitUnit(terms.unit).spell(terms.longest)}
        raise Invalid(text, code="too_long", field=field)


def _pause(case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]) -> dict[str, Any]:
    """Until when, and why it waits; parking wants a plan too."""
    until, cause, plan = wanted.get("until"), str(wanted.get("cause") or ""), str(wanted.get("plan") or "").strip()
    if not isinstance(until, dt.datetime) or until <= at:
        raise Invalid(_("Name a day that lies ahead."), field="until")
    if cause not in PauseReason.values:
        raise Invalid(_("Choose one of the listed reasons."), field="cause")
    _insist_short(case, at, until, terms, field="until")
    return {"until": until.isoformat(), "cause": cause, "plan": plan[:2000]}


def _parking(case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]) -> dict[str, Any]:
    if not str(wanted.get("plan") or "").strip():
        raise Invalid(_("A parked case needs a plan."), field="plan")
    return _pause(case, order, terms, at, wanted)


def _reclassification(
    case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]
) -> dict[str, Any]:
    code, tier = str(wanted.get("category") or ""), str(wanted.get("tier") or "")
    category = Category.objects.choosable().filter(code=code).first()
    if category is None:
        text = _("There is no category %(code)s in use.") % {"code": code}
        raise Invalid(text, code="unknown_category", field="category")
    tier = tier or category.tier
    if tier not in Tier.values:
        raise Invalid(_("There is no such tier."), field="tier")
    if (category.pk, tier) == (case.category_id, case.tier):
        raise Invalid(_("This is what the case is already."), field="category")
    return {"category": category.code, "tier": tier}


def _return(case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]) -> dict[str, Any]:
    """A return names whose matter it is, whom one spoke to there, and by which rule (gap 3 of the peers: no shrug)."""
    given = {name: str(wanted.get(name) or "").strip()[:200] for name in ("whose", "contact", "basis")}
    for name, text in (
        ("whose", _("Say whose matter it is.")),
        ("contact", _("Say whom you spoke to there.")),
        ("basis", _("Name the rule by which it is not yours.")),
    ):
        if not given[name]:
            raise Invalid(text, field=name)
    if order is not None and order.signed_at is not None:
        last = due_after(case.grid.street_code, order.signed_at, 1, LimitUnit.WORK_DAY).at
        if at > last:
            raise Conflict(_("An order can be returned until one working day after its sign-in."), code="too_late")
    return given


def _nothing(case: Case, order: Order | None, terms: Terms, at: dt.datetime, wanted: dict[str, Any]) -> dict[str, Any]:
    return {}


_READ = {
    Ask.EXTENSION: _extension, Ask.SUSPENSION: _pause, Ask.PARKING: _parking, Ask.RECLASSIFICATION: _reclassification,
    Ask.RETURN: _return, Ask.VOIDING: _nothing, Ask.EXCLUSION: _nothing, Ask.INCLUSION: _nothing,
}  # fmt: skip
