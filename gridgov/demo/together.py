"""What stands open between people in the demo: an application that waits, a case that stands still, one that is parked with a
team, a whistle that was answered, a supervision that was not. Played by the real actions, shortly before now."""

import datetime as dt

from django.db.models import Q

from accounts.models import User
from cases import actions
from cases.actions.clocks import KIND
from cases.choices import Ask, Clock, Hold, PauseReason, SupervisionKind
from cases.models import Application, Case, Deadline
from gridgov.core import jobs
from grids.models import Unit

from .cast import Cast, Place

SCENES = ("DEMO-0023", "DEMO-0025", "DEMO-0033", "DEMO-0034", "DEMO-0049")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
REASONS = {
    Ask.EXTENSION: "管道配件需从外地调货，请求延长办理时限。",
    Ask.SUSPENSION: "净化设施已订购，等待到货安装，请求挂起。",
    Ask.PARKING: "租赁双方分歧大，需多部门会商，请求挂账推进。",
}
PLAN = "司法所牵头组织双方调解；住建中介管理核实押金约定；两周内形成书面协议或引导诉讼。"
WHISTLE = "地下车库渗漏原因不明，请到现场会诊，明确责任和修复方案。"
SUPERVISION = "污水外溢已超时，请说明原因、责任人和完成时间。"


def together(cast: Cast, entered: dict[str, int], now: dt.datetime) -> None:
    """Play the five scenes on the samples that are fresh; ENTERED gives the case of each sample number. No jobs are left to
    clocks that have stopped."""
    _play(cast, entered, now)
    stopped = Q(met_at__isnull=False) | Q(dropped_at__isnull=False) | Q(paused_at__isnull=False)
    rows = Deadline.objects.filter(stopped, case__in=[entered[number] for number in SCENES])
    jobs.withdraw(KIND, rows.values_list("pk", flat=True))


def _play(cast: Cast, entered: dict[str, int], now: dt.datetime) -> None:

    def stage(number: str) -> tuple[Case, Place]:
        case = Case.objects.select_related("lead_order__handler", "grid").get(pk=entered[number])
        return case, cast.places[case.grid.code]

    case, _place = stage("DEMO-0023")
    clock = case.deadlines.filter(clock=Clock.CASE).latest("pk")
    _ask(case, Ask.EXTENSION, now - 40 * MINUTE, value=clock.value / 2, unit=clock.unit)

    case, place = stage("DEMO-0033")
    until = _morning(now + 5 * DAY)
    row = _ask(case, Ask.SUSPENSION, now - 90 * MINUTE, until=until, cause=PauseReason.WAITS_FOR_MATERIAL)
    actions.decide(
        application=row,
        approve=True,
        note="同意，到货后立即安装。",
        by=_decider(case, place, cast),
        at=now - 60 * MINUTE,
    )

    case, place = stage("DEMO-0049")
    review = _morning(now + 14 * DAY)
    row = _ask(case, Ask.PARKING, now - 120 * MINUTE, until=review, cause=PauseReason.HARD_CASE, plan=PLAN)
    hub = User.objects.get(pk=place.crew[0])
    actions.decide(application=row, approve=True, note="同意挂账，成立专班。", by=hub, at=now - 100 * MINUTE)
    members = [(place.total_lead, "社区协调"), (place.lead, "联系双方"), (place.worker, "跟进回访")]
    actions.form_team(
        case=case.pk, lead=hub.pk, members=members, plan=PLAN, review_days=[review.date()], by=hub, at=now - 95 * MINUTE
    )  # fmt: skip

    case, place = stage("DEMO-0025")
    units = _helpers(case, cast)
    actions.call_for_help(
        case=case.pk, units=units, note=WHISTLE, whistle=True, by=_decider(case, place, cast), at=now - 80 * MINUTE
    )
    first = case.orders.get(unit=units[0], ended_at=None)
    staff = next(desk.staff for desk in cast.desks.values() if desk.pk == units[0])
    actions.report_in(case=case.pk, order=first.pk, by=User.objects.get(pk=staff), at=now - 35 * MINUTE)

    case, place = stage("DEMO-0034")
    hub = User.objects.get(pk=place.crew[1])
    actions.urge_case(case=case.pk, note="居民多次反映，请尽快处置。", by=hub, at=now - 26 * 60 * MINUTE)
    if case.supervisions.open().exists():
        return  # the ladder has done it by itself
    actions.supervise_case(
        case=case.pk, kind=SupervisionKind.ORDINARY, level=case.card, text=SUPERVISION, by=hub, at=now - 50 * MINUTE
    )  # fmt: skip


def _ask(case: Case, kind: Ask, at: dt.datetime, **wanted: object) -> Application:
    """Asked by whoever has the case in hand."""
    assert case.lead_order is not None and case.lead_order.handler is not None and case.hold == Hold.NONE
    return actions.ask(case=case.pk, kind=kind, reason=REASONS[kind], by=case.lead_order.handler, at=at, **wanted)


def _decider(case: Case, place: Place, cast: Cast) -> User:
    return User.objects.get(pk=cast.decider(case.tier, place, 0))


def _helpers(case: Case, cast: Cast) -> list[int]:
    """Two units that the demo has a desk for, other than the one that leads."""
    desks = {desk.pk for desk in cast.desks.values()}
    lead = case.lead_order.unit_id if case.lead_order else None
    rows = Unit.objects.filter(pk__in=desks, is_active=True).exclude(pk=lead or 0)
    named = rows.filter(name__in=case.category.assist_units)
    return list(
        dict.fromkeys([*named.values_list("pk", flat=True), *rows.order_by("pk").values_list("pk", flat=True)])
    )[:2]


def _morning(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=9, minute=0, second=0)
