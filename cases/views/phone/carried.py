"""/m/carried/: the own open orders without a network. The page is a shell without a word about anybody; what it shows is read from
the telephone (static/cases/m/carried.js), which fetches it from here while there is a network."""

from dataclasses import asdict

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import CASE_ROLES
from cases.forms.verbs import BY_VERB
from cases.reports.carried import MOVES, carried_orders
from gridgov.core.phone import phone_page


@phone_page(CASE_ROLES, offline=True)
@require_safe
def show_carried(request: HttpRequest) -> HttpResponse:
    """The forms of the verbs as they are of no case in particular."""
    names = dict.fromkeys(name for names in MOVES.values() for name in names)
    return render(request, "cases/m/carried.html", {"moves": [(BY_VERB[name], _bare(name)) for name in names]})


@phone_page(CASE_ROLES)
@require_safe
def fetch_carried(request: HttpRequest) -> JsonResponse:
    """{"user", "at", "hours", "orders"}; none where the office lets telephones carry nothing."""
    at, hours = timezone.now(), settings.PHONE_CARRIES_HOURS
    orders = [asdict(order) for order in carried_orders(request.user, at)] if hours else []  # type: ignore[arg-type]
    return JsonResponse({
        "user": str(request.user.pk), "at": int(at.timestamp() * 1000), "hours": hours, "orders": orders,
    })  # fmt: skip


def _bare(name: str) -> forms.Form:
    """The fields of the verb NAME, without what its form asks a case for."""
    bare: type[forms.Form] = type("Bare", (forms.Form,), dict(BY_VERB[name].form.base_fields))  # type: ignore[attr-defined]
    return bare(auto_id=f"{name}_%s")
