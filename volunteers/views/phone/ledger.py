"""/m/volunteer/hours/ and /m/volunteer/points/: the own lines of both ledgers, and an appeal about hours."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from volunteers import actions
from volunteers.forms.ledger import AppealForm
from volunteers.models import Appeal, HoursEntry, PointsEntry, Volunteer
from volunteers.reports.purse import hours_shown, own_hours, purse_of, rules_for
from volunteers.rules import ledger as rules
from volunteers.views.phone.own import own_volunteer

PAGE = 20


def _context(request: HttpRequest, volunteer: Volunteer, rows: Any) -> dict[str, Any]:
    return {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "purse": purse_of(volunteer, timezone.localdate()),
    }


@phone_page()
@require_safe
def show_hours(request: HttpRequest) -> HttpResponse:
    """Shift by shift, what stands for it."""
    volunteer = own_volunteer(request)
    context = _context(request, volunteer, own_hours(volunteer))
    for row in context["page"]:
        row.hours_shown = hours_shown(row.minutes)
    return render(request, "volunteers/m/hours.html", context)


@phone_page()
@require_safe
def show_points(request: HttpRequest) -> HttpResponse:
    """Line by line, what came and went."""
    volunteer = own_volunteer(request)
    lines = PointsEntry.objects.filter(volunteer=volunteer).for_list().order_by("-pk")
    context = {**_context(request, volunteer, lines), "rules": rules_for(volunteer, timezone.localdate())}
    return render(request, "volunteers/m/points.html", context)


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_hours_of(request: HttpRequest, pk: int) -> HttpResponse:
    """How the hours of one shift came about; POST appeals."""
    row = own_hours(own_volunteer(request)).filter(pk=pk).first()
    if row is None:
        raise Http404
    now = timezone.now()
    form = AppealForm(request.POST or None)

    def act() -> Done:
        actions.appeal_hours(sign_up=row.pk, **insist(form), by=request.user, at=now)
        return Done(f"{reverse('m-volunteer-hours-of', args=[pk])}?said", _("Appeal"))

    def page(status: int = 200) -> HttpResponse:
        late = rules.can_still_correct(timezone.localdate(row.shift.starts_at), now)
        context = {
            "row": row, "form": form, "key": uuid.uuid4(), "hours": hours_shown(row.minutes), "said": "said" in request.GET,
            "lines": HoursEntry.objects.filter(sign_up=row).order_by("pk"),
            "appeals": Appeal.objects.filter(sign_up=row).for_list().order_by("pk"), "may": bool(late) and not row.waits,
        }  # fmt: skip
        return render(request, "volunteers/m/hours_of.html", context, status=status)

    return carry_out(request, form, act, at=now, again=page) if request.method == "POST" else page()
