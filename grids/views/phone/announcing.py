"""/m/grid/<code>/notices/: what is announced to a grid, and the form to announce something."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import CASE_ROLES
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from grids import actions
from grids.forms.phone import NoticeForm
from grids.models import Grid, GridNotice
from grids.queries import scope_of
from grids.reports import announced
from grids.rules.serving import can_announce
from grids.views.phone.grid import own_or_404


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_notices(request: HttpRequest, code: str) -> HttpResponse:
    grid, now = own_or_404(request, code), timezone.now()
    today = timezone.localdate(now)
    form = NoticeForm(request.POST if request.method == "POST" else None, initial={"valid_from": today})

    def act() -> Done:
        actions.announce(grid=grid, **insist(form), by=request.user, at=now)
        return Done(reverse("m-grid-notices", args=[code]))

    def page(status: int = 200) -> HttpResponse:
        path = list(Grid.objects.above(grid).values_list("pk", flat=True))
        context = {
            "grid": grid, "notices": announced(path, today, public=False), "form": form,
            "may": bool(can_announce(request.user, scope_of(request.user), grid)),
        }  # fmt: skip
        return render(request, "grids/m/notices.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


@phone_page(roles=CASE_ROLES)
@require_POST
def withdraw_notice(request: HttpRequest, pk: int) -> HttpResponse:
    notice = GridNotice.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if notice is None:
        raise Http404
    actions.withdraw_announcement(notice=notice, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("m-grid-notices", args=[notice.grid.code]))
