"""The own password, for whoever has no desk to change it at, and for all others."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import set_password
from accounts.forms import OwnPassword
from accounts.rules.passwords import HousePassword
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.phone import phone_page


@sensitive_post_parameters()
@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """The old one is asked for; this session goes on, all others end."""
    user: Any = request.user
    form = OwnPassword(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_password(user=user, password=form.cleaned_data["new_password1"], by=user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, _("Your password is changed."))
            return HttpResponseRedirect(reverse("m-me"))
    return render(
        request,
        "m/own_password.html",
        {"form": form, "rule": HousePassword().get_help_text()},
        status=400 if form.errors else 200,
    )
