"""Who reported, as it is kept: what is due to go, what there is about somebody, and which cases are called what."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Reporter
from gridgov.core import keeping
from grids.queries import heavy


def due_contacts(at: dt.datetime) -> QuerySet[Reporter]:
    """Reporters whose name and phone go AT, without those whose case is held."""
    rows = Reporter.objects.filter(expires_at__lte=at)
    held = keeping.held("cases.case")
    return rows.exclude(case__in=held) if held else rows


def reporters_of(person: keeping.Person) -> QuerySet[Reporter]:
    """Those with the phone of PERSON, with their cases; confidential ones are found like others: the person asks about the own."""
    return (
        Reporter.objects.about_phone(person.phone)
        .select_related("case__grid")
        .defer("case__search", *heavy("case__grid"))
    )


def copy_of(row: Reporter) -> dict[str, Any]:
    """What stands about the reporter, and what was reported in the own words."""
    case = row.case
    return {"no": case.no, "reported_at": case.reported_at, "name": row.name, "phone": row.phone, "place": case.place, "title": case.title,
            "text": case.text, "state": str(case.get_state_display()), "reply": case.reply, "kept_until": row.expires_at}  # fmt: skip


def numbers_of(keys: list[int]) -> dict[int, str]:
    """{key: number} of cases."""
    return dict(Case.objects.filter(pk__in=keys).values_list("pk", "no"))
