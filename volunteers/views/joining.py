"""/v/join/: whoever wants to help enrols, without an account or with the one they have."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from gridgov.core.counts import hit, seen, visitor_of
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.idempotency import Reply, digest_of_form, once, visitor
from gridgov.core.proof import is_proven, new_proof
from grids.choices import HOTLINE
from grids.models import Grid
from grids.reports.open_places import Place, place_at, streets
from volunteers import actions
from volunteers.choices.people import ADULT, CONSENT, JOIN_SPAN, YOUNGEST
from volunteers.forms.joining import JoinForm
from volunteers.models import Volunteer
from volunteers.reports.places import micros_around
from volunteers.views.voices import paced

# Neither words of an error report nor a digest that is kept may hold it.
SECRET = frozenset({"password", "again"})


@paced
@sensitive_post_parameters(*SECRET)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """`grid`: the code of a community or a grid in it, chosen or from the QR code of its page; `in`: a street to choose in."""
    own = Volunteer.objects.of(request.user) if request.user.is_authenticated else None
    if own is not None:
        return _show(request, "joined.html", row=own)
    asked = request.POST if request.method == "POST" else request.GET
    place = place_at(asked.get("grid", ""), timezone.localdate())
    if place is None or len(place.path) < 2:
        return _choose(request, place, asked.get("in", ""), lost=bool(asked.get("grid")) and place is None)
    micros = micros_around(place, timezone.localdate())
    known = request.user.is_authenticated
    if request.method == "POST":
        return _send(request, place, JoinForm(request.POST, micros=micros, known=known))
    home = place.grid.code if place.is_exact else ""
    form = JoinForm(initial={"home": home, "serves": [home], "kind": "resident"}, micros=micros, known=known)
    return _write(request, place, form)


def _choose(request: HttpRequest, place: Place | None, inside: str, *, lost: bool) -> HttpResponse:
    """The street, then the community. A single street needs no choosing."""
    found = streets()
    around = place or place_at(inside, timezone.localdate())
    if around is None and len(found) == 1:
        around = place_at(found[0].code, timezone.localdate())
    return _show(request, "join_place.html", around=around, streets=found, lost=lost, status=404 if lost else 200)


def _write(request: HttpRequest, place: Place, form: JoinForm, *, status: int = 200) -> HttpResponse:
    context = {
        "place": place, "form": form, "adult": ADULT, "youngest": YOUNGEST, "version": CONSENT, "status": status,
        "proof": new_proof(timezone.now()) if _tries(request, seen) > _limits()[0] else None,
        "key": form.data.get("key") or uuid.uuid4(),
    }  # fmt: skip
    return _show(request, "join.html", **context)


def _send(request: HttpRequest, place: Place, form: JoinForm) -> HttpResponse:
    soft, most = _limits()
    tries = _tries(request, hit)
    if tries > most:
        return render(request, "grids/public_busy.html", status=429)
    if not form.is_valid() or form.is_trapped:
        return _write(request, place, form, status=400)
    if tries > soft and not is_proven(request, at=timezone.now()):
        return _write(request, place, form, status=429)
    given, now = form.cleaned_data, timezone.now()
    by: Any = request.user if form.known else User.objects.door()
    grid: Grid = form.micros[given["home"]] if given["home"] else place.grid

    def act() -> Reply:
        row = actions.apply_as_volunteer(
            person=form.person, offer=form.offer, grid=grid, consent=CONSENT if given["consent"] else "", kind=given["kind"],
            employer=given["employer"], password=None if form.known else given["password"], by=by, at=now,
        )  # fmt: skip
        return Reply(200, {"volunteer": row.pk})

    try:
        found = once(
            client=visitor(given["key"]),
            key=given["key"],
            asked=digest_of_form(request, without=SECRET),
            act=act,
            at=now,
        )
    except Refusal as refusal:
        refuse(form, refusal)
        return _write(request, place, form, status=refusal.status)
    return _show(request, "joined.html", row=Volunteer.objects.get(pk=found.body["volunteer"]), new=True)


def _limits() -> tuple[int, int]:
    """As many from one address as may report there: then a small proof, then a pause."""
    limits: tuple[int, int] = settings.DOOR_LIMITS["address"]
    return limits


def _tries(request: HttpRequest, count: Any) -> int:
    return int(count("volunteers.join", visitor_of(request), within=JOIN_SPAN, at=timezone.now()))


def _show(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"volunteers/public/{name}", {"hotline": HOTLINE, **context}, status=status)
