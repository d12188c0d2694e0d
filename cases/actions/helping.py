"""Whistle and co-handling 吹哨报到: calling units, reporting in, doing one's part, excusing. The leading order goes its own
way beside them."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import clocks
from cases.actions.taking import notices, take, write_down
from cases.choices import (
    NOTICE_ASSIST,
    NOTICE_ASSISTED,
    NOTICE_EXCUSED,
    NOTICE_REPORTED_IN,
    NOTICE_WHISTLE,
    ORDER_IN_FORCE,
    Clock,
    OrderState,
    Part,
)
from cases.models import Case, LedgerEntry, Order
from gridgov.core.errors import Conflict, Invalid
from grids.choices import PostKind
from grids.models import Post, Unit

LONGEST = 2000
MOST_AT_ONCE = 20


@transaction.atomic
def call_for_help(
    *,
    case: Case | int,
    units: list[int],
    note: str = "",
    whistle: bool = False,
    called: Mapping[int, int] | None = None,
    by: User,
    at: dt.datetime,
) -> Case:
    """Send assisting orders to UNITS (ids) at once: by WHISTLE they must report in within hours, else they sign in.
    CALLED names one person of a unit (unit id → user id), who is then told first and alone.

    Each order has clocks of its own from now on. Raises Invalid, Conflict or Forbidden, and then nobody is called.
    """
    case = take(case, by, "whistle", limits=True)
    rules.can_call(by, case, case.lead_order).insist()
    if not note.strip():
        raise Invalid(_("Say what is needed of them."), field="note")
    found = _units(case, units, called or {}, at)
    changes = case.move("whistle")
    orders = Order.objects.bulk_create(
        Order(
            case=case, unit=unit, part=Part.ASSIST, whistled=whistle, called_id=(called or {}).get(unit.pk), sent_by=by,
            sent_at=at, note=note.strip()[:500],
        )
        for unit in found
    )  # fmt: skip
    clocks.begin(clocks.assist_clocks(case, orders, at=at), by=by, at=at)
    verb = "cases.whistled" if whistle else "cases.assist_called"
    names = ", ".join(unit.name for unit in found)
    ids = [unit.pk for unit in found]
    write_down(
        verb,
        case,
        changes,
        by=by,
        at=at,
        to=names,
        note=note.strip()[:500],
        units=ids,
        called=dict(called) if called else None,
    )
    people = [user for unit, order in zip(found, orders, strict=True) for user in _first_told(unit, order)]
    notify(notices(case, people, NoticeKind.ORDER, NOTICE_WHISTLE if whistle else NOTICE_ASSIST, at), at=at)
    return case


def _units(case: Case, units: list[int], called: Mapping[int, int], at: dt.datetime) -> list[Unit]:
    """The UNITS that can be called, each with its `staff` and `members` (user ids of today). Two queries."""
    if not units:
        raise Invalid(_("Name at least one unit."), field="units")
    if len(units) > MOST_AT_ONCE or len(set(units)) < len(units):
        raise Invalid(
            _("Name each unit once, and at most %(count)s at a time.") % {"count": MOST_AT_ONCE}, field="units"
        )
    if stray := called.keys() - set(units):
        names = ", ".join(str(pk) for pk in sorted(stray))
        raise Invalid(
            _("Somebody is named of a unit that is not called: %(units)s.") % {"units": names}, field="called"
        )
    on = localdate(at)
    now = Q(posts__valid_from__lte=on, posts__user__is_active=True) & (
        Q(posts__valid_to=None) | Q(posts__valid_to__gte=on)
    )
    members = ArrayAgg("posts__user", filter=now, default=[])
    desk = ArrayAgg("posts__user", filter=now & ~Q(posts__kind=PostKind.SPECIALIST_WORKER), default=[])
    found: list[Unit] = list(Unit.objects.filter(pk__in=units).annotate(members=members, staff=desk).order_by("pk"))
    if len(found) < len(units):
        raise Invalid(_("There is no such unit."), field="units")
    helping = open_assists(case)
    for unit in found:
        rules.can_be_called(unit, case.grid.street_code, case.lead_order, helping).insist()
        person = called.get(unit.pk)
        if person is not None and person not in unit.members:  # type: ignore[attr-defined]
            raise Invalid(_("The person named is not of “%(name)s”.") % {"name": unit.name}, field="called")
        if person is None and not unit.staff:  # type: ignore[attr-defined]
            raise Conflict(_("Nobody is at the desk of “%(name)s”; name one of its people.") % {"name": unit.name})
    return found


def _first_told(unit: Unit, order: Order) -> Iterable[int]:
    """The person called by name alone; else the whole desk."""
    return [order.called_id] if order.called_id else unit.staff  # type: ignore[attr-defined]


def open_assists(case: Case) -> list[Order]:
    """Who was called to CASE and is neither done nor excused. One query."""
    rows = case.orders.filter(part=Part.ASSIST, state__in=ORDER_IN_FORCE)
    return list(rows.select_related("unit").order_by("pk"))


@transaction.atomic
def report_in(*, case: Case | int, order: int, by: User, at: dt.datetime) -> Case:
    """The unit called says that it is there (whistle), or that it has the request. How long that took is the time from
    `sent_at` to `signed_at`. Raises Order.DoesNotExist where the case has no such assisting order."""
    case = take(case, by, "report_in")
    mine = _assist(case, order)
    rules.can_report_in(by, mine).insist()
    changes = case.move("report_in")
    mine.change(state=OrderState.SIGNED, handler=by, signed_at=at)
    LedgerEntry.objects.bulk_create(clocks.meet(case, Clock.REPORT_IN, Clock.SIGN_IN, by=by, at=at, order=mine))
    seconds = round((at - mine.sent_at).total_seconds())
    write_down("cases.reported_in", case, changes, by=by, at=at, to=str(mine), order=mine.pk, seconds=seconds)
    notify(notices(case, [mine.sent_by_id], NoticeKind.PROGRESS, NOTICE_REPORTED_IN, at, unit=str(mine)), at=at)
    return case


@transaction.atomic
def finish_assist(*, case: Case | int, order: int, result: str, by: User, at: dt.datetime) -> Case:
    """The unit called has done its part. Whoever called it, and whoever leads the case, is told."""
    case = take(case, by, "assist")
    mine = _assist(case, order)
    rules.can_finish(by, mine).insist()
    if not result.strip():
        raise Invalid(_("Say what was done."), field="result")
    if len(result) > LONGEST:
        raise Invalid(_("At most %(count)s characters.") % {"count": LONGEST}, field="result")
    changes = case.move("assist")
    mine.change(state=OrderState.DONE, result=result.strip(), ended_at=at)
    LedgerEntry.objects.bulk_create(clocks.meet(case, Clock.HANDLE, by=by, at=at, order=mine))
    write_down("cases.assisted", case, changes, by=by, at=at, to=str(mine), order=mine.pk, note=result.strip())
    lead = case.lead_order.handler_id if case.lead_order else None
    people = [pk for pk in (mine.sent_by_id, lead) if pk and pk != by.pk]
    notify(notices(case, people, NoticeKind.PROGRESS, NOTICE_ASSISTED, at, unit=str(mine)), at=at)
    return case


@transaction.atomic
def excuse_assist(*, case: Case | int, order: int, reason: str, by: User, at: dt.datetime) -> Case:
    """Let a unit go that was called and is not needed, or not the right one. Its clocks are dropped."""
    case = take(case, by, "excuse")
    theirs = _assist(case, order)
    rules.can_excuse(by, case, theirs, case.lead_order).insist()
    if not reason.strip():
        raise Invalid(_("Say why it is not needed."), field="reason")
    changes = case.move("excuse")
    theirs.change(state=OrderState.EXCUSED, excuse=reason.strip()[:500], ended_at=at)
    LedgerEntry.objects.bulk_create(clocks.drop(case, [theirs.pk], by=by, at=at, reason=reason.strip()))
    write_down("cases.excused", case, changes, by=by, at=at, to=str(theirs), order=theirs.pk, note=reason.strip()[:500])
    people = [pk for pk in (theirs.handler_id or theirs.called_id,) if pk] or _desk(theirs, localdate(at))
    notify(notices(case, people, NoticeKind.RETURNED, NOTICE_EXCUSED, at, reason=reason.strip()[:60]), at=at)
    return case


def _desk(order: Order, on: dt.date) -> list[int]:
    """The desk of the order's unit on the day ON."""
    posts = Post.objects.current(on).filter(unit=order.unit_id).exclude(kind=PostKind.SPECIALIST_WORKER)
    return list(posts.values_list("user", flat=True))


def withdraw_assists(
    case: Case, *, units: Iterable[int] | None = None, by: User, at: dt.datetime, reason: str = ""
) -> list[LedgerEntry]:
    """Part of other verbs, which record it: the case ends (or one of UNITS becomes its leader), and whoever still helps
    it is rid of the order. Answers the ledger rows, unsaved. Two queries, one where nobody helps."""
    rows = case.orders.filter(part=Part.ASSIST, state__in=ORDER_IN_FORCE)
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return []
    Order.objects.filter(pk__in=ids).update(state=OrderState.WITHDRAWN, ended_at=at)
    return clocks.drop(case, ids, by=by, at=at, reason=reason)


def _assist(case: Case, order: int) -> Order:
    """The assisting ORDER of CASE, whose lock keeps it still."""
    found: Order = case.orders.select_related("unit").get(pk=order, part=Part.ASSIST)
    return found
