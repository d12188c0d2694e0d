"""What every page on which somebody tries to come in shares: how often one may try, and where one goes then."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from accounts.choices import ADMIN_HANDS
from accounts.models import User
from gridgov.core.pacing import seconds_to_wait


def too_many(request: HttpRequest) -> HttpResponse | None:
    """The page that asks to wait, once an address has tried too often; None as long as it hasn't. Asking counts."""
    wait = seconds_to_wait("login", request)
    if not wait:
        return None
    answer = render(request, "m/busy.html", status=429)
    answer["Retry-After"] = wait
    return answer


def first_page(user: User) -> str:
    """Where USER goes who named no page: the phone, or the desk for those who run the house."""
    return resolve_url("admin:index" if user.role in ADMIN_HANDS else "/m/")
