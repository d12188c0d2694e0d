"""/m/grid/: one of the own grids, with its map, its open cases, its people and whom it can call."""

import math
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import CASE_ROLES
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from gridgov.core.questions import Work, work_on
from grids import actions
from grids.choices import GridKind
from grids.forms.outline import draw_outline
from grids.forms.phone import HouseholdsForm
from grids.models import Grid
from grids.queries import heavy
from grids.reports import OwnGrid, bound_places, own_grid, own_places

# A wider grid has too many cases for a drawing; they are in the list of cases.
DRAWN = frozenset({GridKind.MICRO, GridKind.COMPREHENSIVE, GridKind.DEDICATED})
MOST_DRAWN = 30
# How wide the dot of a case is in the drawing.
DOT = 20.0
Spot = tuple[float, float] | None


@phone_page(roles=CASE_ROLES)
@require_safe
def show_grid(request: HttpRequest) -> HttpResponse:
    """The grid ?g=, or the first of the own ones; a page that says so for those who have none."""
    return _page(request, request.GET.get("g", ""), HouseholdsForm())


@phone_page(roles=CASE_ROLES)
@require_POST
def suggest(request: HttpRequest, code: str) -> HttpResponse:
    """Tell those who may change it how many households the grid has."""
    form, grid, now = HouseholdsForm(request.POST), own_or_404(request, code), timezone.now()

    def act() -> Done:
        actions.suggest_households(grid=grid, **insist(form), by=request.user, at=now)
        return Done(f"{reverse('m-grid')}?{urlencode({'g': code, 'told': 1})}")

    return carry_out(request, form, act, at=now, again=lambda status: _page(request, code, form, status))


def own_or_404(request: HttpRequest, code: str) -> Grid:
    """The grid CODE, in force and at or below a post of the person; without its border."""
    found = Grid.objects.ground_of(request.user).current(timezone.localdate()).defer(*heavy(""))
    grid = found.filter(code=code).first() if code.isascii() and code.isdigit() else None
    if grid is None:
        raise Http404
    return grid


def _page(request: HttpRequest, code: str, form: HouseholdsForm, status: int = 200) -> HttpResponse:
    places = own_places(request.user)
    if not places and not code:
        bound = bound_places(request.user, timezone.localdate())
        return render(request, "grids/m/none.html", {"bound": bound})
    code = code or places[0].code
    found = own_grid(code, request.user, timezone.localdate()) if code.isascii() and code.isdigit() else None
    if found is None:
        raise Http404
    context = {
        "found": found, "grid": found.grid, "places": places if len(places) > 1 else [], "form": form,
        "told": "told" in request.GET, "run_out": sum(group.over for group in found.groups), **_drawn(request, found),
    }  # fmt: skip
    return render(request, "grids/m/grid.html", context, status=status)


def _drawn(request: HttpRequest, found: OwnGrid) -> dict[str, Any]:
    """The outline with the open cases of the grid and those below it, numbered as in the list; one query."""
    work: list[Work] = []
    if found.grid.kind in DRAWN:
        keys = list(Grid.objects.under(found.grid).order_by().values_list("pk", flat=True))
        work = [one for several in work_on.ask(request.user, keys) for one in several]
    shown = sorted(work, key=lambda one: (one.due_at is None, one.due_at, one.pk))[:MOST_DRAWN]
    outline = draw_outline(found.border, found.beside, [one.point for one in shown]) if found.border else None
    spots = _apart(outline.points) if outline else [None] * len(shown)
    cases = [
        {"no": one.no, "title": one.title, "pk": one.pk, "due_at": one.due_at, "spot": spot, "late": _late(one)}
        for one, spot in zip(shown, spots, strict=True)
    ]
    return {"outline": outline, "cases": cases, "more": len(work) - len(shown), "counted": found.grid.kind in DRAWN}


def _apart(spots: Iterable[Spot]) -> list[Spot]:
    """SPOTS, those that would lie upon another moved aside until each is seen."""
    found: list[Spot] = []
    for spot in spots:
        free = spot
        while free is not None and any(one is not None and math.dist(one, free) < DOT for one in found):
            free = (free[0] + DOT, free[1])
        found.append(free)
    return found


def _late(work: Work) -> bool:
    return work.due_at is not None and work.due_at < timezone.now()
