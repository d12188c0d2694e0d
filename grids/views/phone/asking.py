"""A phone form's way to its action: what is refused stands at its field, what is done leads on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse


def carried_out(request: HttpRequest, form: forms.Form, act: Callable[..., Any], **given: Any) -> bool:
    """Whether ACT did what FORM says; where it refused, FORM says why."""
    if not form.is_valid():
        return False
    try:
        act(**given, **form.cleaned_data, by=request.user, at=timezone.now())
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True
