"""Following: number and code open the own report for half an hour, in this browser only."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from door import actions
from door.forms import FollowForm, RateForm, ReopenForm, WordsForm
from door.models import Slip
from door.reports import looked_at, progress
from door.views.joined import forget
from door.views.pages import private, show
from door.views.tries import Tries
from gridgov.core.counts import visitor_of
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse

COOKIE, SALT, OPEN_SECONDS = "door", "door.follow", 1800
FORMS: dict[str, type[forms.Form]] = {
    "rate": RateForm, "reopen": ReopenForm, "words": WordsForm, "forget": forms.Form, "withdraw": forms.Form,
}  # fmt: skip
VERBS: dict[str, Callable[..., Any]] = {
    "rate": actions.rate_report, "reopen": actions.reopen_report, "words": actions.add_words,
    "forget": actions.forget_contact, "withdraw": actions.withdraw_report,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@private
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code, never in an address. An unknown number and a wrong code are told alike."""
    form = FollowForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "follow.html", form=form)
    number, at = form.cleaned_data["number"].strip(), timezone.now()
    tries = Tries(visitor_of(request), number, at)
    if tries.are_over:
        form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
        return show(request, "follow.html", form=form, status=429)
    slip = Slip.objects.held_by(number, form.cleaned_data["code"])
    if slip is None:
        if tries.were_last:
            actions.note_guessing(number=tries.told, tries=tries.most, by=User.objects.door(), at=at)
        form.add_error(None, _("Number and code don't go together. Please look at them once more."))
        return show(request, "follow.html", form=form)
    tries.forgive()
    answer = HttpResponseRedirect(reverse("door-mine"))
    answer.set_signed_cookie(
        COOKIE, str(slip.pk), salt=SALT, max_age=OPEN_SECONDS, path=reverse("door-follow"), httponly=True,
        samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
    return answer


def slip_of(request: HttpRequest) -> Slip | None:
    """The slip that this browser has opened by number and code within the half hour."""
    pk = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=OPEN_SECONDS)
    return Slip.objects.for_page().filter(pk=int(pk), withdrawn_at=None).first() if pk else None


@require_safe
@private
def mine(request: HttpRequest) -> HttpResponse:
    """How far it has come."""
    slip = slip_of(request)
    return HttpResponseRedirect(reverse("door-follow")) if slip is None else _show(request, slip)


def _show(request: HttpRequest, slip: Slip, *, status: int = 200, **filled: forms.Form) -> HttpResponse:
    blank = {verb: form() for verb, form in FORMS.items()}
    done = request.GET.get("done", "")
    return show(
        request,
        "mine.html",
        seen=progress(slip),
        looked=looked_at(slip),
        forms={**blank, **filled},
        done=done if done in FORMS else "",
        status=status,
    )


@require_POST
@private
def do_with_slip(request: HttpRequest, verb: str) -> HttpResponse:
    """One of the verbs; a refusal is shown in its form."""
    if verb not in FORMS:
        raise Http404
    slip = slip_of(request)
    if slip is None:
        return HttpResponseRedirect(reverse("door-follow"))
    form = FORMS[verb](request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, slip, status=400, **{verb: form})
    try:
        VERBS[verb](slip=slip, **form.cleaned_data, by=User.objects.door(), at=timezone.now())
    except Refusal as refusal:
        refuse(form, refusal)
        again = Slip.objects.for_page().get(pk=slip.pk)
        return _show(request, again, status=refusal.status, **{verb: form})
    if verb == "withdraw":
        answer = _left(show(request, "withdrawn.html"))
        forget(request, answer, slip.case_id)
        return answer
    return HttpResponseRedirect(f"{reverse('door-mine')}?done={verb}")


@require_POST
@private
def leave(request: HttpRequest) -> HttpResponse:
    """For a phone that others use too."""
    return _left(HttpResponseRedirect(reverse("door-home")))


def _left(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(COOKIE, path=reverse("door-follow"))
    return answer
