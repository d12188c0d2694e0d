"""Me too: a resident sees a report of the same thing, and joins it instead of writing another one."""

import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from door.actions import Handed, join_report
from door.choices import CONSENT
from door.forms import JoinForm
from door.views.pages import private, show
from door.views.receipt import hand_out
from gridgov.core.errors import Conflict, Refusal
from gridgov.core.forms import refuse

SALT = "door.join"
_GONE = _("This page has been open too long. Please begin again.")
# A page may lie open so long before its "me too" is pressed.
TICKET_SECONDS = 6 * 3600


def ticket_for(case: int) -> str:
    """Only what was shown can be joined: no number is guessed, and none is told."""
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
    if request.method != "POST":
        ticket = request.GET.get("case", "")
        _case_of(ticket)
        return show(request, "join.html", form=JoinForm(), ticket=ticket, key=uuid.uuid4(), version=CONSENT)
    form = JoinForm(request.POST)
    ticket, key = request.POST.get("case", ""), request.POST.get("key", "")
    case = _case_of(ticket)
    if form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        consent = CONSENT if said["consent"] else ""

        def act() -> Handed:
            return join_report(
                key=said["key"], case=case, name=said["name"], phone=said["phone"], consent=consent,
                by=User.objects.door(), at=at,
            )  # fmt: skip

        try:
            return hand_out(request, said["key"], act, at=at)
        except Refusal as refusal:
            refuse(form, refusal)
    return show(request, "join.html", form=form, ticket=ticket, key=key, version=CONSENT, status=400)
