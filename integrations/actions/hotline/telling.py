"""What a partner is told about its orders: read off the chain of records of the case, each once and in its order."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from cases.choices import Ask, PhotoKind
from cases.models import Case
from gridgov.core.masking import mask_text
from gridgov.core.models import Record
from integrations.actions.hotline.review import promise_telling
from integrations.choices.hotline import Told
from integrations.models.hotline import Outbound, PartnerOrder
from integrations.queries.hotline import SUBJECT
from integrations.reports.attached import attached
from integrations.rules import profiles

# A case may still be called back about, rated and reopened for so long.
SPOKEN_OF = dt.timedelta(days=60)
AT_ONCE = 500


def tell_partners(*, by: User, at: dt.datetime) -> int:
    """Tell of all that was recorded about partners' cases since they were told last; how many cases.

    Asked for every few seconds, in place of reacting to each record: most cases came from no partner, and a promise beside
    every record of each of them would be dearer than one look at the few hundred orders under way.
    """
    cases = (
        PartnerOrder.objects.unheard(at - SPOKEN_OF)
        .order_by("case")
        .values_list("case", flat=True)
        .distinct()[:AT_ONCE]
    )
    for case in (found := list(cases)):
        tell_partner(case=case, by=by, at=at)
    return len(found)


@transaction.atomic
def tell_partner(*, case: int, by: User, at: dt.datetime) -> None:
    """Put down what the partners of CASE have not been told yet. Its records were written one after the other, under its
    lock: up to where they were heard, nothing is missing and nothing comes twice, whoever calls this and how often."""
    orders = PartnerOrder.objects.filter(case=case, ours=False).order_by("pk")
    for order in orders.select_related("partner").select_for_update(of=("self",)):
        rows = list(Record.objects.filter(subject_type=SUBJECT, subject_id=case, seq__gt=order.heard).order_by("seq"))
        if not rows:
            continue
        made = Outbound.objects.bulk_create(_messages(order, rows))
        order.change(heard=rows[-1].seq)
        if made:
            promise_telling(made[-1:], at)


def _messages(order: PartnerOrder, rows: list[Record]) -> list[Outbound]:
    """What the partner's profile says of ROWS; nothing for a partner that has no address."""
    if not order.partner.address:
        return []
    profile, found = order.partner.profile, []
    on = profiles.told_on(profile)
    assert order.case_id is not None
    case = Case.objects.select_related("leading").get(pk=order.case_id)
    for row in rows:
        for told in on.get(row.verb, ()):
            if told == Told.EXTENSION_REQUEST and row.data.get("kind") != Ask.EXTENSION:
                continue
            values = {
                "id": f"{case.no}-{row.seq}-{told}",
                "no": order.number,
                "case": case.no,
                "at": row.at,
                **_words(row, case),
                **(attached((case.leading or case).pk, PhotoKind.AFTER) if told == Told.COMPLETE else {}),
            }
            said = profiles.filled(profile, profile["out"]["messages"][told]["body"], values)
            found.append(Outbound(order=order, told=told, record=row.pk, said=said, at=row.at))
    return found


def _words(row: Record, case: Case) -> dict[str, Any]:
    """What a record says to others: neither names nor numbers of people, and of the result what the reporter reads."""
    data, asked = row.data, row.data.get("asked") or {}
    changes = data.get("changes") or {}
    due = (changes.get("due_at") or [None, None])[1]
    leading = case.leading or case
    return {
        "told": row.verb.removeprefix("cases."),
        "unit": data.get("to", ""),
        "note": mask_text(data.get("note", "")),
        "reason": case.reject_reason or mask_text(data.get("note", "")),
        "result": leading.reply,
        "outcome": leading.outcome,
        "reached": data.get("reached"),
        "solved": data.get("solved"),
        "value": asked.get("value"),
        "value_unit": asked.get("unit"),
        "until": dt.datetime.fromisoformat(due) if due else None,
    }
