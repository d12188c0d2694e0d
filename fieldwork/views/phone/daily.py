"""/m/field/daily/: the daily report, a zero report in one tap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import FIELD_ROLES
from fieldwork import actions
from fieldwork.forms.phone import DailyForm
from fieldwork.reports import day_of, place_of
from fieldwork.views.phone.sending import carry_out
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page


@phone_page(roles=FIELD_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_daily(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = DailyForm(request.POST or None, by=request.user)

    def act() -> Done:
        given = form.cleaned_data
        grid = place_of(request.user, given.pop("grid"), timezone.localdate(now))
        actions.give_daily(grid=grid, **given, by=request.user, at=now)
        return Done(reverse("m-daily"), _("daily report"))

    answer = carry_out(request, form, act, at=now) if request.method == "POST" else None
    day = day_of(request.user, timezone.localdate(now), now)
    return answer or render(
        request, "fieldwork/m/daily.html", {"form": form, "day": day}, status=400 if form.errors else 200
    )
