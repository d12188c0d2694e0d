"""Me too: a resident sees a report of the same thing, and joins it instead of writing another one."""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from door import rules
from door.actions import Handed, join_report
from door.choices import CONSENT
from door.forms import JoinForm
from door.views.joined import has_joined
from door.views.pages import private, show
from door.views.receipt import hand_out
from door.views.wall import Gate, busy, gate, is_kept_out, joins, proof_if_needed
from gridgov.core.errors import Conflict, Refusal
from gridgov.core.forms import refuse

SALT = "door.join"
_GONE = _("This page has been open too long. Please begin again.")
# A page may lie open so long before its "me too" is pressed.
TICKET_SECONDS = 6 * 3600


def ticket_for(case: int) -> str:
    """Only what was shown can be joined. What it holds (the key of a row) opens nothing: that takes number and code."""
    return signing.dumps(case, salt=SALT)


def _case_of(ticket: str) -> int:
    try:
        return int(signing.loads(ticket, salt=SALT, max_age=TICKET_SECONDS))
    except (signing.BadSignature, TypeError, ValueError):
        raise Conflict(_GONE) from None


@require_http_methods(["GET", "HEAD", "POST"])
@private
def join(request: HttpRequest) -> HttpResponse:
    """GET asks for an optional contact; POST joins."""
    asked = request.POST if request.method == "POST" else request.GET
    ticket = asked.get("case", "")
    case = _case_of(ticket)
    found, of_case = gate(request, "me too"), joins(request, case)
    if found is Gate.SHUT:
        return busy(request)
    if not (free := rules.can_join_from_here(of_case is Gate.SHUT)):
        return _counted(request, free.refusal)
    found = max(found, of_case)
    if request.method == "POST":
        return _join(request, case, ticket, found)
    if not (once := rules.can_join_once(has_joined(request, case))):
        return _counted(request, once.refusal, status=200)
    return _ask(request, JoinForm(), ticket, found, key=str(uuid.uuid4()))


def _counted(request: HttpRequest, refusal: object, *, status: int = 409) -> HttpResponse:
    """Said before: what counts, and where to see how it goes on."""
    return show(request, "joined.html", refusal=refusal, status=status)


def _ask(
    request: HttpRequest, form: JoinForm, ticket: str, found: Gate, *, key: str, status: int = 200
) -> HttpResponse:
    proof = proof_if_needed(request, found)
    context: dict[str, Any] = {"form": form, "ticket": ticket, "key": key, "version": CONSENT, "proof": proof}
    return show(request, "join.html", status=status, **context)


def _join(request: HttpRequest, case: int, ticket: str, found: Gate) -> HttpResponse:
    form, key, at = JoinForm(request.POST), request.POST.get("key", ""), timezone.now()
    if not form.is_valid() or form.is_trapped:
        return _ask(request, form, ticket, found, key=key, status=400)
    if is_kept_out(request, found):
        return _ask(request, form, ticket, found, key=key, status=429)
    said = form.cleaned_data
    contact = {"name": said["name"], "phone": said["phone"], "consent": CONSENT if said["consent"] else ""}

    def act() -> Handed:
        # Here, for the same form sent twice is answered with the same slip.
        rules.can_join_once(has_joined(request, case)).insist()
        return join_report(key=said["key"], case=case, **contact, by=User.objects.door(), at=at)

    try:
        return hand_out(request, said["key"], act, at=at)
    except Refusal as refusal:
        if refusal.code == "joined":
            return _counted(request, refusal)
        refuse(form, refusal)
        return _ask(request, form, ticket, found, key=key, status=refusal.status)
