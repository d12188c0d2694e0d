"""All of one case, as its page and its verbs need it, in few queries of few tables each.

One query over eleven tables costs PostgreSQL more to plan than all of these cost to run. So the case is read with what it
has one of, its rows by their case, and grids and people by their ids, once for all who name them; what the case has none
of (`has`) is not asked for.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from accounts.models import User
from cases.models import Application, Case, Deadline, Order, Photo, Supervision, Team, TeamReview
from grids.models import Grid

# Who is named in the rows of a case, and where it is.
_PEOPLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("orders", ("handler", "sent_by", "called")),
    ("photos", ("by",)),
    ("supervisions", ("by", "replied_by")),
    ("applications", ("by", "decided_by")),
    ("teams", ("lead", "by")),
)
_GRIDS = ("street", "total", "comprehensive", "grid")


def whole_case(pk: int, *, by: User) -> Case:
    """The case PK with all that its page shows; raises Case.DoesNotExist where BY sees none."""
    case = Case.objects.visible_to(by).for_page().get(pk=pk)
    prefetch_related_objects([case], *_rows_of(case))
    orders: dict[Any, Order] = {row.pk: row for row in case.orders.all()}
    supervisions: dict[Any, Supervision] = {row.pk: row for row in case.supervisions.all()}
    case.lead_order = orders.get(case.lead_order_id)
    for row in case.deadlines.all():
        row.order, row.supervision = orders.get(row.order_id), supervisions.get(row.supervision_id)
    for application in case.applications.all():
        application.order = orders.get(application.order_id)
    _put(
        Grid.objects.defer("shape", "box"),
        [(case, _GRIDS), *((row, ("grid",)) for row in (*orders.values(), *supervisions.values()))],
    )
    rating = getattr(case, "rating", None)
    named = [(row, names) for rows, names in _PEOPLE for row in getattr(case, rows).all()]
    _put(
        User.objects.all(), [(case, ("reported_by", "completed_by")), *named, *([(rating, ("by",))] if rating else [])]
    )
    return case


def _rows_of(case: Case) -> list[Prefetch]:
    """What to read of the rows that belong to CASE; nothing of the kinds it has none of."""
    rows: dict[str, QuerySet] = {
        "orders": Order.objects.select_related("unit"),
        "deadlines": Deadline.objects.with_ledger(),
        "photos": Photo.objects.all(),
        "supervisions": Supervision.objects.select_related("unit"),
        "applications": Application.objects.all(),
        "teams": Team.objects.open()
        .with_members()
        .prefetch_related(Prefetch("reviews", TeamReview.objects.select_related("held_by"))),
    }
    has: dict[str, bool] = case.has  # type: ignore[attr-defined]
    return [Prefetch(name, found if has.get(name, True) else found.none()) for name, found in rows.items()]


def _put(found: QuerySet, places: Iterable[tuple[Model, tuple[str, ...]]]) -> None:
    """Fill the relations named in PLACES, which hold ids by now, from the rows FOUND: one query."""
    wanted: list[tuple[Any, str, Any]] = [
        (row, name, getattr(row, f"{name}_id")) for row, names in places for name in names
    ]
    by_id = found.in_bulk({pk for _row, _name, pk in wanted if pk is not None})
    for row, name, pk in wanted:
        setattr(row, name, by_id.get(pk))
