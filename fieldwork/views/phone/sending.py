"""How a form of the phone is carried out, for a browser and for the outbox alike."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse

from gridgov.core.errors import Refusal
from gridgov.core.forms import insist, refuse
from gridgov.core.idempotency import Done, answer_form
from gridgov.core.phone import wants_json


def carry_out(
    request: HttpRequest, form: forms.Form, act: Callable[[], Done], *, at: dt.datetime
) -> HttpResponse | None:
    """Let ACT do what FORM asks for, once for its key. None where it was refused: the form says why. To the outbox the
    refusal itself is told."""
    if not form.is_valid():
        if wants_json(request):
            insist(form)
        return None
    try:
        return answer_form(request, act, at=at)
    except Refusal as refusal:
        if wants_json(request):
            raise
        refuse(form, refusal)
        return None
