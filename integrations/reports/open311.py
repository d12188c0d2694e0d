"""What Open311 GeoReport v2 shows everybody: the services, and how far requests have come.

The keys are the standard's element names, in its order. Of a case nothing is told that somebody wrote without the office
having looked it through: the description is the matter's name, or the title of the published result.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.choices import CaseState, Urgency, number_first
from cases.models import Case, Category, Publication, ReleasedPhoto
from cases.queries import CaseQuerySet, CategoryQuerySet
from door.choices import CONSENT, PLAIN_STATE
from gridgov.core.models import Record
from integrations.choices.open311 import CONTACT_CONSENT, DECIMALS, EMERGENCY, STATES, Status
from integrations.models import Jurisdiction

Element = dict[str, Any]
# What happened to a case, in the order in which it does.
_MOMENTS = ("reported_at", "accepted_at", "dispatched_at", "signed_at", "completed_at", "verified_at", "closed_at")


@dataclass(frozen=True)
class Asked:
    """Which requests: those with the `numbers`, whatever else is asked; or of the `services`, reported from `first` to `last`."""

    first: dt.datetime
    last: dt.datetime
    size: int
    numbers: Collection[str] = ()
    services: Collection[str] = ()
    states: Collection[str] = ()
    skipped: int = 0


def public_services() -> CategoryQuerySet:
    """What can be reported: as at the residents' door, nothing that touches a person's own affairs."""
    rows: CategoryQuerySet = Category.objects.choosable().filter(public=True, sensitive=False, parent__isnull=False)
    return rows.select_related("parent").order_by("parent__sort_order", "parent__code", "sort_order", "code")


def services() -> list[Element]:
    """GET Service List. One query."""
    return [
        {
            "service_code": row.code, "service_name": row.label, "description": _described(row), "metadata": True,
            "type": "realtime", "keywords": ", ".join(row.keywords), "group": row.parent.label if row.parent else "",
        }
        for row in public_services()
    ]  # fmt: skip


def _described(row: Category) -> str:
    """What belongs to it, in the matter list's own words."""
    examples = " · ".join(row.keywords)
    return (
        _("%(name)s. For example: %(examples)s") % {"name": row.label, "examples": examples} if examples else row.label
    )


def definition(row: Category) -> Element:
    """GET Service Definition: whom to call first in an emergency, and the tick without which contact data isn't kept."""
    told = [] if row.urgency != Urgency.EMERGENCY else [_attribute(EMERGENCY, notice_of(row), variable=False)]
    agreed = _attribute(
        CONTACT_CONSENT,
        _("May the street office keep the name and phone of whoever reports, to ask back and to answer? Without “yes” "
          "neither is kept. They are deleted a year after the case is over, or at once when whoever reported asks for it."),
        datatype="singlevaluelist", datatype_description=_("version %(version)s of the notice") % {"version": CONSENT},
        values=[{"key": "yes", "name": _("yes")}, {"key": "no", "name": _("no")}],
    )  # fmt: skip
    return {
        "service_code": row.code,
        "attributes": [{**one, "order": order} for order, one in enumerate([*told, agreed], start=1)],
    }


def _attribute(code: str, description: str, *, variable: bool = True, **more: Any) -> Element:
    kind = {"datatype": "text", "datatype_description": _("for information")}
    kind |= {name: more.pop(name) for name in ("datatype", "datatype_description") if name in more}
    return {
        "variable": variable, "code": code, "datatype": kind["datatype"], "required": False,
        "datatype_description": kind["datatype_description"], "order": 1, "description": description, **more,
    }  # fmt: skip


def notice_of(row: Category) -> str:
    """What happens with a report of ROW, and in danger whom to call first."""
    if row.urgency == Urgency.EMERGENCY:
        number = number_first(row.code)
        said = _("In danger call %(number)s (%(who)s) at once; nobody watches this service by the minute.")
        return said % {"number": number.value, "who": number.label}
    return _("The street office looks at it within %(hours)s hours.") % {"hours": row.response_hours or 24}


def changeset(open_ones: Sequence[Jurisdiction]) -> dt.datetime | None:
    """When the services or the jurisdictions last changed. One query."""
    kept = Record.objects.filter(subject_type__in=("cases.category", "cases.catalogue")).aggregate(at=Max("at"))["at"]
    return max((at for at in (kept, *(one.changed_at for one in open_ones)) if at is not None), default=None)


def requests(streets: Collection[int], asked: Asked, *, origin: str) -> list[Element]:
    """GET Service Requests of the STREETS, the latest first; pictures lie at ORIGIN. Three queries."""
    rows = _public_cases(streets)
    if asked.numbers:
        rows = rows.filter(no__in=asked.numbers)
    else:
        rows = rows.filter(reported_at__gte=asked.first, reported_at__lte=asked.last)
        if asked.services:
            rows = rows.filter(category__code__in=asked.services)
        if asked.states:
            rows = rows.filter(state__in=[state for name in asked.states for state in STATES[Status(name)]])
    return [_shown(row, origin) for row in rows[asked.skipped : asked.skipped + asked.size]]


def request_of(streets: Collection[int], number: str, *, origin: str) -> Element | None:
    """The one with this NUMBER, None where there is none for everybody."""
    row = _public_cases(streets).filter(no=number).first()
    return None if row is None else _shown(row, origin)


def _public_cases(streets: Collection[int]) -> CaseQuerySet:
    released = ReleasedPhoto.objects.select_related("photo").order_by("photo_id")
    results = Publication.objects.open().prefetch_related(Prefetch("photos", released))
    rows: CaseQuerySet = Case.objects.filter(street__in=streets, category__public=True, category__sensitive=False)
    return rows.select_related("category", "street", "total", "comprehensive").only(
        "no", "state", "urgency", "reject_reason", "due_at", "provisional", "hold", "lng", "lat", *_MOMENTS,
        "category__code", "category__name", "category__name_en", "category__urgency", "category__response_hours",
        "street__name", "street__code", "total__name", "total__code", "comprehensive__name", "comprehensive__code",
    ).prefetch_related(Prefetch("publication", results)).order_by("-id")  # fmt: skip


def _shown(case: Case, origin: str) -> Element:
    is_open, result = case.state in STATES[Status.OPEN], getattr(case, "publication", None)
    place = [grid for grid in (case.comprehensive, case.total, case.street) if grid is not None]
    due = case.due_at if is_open and not case.hold and not case.provisional else None
    return {
        "service_request_id": case.no,
        "status": Status.OPEN if is_open else Status.CLOSED,
        "status_notes": result.text if result else _noted(case),
        "service_name": case.category.label,
        "service_code": case.category.code,
        "description": result.title if result else case.category.label,
        "agency_responsible": case.street.name,
        "service_notice": notice_of(case.category) if is_open else "",
        "requested_datetime": case.reported_at,
        "updated_datetime": max(at for name in _MOMENTS if (at := getattr(case, name)) is not None),
        "expected_datetime": due,
        "address": " · ".join(grid.name for grid in place),
        "address_id": place[0].code,
        "zipcode": "",
        "lat": None if case.lat is None else round(case.lat, DECIMALS),
        "long": None if case.lng is None else round(case.lng, DECIMALS),
        "media_url": _picture(case, result, origin),
    }


def _noted(case: Case) -> str:
    if case.state == CaseState.REJECTED:
        return str(case.get_reject_reason_display())
    return str(PLAIN_STATE[CaseState(case.state)])


def _picture(case: Case, result: Publication | None, origin: str) -> str:
    """The first picture released with the RESULT that still looks as it did then."""
    rows = () if result is None else result.photos.all()
    found = next((row.photo_id for row in rows if row.stamp == row.photo.stamp), None)
    return "" if found is None else f"{origin}{reverse('result-photo', args=[case.no, found])}"
