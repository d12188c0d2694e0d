"""A partner's order becomes a case, is changed, urged and recalled."""

from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice
from cases import actions as cases
from cases.actions.people import leads_at
from cases.choices import LEVEL_OF_TIER, OPEN_STATES, Ask, CaseState, RejectReason, Tier
from cases.models import Case
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.masking import mask_text, nameless
from gridgov.core.records import record
from grids.models import Unit
from integrations.actions.hotline.files import note_files
from integrations.actions.hotline.taking import Message, effect, release
from integrations.choices.hotline import (
    NOTICE_ORDER_CHANGED,
    NOTICE_RECALLED,
    NUMBER_CHARS,
    TEXT_CHARS,
    Asked,
    InboundState,
    Table,
)
from integrations.rules import hotline as rules
from integrations.rules import profiles
from integrations.rules.hotline import Unmapped


@effect(Asked.ORDER)
def take_order(message: Message) -> InboundState:
    """A new order becomes a case; a newer version of a known one changes what it says; an older one changes nothing."""
    order = message.order
    version = int(message.number("version") or 0)
    if order.recalled_at is not None or not rules.is_newer(order.version, version):
        return InboundState.OUTDATED
    values = _said_of(message, version)
    if order.case_id is not None:
        return _change(message, values)
    case = cases.report_case(report=_report(message), by=message.by, at=message.at)
    rules.can_be_on_ground(message.desk.partner, case).insist()
    order.change(case=case, **values)
    data = {"number": order.number, "case": case.no, "version": version}
    record("integrations.order_taken", order, by=message.by, at=message.at, data=data)
    _note_files(message)
    release(order, message.at)
    return InboundState.DONE


def _note_files(message: Message) -> None:
    partner = message.desk.partner
    note_files(message.order, profiles.files_said(partner.profile, message.body, partner.address), message.at)


def _said_of(message: Message, version: int) -> dict[str, Any]:
    """What is kept of an order beside its case."""
    unit = message.ours(Table.UNIT, "unit")
    return {
        "version": version,
        "request": message.ours(Table.REQUEST, "request"),
        "deadline": message.moment("deadline"),
        "sign_deadline": message.moment("sign_deadline"),
        "unit": Unit.objects.filter(pk=int(unit)).first() if unit else None,
        "duplicate_of": message.said("duplicate_of", NUMBER_CHARS),
        "confidential": message.true("confidential"),
    }


def _report(message: Message) -> cases.Report:
    """What the order reports. Whoever wants not to be known stays in the sealed message, and out of words and place."""
    confidential = message.true("confidential")
    caller = (message.said("name", 48), message.said("phone", 20))
    text = message.said("text", TEXT_CHARS)
    words = [text, message.said("title", 200), message.said("place", 200)]
    if confidential:
        # Before anything else sees them: in the case's own table the caller doesn't stand at all.
        words = [nameless(one, *caller) for one in words]
    name, phone = ("", "") if confidential else caller
    point = (message.number("lng"), message.number("lat"))
    crs = "GCJ02" if message.said("crs", 20).upper().replace("-", "").startswith("GCJ") else "WGS84"
    return cases.Report(
        category=message.ours(Table.CATEGORY, "category"),
        channel=message.desk.partner.profile["channel"],
        text=words[0], title=words[1][:80], place=words[2], urgency=message.ours(Table.URGENCY, "urgency"),
        grid=_grid(message, placed=None not in point), lng=point[0], lat=point[1], crs=crs,  # type: ignore[arg-type]
        reporter_name=name, reporter_phone=phone, confidential=confidential, occurred_at=message.moment("occurred_at"),
    )  # fmt: skip


def _grid(message: Message, *, placed: bool) -> str:
    """The grid that the order names, or its area's; '' where it is PLACED by a point. Raises Unmapped, Invalid."""
    unknown: Unmapped | None = None
    for name in ("grid", "area"):
        if name == "area" and placed:
            break
        try:
            if code := message.ours(Table.GRID, name):
                return code
        except Unmapped as missing:
            unknown = unknown or missing
    if placed:
        return ""
    raise unknown or Invalid(_("The order says neither grid nor area nor point."), code="no_place")


def _change(message: Message, values: dict[str, Any]) -> InboundState:
    """The partner says more, or something else. The case's own words stay: what it adds stands beside them."""
    order, case = message.order, message.order.case
    assert case is not None
    words = mask_text(message.said("text", TEXT_CHARS))
    if message.true("confidential"):
        words = nameless(words, message.said("name", 48), message.said("phone", 20))
        if not case.reporter.confidential:
            cases.keep_confidential(case=case, by=message.by, at=message.at)
    changes = order.change(words="" if words == case.text else words, **values)
    changes.pop("words", None)
    _note_files(message)
    record("integrations.order_changed", order, by=message.by, at=message.at, data={"changes": changes})
    tell_leads(message, NOTICE_ORDER_CHANGED)
    return InboundState.DONE


@effect(Asked.URGE)
def take_urge(message: Message) -> InboundState:
    """Whoever has the case is reminded; where nobody has it yet, or was a moment ago, the urging stands in the record."""
    order = message.order
    if order.case is None:
        return InboundState.OUTDATED if order.recalled_at else InboundState.HELD
    note = nameless(mask_text(message.said("note")))[:200]
    try:
        cases.urge_case(case=order.case, note=note, by=message.by, at=message.at)
    except Conflict as refusal:
        record(
            "integrations.order_urged",
            order,
            by=message.by,
            at=message.at,
            data={"note": note, "refused": refusal.code},
        )
    return InboundState.DONE


@effect(Asked.RECALL)
def take_recall(message: Message) -> InboundState:
    """The partner takes its order back. Before acceptance the case ends as withdrawn; later somebody here decides whether it
    is voided, for the matter may be real all the same. What comes before its order lets no case arise."""
    order, case = message.order, message.order.case
    if order.recalled_at is not None:
        return InboundState.REPEATED
    reason = mask_text(message.said("note"))[:300] or _("recalled by the partner")
    order.change(recalled_at=message.at)
    record("integrations.order_recalled", order, by=message.by, at=message.at, data={"note": reason})
    if case is None:
        release(order, message.at)
        return InboundState.DONE
    _end(case, reason, message)
    tell_leads(message, NOTICE_RECALLED)
    return InboundState.DONE


def _end(case: Case, reason: str, message: Message) -> None:
    """What a recall means to its case, by the rules of cases; where they say no, the leads are told and see for themselves."""
    try:
        if case.state == CaseState.SUBMITTED:
            cases.reject_case(case=case, reason=RejectReason.WITHDRAWN, note=reason, by=message.by, at=message.at)
        elif case.state in OPEN_STATES:
            cases.ask(case=case, kind=Ask.VOIDING, reason=reason, by=message.by, at=message.at)
    except (Conflict, Forbidden):
        return


def tell_leads(message: Message, text: str, **more: Any) -> None:
    """A line in the inbox of those who lead the order's case."""
    assert message.order.case_id is not None
    case = Case.objects.get(pk=message.order.case_id)
    people = leads_at(case, LEVEL_OF_TIER[Tier(case.tier)], localdate(message.at))
    params = {"no": case.no, "title": case.title, "partner": message.desk.partner.name, **more}
    key = f"partner:{message.row.pk}"
    lines = [
        Notice(user_id=user, kind=NoticeKind.PROGRESS, key=key, text=text, params=params, subject_type="cases.case",
               subject_id=case.pk, at=message.at)
        for user in people
    ]  # fmt: skip
    notify(lines, at=message.at)
