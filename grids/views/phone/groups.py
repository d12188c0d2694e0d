"""Groups of neighbours on the phone: whoever serves the grid shows their codes, renews them and takes them away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.choices import CASE_ROLES
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from grids import actions
from grids.forms.codes import draw_code
from grids.forms.phone import GroupForm, WayForm
from grids.models import Grid, GroupLink
from grids.queries import scope_of
from grids.reports import groups_at
from grids.rules.serving import can_keep_group, can_serve
from grids.views.phone.grid import own_or_404


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_groups(request: HttpRequest, code: str) -> HttpResponse:
    """The groups of a grid, and the form for another one."""
    grid, now = own_or_404(request, code), timezone.now()
    form = GroupForm(*_given(request))

    def act() -> Done:
        actions.add_group(grid=grid, **insist(form), by=request.user, at=now)
        return Done(reverse("m-grid-groups", args=[code]))

    def page(status: int = 200) -> HttpResponse:
        path = list(Grid.objects.above(grid).values_list("pk", flat=True))
        context = {
            "grid": grid, "groups": groups_at(path, timezone.localdate(now), public=False), "form": form,
            "may": bool(can_serve(request.user, scope_of(request.user), grid)),
        }  # fmt: skip
        return render(request, "grids/m/groups.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group's code as large as the screen; below it the form to renew it."""
    group, now = _visible_or_404(request, pk), timezone.now()
    first = {"url": group.url, "is_public": group.is_public, "valid_until": group.valid_until}
    form = WayForm(*_given(request), initial=first)

    def act() -> Done:
        actions.renew_group(group=group.pk, **insist(form), by=request.user, at=now)
        return Done(reverse("m-group", args=[pk]))

    def page(status: int = 200) -> HttpResponse:
        context = {
            "group": group, "form": form, "code": draw_code(group.url) if group.url else None,
            "over": group.has_run_out(timezone.localdate(now)),
            "may": bool(can_keep_group(request.user, scope_of(request.user), group)),
        }  # fmt: skip
        return render(request, "grids/m/group.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


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
