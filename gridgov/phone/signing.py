"""Signing in and out on the phone: the house's one way in (accounts.api.door). Volunteers come in by number or phone."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.api.door import half_in, way_back, way_on
from accounts.api.tries import first_page, too_many
from accounts.forms import SignInForm
from accounts.models import User
from gridgov.core.onward import safe_next
from volunteers.choices.people import WAITING
from volunteers.models import Volunteer


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Then on to `next`, where it is a page of ours; who has signed in already goes there at once."""
    waiting = None
    if request.method == "POST":
        if busy := too_many(request):
            return busy
        account = _account_of(request.POST.get("username", ""))
        form = SignInForm(request, {**request.POST.dict(), "username": account})
        if form.is_valid():
            login(request, form.get_user())
            return HttpResponseRedirect(way_on(request, _onward(request, form.get_user())))
        waiting = _waiting(form)
        form.data = request.POST  # whose phone it is, is nobody's to learn
    elif request.user.is_authenticated:
        return HttpResponseRedirect(_onward(request, request.user))
    elif half_in(request) is not None:
        return HttpResponseRedirect(way_back(request, safe_next(request)))
    else:
        form = SignInForm(request)
    context = {"form": form, "waiting": waiting, "next": safe_next(request)}
    return render(request, "m/login.html", context, status=400 if form.errors else 200)


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


def _account_of(said: str) -> str:
    """The user name that somebody typed; volunteers also come in by their phone number, and don't heed capitals."""
    said = said.replace("\0", "").strip()
    return Volunteer.objects.account_of(said) or said


def _waiting(form: SignInForm) -> Volunteer | None:
    """The applicant whose password this is: who has it may read how the application stands."""
    name, password = form.data.get("username", ""), form.data.get("password", "")
    if not form.has_error("__all__", "invalid_login"):
        return None
    rows = Volunteer.objects.filter(state__in=WAITING, user__username=name, user__is_active=False).select_related(
        "user"
    )
    found: Volunteer | None = rows.first()
    # It takes as long where there is none: who has applied is nobody's to find out.
    account = found.user if found is not None and found.user is not None else User()
    return found if account.check_password(password) else None
