"""Signing in and out on the phone: Django's own form, the API's limit of tries."""

from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.api.tries import first_page, too_many
from accounts.models import User
from gridgov.core.onward import safe_next


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Then on to `next`, where it is a page of ours; who has signed in already goes there at once."""
    if request.method == "POST":
        if busy := too_many(request):
            return busy
        form = AuthenticationForm(request, request.POST)
        if form.is_valid():
            login(request, form.get_user())
            return HttpResponseRedirect(_onward(request, form.get_user()))
    elif request.user.is_authenticated:
        return HttpResponseRedirect(_onward(request, request.user))
    else:
        form = AuthenticationForm(request)
    status = 400 if form.errors else 200
    return render(request, "m/login.html", {"form": form, "next": safe_next(request)}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """A page that asks, for reports that wait on this device are sent only for whoever made them; then out."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("m-login"))
    if request.method != "POST":
        return render(request, "m/logout.html")
    logout(request)
    return HttpResponseRedirect(reverse("m-login"))


def _onward(request: HttpRequest, user: User) -> str:
    return safe_next(request) or first_page(user)
