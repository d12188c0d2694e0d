"""/m/field/needless/: "this is needless work", from every page of the phone; and what was answered, for all to read."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.choices import CASE_ROLES
from fieldwork import actions
from fieldwork.choices import PAGE_CHARS
from fieldwork.forms.phone import NeedlessForm
from fieldwork.models import NeedlessWork
from fieldwork.reports import needless_counts, speaker_for, street_of, streets_of
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.phone import phone_page

MOST_SHOWN = 20


@phone_page(roles=CASE_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def show_needless(request: HttpRequest) -> HttpResponse:
    """Not by way of the outbox, and under no key: what is kept under one would say whose it was."""
    form = NeedlessForm(request.POST or None, by=request.user, initial={"page": _page(request.GET.get("from", ""))})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            street = street_of(request.user, given.pop("street"))
            given["page"] = _page(given["page"])
            actions.say_needless(street=street, **given, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return HttpResponseRedirect(f"{reverse('m-needless')}?said")
    return render(request, "fieldwork/m/needless.html", _context(request, form), status=400 if form.errors else 200)


def _context(request: HttpRequest, form: NeedlessForm) -> dict[str, Any]:
    rows = NeedlessWork.objects.visible_to(request.user).for_list().order_by("-id")[:MOST_SHOWN]
    said = [(row, speaker_for(request.user, row)) for row in rows]
    counts = needless_counts(streets_of(request.user), timezone.localdate())
    return {"form": form, "said": said, "counts": counts, "done": "said" in request.GET}


def _page(path: str) -> str:
    """A path of the house, or nothing."""
    return path[:PAGE_CHARS] if path.startswith("/") and path.isprintable() else ""
