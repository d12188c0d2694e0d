"""Reporting from the telephone: one page, with or without script, with or without a network."""

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import CASE_ROLES
from cases import actions
from cases.choices import Emergency
from cases.forms import PhoneReportForm
from cases.reports import phrasebook, suggest
from gridgov.core.errors import Invalid
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page
from gridgov.core.phone_forms import carry_out
from gridgov.core.uploads import files_of
from grids.choices import LEVELS
from grids.models import Grid
from grids.queries import scope_of
from grids.reports import outlines

LONGEST_WORDS = 2000


@phone_page(CASE_ROLES, offline=True)
def report(request: HttpRequest) -> HttpResponse:
    """The form; POST takes the report in, or says what is wrong with it."""
    if request.method != "POST":
        return _page(request, PhoneReportForm(by=request.user))
    form = PhoneReportForm(request.POST, by=request.user)
    at = timezone.now()
    take, again = (lambda: _take(request, form, at)), (lambda status: _page(request, form, status))
    return carry_out(request, form, take, at=at, again=again)


def _take(request: HttpRequest, form: PhoneReportForm, at: dt.datetime) -> Done:
    given = insist(form)
    asked = actions.Report(**form.report(given, timezone.localdate(at)))
    photos, voices = files_of(request, "photos"), files_of(request, "voice")
    brought: dict[str, Any] = {"photos": photos, "voice": voices[0] if voices else None, "by": request.user, "at": at}
    if given["solved"]:
        case = actions.solve_at_once(report=asked, result=given["result"], after=files_of(request, "after"), **brought)
    else:
        case = actions.report_case(report=asked, **brought)
    return Done(reverse("m-case", args=[case.pk]), _("Case %(no)s is reported.") % {"no": case.no})


def _page(request: HttpRequest, form: PhoneReportForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form, "phrases": phrasebook(request.user, {rule.code for rule in form.rules}), "emergency": Emergency.choices,
        "key": uuid.uuid4(), "posts": form.posts,
    }  # fmt: skip
    return render(request, "cases/m/report.html", context, status=status)


@require_POST
@phone_page(CASE_ROLES)
def suggestion(request: HttpRequest) -> JsonResponse:
    """What the words seem to be about: {"categories": [{code, name, because}], "emergency": "119" or ""}."""
    text = request.POST.get("text", "")[:LONGEST_WORDS]
    if "\0" in text:
        raise Invalid(_("The words hold a character that can't be."), field="text")
    if len(text.strip()) < 2:
        return JsonResponse({"categories": [], "danger": []})
    found = suggest(text=text, by=request.user, at=timezone.now())
    rows = [{"code": one.code, "name": one.name, "because": list(one.because)} for one in found.categories]
    return JsonResponse({"categories": rows, "danger": list(found.danger) if found.urgency == "emergency" else []})


@require_safe
@phone_page(CASE_ROLES)
def ground(request: HttpRequest) -> JsonResponse:
    """The borders of the own posts' grids as GeoJSON, for tapping a place."""
    nodes = scope_of(request.user).nodes
    kinds, posts = {node.kind for node in nodes}, Grid.objects.filter(pk__in=[node.pk for node in nodes])
    features = [row for level, of in LEVELS.items() if of & kinds for row in outlines(posts, level)["features"]]
    return JsonResponse({"type": "FeatureCollection", "features": features})
