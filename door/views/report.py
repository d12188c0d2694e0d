"""Reporting: where, what, and then in own words. Each step is an address; only the last one writes."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import User
from cases.actions import Report
from cases.choices import Channel
from door.actions import Handed, take_report
from door.choices import CONSENT, MOST_PHOTOS
from door.forms import ReportForm
from door.reports import Matters, Place, matter_of, matters, near_reports, place_at, streets
from door.reports.matters import OTHER
from door.views.join import ticket_for
from door.views.kept import keep_photos
from door.views.pages import private, show
from door.views.receipt import hand_out
from door.views.wall import Gate, busy, gate, is_kept_out, proof_if_needed
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.idempotency import visitor
from gridgov.core.uploads import files_of

# Answers after which the form is the same one still.
AGAIN = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def report(request: HttpRequest) -> HttpResponse:
    """`g` is the grid, from the QR code at the door or chosen; `m` the group of matters; `in` a grid to choose below."""
    asked = request.POST if request.method == "POST" else request.GET
    place = place_at(asked.get("g", ""), timezone.localdate())
    if place is None:
        return _choose_place(request, asked.get("in", ""), lost=bool(asked.get("g")))
    groups = matters()
    group = next((one for one in groups if one.code == asked.get("m")), None)
    if group is None and asked.get("m") != OTHER:
        return show(request, "matter.html", place=place, groups=groups)
    found = gate(request, place.path[0].code)
    if found is Gate.SHUT:
        return busy(request, place=place)
    if request.method == "POST":
        return _send(request, place, group, found)
    return _write(request, place, group, ReportForm(), found)


def _choose_place(request: HttpRequest, inside: str, *, lost: bool) -> HttpResponse:
    """Down the tree by links, from the streets. A single street needs no choosing."""
    around = place_at(inside, timezone.localdate())
    found = streets()
    if around is None and len(found) == 1:
        around = place_at(found[0].code, timezone.localdate())
    return show(request, "place.html", around=around, streets=found, lost=lost, status=404 if lost else 200)


def _write(
    request: HttpRequest, place: Place, group: Matters | None, form: ReportForm, found: Gate, *, status: int = 200
) -> HttpResponse:
    """The form, with what is open nearby above it."""
    now = timezone.now()
    near = near_reports(place, group=group.code if group else "", by=User.objects.door(), at=now)
    context: dict[str, Any] = {
        "place": place, "group": group, "m": group.code if group else OTHER, "form": form, "most_photos": MOST_PHOTOS,
        "near": [(one, ticket_for(one.pk)) for one in near], "version": CONSENT, "status": status,
        "proof": proof_if_needed(request, found), "asked_proof": status == HTTPStatus.TOO_MANY_REQUESTS,
        "kept": keep_photos(request, form),
        # What was sent before with other words goes on under a new key; anything else keeps its own.
        "key": form.data.get("key") if status in AGAIN and not form.errors.get("key") else uuid.uuid4(),
    }  # fmt: skip
    return show(request, "report.html", **context)


def _send(request: HttpRequest, place: Place, group: Matters | None, found: Gate) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid() or form.is_trapped:
        return _write(request, place, group, form, found, status=400)
    if is_kept_out(request, found):
        return _write(request, place, group, form, found, status=429)
    said, by, now = form.cleaned_data, User.objects.door(), timezone.now()
    codes = {item.code for item in group.items} if group else set()
    category = said["item"] if said["item"] in codes else matter_of(
        said["text"], group.code if group else OTHER, grid=place.grid.code, by=by, at=now
    )  # fmt: skip
    told = Report(
        category=category, text=said["text"], channel=Channel.SNAPSHOT, grid=place.grid.code,
        # Who scanned the code at a micro-grid's door has said where.
        place=said["place"] or (place.grid.name if place.is_exact else ""),
        lng=said["lng"] if said["lat"] is not None else None, lat=said["lat"] if said["lng"] is not None else None,
        crs=said["crs"] or "WGS84", reporter_name=said["name"], reporter_phone=said["phone"],
        anonymous=not (said["name"] or said["phone"]),
    )  # fmt: skip
    consent = CONSENT if said["consent"] else ""

    def act() -> Handed:
        photos = files_of(request, "photos", client=visitor(said["key"]))
        return take_report(key=said["key"], report=told, photos=photos, consent=consent, by=by, at=now)

    try:
        return hand_out(request, said["key"], act, at=now)
    except Refusal as refusal:
        refuse(form, refusal)
        return _write(request, place, group, form, found, status=refusal.status)
