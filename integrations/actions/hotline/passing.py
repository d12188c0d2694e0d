"""网格呼叫: what the grid can't settle goes up to the hotline as an order of our own."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases.choices import PhotoKind
from cases.models import Case
from gridgov.core.masking import mask_text
from gridgov.core.records import record
from integrations.actions.hotline.review import promise_telling
from integrations.choices.hotline import Table, Told
from integrations.models.hotline import Outbound, Partner, PartnerCode, PartnerOrder
from integrations.reports.attached import attached
from integrations.rules import hotline as rules
from integrations.rules import profiles


@transaction.atomic
def pass_up(*, case: Case | int, partner: Partner, reason: str, by: User, at: dt.datetime) -> PartnerOrder:
    """Ask PARTNER for what CASE needs. Our own clocks run on: whoever wants them to stand asks for a suspension (waits for
    another authority), as for everything that is waited for. Raises Case.DoesNotExist for a case that BY does not see."""
    case = Case.objects.visible_to(by).select_related("category", "grid").locked(case)
    partner = Partner.objects.visible_to(by).get(pk=partner.pk)
    case.insist_on("urge")  # as long as it is open
    number = f"G{case.no}"
    before = Q(number=number) | Q(case=case, ours=True, recalled_at=None)
    passed = PartnerOrder.objects.filter(before, partner=partner).exists()
    rules.can_pass_up(by, partner, passed, reason).insist()
    order = PartnerOrder.objects.create(partner=partner, number=number, ours=True, case=case, made_at=at)
    values = {
        "id": f"{case.no}-{Told.ORDER}", "no": number, "case": case.no, "at": at, "reason": mask_text(reason.strip())[:500],
        "title": mask_text(case.title), "text": mask_text(case.text), "place": mask_text(case.place), "lng": case.lng, "lat": case.lat,
        "grid": _theirs(partner, Table.GRID, case.grid.code), "category": _theirs(partner, Table.CATEGORY, case.category.code),
        "urgency": _theirs(partner, Table.URGENCY, case.urgency), **attached(case.pk, PhotoKind.BEFORE),
    }  # fmt: skip
    said = profiles.filled(partner.profile, partner.profile["out"]["messages"][Told.ORDER]["body"], values)
    promise_telling([Outbound.objects.create(order=order, told=Told.ORDER, said=said, at=at)], at)
    record("integrations.passed_up", order, by=by, at=at, data={"case": case.no, "note": values["reason"]})
    return order


def _theirs(partner: Partner, table: Table, ours: str) -> str:
    """The partner's code for OURS, or the same where its codes are ours; '' where it has none."""
    found = PartnerCode.objects.filter(partner=partner, table=table, ours=ours).order_by("theirs").first()
    return found.theirs if found else ours if table in partner.profile.get("as_is", ()) else ""
