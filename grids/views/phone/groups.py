"""Groups of neighbours on the phone: whoever serves the grid shows their codes, renews them and takes them away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import CASE_ROLES
from gridgov.core.phone import phone_page
from grids import actions
from grids.forms.codes import draw_code
from grids.forms.phone import GroupForm, WayForm
from grids.models import Grid, GroupLink
from grids.queries import scope_of
from grids.reports import groups_at
from grids.rules.serving import can_keep_group, can_serve
from grids.views.phone.asking import carried_out
from grids.views.phone.grid import own_or_404


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_groups(request: HttpRequest, code: str) -> HttpResponse:
    """The groups of a grid, and the form for another one."""
    grid, today = own_or_404(request, code), timezone.localdate()
    form = GroupForm(*_given(request))
    if request.method == "POST" and carried_out(request, form, actions.add_group, grid=grid):
        return HttpResponseRedirect(reverse("m-grid-groups", args=[code]))
    path = list(Grid.objects.above(grid).values_list("pk", flat=True))
    context = {
        "grid": grid, "groups": groups_at(path, today, public=False), "form": form,
        "may": bool(can_serve(request.user, scope_of(request.user), grid)),
    }  # fmt: skip
    return render(request, "grids/m/groups.html", context, status=400 if form.errors else 200)


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group's code as large as the screen; below it the form to renew it."""
    group = _visible_or_404(request, pk)
    first = {"url": group.url, "is_public": group.is_public, "valid_until": group.valid_until}
    form = WayForm(*_given(request), initial=first)
    if request.method == "POST" and carried_out(request, form, actions.renew_group, group=group.pk):
        return HttpResponseRedirect(reverse("m-group", args=[pk]))
    context = {
        "group": group, "form": form, "code": draw_code(group.url) if group.url else None,
        "over": group.has_run_out(timezone.localdate()),
        "may": bool(can_keep_group(request.user, scope_of(request.user), group)),
    }  # fmt: skip
    return render(request, "grids/m/group.html", context, status=400 if form.errors else 200)


@phone_page(roles=CASE_ROLES)
@require_POST
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    group = _visible_or_404(request, pk)
    actions.end_group(group=group.pk, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("m-grid-groups", args=[group.grid.code]))


@phone_page(roles=CASE_ROLES)
@require_safe
def show_group_picture(request: HttpRequest, pk: int) -> HttpResponse:
    group = _visible_or_404(request, pk)
    if group.picture is None:
        raise Http404
    return HttpResponse(bytes(group.picture), content_type="image/png")


def _visible_or_404(request: HttpRequest, pk: int) -> GroupLink:
    found: GroupLink | None = GroupLink.objects.visible_to(request.user).standing().for_list().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _given(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
