"""A resident asks about the own data: with number and code of a report, or with a phone number that is verified later; follows the
request by a number and a code of its own, fetches the copy once, and asks again after a refusal."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from door.choices import SlipKind
from door.models import Slip
from door.reports import place_at, streets
from door.views.follow import slip_of
from door.views.pages import private
from door.views.tries import Tries
from door.views.wall import Gate as Gates
from door.views.wall import busy, gate, is_kept_out, proof_if_needed
from gridgov.core.codes import spaced
from gridgov.core.counts import visitor_of
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from grids.choices import HOTLINE
from privacy import actions, rules
from privacy.actions.asking import Asked
from privacy.choices import WORDS_CHARS, RequestState, Source
from privacy.forms.handing import zipped
from privacy.forms.public import AskForm, CodeForm, OwnAskForm, known
from privacy.models import Request

COOKIE, SALT, OPEN_SECONDS = "privacy", "privacy.follow", 1800


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the door, in its frame."""
    return render(request, f"privacy/door/{template}", {"hotline": HOTLINE, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask(request: HttpRequest) -> HttpResponse:
    """Without number and code of a report: who it is will be verified at the counter, or by calling back."""
    found = streets()
    form = AskForm(request.POST or None)
    street = place_at(request.POST.get("street", "") or (found[0].code if found else ""), timezone.localdate())
    if street is None:
        return show(request, "ask.html", form=form, streets=found, status=404 if request.method == "POST" else 200)
    way = gate(request, street.path[0].code)
    if way is Gates.SHUT:
        return busy(request)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and not form.is_trapped:
            if is_kept_out(request, way):
                status = 429
            else:
                return _taken(
                    request, form, Asked(street.path[0], source=Source.DOOR, **known(form)), "ask.html", streets=found
                )
    return show(request, "ask.html", form=form, streets=found, proof=proof_if_needed(request, way), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own(request: HttpRequest) -> HttpResponse:
    """With the report open in this browser: the contact is what was given with it. Whether that number is the person's own nobody
    has proved yet."""
    slip = slip_of(request)
    if slip is None:
        return HttpResponseRedirect(reverse("door-follow"))
    name, phone = _contact(slip)
    form, status = OwnAskForm(request.POST or None), 200
    if request.method == "POST" and phone:
        if form.is_valid():
            who = {"name": name or str(_("resident")), "phone": phone, "source": Source.DOOR}
            asked = Asked(slip.case.street, **who, **known(form))
            return _taken(request, form, asked, "own.html", slip=slip, phone=phone)
        status = 400
    return show(request, "own.html", form=form, slip=slip, phone=phone, status=status)


def _contact(slip: Slip) -> tuple[str, str]:
    """Name and phone that were given with the slip; '' where none were, or they are deleted."""
    reporter = getattr(slip.case, "reporter", None) if slip.kind == SlipKind.REPORT else slip
    return (reporter.name, reporter.phone) if reporter else ("", "")


def _taken(request: HttpRequest, form: forms.Form, asked: Asked, template: str, **context: Any) -> HttpResponse:
    """Number and code of the request, shown this once; or the form with what was refused."""
    try:
        row, code = actions.take_request(asked=asked, by=User.objects.door(), at=timezone.now())
    except Refusal as refusal:
        refuse(form, refusal)
        return show(request, template, form=form, status=refusal.status, **context)
    return show(request, "taken.html", row=row, code=spaced(code), status=201)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code, never in an address; tries count as those for reports."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return show(request, "follow.html", form=form, status=400 if request.method == "POST" else 200)
    number, at = form.cleaned_data["number"].strip(), timezone.now()
    tries = Tries(visitor_of(request), number, at)
    if tries.are_over:
        form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
        return show(request, "follow.html", form=form, status=429)
    row = Request.objects.held_by(number, form.cleaned_data["code"])
    if row is None:
        form.add_error(None, _("Number and code don't go together. Please look at them once more."))
        return show(request, "follow.html", form=form)
    tries.forgive()
    answer = HttpResponseRedirect(reverse("privacy-mine"))
    answer.set_signed_cookie(
        COOKIE, str(row.pk), salt=SALT, max_age=OPEN_SECONDS, path=reverse("privacy-ask"), httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
    return answer


def _opened(request: HttpRequest) -> Request | None:
    pk = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=OPEN_SECONDS)
    return Request.objects.for_detail().exclude(code_digest="").filter(pk=int(pk)).first() if pk else None


@require_safe
@private
def mine(request: HttpRequest) -> HttpResponse:
    """How far it has come, what was decided, and the answer."""
    row = _opened(request)
    return HttpResponseRedirect(reverse("privacy-follow")) if row is None else _mine(request, row)


def _mine(request: HttpRequest, row: Request, fault: str = "", status: int = 200) -> HttpResponse:
    parts = list(row.parts.all())
    context = {
        "row": row, "parts": parts if row.state == RequestState.ANSWERED else [], "fault": fault,
        "may_fetch": bool(rules.can_fetch_copy(row, timezone.now())),
        "may_ask_again": bool(rules.can_ask_again(row, parts, row.again.exists())),
    }  # fmt: skip
    return show(request, "mine.html", status=status, **context)


@require_POST
@private
def do_with_request(request: HttpRequest, verb: str) -> HttpResponse:
    """Fetch the copy, once; or ask again after a refusal."""
    if verb not in {"copy", "again"}:
        raise Http404
    row = _opened(request)
    if row is None:
        return HttpResponseRedirect(reverse("privacy-follow"))
    at, by = timezone.now(), User.objects.door()
    try:
        if verb == "copy":
            return zipped(row.no, actions.copy_out(request=row, whole=True, by=by, at=at))
        words = request.POST.get("words", "")[:WORDS_CHARS]
        made, code = actions.ask_again(request=row, words=words, by=by, at=at)
    except Refusal as refusal:
        return _mine(request, row, str(refusal), refusal.status)
    return show(request, "taken.html", row=made, code=spaced(code), status=201)
