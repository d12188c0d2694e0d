"""/m/field/walk/: a patrol without a network. The page opens from what the phone keeps, static/fieldwork/m/walk.js walks it, and
the outbox tells of it afterwards."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import FIELD_ROLES
from fieldwork import actions
from fieldwork.choices import PATROL_FROM, PATROL_UNTIL
from fieldwork.forms.phone import StartForm, StopForm, WalkForm
from fieldwork.reports import place_of
from gridgov.core.forms import insist
from gridgov.core.idempotency import Done, answer_form
from gridgov.core.phone import phone_page


@phone_page(roles=FIELD_ROLES, offline=True)
@require_safe
def show_walk(request: HttpRequest) -> HttpResponse:
    """Says nothing about anybody: the own grids and the kinds of walk."""
    context = {"form": StartForm(by=request.user), "stop": StopForm(), "first": PATROL_FROM, "last": PATROL_UNTIL}
    return render(request, "fieldwork/m/walk.html", context)


@phone_page(roles=FIELD_ROLES)
@require_POST
def log_walk(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The beginning of the patrol that a phone calls KEY, its end, or both."""
    now, form = timezone.now(), WalkForm(request.POST, by=request.user)

    def act() -> Done:
        insist(form)
        given = form.cleaned_data
        grid = place_of(request.user, given.pop("grid"), timezone.localdate(now))
        walk = actions.Walk(key=key, grid=grid, readings=given.pop("points"), **given)
        row = actions.log_walk(walk=walk, by=request.user, at=now)
        url = reverse("m-walked", args=[row.pk]) if row.ended_at else reverse("m-patrol")
        return Done(url, _("patrol"))

    return answer_form(request, act, at=now)
