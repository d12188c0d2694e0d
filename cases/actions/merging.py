"""Merging duplicates, taking them apart again, and letting merged cases follow the one that leads them.

A merged case keeps its number, its reporter, its breach and its cards. What is decided about the leading case holds for
it: closed or not accepted, its reporter has the answer; reopened, the reporter waits again; voided, it stands on its own
again, for a report that was real must not end with one that was none.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases import rules
from cases.actions import moving
from cases.actions.asking import withdraw_all
from cases.actions.holding import end_open_pause
from cases.actions.orders import withdraw_orders
from cases.actions.people import holders, leads_at
from cases.actions.striking import catch_up
from cases.actions.taking import notice, notices, take, write_down
from cases.actions.teams import disband
from cases.choices import (
    ANSWERED,
    LEVEL_OF_TIER,
    NOTICE_ANSWERED,
    NOTICE_MERGED,
    NOTICE_RELEASED,
    WITHDRAWN_TO,
    CaseState,
    Tier,
)
from cases.models import Case, Merge
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.records import record_many
from grids.queries import heavy

MERGED_AWAY = gettext_noop("the case was merged into another")
ORDER_GONE = gettext_noop("its order was withdrawn with the merge; the case waits for another dispatch")
VOIDED = gettext_noop("the leading case was voided")
WORDS = 500


@transaction.atomic
def merge_case(*, case: Case | int, leading: Case | int, reason: str, by: User, at: dt.datetime) -> Case:
    """Say that CASE is the same matter as LEADING, which was reported earlier: it is MERGED from now on, and follows.

    Its clocks are dropped, its orders withdrawn and their holders told, its pending applications taken back; what ran
    out before stays a breach. A case that stood still runs on until now first, so that an undoing finds it running.
    """
    held = {pk: take(pk, by) for pk in sorted({_pk(case), _pk(leading)})}
    case, leading = held[_pk(case)], held[_pk(leading)]
    case.insist_on("merge")
    rules.can_merge(by, case, leads_others=Case.objects.filter(leading=case).exists()).insist()
    rules.can_lead(leading, case).insist()
    if not reason.strip():
        raise Invalid(_("Say why it is the same matter."), field="reason")
    catch_up(case, at=at)  # a dropped clock would hide it
    values = end_open_pause(case, by=by, at=at)
    orders = withdraw_orders(case, at=at)
    if any(order.pk == case.lead_order_id for order in orders):
        values |= {"lead_order": None, "signed_at": None}
    if leading.state == CaseState.CLOSED:
        values["closed_at"] = at
    note = _("The case was merged into %(no)s.") % {"no": leading.no}
    applicants = withdraw_all(case, note=note, at=at)
    disband(case, by=by, at=at)
    moving.drop_all(case, reason=MERGED_AWAY, by=by, at=at)
    words = reason.strip()[:WORDS]
    Merge.objects.create(case=case, leading=leading, state_before=case.state, reason=words, by=by, at=at)
    changes = case.move("merge", leading=leading, **values)
    leading.change(version=leading.version + 1)
    write_down("cases.merged", case, changes, by=by, at=at, note=words, to=leading.no)
    write_down("cases.absorbed", leading, {}, by=by, at=at, note=words, to=case.no)
    told = [*holders(orders, localdate(at)), *applicants]
    found = notices(case, told, NoticeKind.RETURNED, NOTICE_MERGED, at, leading=leading.no)
    notify([*found, _answered(case, leading, at)] if leading.state == CaseState.CLOSED else found, at=at)
    return case


@transaction.atomic
def unmerge_case(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Case:
    """Take CASE out of its leading case: back to the state before, its clocks running on as if they had never stopped.

    No time is won: a limit that ran out meanwhile is a breach. Orders are not sent again by themselves: a case that was
    dispatched or handled goes back to ACCEPTED and waits for another dispatch; the ledger of its clock says so. Neither
    come withdrawn applications back.
    """
    pk = _pk(case)
    leading_id = Case.objects.visible_to(by).values_list("leading_id", flat=True).get(pk=pk)
    try:
        held = {one: take(one, by) for one in sorted({pk, leading_id or pk})}
    except Case.DoesNotExist:
        raise Forbidden(_("The leading case lies outside your scope. Ask those who lead it.")) from None
    case = held[pk]
    case.insist_on("unmerge")
    rules.can_unmerge(by, case).insist()
    if case.leading_id != leading_id:
        raise Conflict(_("Case %(no)s was merged elsewhere meanwhile.") % {"no": case.no})
    if not reason.strip():
        raise Invalid(_("Say why it is another matter."), field="reason")
    _release(case, held[case.leading_id], reason.strip()[:WORDS], by=by, at=at)
    return case


@transaction.atomic
def follow_leading(*, leading: int, by: User, at: dt.datetime) -> int:
    """Let the cases merged into LEADING (id) follow it to where it stands now; how many did. Doing it twice does it once.

    Whoever entered a case is told of each answer once a round.
    """
    if not Case.objects.filter(leading=leading).exists():
        return 0
    rows = Case.objects.filter(Q(pk=leading) | Q(leading=leading)).select_related("grid", "leading")
    rows = rows.defer("search", "leading__search", *heavy("grid")).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",))}
    first = held.pop(leading)
    if first.state == CaseState.VOIDED:
        return _let_go(list(held.values()), first, by=by, at=at)
    answered = first.state in ANSWERED
    behind = [row for row in held.values() if (row.closed_at is None) == answered]
    ended = first.closed_at if answered else None
    Case.objects.filter(pk__in=[row.pk for row in behind]).update(closed_at=ended, version=F("version") + 1)
    verb = "cases.leading_ended" if answered else "cases.leading_reopened"
    record_many(verb, [(row, {"to": first.no}) for row in behind], by=by, at=at)
    if answered:
        notify([_answered(row, first, at) for row in behind], at=at)
    return len(behind)


def _pk(case: Case | int) -> int:
    return case if isinstance(case, int) else case.pk


def _answered(case: Case, leading: Case, at: dt.datetime) -> Notice:
    """Whoever entered CASE is told of the answer, once a round of the leading case."""
    key = f"answered:{case.pk}:{leading.pk}:{leading.round}"
    return notice(case, case.reported_by_id, NoticeKind.PROGRESS, NOTICE_ANSWERED, at, key=key, leading=leading.no)


def _release(case: Case, leading: Case, reason: str, *, by: User, at: dt.datetime) -> None:
    """Both are held: CASE stands on its own again."""
    merge = case.merges.get(undone_at=None)
    back = WITHDRAWN_TO.get(CaseState(merge.state_before), merge.state_before)
    merge.change(undone_by=by, undone_at=at, undo_reason=reason)
    changes = case.move("unmerge", state=back, leading=None, closed_at=None)
    leading.change(version=leading.version + 1)
    why = ORDER_GONE if back != merge.state_before else ""
    moving.revive(case, dropped_at=merge.at, reason=why, by=by, at=at)
    if case.provisional:
        case.refresh_from_db(fields=["due_at", "provisional", "version"])
    write_down("cases.unmerged", case, changes, by=by, at=at, note=reason, to=leading.no)
    write_down("cases.released", leading, {}, by=by, at=at, note=reason, to=case.no)


def _let_go(rows: list[Case], leading: Case, *, by: User, at: dt.datetime) -> int:
    """LEADING was voided: each of ROWS stands on its own again, and its leads are told."""
    for case in rows:
        _release(case, leading, _(VOIDED), by=by, at=at)
        people = leads_at(case, LEVEL_OF_TIER[Tier(case.tier)], localdate(at))
        key = f"released:{case.pk}:{leading.pk}:{leading.round}"
        notify([
            notice(case, user, NoticeKind.PROGRESS, NOTICE_RELEASED, at, key=key, leading=leading.no) for user in people
        ], at=at)  # fmt: skip
    return len(rows)
