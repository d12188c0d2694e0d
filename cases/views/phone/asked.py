"""/m/applications/<pk>/<verb>/: an application decided, or taken back, on the telephone."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import CASE_ROLES
from cases.forms.verbs.of_application import APPLICATION_VERBS
from cases.models import Application
from cases.reports import asked_for
from gridgov.core.forms import HouseForm, insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page, wants_json
from gridgov.core.phone_forms import carry_out, turned_away
from gridgov.core.verbs import Verb

BY_NAME = {verb.name: verb for verb in APPLICATION_VERBS}


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page(CASE_ROLES)
def do_application(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = Application.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if row is None or name not in BY_NAME:
        raise Http404
    verb, back = BY_NAME[name], reverse("m-case", args=[row.case_id])
    if request.method != "POST":
        away = turned_away(request, verb.may(request.user, row), back)
        return away or _page(request, verb, row, verb.form(row=row, by=request.user, plain=True))
    form, at = verb.form(request.POST, row=row, by=request.user, plain=True), timezone.now()

    def act() -> Done:
        verb.may(request.user, row).insist()
        verb.act(row, by=request.user, at=at, **insist(form))
        if not wants_json(request):
            messages.success(request, str(verb.done))
        return Done(back, f"{row.case.no} {verb.label}")

    return carry_out(request, form, act, at=at, again=lambda status: _page(request, verb, row, form, status))


def _page(request: HttpRequest, verb: Verb, row: Application, form: HouseForm, status: int = 200) -> HttpResponse:
    asks = _("%(who)s asks: %(what)s") % {"who": row.by, "what": row.get_kind_display()}
    context = {
        "case": row.case, "verb": verb, "form": form, "key": uuid.uuid4(),
        "about": [asks, asked_for(row), row.reason],
    }  # fmt: skip
    return render(request, "cases/m/verb.html", context, status=status)
