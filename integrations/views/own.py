"""The own inbox outside of the house: people enter their number or address, prove it and say what it is for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gridgov.core.errors import Refusal
from gridgov.core.forms import HouseForm, insist, refuse
from gridgov.core.phone import phone_page
from integrations.actions import channels as actions
from integrations.forms.own import CodeForm, OwnForm, WantedForm
from integrations.models import Channel, OwnChannel


@phone_page()
@require_http_methods(["GET", "HEAD", "POST"])
def show_own(request: HttpRequest) -> HttpResponse:
    """The own addresses, and the form for another one."""
    form = OwnForm(*_given(request), by=request.user, plain=True)
    if request.method != "POST":
        return _page(request, form)
    language, now = get_language() or "zh-hans", timezone.now()

    def add() -> str:
        actions.add_own(**insist(form), language=language, by=request.user, at=now)
        return _("A code is on its way. Enter it below within five minutes.")

    return _tried(request, form, add, lambda status: _page(request, form, status))


@phone_page()
@require_POST
def prove(request: HttpRequest, pk: int) -> HttpResponse:
    own, form = _own_or_404(request, pk), CodeForm(request.POST, plain=True)

    def take() -> str:
        # No transaction around it: a wrong code counts.
        actions.prove_own(own=own, **insist(form), by=request.user, at=timezone.now())
        return _("It is yours. Notices come there from now on.")

    return _tried(request, form, take, lambda status: _page(request, None, status, {own.pk: form}))


@phone_page()
@require_POST
def want(request: HttpRequest, pk: int) -> HttpResponse:
    own = _own_or_404(request, pk)
    form = WantedForm(request.POST, row=own, plain=True)

    def change() -> str:
        insist(form)
        actions.change_own(own=own, **form.told(), by=request.user, at=timezone.now())
        return _("It is changed.")

    return _tried(request, form, change, lambda status: _page(request, None, status, {own.pk: form}))


@phone_page()
@require_POST
def send_code(request: HttpRequest, pk: int) -> HttpResponse:
    own = _own_or_404(request, pk)

    def send() -> str:
        actions.send_code(own=own, by=request.user, at=timezone.now())
        return _("A code is on its way. Enter it below within five minutes.")

    return _tried(request, CodeForm(plain=True), send, lambda status: _page(request, None, status))


@phone_page()
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    actions.drop_own(own=_own_or_404(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("It is taken out, with all that was sent there."))
    return HttpResponseRedirect(reverse("m-own"))


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST,) if request.method == "POST" else ()


def _own_or_404(request: HttpRequest, pk: int) -> OwnChannel:
    found: OwnChannel | None = OwnChannel.objects.of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _tried(
    request: HttpRequest, form: HouseForm, act: Callable[[], str], again: Callable[[int], HttpResponse]
) -> HttpResponse:
    """Back to the page with what ACT says; where it refuses, the page AGAIN with the reason in FORM, or above all."""
    try:
        messages.success(request, act())
    except Refusal as refusal:
        if not form.is_bound:
            messages.warning(request, str(refusal))
        elif form.is_valid():
            refuse(form, refusal)
        return again(refusal.status)
    return HttpResponseRedirect(reverse("m-own"))


def _page(
    request: HttpRequest, form: OwnForm | None, status: int = 200, sent: dict[int, HouseForm] | None = None
) -> HttpResponse:
    """SENT: the forms that were refused, by the address they are about."""
    rows = OwnChannel.objects.of(request.user).order_by("pk")
    sent = sent or {}
    listed = [(row, sent.get(row.pk) or _form_of(row)) for row in rows]
    context = {
        "listed": listed, "form": form or OwnForm(by=request.user, plain=True),
        "offered": Channel.objects.for_people().exists(),
    }  # fmt: skip
    return render(request, "integrations/m/own.html", context, status=status)


def _form_of(row: OwnChannel) -> HouseForm:
    return WantedForm(row=row, plain=True) if row.verified_at else CodeForm(plain=True)
