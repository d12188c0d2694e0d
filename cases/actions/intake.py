"""Reporting, accepting and rejecting."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import User
from cases import rules
from cases.actions import climbing, clocks
from cases.actions.asking import withdraw_all
from cases.actions.evidence import Evidence, gathered
from cases.actions.taking import notices, take, write_down
from cases.actions.teams import disband
from cases.choices import NOTICE_MOOT, CaseState, Channel, Clock, OrderState, RejectReason, Tier
from cases.models import Case, Category, LedgerEntry, Order, Reporter
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.geodesy import Crs, to_wgs84
from gridgov.core.masking import nameless
from gridgov.core.records import record_all
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import held_path_to, locate, scope_of

TITLE_CHARS = 80
TEXT_CHARS = 2000
_WORDS = ("title", "text", "place")
# Other apps may send more, by their standard.
TEXT_CHARS_OF: dict[str, int] = {Channel.OPEN311: 4000}


@dataclass(frozen=True)
class Report:
    """What somebody reports. A place is a point (`lng`, `lat` in `crs`), a grid code, or the reporter's only post.
    `occurred_at` is when the device says it was noted, for what was sent later."""

    category: str
    text: str
    channel: str = Channel.GRID_WORKER
    title: str = ""
    tier: str = ""
    urgency: str = ""
    grid: str = ""
    place: str = ""
    lng: float | None = None
    lat: float | None = None
    crs: Crs = "WGS84"
    reporter_name: str = ""
    reporter_phone: str = ""
    anonymous: bool = False
    confidential: bool = False
    occurred_at: dt.datetime | None = None


def report_case(
    *, report: Report, photos: Sequence[BinaryIO] = (), voice: BinaryIO | None = None, by: User, at: dt.datetime
) -> Case:
    """Take a report in, with all its PHOTOS and its VOICE note or not at all. A worker's report from an own micro-grid is
    accepted at once, and in tier A the case is the worker's to handle right away; any other waits for acceptance, under the
    response clock.

    Raises Invalid for a category, place, tier or file that can't be, Forbidden for an account without cases.
    """
    rules.can_report(by).insist()
    with gathered(photos=photos, voice=voice, at=at) as evidence:
        return take_in(report, evidence, by=by, at=at)


@transaction.atomic
def take_in(report: Report, evidence: Evidence, *, by: User, at: dt.datetime) -> Case:
    """The case of REPORT, with its EVIDENCE."""
    # Only a worker's report may start the case clock at once and needs to know its limits.
    category = _category(report.category, tier=report.tier, at=at if by.role == Role.WORKER else None)
    tier = report.tier or category.tier
    rules.can_choose_tier(by, category, tier).insist()
    report = _kept_quiet(report)
    text = report.text.strip()
    if not text:
        raise Invalid(_("Say what happened."), field="text")
    most = TEXT_CHARS_OF.get(report.channel, TEXT_CHARS)
    if len(text) > most:
        raise Invalid(_("At most %(count)s characters.") % {"count": most}, field="text")
    point = _point(report)
    path = _path(report, by, point, at)
    levels = _levels(path)
    grid = path[-1]
    if category.needs_place and not (report.place.strip() or point):
        raise Invalid(_("“%(name)s” needs a place.") % {"name": category.label}, code="place_needed", field="place")

    captured = rules.captures(by, grid)
    case = Case(
        category=category, tier=tier, urgency=report.urgency or category.urgency, channel=report.channel,
        title=report.title.strip()[:TITLE_CHARS] or title_for(category, report.place), text=text,
        place=report.place.strip()[:200], reported_by=by, reported_at=at, **levels,
        occurred_at=rules.believed(report.occurred_at, at),
        **({} if point is None else {"lng": point[0], "lat": point[1], "source_crs": report.crs,
                                     "source_point": [report.lng, report.lat]}),
    )  # fmt: skip
    if captured:
        _capture(case, by=by, at=at)
    else:
        case.save(force_insert=True)
        response = clocks.clock(case, Clock.RESPONSE, category.response_hours or 24, LimitUnit.NATURAL_HOUR, at=at)
        clocks.begin([response], by=by, at=at)
    reporter = Reporter.objects.create(
        case=case, name=report.reporter_name, phone=report.reporter_phone, anonymous=report.anonymous,
        confidential=report.confidential,
    )  # fmt: skip
    data = {
        "category": category.code, "tier": tier, "channel": case.channel, "grid": grid.code,
        "reporter": reporter.masked["name"], "phone": reporter.masked["phone"], "confidential": report.confidential,
    }  # fmt: skip
    rows: list[tuple[str, Any, dict[str, Any]]] = [("cases.reported", case, {k: v for k, v in data.items() if v})]
    if captured:
        rows.append(("cases.accepted", case, {"tier": tier, "captured": True}))
        if case.state == CaseState.HANDLING:
            rows.append(("cases.signed_in", case, {"captured": True}))
    rows += evidence.keep(case, by=by, at=at, taken_at=case.occurred_at)
    record_all(rows, by=by, at=at)
    return case


def title_for(category: Category, place: str) -> str:
    """The title of a case to which nobody gave one."""
    return f"{category.name}-{place.strip()}".strip("-")[:TITLE_CHARS]


def retitled(case: Case, category: Category) -> str:
    """The title of CASE once it is of CATEGORY: one that was made from the category before follows, one that somebody wrote stays."""
    made = case.title == title_for(case.category, case.place)
    return title_for(category, case.place) if made else case.title


def _kept_quiet(report: Report) -> Report:
    """REPORT as everybody may read it: whoever reports in confidence doesn't stand in the words either."""
    if not report.confidential:
        return report
    quiet: dict[str, Any] = {
        name: nameless(getattr(report, name), report.reporter_name.strip(), report.reporter_phone.strip())
        for name in _WORDS
    }
    return replace(report, **quiet)


def _capture(case: Case, *, by: User, at: dt.datetime) -> None:
    """Accept CASE as it is saved; tier A also becomes an order to the own grid, signed in."""
    deadline = clocks.case_clock(case, at=at, limits=case.category.limits)  # type: ignore[attr-defined]
    case.state = CaseState.ACCEPTED
    case.accepted_at = case.started_at = at
    case.due_at, case.provisional = deadline.due_at, deadline.provisional
    if case.tier == Tier.A:
        case.state = CaseState.HANDLING
        case.dispatched_at = case.signed_at = at
    case.save(force_insert=True)
    if case.tier == Tier.A:
        case.lead_order = Order.objects.create(
            case=case, grid=case.grid, state=OrderState.SIGNED, sent_by=by, sent_at=at, handler=by, signed_at=at
        )
        case.save(update_fields=["lead_order"])
    clocks.begin([deadline], by=by, at=at)


@transaction.atomic
def accept_case(
    *,
    case: Case | int,
    by: User,
    at: dt.datetime,
    tier: str = "",
    category: str = "",
    grid: str = "",
    urgency: str = "",
) -> Case:
    """Accept and classify: category, tier and grid become final, the case clock starts, the response clock is met."""
    rules.can_accept(by).insist()
    case = take(case, by, "accept")
    chosen = _category(category) if category else case.category
    wanted = tier or (chosen.tier if category else case.tier)
    rules.can_choose_tier(by, chosen, wanted).insist()
    values: dict[str, Any] = {
        "category": chosen, "tier": wanted, "title": retitled(case, chosen), "accepted_at": at, "started_at": at
    }  # fmt: skip
    if urgency:
        values["urgency"] = urgency
    if grid and grid != case.grid.code:
        values |= _levels(_path_of(grid))
    deadline = _clock_for(case, values, at=at)
    changes = case.move("accept", **values, due_at=deadline.due_at, provisional=deadline.provisional)
    met = clocks.meet(case, Clock.RESPONSE, by=by, at=at)
    clocks.begin([deadline], by=by, at=at, ledger=met)
    write_down("cases.accepted", case, changes, by=by, at=at)
    return case


def _clock_for(case: Case, values: dict[str, Any], *, at: dt.datetime) -> Any:
    """The case clock as it will be once VALUES are set."""
    classified = Case(
        pk=case.pk, category=values["category"], tier=values["tier"], round=case.round,
        street=values.get("street", case.street), grid=values.get("grid", case.grid),
    )  # fmt: skip
    return clocks.case_clock(classified, at=at)


@transaction.atomic
def reject_case(*, case: Case | int, reason: str, note: str = "", by: User, at: dt.datetime) -> Case:
    """Not accepted, for one of the listed reasons; the reporter is told which. Nobody is to answer for it any more, to meet
    about it or to decide about it."""
    rules.can_accept(by).insist()
    case = take(case, by, "reject")
    if reason not in RejectReason.values:
        raise Invalid(_("Choose one of the listed reasons."), field="reason")
    changes = case.move("reject", reject_reason=reason, closed_at=at)
    met = clocks.meet(case, Clock.RESPONSE, by=by, at=at)
    LedgerEntry.objects.bulk_create([*met, *climbing.lay_down([case.pk], by=by, at=at)])
    applicants = withdraw_all(case, note=str(RejectReason(reason).label), at=at)
    disband(case, by=by, at=at)
    write_down("cases.rejected", case, changes, by=by, at=at, note=note)
    notify(notices(case, [pk for pk in applicants if pk != by.pk], NoticeKind.APPLICATION, NOTICE_MOOT, at), at=at)
    return case


def _category(code: str, tier: str = "", at: dt.datetime | None = None) -> Category:
    """The category CODE; with AT, its `limits` are the policy rows for TIER (or its own tier), the one that counts first."""
    rows = Category.objects.choosable().filter(code=code)
    found = (rows if at is None else rows.with_limits(tier, at)).first()
    if found is None:
        raise Invalid(
            _("There is no category %(code)s in use.") % {"code": code}, code="unknown_category", field="category"
        )
    return found


def _point(report: Report) -> tuple[float, float] | None:
    """The reported point in WGS-84, or None. Raises Invalid."""
    if report.lng is None and report.lat is None:
        return None
    if report.lng is None or report.lat is None:
        raise Invalid(_("A point needs both longitude and latitude."), field="lng")
    return to_wgs84(report.lng, report.lat, report.crs)


def _path(report: Report, by: User, point: tuple[float, float] | None, at: dt.datetime) -> list[Grid]:
    """The grids from the street down to where the report belongs."""
    if report.grid:
        return _path_of(report.grid)
    if point is not None:
        return _path_to(point, at)
    nodes = scope_of(by).nodes
    if len(nodes) == 1:
        return _path_of(nodes[0].code)
    raise Invalid(_("Name the grid, or mark the place on the map."), code="place_needed", field="grid")


def _path_to(point: tuple[float, float], at: dt.datetime) -> list[Grid]:
    """The path to where POINT lies. Who splits that grid just now is waited for; then its heir is found."""
    for _attempt in range(2):
        found = locate(*point, localdate(at))
        if found is None:
            raise Invalid(_("This point lies outside every grid."), code="outside", field="lng")
        path = held_path_to(found.code)
        if path[-1].holds(localdate(at)):
            return path
    raise Conflict(_("The grids at this point are being redrawn. Please try again."))


def _path_of(code: str) -> list[Grid]:
    path = held_path_to(code)
    if not path or path[-1].valid_to is not None:
        raise Invalid(_("There is no grid %(code)s in force.") % {"code": code}, code="unknown_grid", field="grid")
    return path


def _levels(path: list[Grid]) -> dict[str, Grid | None]:
    level = {node.kind: node for node in path}
    return {
        "street": path[0],
        "total": level.get(GridKind.TOTAL),
        "comprehensive": level.get(GridKind.COMPREHENSIVE) or level.get(GridKind.DEDICATED),
        "grid": path[-1],
    }
