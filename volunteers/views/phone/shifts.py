"""/m/volunteer/shifts/: what is open, one shift with its buttons, the own ones, and these as a calendar file."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gridgov.core.idempotency import Done
from gridgov.core.keyset import Keyset
from gridgov.core.phone_forms import carry_out
from volunteers import actions
from volunteers.forms.calendar import as_ics
from volunteers.forms.shifts import CancelForm
from volunteers.models import Shift, SignUp
from volunteers.reports.shifts import Offer, next_of, offers_of, open_shifts, own_sign_ups
from volunteers.rules import signing_up as rules
from volunteers.views.phone.own import volunteer_page

PAGE, MOST_IN_A_FILE = 20, 200


@volunteer_page
@require_safe
def show_open(request: HttpRequest) -> HttpResponse:
    """All open shifts of the own street, the next first."""
    volunteer, now = request.volunteer, timezone.now()
    rows = Keyset(open_shifts(volunteer, now))
    page = rows.page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {"offers": offers_of(volunteer, page.rows, now), "page": page}
    return render(request, "volunteers/m/shifts.html", context)


@volunteer_page
@require_safe
def show_mine(request: HttpRequest) -> HttpResponse:
    """What one signed up for: to come, and what was."""
    volunteer, now = request.volunteer, timezone.now()
    rows = Keyset(own_sign_ups(volunteer).order_by("-id"))
    page = rows.page(PAGE, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    coming = next_of(volunteer, now, PAGE)
    past = [row for row in page.rows if row not in coming]
    return render(request, "volunteers/m/mine.html", {"coming": coming, "past": past, "page": page})


@volunteer_page
@require_safe
def fetch_calendar(request: HttpRequest) -> HttpResponse:
    """The own shifts to come, for the phone's own calendar."""
    rows = next_of(request.volunteer, timezone.now(), MOST_IN_A_FILE)
    return as_ics([row.shift for row in rows if row.state in rules.CAME | {"booked"}], at=timezone.now())


@volunteer_page
@require_safe
def show_shift(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, _shift_or_404(request, pk))


@volunteer_page
@require_POST
def join_shift(request: HttpRequest, pk: int) -> HttpResponse:
    shift, now = _shift_or_404(request, pk), timezone.now()
    return _do(
        request,
        shift,
        lambda: actions.sign_up(shift=shift, volunteer=request.volunteer, by=request.user, at=now),
        CancelForm({}),
    )


@volunteer_page
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    shift, now, form = _shift_or_404(request, pk), timezone.now(), CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    row = _own_or_404(request, shift)
    return _do(
        request, shift, lambda: actions.cancel_sign_up(sign_up=row, reason=reason, by=request.user, at=now), form
    )


def _do(request: HttpRequest, shift: Shift, act: Callable[[], Any], form: CancelForm) -> HttpResponse:
    def done() -> Done:
        act()
        return Done(reverse("m-volunteer-shift", args=[shift.pk]), _("sign-up"))

    return carry_out(request, form, done, at=timezone.now(), again=lambda status: page_of(request, shift, form, status))


def page_of(
    request: HttpRequest, shift: Shift, form: CancelForm | None = None, status: int = 200, here: bool = False
) -> HttpResponse:
    """SHIFT with the buttons that are possible now; HERE where its code was read."""
    now, volunteer = timezone.now(), request.volunteer
    shift = Shift.objects.for_list().get(pk=shift.pk)
    offer = offers_of(volunteer, [shift], now)[0]
    context = {
        "offer": offer, "shift": shift, "form": form, "here": here, **_possible(request, offer, shift),
        "waits_before": _waits_before(offer),
    }  # fmt: skip
    return render(request, "volunteers/m/shift.html", context, status=status)


def _possible(request: HttpRequest, offer: Offer, shift: Shift) -> dict[str, Any]:
    """What may be done now, and why one can't join or check in where that is what one would like to."""
    by, now, row = request.user, timezone.now(), offer.sign_up
    if row is None or row.state == "cancelled":
        may = rules.can_sign_up(by, shift, request.volunteer, now)
        return {"may_join": bool(may), "why_not": "" if may else str(may.refusal)}
    row.shift, row.volunteer = shift, request.volunteer
    return {
        "may_cancel": bool(rules.can_cancel(by, row, now)), "late": rules.is_late(row, now),
        "may_check_in": rules.can_check_in(by, row, now), "may_check_out": bool(rules.can_check_out(by, row, now)),
    }  # fmt: skip


def _waits_before(offer: Offer) -> int:
    """How many stand before one on the waiting list."""
    row = offer.sign_up
    if row is None or row.state != "waiting":
        return 0
    return SignUp.objects.filter(shift=offer.shift).waiting().filter(queued_at__lt=row.queued_at).order_by().count()


def _shift_or_404(request: HttpRequest, pk: int) -> Shift:
    row = Shift.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _own_or_404(request: HttpRequest, shift: Shift) -> SignUp:
    row = SignUp.objects.for_list().filter(shift=shift, volunteer=request.volunteer).first()
    if row is None:
        raise Http404
    return row
