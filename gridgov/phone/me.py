"""The own account on the phone: who one is here, how it looks, the way to the desk and out."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.choices import CASE_ROLES
from gridgov.core.onward import safe_next
from gridgov.core.phone import phone_page
from gridgov.phone.look import COOKIE, Look, Type
from integrations.models import Channel
from volunteers.models import Station


class LookForm(forms.Form):
    """Each box alone is enough: the buttons of a first page send one, the form in "me" all of them."""

    type = forms.ChoiceField(choices=Type.choices)
    elder = forms.BooleanField(required=False)
    sun = forms.BooleanField(required=False)


@phone_page()
def show_me(request: HttpRequest) -> HttpResponse:
    carries = settings.PHONE_CARRIES_HOURS if request.user.role in CASE_ROLES else 0  # type: ignore[union-attr]
    context: dict[str, Any] = {
        "types": Type.choices, "languages": settings.LANGUAGES, "language": get_language(), "carries": carries,
        "offers": Channel.objects.for_people().exists(),
        "hands_over": Station.objects.kept_by(request.user).exists(),
    }  # fmt: skip
    return render(request, "m/me.html", context)


@require_POST
@csrf_exempt  # how large the type is, is nobody's secret; a token would keep pages of residents from being kept
def change_look(request: HttpRequest) -> HttpResponse:
    """For everybody, signed in or not; back to where one came from. `toggle=elder` turns one mode over."""
    before = Look.read(request.COOKIES.get(COOKIE, ""))
    form = LookForm(request.POST)
    now = before
    if request.POST.get("toggle") == "elder":
        now = Look(before.type, not before.elder, before.sun)
    elif form.is_valid():
        now = Look(**form.cleaned_data)
    answer = HttpResponseRedirect(safe_next(request) or reverse("m-me"))
    return now.keep(answer, secure=request.is_secure())
