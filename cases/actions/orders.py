"""Orders: sending, signing in, working, handing up, completing."""

import datetime as dt
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import clocks, moving
from cases.actions.helping import open_assists, withdraw_assists
from cases.actions.people import leads_at
from cases.actions.striking import catch_up
from cases.actions.taking import notices, take, write_down
from cases.choices import (
    NOTICE_ORDER,
    NOTICE_RAISED,
    ORDER_IN_FORCE,
    RUNG_OF_TIER,
    Clock,
    LimitOf,
    OrderState,
    Outcome,
    Part,
    Tier,
)
from cases.models import Case, LedgerEntry, Order
from gridgov.core.errors import Conflict, Invalid
from grids.choices import PostKind
from grids.models import Grid, Unit

LONGEST = 2000


@transaction.atomic
def dispatch_case(
    *, case: Case | int, unit: int | None = None, grid: str = "", note: str = "", by: User, at: dt.datetime
) -> Case:
    """Send the case to a unit (id) or to the post-holders of a grid (code). Sign-in and step clock start now."""
    case = take(case, by, "dispatch", limits=True)
    rules.can_dispatch(by, case).insist()
    return _send("dispatch", case, unit, grid, note, by=by, at=at)


@transaction.atomic
def reassign_case(
    *, case: Case | int, unit: int | None = None, grid: str = "", reason: str, by: User, at: dt.datetime
) -> Case:
    """Take the case from whoever has it and send it elsewhere. The case clock runs on."""
    case = take(case, by, "reassign", limits=True)
    rules.can_dispatch(by, case).insist()
    if not reason.strip():
        raise Invalid(_("Say why it goes elsewhere."), field="reason")
    order = _order_in_force(case)
    dropped = end_lead_order(case, order, OrderState.WITHDRAWN, by=by, at=at)
    return _send("reassign", case, unit, grid, reason, by=by, at=at, ledger=dropped)


def _send(
    verb: str, case: Case, unit: int | None, grid: str, note: str, *, by: User, at: dt.datetime,
    ledger: list[LedgerEntry] | None = None,
) -> Case:  # fmt: skip
    """Write the order with its clocks and tell whoever it is addressed to. Addressee and staff come in one query."""
    now = Q(posts__valid_from__lte=localdate(at)) & (Q(posts__valid_to=None) | Q(posts__valid_to__gte=localdate(at)))
    # A unit's order goes to its desk; its professional workers, in a district hundreds, are called one by one.
    staff = ArrayAgg("posts__user", filter=now & ~Q(posts__kind=PostKind.SPECIALIST_WORKER), default=[])
    helps = Exists(Order.objects.filter(case=case, unit=OuterRef("pk"), part=Part.ASSIST, state__in=ORDER_IN_FORCE))
    to_unit = Unit.objects.filter(pk=unit).annotate(staff=staff, helps=helps).first() if unit else None
    rows = Grid.objects.filter(code=grid).current(localdate(at)).defer("border", "shape")
    to_grid = rows.annotate(staff=staff).first() if grid else None
    if (unit and to_unit is None) or (grid and to_grid is None):
        raise Invalid(_("There is no such unit or grid in force."), field="unit" if unit else "grid")
    rules.can_send_to(case, to_unit, to_grid).insist()
    people = (to_unit or to_grid).staff  # type: ignore[union-attr]
    rules.can_reach(to_unit or to_grid, bool(people)).insist()
    ledger = ledger or []
    if to_unit and to_unit.helps:  # from now on it leads
        ledger += withdraw_assists(case, units=[to_unit.pk], by=by, at=at)
    case_before = case.state
    order = Order(case=case, unit=to_unit, grid=to_grid, sent_by=by, sent_at=at, note=note.strip()[:500])
    order.save(force_insert=True)
    values: dict[str, Any] = {"lead_order": order, "signed_at": None}
    if case.dispatched_at is None:
        values["dispatched_at"] = at
    changes = case.move(verb, **values)
    clocks.begin(clocks.order_clocks(case, order, at=at), by=by, at=at, ledger=ledger)
    past = "cases.dispatched" if verb == "dispatch" else "cases.reassigned"
    write_down(past, case, changes, by=by, at=at, to=str(order), note=note, was=case_before)
    notify(notices(case, people, NoticeKind.ORDER, NOTICE_ORDER, at), at=at)
    return case


@transaction.atomic
def sign_in_case(*, case: Case | int, by: User, at: dt.datetime) -> Case:
    """Confirm receipt: whoever signs in is the handler."""
    case = take(case, by, "sign_in")
    order = _order_in_force(case)
    rules.can_sign_in(by, order).insist()
    changes = case.move("sign_in", signed_at=at)
    order.change(state=OrderState.SIGNED, handler=by, signed_at=at)
    LedgerEntry.objects.bulk_create(clocks.meet(case, Clock.SIGN_IN, by=by, at=at, order=order))
    write_down("cases.signed_in", case, changes, by=by, at=at)
    return case


@transaction.atomic
def note_progress(*, case: Case | int, note: str, by: User, at: dt.datetime) -> Case:
    """Say how it goes, as whoever leads or assists; the clocks don't care."""
    case = take(case, by)
    order = case.lead_order
    if order is None or not rules.holds(by, order):
        order = next((one for one in open_assists(case) if rules.holds(by, one)), order)
    assisting = order is not None and order.part == Part.ASSIST
    verb = "assist" if assisting else "progress"
    case.insist_on(verb)
    rules.can_work_on(by, order or _order_in_force(case)).insist()
    if not note.strip():
        raise Invalid(_("Say how it goes."), field="note")
    changes = case.move(verb)
    to = str(order) if assisting else ""
    write_down("cases.progressed", case, changes, by=by, at=at, note=note.strip()[:LONGEST], to=to)
    return case


@transaction.atomic
def raise_tier(*, case: Case | int, tier: str, reason: str, by: User, at: dt.datetime) -> Case:
    """Hand the case up a tier. The case clock moves to start + the new tier's limit and never gets shorter; whoever
    had an order is rid of it, and the tier's own leads dispatch anew."""
    case = take(case, by, "raise")
    rules.can_raise(by, case, tier).insist()
    if not reason.strip():
        raise Invalid(_("Say why it must go up."), field="reason")
    ledger = end_lead_order(case, case.lead_order, OrderState.WITHDRAWN, by=by, at=at) if case.lead_order else []
    if case.due_at is not None and case.due_at <= at:
        catch_up(case, at=at)
    clock, moved = moving.stretch(case, tier=tier, by=by, at=at)
    changes = case.move(
        "raise", tier=tier, lead_order=None, signed_at=None, due_at=clock.due_at, provisional=clock.provisional
    )
    LedgerEntry.objects.bulk_create([*ledger, moved])
    write_down("cases.tier_raised", case, changes, by=by, at=at, note=reason.strip())
    people = leads_at(case, RUNG_OF_TIER[Tier(case.tier)], localdate(at))
    notify(notices(case, people, NoticeKind.ORDER, NOTICE_RAISED, at, tier=tier), at=at)
    return case


@transaction.atomic
def complete_case(
    *, case: Case | int, result: str, outcome: str = Outcome.SOLVED, reply: str = "", by: User, at: dt.datetime
) -> Case:
    """Say what was done: RESULT to the office, REPLY to the reporter, if it can be said already. This moment decides
    whether it was in time; from now on the verifier's clock runs."""
    case = take(case, by, "complete", limits=True)
    order = _order_in_force(case)
    asks = case.category.needs_photo or case.category.needs_photo_before
    photos = set(case.photos.values_list("kind", flat=True)) if asks else frozenset[str]()
    rules.can_complete(by, case, order, result, photos).insist()
    if reply.strip():
        rules.fit_to_publish(reply).insist()
    if outcome not in Outcome.values:
        raise Invalid(_("Choose one of the listed outcomes."), field="outcome")
    if len(result) > LONGEST:
        raise Invalid(_("At most %(count)s characters.") % {"count": LONGEST}, field="result")
    _end_leading(case, order, at=at)
    said = {"result": result.strip(), "outcome": outcome, "reply": reply.strip() or case.reply}
    changes = case.move("complete", completed_at=at, completed_by=by, **said)
    met = clocks.meet(case, Clock.CASE, Clock.HANDLE, by=by, at=at, order=order)
    ((value, unit, policy),) = clocks.limits_of(case, LimitOf.VERIFY, at=at)
    verify = clocks.clock(case, Clock.VERIFY, value, unit, at=at, policy=policy)
    clocks.begin([verify], by=by, at=at, ledger=met)
    write_down("cases.completed", case, changes, by=by, at=at)
    return case


def _end_leading(case: Case, order: Order, *, at: dt.datetime) -> None:
    """The leading ORDER is done, on condition that nobody who was called is still at it; raises Conflict that names them.
    One statement: asking first would be one more in every completion."""
    still = Exists(Order.objects.filter(case=case, part=Part.ASSIST, state__in=ORDER_IN_FORCE))
    if not Order.objects.filter(~still, pk=order.pk).update(state=OrderState.DONE, ended_at=at):
        rules.assists_done(open_assists(case)).insist()


def _order_in_force(case: Case) -> Order:
    """The case's order; raises Conflict where there is none (any more)."""
    order = case.lead_order
    if order is None:
        raise Conflict(
            _("Case %(no)s is “%(state)s” now; this can't be done any more, or not yet.")
            % {"no": case.no, "state": case.get_state_display()},
            code="illegal_move",
        )
    return order


def end_lead_order(
    case: Case, order: Order, state: OrderState, *, by: User, at: dt.datetime, **values: str
) -> list[LedgerEntry]:
    """End ORDER and its clocks; answers the ledger rows, unsaved: the case clock's says that it was handed over."""
    order.change(state=state, ended_at=at, **values)
    return clocks.hand_over(case, order, by=by, at=at)


def withdraw_orders(case: Case, *, at: dt.datetime) -> list[Order]:
    """The case ends without being handled: every order in force, leading and assisting, is withdrawn; answers them."""
    rows = case.orders.filter(state__in=ORDER_IN_FORCE).order_by("pk").select_for_update(no_key=True)
    orders = list(rows)
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(state=OrderState.WITHDRAWN, ended_at=at)
    return orders
