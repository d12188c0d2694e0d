"""/m/field/daily/: the daily report, a zero report in one tap. The form says nothing about anybody and opens without a network;
what the day's records say comes beside it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import FIELD_ROLES
from fieldwork import actions
from fieldwork.forms.phone import DailyForm
from fieldwork.reports import day_of, place_of
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out


@phone_page(roles=FIELD_ROLES, offline=True)
@require_http_methods(["GET", "HEAD", "POST"])
def show_daily(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = DailyForm(request.POST or None, by=request.user)

    def act() -> Done:
        given = insist(form)
        grid = place_of(request.user, given.pop("grid"), timezone.localdate(now))
        actions.give_daily(grid=grid, **given, by=request.user, at=now)
        return Done(f"{reverse('m-field')}?given", _("daily report"))

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "today": timezone.localdate(now)}
        return render(request, "fieldwork/m/daily.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


@phone_page(roles=FIELD_ROLES)
@require_safe
def count_day(request: HttpRequest) -> JsonResponse:
    """What a report of today would count, and the one that is given already."""
    now = timezone.now()
    today = timezone.localdate(now)
    day = day_of(request.user, today, now)
    words = (
        {"time": f"{timezone.localtime(day.report.given_at):%H:%M}", "kind": day.report.get_kind_display()}
        if day.report
        else {}
    )
    return JsonResponse({
        "day": f"{date_format(today, 'm-d')} {date_format(today, 'l')}", "minutes": day.counts.minutes,
        "patrols": day.counts.patrols, "visits": day.counts.visited, "cases": day.counts.cases,
        "given": _("Given at %(time)s: %(kind)s.") % words if words else "",
    })  # fmt: skip
