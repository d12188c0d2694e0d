"""/m/volunteer/exchange/: what the stations of the own street have, reserved for points; /m/station/: who hands it over."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gridgov.core.errors import Refusal
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from volunteers import actions
from volunteers.choices.ledger import MOST_AT_ONCE
from volunteers.forms.ledger import CodeForm, ExchangeForm
from volunteers.models import Good, Redemption, Station
from volunteers.reports.purse import purse_of
from volunteers.views.phone.own import own_volunteer

MOST_SHOWN = 200


@phone_page()
@require_safe
def show_goods(request: HttpRequest) -> HttpResponse:
    """Station by station; what one can't pay yet is shown too."""
    volunteer = own_volunteer(request)
    rows = Good.objects.visible_to(request.user).filter(is_open=True, station__is_open=True).for_list()
    stations: dict[Station, list[Good]] = {}
    for good in rows.order_by("station__name", "station", "points", "pk")[:MOST_SHOWN]:
        stations.setdefault(good.station, []).append(good)
    context = {"stations": stations.items(), "purse": purse_of(volunteer, timezone.localdate())}
    return render(request, "volunteers/m/goods.html", context)


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_good(request: HttpRequest, pk: int) -> HttpResponse:
    """One good; POST reserves it."""
    volunteer, now = own_volunteer(request), timezone.now()
    good = Good.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if good is None:
        raise Http404
    form = ExchangeForm(request.POST or None)

    def act() -> Done:
        made = actions.exchange_points(good=good, **insist(form), by=request.user, at=now)
        return Done(reverse("m-volunteer-exchanged", args=[made.pk]), good.name)

    def page(status: int = 200) -> HttpResponse:
        purse = purse_of(volunteer, timezone.localdate(now))
        most = min(purse.points // good.points, good.stock, MOST_AT_ONCE)
        form.fields["count"].widget.attrs["max"] = max(most, 1)
        context = {"good": good, "form": form, "purse": purse, "most": most, "key": uuid.uuid4()}
        return render(request, "volunteers/m/good.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()


def _own(request: HttpRequest, pk: int) -> Redemption:
    row: Redemption | None = (
        Redemption.objects.filter(volunteer=own_volunteer(request)).for_list().filter(pk=pk).first()
    )
    if row is None:
        raise Http404
    return row


@phone_page()
@require_safe
def show_exchanged(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to show at the station, or how it ended."""
    return render(request, "volunteers/m/exchanged.html", {"row": _own(request, pk)})


@phone_page()
@require_POST
def give_up(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.cancel_exchange(redemption=_own(request, pk), by=request.user, at=timezone.now())
        messages.success(request, _("Given up: your points are back."))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return HttpResponseRedirect(reverse("m-volunteer-exchanged", args=[pk]))


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_station(request: HttpRequest) -> HttpResponse:
    """For who keeps a station: the code is typed in, and it is handed over."""
    stations = list(Station.objects.kept_by(request.user).for_list().order_by("name")[:MOST_SHOWN])
    if not stations:
        raise PermissionDenied
    form = CodeForm(request.POST or None)

    def act() -> Done:
        row = actions.hand_over_by_code(**insist(form), by=request.user, at=timezone.now())
        return Done(f"{reverse('m-station')}?done={row.pk}", row.good.name)

    def page(status: int = 200) -> HttpResponse:
        waiting = (
            Redemption.objects.kept_by(request.user).waiting().for_list().order_by("collect_by", "pk")[:MOST_SHOWN]
        )
        context = {"stations": stations, "form": form, "waiting": waiting, "done": _done(request), "key": uuid.uuid4()}
        return render(request, "volunteers/m/station.html", context, status=status)

    return carry_out(request, form, act, at=timezone.now(), again=page) if request.method == "POST" else page()


def _done(request: HttpRequest) -> Any:
    given = request.GET.get("done", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        return None
    return Redemption.objects.kept_by(request.user).for_list().filter(pk=given, settled_by=request.user).first()
