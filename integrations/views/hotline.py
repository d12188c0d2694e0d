"""The door at which partners' messages come in: /exchange/<partner>/<operation>.

Who sends is known by a signature, not by a session. The message is kept before anything is done about it, and is answered in
the partner's own shape; what comes of it follows by callbacks.
"""

import logging
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import ApiClient
from gridgov.core.counts import address_of, visitor_of
from gridgov.core.errors import Invalid, Refusal
from integrations.actions.hotline import note_refused, receive_message, secrets_of
from integrations.choices.hotline import MAX_BODY
from integrations.models.hotline import Partner
from integrations.rules import hotline as rules
from integrations.rules import profiles

log = logging.getLogger("gridgov.exchange")


@csrf_exempt
@require_POST
def exchange(request: HttpRequest, partner: str, operation: str) -> HttpResponse:
    """Keep one signed message. Unknown partners and operations are not found; what is not signed is kept nowhere."""
    found = Partner.objects.select_related("account").filter(code=partner, is_active=True).first()
    if found is None or operation not in found.profile["in"]:
        raise Http404
    try:
        return _received(request, found, operation)
    except Refusal as refusal:
        log.warning("exchange with %s refused: %s", partner, refusal.code)
        note_refused(found, refusal.code, visitor_of(request))
        return answered(found, "refused", refusal.status, code=refusal.code, message=str(refusal))
    except OperationalError:
        return answered(found, "refused", 503, code="unavailable", message=_("Please try again."))


def _received(request: HttpRequest, partner: Partner, operation: str) -> HttpResponse:
    at = timezone.now()
    rules.can_come_from(partner, address_of(request)).insist()
    rules.can_act(ApiClient.objects.filter(user=partner.account_id).first(), at).insist()
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise Invalid(_("The message is too large."), code="too_large")
    body = request.read(MAX_BODY + 1)
    profiles.can_trust(partner.profile, secrets_of(partner, at), request.headers, body, at).insist()
    nonce = request.headers[partner.profile["signature"]["headers"]["nonce"]]
    row = receive_message(partner=partner, operation=operation, nonce=nonce, body=body, at=at)
    number = row.order.number if row.order else ""
    return answered(
        partner, "received", 200, code="ok", message=_("The message is kept."), no=number, state=str(row.state)
    )


def answered(partner: Partner, what: str, status: int, **values: Any) -> JsonResponse:
    """The partner's own shape of an answer; a profile may want 200 for everything."""
    shape = partner.profile["answer"][what]
    status = shape["status"] or status
    return JsonResponse(profiles.filled(partner.profile, shape["body"], values), status=status)
