"""Contact data given at the door: what is due to go, and what there is about somebody."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from door.models import Slip
from gridgov.core import keeping
from grids.queries import heavy


def due_slips(at: dt.datetime) -> QuerySet[Slip]:
    """Slips whose name and phone go AT, without those whose case is held."""
    rows = Slip.objects.filter(expires_at__lte=at)
    held = keeping.held("cases.case")
    return rows.exclude(case__in=held) if held else rows


def slips_of(person: keeping.Person) -> QuerySet[Slip]:
    """Those with the phone of PERSON, with their cases."""
    return (
        Slip.objects.about_phone(person.phone).select_related("case__grid").defer("case__search", *heavy("case__grid"))
    )


def copy_of(row: Slip) -> dict[str, Any]:
    """What stands with the slip."""
    return {"no": row.case.no, "kind": str(row.get_kind_display()), "made_at": row.made_at, "name": row.name, "phone": row.phone,
            "agreed_to": row.consent, "agreed_at": row.consented_at, "kept_until": row.expires_at,
            "words": [words.text for words in row.words.all()]}  # fmt: skip
