"""/m/field/patrol/: start and stop, and the own trail. Points themselves come in by the API (…/patrols/<id>/points/)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import FIELD_ROLES
from fieldwork import actions
from fieldwork.choices import PATROL_FROM, PATROL_UNTIL
from fieldwork.forms.drawing import draw_trail
from fieldwork.forms.phone import StartForm, StopForm
from fieldwork.models import Patrol, TrailLook
from fieldwork.reports import minutes_of, place_of, trail_of
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out


@phone_page(roles=FIELD_ROLES)
@require_safe
def show_patrol(request: HttpRequest) -> HttpResponse:
    """The patrol that runs, or the button that starts one."""
    return _page(request, _running(request))


@phone_page(roles=FIELD_ROLES)
@require_POST
def start_patrol(request: HttpRequest) -> HttpResponse:
    now, form = timezone.now(), StartForm(request.POST, by=request.user)

    def act() -> Done:
        given = insist(form)
        grid = place_of(request.user, given["grid"], timezone.localdate(now))
        actions.start_patrol(grid=grid, kind=given["kind"], by=request.user, at=now)
        return Done(reverse("m-patrol"), _("patrol"))

    def page(status: int) -> HttpResponse:
        return _page(request, _running(request), start=form, status=status)

    return carry_out(request, form, act, at=now, again=page)


@phone_page(roles=FIELD_ROLES)
@require_POST
def stop_patrol(request: HttpRequest, pk: int) -> HttpResponse:
    now, patrol, form = timezone.now(), own_or_404(request, pk), StopForm(request.POST)
    if patrol.ended_at is not None and not request.headers.get("Idempotency-Key"):
        # Ended meanwhile, by the house or on another phone: here is how.
        return HttpResponseRedirect(reverse("m-walked", args=[pk]))

    def act() -> Done:
        actions.stop_patrol(patrol=patrol, **insist(form), by=request.user, at=now)
        return Done(reverse("m-walked", args=[pk]), _("patrol"))

    def page(status: int) -> HttpResponse:
        return _page(request, patrol, stop=form, status=status)

    return carry_out(request, form, act, at=now, again=page)


@phone_page(roles=FIELD_ROLES)
@require_safe
def show_walked(request: HttpRequest, pk: int) -> HttpResponse:
    """An own patrol with its trail, and who has looked at it."""
    patrol = own_or_404(request, pk)
    if patrol.ended_at is None:
        return HttpResponseRedirect(reverse("m-patrol"))
    looks = TrailLook.objects.filter(patrol=patrol).select_related("by")
    return render(request, "fieldwork/m/walked.html", {**_trail(patrol), "looks": looks})


@phone_page(roles=FIELD_ROLES)
@require_safe
def draw_patrol(request: HttpRequest, pk: int) -> JsonResponse:
    """The line of the own trail as it is now, for the script that draws it on."""
    found = _trail(own_or_404(request, pk))
    drawn = found["drawn"]
    return JsonResponse({
        "line": drawn.line if drawn else "", "here": drawn.here if drawn else None, "points": len(found["trail"].points),
        "kilometres": found["trail"].kilometres, "minutes": found["minutes"],
    })  # fmt: skip


def own_or_404(request: HttpRequest, pk: int) -> Patrol:
    """Nobody else's patrol exists here, whatever their role."""
    patrol = Patrol.objects.own(request.user).for_list().filter(pk=pk).first()
    if patrol is None:
        raise Http404
    return patrol


def _running(request: HttpRequest) -> Patrol | None:
    return Patrol.objects.own(request.user).for_list().running().first()


def _trail(patrol: Patrol) -> dict[str, Any]:
    trail = trail_of(patrol)
    minutes = minutes_of(patrol, timezone.now())
    return {"patrol": patrol, "trail": trail, "drawn": draw_trail(patrol, trail), "minutes": minutes}


def _page(
    request: HttpRequest,
    patrol: Patrol | None,
    *,
    start: StartForm | None = None,
    stop: StopForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if patrol is not None:
        clock = int(timezone.now().timestamp() * 1000)
        context = {**_trail(patrol), "form": stop or StopForm(), "refused": start, "clock": str(clock)}
        return render(request, "fieldwork/m/running.html", context, status=status)
    context = {"form": start or StartForm(by=request.user), "first": PATROL_FROM, "last": PATROL_UNTIL}
    return render(request, "fieldwork/m/start.html", context, status=status)
