"""The page of the first steps; the workbench fetches it as a card, until all is done or the office puts it away."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.admin_verbs import FRAGMENT
from gridgov.setup.first_steps import FirstSteps, first_steps, streets_of
from gridgov.setup.links import link_of
from grids import rules
from grids.actions import tick_first_step
from grids.models import Grid
from grids.queries import scope_of


def steps_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    streets = streets_of(request.user)
    if request.method == "POST":
        return _tick(request, _asked(request.POST.get("street", ""), streets))
    if FRAGMENT in request.headers:
        return _card(request, streets)
    street = _asked(request.GET["street"], streets) if "street" in request.GET else next(iter(streets), None)
    context = {**site.each_context(request), "title": _("First steps"), "streets": streets if len(streets) > 1 else []}
    return TemplateResponse(request, "setup/first_steps.html", {**context, **_shown(request, street, alone=True)})


def _asked(text: str, streets: list[Grid]) -> Grid:
    """The street of the address; one that this person has nothing to do with does not exist."""
    found = next((street for street in streets if str(street.pk) == text), None)
    if found is None:
        raise Http404
    return found


def _card(request: HttpRequest, streets: list[Grid]) -> HttpResponse:
    """The first street that isn't through yet; nothing where there is none."""
    several: list[Grid | None] = [*streets] or [None]
    for street in several:
        shown = _shown(request, street, alone=False)
        if not (shown["found"].complete or shown["found"].hidden):
            return TemplateResponse(request, "setup/first_steps_card.html", shown)
    return HttpResponse(status=204)


def _shown(request: HttpRequest, street: Grid | None, *, alone: bool) -> dict[str, Any]:
    user = request.user
    found: FirstSteps = first_steps(street, user, timezone.now())
    return {
        "found": found, "alone": alone, "address": reverse("admin:first_steps"),
        "may_tick": street is not None and bool(rules.can_tend(user, scope_of(user), street)),
        "lines": [
            {"step": step, "url": link_of(user, step.kind.page), "mine": user.role in step.kind.who}
            for step in found.steps
            if alone or not step.done
        ],
    }  # fmt: skip


def _tick(request: HttpRequest, street: Grid) -> HttpResponse:
    """Tick a step, or put the list away; then back to where the button was pressed."""
    step, done = request.POST.get("step", ""), request.POST.get("done") == "1"
    tick_first_step(street=street, step=step, done=done, by=request.user, at=timezone.now())
    if request.POST.get("from") == "index":
        return HttpResponseRedirect(reverse("admin:index"))
    return HttpResponseRedirect(f"{reverse('admin:first_steps')}?street={street.pk}")
