"""What there is about the person who asks, room by room: rows masked, of confidential kinds only how many."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from gridgov.core import keeping
from gridgov.core.keeping import Kind, Person
from privacy.choices import MOST_FOUND, MOST_READ
from privacy.models import Request


@dataclass(frozen=True)
class Found:
    """Rows of a kind about the person: (key, what it is called, the key of its page). `held` are the keys
    that a hold keeps from deletion, `elsewhere` how many lie in other streets, whose offices answer for them."""

    kind: Kind
    count: int
    rows: list[tuple[int, str, int]] = field(default_factory=list)
    held: frozenset[int] = frozenset()
    elsewhere: int = 0

    @property
    def address(self) -> str:
        """The name of the page on which a row is corrected; '' where there is none. What is a case's own has the case's key."""
        return f"admin:{self.kind.ways.page}_change" if self.kind.ways.page else ""

    @property
    def can_go(self) -> list[tuple[int, str]]:
        return [(key, label) for key, label, _page in self.rows if self.kind.ways.erase and key not in self.held]


def person_of(request: Request) -> Person:
    return Person(request.person_phone, request.person_name)


def found_for(request: Request) -> list[Found]:
    """All kinds that can be found by phone, with what there is; two queries a kind and one for its holds."""
    return [_found(kind, person_of(request), request.grid.code) for kind in keeping.kinds() if kind.ways.find]


def _found(kind: Kind, person: Person, street: str) -> Found:
    rows = rows_of(kind, person)
    if kind.confidential:
        return Found(kind, rows.count())
    every = list(rows[:MOST_READ])
    some = [row for row in every if is_here(kind, row, street)]
    held = keeping.held(kind.ways.held) if kind.ways.held and some else set()
    kept = frozenset(row.pk for row in some if kind.ways.holding(row) in held)
    shown = [(row.pk, kind.ways.label(row), kind.ways.page_key(row)) for row in some[:MOST_FOUND]]
    return Found(kind, len(some), shown, kept, len(every) - len(some))


def is_here(kind: Kind, row: Any, street: str) -> bool:
    """Whether ROW lies in the street with the code STREET, or in none: an office reads and strikes out no other's."""
    return kind.ways.scope(row).startswith(street) or not kind.ways.scope(row)


def rows_of(kind: Kind, person: Person) -> QuerySet:
    assert kind.ways.find is not None
    rows = kind.ways.find(person)
    return rows if rows.query.distinct else rows.order_by("-pk")


def copy_for(request: Request, *, whole: bool) -> dict[str, list[dict[str, Any]]]:
    """{kind: rows as plain values} of everything that may be handed out; other people's data is in none of them. WHOLE for the person,
    else of the request's own street alone, for the office that hands it over."""
    person = person_of(request)
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in keeping.kinds():
        ways = kind.ways
        if ways.find and ways.copy and not kind.confidential:
            every = rows_of(kind, person)
            rows = [ways.copy(row) for row in every if whole or is_here(kind, row, request.grid.code)]
            if rows:
                found[kind.name] = json.loads(json.dumps(rows, cls=DjangoJSONEncoder, default=str))
    return found


def copy_of_request(row: Request) -> dict[str, Any]:
    return {
        "no": row.no,
        "received_at": row.received_at,
        "asks": row.ask_labels,
        "words": row.said,
        "answer": row.answer,
    }


def requests_due(at: dt.datetime) -> QuerySet[Request]:
    """Answered requests whose name, phone and words go AT."""
    return Request.objects.filter(forget_at__lte=at)


def numbers_of_requests(keys: list[int]) -> dict[int, str]:
    return dict(Request.objects.filter(pk__in=keys).values_list("pk", "no"))
