"""How a form of the phone is carried out, for a browser and for the outbox alike: once for its key, and what is refused stands
in the form, with all that was typed."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from gridgov.core.errors import Forbidden, Refusal, Verdict
from gridgov.core.forms import refuse
from gridgov.core.idempotency import Done, answer_form
from gridgov.core.phone import wants_json


def carry_out(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Done],
    *,
    at: dt.datetime,
    again: Callable[[int], HttpResponse],
) -> HttpResponse:
    """Let ACT do what FORM asks for (it insists on FORM itself, so that what was done already is answered first). Where it
    refuses, the outbox is told the refusal, and a browser gets AGAIN(status): the page with FORM, which says why."""
    try:
        return answer_form(request, act, at=at)
    except Refusal as refusal:
        if wants_json(request):
            raise
        if form.is_valid():
            refuse(form, refusal)
        return again(refusal.status)


def turned_away(request: HttpRequest, verdict: Verdict, back: str) -> HttpResponse | None:
    """None where VERDICT lets a form open. What stands in its way now is said on the page BACK; Forbidden is raised."""
    if verdict.refusal is None:
        return None
    if isinstance(verdict.refusal, Forbidden):
        raise verdict.refusal
    messages.warning(request, str(verdict.refusal))
    return HttpResponseRedirect(back)
