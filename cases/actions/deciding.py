"""Deciding about applications, and what follows from each kind when it is approved."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import moving
from cases.actions.asking import end_of_waiting, hold_application, withdraw_all
from cases.actions.holding import end_open_pause, hold_still
from cases.actions.intake import retitled
from cases.actions.orders import end_lead_order, withdraw_orders
from cases.actions.people import holders
from cases.actions.striking import catch_up
from cases.actions.taking import notice, notices, write_down
from cases.actions.teams import disband
from cases.choices import (
    NOTICE_DECIDED,
    NOTICE_MOOT,
    NOTICE_RETURNED,
    NOTICE_WITHDRAWN,
    Ask,
    AskState,
    Entry,
    Hold,
    OrderState,
    PauseReason,
    Tier,
)
from cases.models import Application, Case, Category, LedgerEntry
from gridgov.core.errors import Conflict, Invalid


@transaction.atomic
def decide(*, application: Application | int, approve: bool, note: str = "", by: User, at: dt.datetime) -> Application:
    """Approve or refuse. What is approved takes effect at once; a refusal needs a word why."""
    row, case = hold_application(application, by)
    if row.lapses_at is not None:
        row.lapses_at = end_of_waiting(case, row, at)  # as the clock stands now; the job sees to the column
    rules.can_decide(by, row, at).insist()
    if not approve and not note.strip():
        raise Invalid(_("Say why not."), field="note")
    state = AskState.APPROVED if approve else AskState.REFUSED
    row.change(state=state, decided_by=by, decided_at=at, note=note.strip()[:500])
    if approve:
        _EFFECTS[Ask(row.kind)](case, row, by, at)
    else:
        case.change(version=case.version + 1)
        write_down("cases.refused", case, {}, by=by, at=at, kind=row.kind, application=row.pk, note=note.strip())
    text, key = NOTICE_DECIDED[state.value], f"application:{row.pk}:{state.value}"
    notify([notice(case, row.by_id, NoticeKind.APPLICATION, text, at, key=key, note=row.note[:60])], at=at)
    return row


def _told(case: Case, row: Application, verb: str, changes: dict[str, Any], by: User, at: dt.datetime) -> None:
    """One record for an approval: what was asked for is what happened."""
    write_down(verb, case, changes, by=by, at=at, application=row.pk, note=row.reason, asked=row.data, allowed=row.note)


def _extend(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    """An assisting order's extension moves that order alone; the case was not extended, and no figure says that it was."""
    case.insist_on("extend")
    assisting = row.order is not None and row.order_id != case.lead_order_id
    order = row.order if assisting else None
    if row.order is not None and row.order.ended_at is not None:
        raise Conflict(_("The order this was asked for has ended."), code="order_ended")
    value, unit = Decimal(row.data["value"]), row.data["unit"]
    clock = moving.extend(case, order, value=value, unit=unit, reason=row.reason, by=by, at=at)
    values: dict[str, Any] = {}
    if not assisting:
        values = {"extended": case.extended + 1, "due_at": clock.due_at, "provisional": clock.provisional}
    changes = case.move("extend", **values)
    _told(case, row, "cases.extended", changes, by, at)


def _hold_case(hold: Hold, verb: str) -> Callable[[Case, Application, User, dt.datetime], None]:
    def effect(case: Case, row: Application, by: User, at: dt.datetime) -> None:
        until = dt.datetime.fromisoformat(row.data["until"])
        if until <= at:
            raise Conflict(_("The day that was asked for has passed."), code="too_late")
        cause = PauseReason(row.data["cause"])
        changes = hold_still(case, hold, cause=cause, until=until, plan=row.data["plan"], application=row, by=by, at=at)
        _told(case, row, verb, changes, by, at)

    return effect


def _reclassify(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    """Another category or tier. The clock is stretched where the new limit is longer, never cut, and never restarted."""
    category = Category.objects.get(code=row.data["category"])
    tier = Tier(row.data["tier"])
    if case.due_at is not None and case.due_at <= at:
        catch_up(case, at=at)
    clock, moved = moving.stretch(
        case, tier=tier, category=category.pk, entry=Entry.CATEGORY, reason=f"{category.code} {tier}", by=by, at=at
    )
    changes = case.move(
        "reclassify", category=category, tier=tier, title=retitled(case, category), due_at=clock.due_at,
        provisional=clock.provisional,
    )  # fmt: skip
    LedgerEntry.objects.bulk_create([moved])
    _told(case, row, "cases.reclassified", changes, by, at)


def _return(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    """The order ends, the case waits for another dispatch, its clock runs on."""
    order = row.order
    if order is None or order.ended_at is not None:
        raise Conflict(_("The order this was asked for has ended."), code="order_ended")
    changes = case.move("return", lead_order=None, signed_at=None)
    ended = end_lead_order(case, order, OrderState.RETURNED, by=by, at=at, return_reason=row.reason)
    LedgerEntry.objects.bulk_create(ended)
    write_down(
        "cases.returned",
        case,
        changes,
        by=by,
        at=at,
        note=row.reason,
        to=str(order),
        application=row.pk,
        asked=row.data,
    )
    others = [order.sent_by_id] if order.sent_by_id not in {by.pk, row.by_id} else []
    notify(notices(case, others, NoticeKind.RETURNED, NOTICE_RETURNED, at, reason=row.reason[:60]), at=at)


def _void(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    """Two persons have said that this is no case. Nothing is deleted; what ran is dropped."""
    values = end_open_pause(case, by=by, at=at)
    moving.drop_all(case, reason=row.reason, by=by, at=at)
    gone = withdraw_orders(case, at=at)
    applicants = withdraw_all(case, note=row.reason, at=at)
    disband(case, by=by, at=at)
    changes = case.move("void", closed_at=at, lead_order=None, **values)
    _told(case, row, "cases.voided", changes, by, at)
    told = [user for user in holders(gone, localdate(at)) if user != by.pk]
    moot = [user for user in applicants if user != by.pk]
    found = notices(case, told, NoticeKind.RETURNED, NOTICE_WITHDRAWN, at)
    notify([*found, *notices(case, moot, NoticeKind.APPLICATION, NOTICE_MOOT, at)], at=at)


def _exclude(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    _told(case, row, "cases.excluded", case.move("exclude", excluded=True), by, at)


def _include(case: Case, row: Application, by: User, at: dt.datetime) -> None:
    _told(case, row, "cases.included", case.move("exclude", excluded=False), by, at)


_EFFECTS: dict[Ask, Callable[[Case, Application, User, dt.datetime], None]] = {
    Ask.EXTENSION: _extend,
    Ask.SUSPENSION: _hold_case(Hold.SUSPENDED, "cases.suspended"),
    Ask.PARKING: _hold_case(Hold.PARKED, "cases.parked"),
    Ask.RECLASSIFICATION: _reclassify,
    Ask.RETURN: _return,
    Ask.VOIDING: _void,
    Ask.EXCLUSION: _exclude,
    Ask.INCLUSION: _include,
}
