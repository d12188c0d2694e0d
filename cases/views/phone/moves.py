"""/m/cases/<pk>/do/<verb>/: a verb of a case as a phone's form. It may lie in the outbox for hours before it is sent, so whoever
comes too late is told what happened meanwhile, and loses nothing typed."""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.forms import FileField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.choices import CASE_ROLES
from cases.models import Case
from cases.reports import history_length, news
from cases.views.phone.case import PHONE_VERBS, case_or_404
from gridgov.core.errors import Conflict, Refusal
from gridgov.core.forms import HouseForm, insist, refuse
from gridgov.core.idempotency import Done
from gridgov.core.phone import phone_page, wants_json
from gridgov.core.phone_forms import carry_out, turned_away
from gridgov.core.uploads import files_of
from gridgov.core.verbs import OVERTAKEN, Verb, seen_in

# Words and pictures that only add to a case: whoever else acted meanwhile, they fit still.
ADDING = frozenset({"progress", "photo"})
# What can be written down where there is no network, and sent by the outbox afterwards.
QUEUED = ADDING | {"complete", "finish-assist"}


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page(CASE_ROLES)
def do_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    verb = PHONE_VERBS.get(name)
    if verb is None:
        raise Http404
    case = case_or_404(request, pk)
    if request.method != "POST":
        away = turned_away(request, verb.may(request.user, case), reverse("m-case", args=[pk]))
        if away:
            return away
        blank = verb.form(initial=request.GET.dict(), row=case, by=request.user, plain=True)
        return _page(request, verb, case, form=blank)
    if verb.shows:
        return _shown(request, verb, case)
    form, at = _form(request, verb, case), timezone.now()

    def again(status: int) -> HttpResponse:
        return _page(request, verb, case_or_404(request, pk), form=form, status=status)

    try:
        return carry_out(request, form, lambda: _act(request, verb, case, at), at=at, again=again)
    except Case.DoesNotExist:
        raise Http404 from None


def _form(request: HttpRequest, verb: Verb, case: Case, files: Any = None) -> HouseForm:
    return verb.form(request.POST, request.FILES if files is None else files, row=case, by=request.user, plain=True)


def _act(request: HttpRequest, verb: Verb, case: Case, at: dt.datetime) -> Done:
    """Photos and the verb in one transaction: both are there afterwards, or neither."""
    verb.may(request.user, case).insist()
    fields = [name for name, field in verb.form.base_fields.items() if isinstance(field, FileField)]  # type: ignore[attr-defined]
    files = MultiValueDict({name: files_of(request, name) for name in fields})
    given = insist(_form(request, verb, case, files))
    if verb.name not in ADDING and not verb.at_a_click and _news(request, case):
        raise Conflict(OVERTAKEN, code="overtaken")
    verb.act(case, by=request.user, at=at, **given)
    if not wants_json(request):
        messages.success(request, str(verb.done or _("Done.")))
    return Done(reverse("m-case", args=[case.pk]), f"{case.no} {verb.label}")


def _news(request: HttpRequest, case: Case) -> list[Any]:
    seen = seen_in(request)
    return [] if seen is None else news(case, seen, request.user)


def _shown(request: HttpRequest, verb: Verb, case: Case) -> HttpResponse:
    """What is shown once and kept nowhere: the reporter's data, for a reason."""
    form = _form(request, verb, case)
    try:
        verb.may(request.user, case).insist()
        result = verb.act(case, by=request.user, at=timezone.now(), **insist(form))
    except Refusal as refusal:
        if form.is_valid():
            refuse(form, refusal)
        return _page(request, verb, case, form=form, status=refusal.status)
    return render(request, "cases/m/revealed.html", {"case": case, "result": result})


def _page(request: HttpRequest, verb: Verb, case: Case, *, form: HouseForm, status: int = 200) -> HttpResponse:
    context = {
        "case": case, "verb": verb, "form": form, "seen": history_length(case), "news": _news(request, case),
        "key": uuid.uuid4(), "queued": verb.name in QUEUED,
    }  # fmt: skip
    return render(request, "cases/m/verb.html", context, status=status)
