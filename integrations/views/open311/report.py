"""POST Service Request: who may, what is told, and once however often it is sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, Throttled

from accounts.api.clients import authenticate_raw
from accounts.models import ApiKey
from gridgov.core.codes import code_of, spaced
from gridgov.core.errors import Forbidden
from gridgov.core.forms import insist
from gridgov.core.idempotency import FIELD, HEADER, KEPT, Reply, digest, digest_of_form, once
from gridgov.core.keys import insist_on_scope
from grids.forms.codes import origin_of
from integrations.actions.open311_requests import take_request
from integrations.choices.open311 import SAME_WITHIN, SCOPE
from integrations.forms.open311 import first_of
from integrations.forms.open311_report import KEY, ReportForm, given_in, key_in, pictures_in
from integrations.reports.open311 import Element, notice_of
from integrations.rules.open311 import needs
from integrations.views.open311.answers import told
from integrations.views.open311.entrance import TooMany, asked_for
from integrations.views.open311.matters import service_of


def take(request: HttpRequest, spelling: str) -> HttpResponse:
    """Answers with the number at once, and no token. A client that got no answer may send the same again: under the same
    `Idempotency-Key` for a month, without one for ten minutes."""
    given, at = given_in(request), timezone.now()
    key = _key(request, given)
    streets = [one.street for one in asked_for(given)]
    code = first_of(given, "service_code")
    needs("service_code", code).insist()
    service, form = service_of(code), ReportForm(given)
    insist(form)
    said = form.told(service, pictures_in(request))
    asked = _digest(request)
    name = first_of(given, FIELD) or request.headers.get(HEADER, "")
    mark = name or f"same:{asked[:56]}"
    # The code that whoever reported follows it by comes from this, and is the same each time.
    secret = f"open311:{key.client_id}:{mark}:{asked}"

    def act() -> Reply:
        case = take_request(told=said, client=key.client, streets=streets, secret=secret, at=at)
        return Reply(200, case.no)

    within = KEPT if name else SAME_WITHIN
    found = once(client=f"open311:{key.client_id}", key=mark, asked=asked, act=act, at=at, within=within)
    follow = _("Followed and withdrawn at %(address)s with the number and the code %(code)s.") % {
        "address": f"{origin_of(request)}{reverse('door-follow')}", "code": spaced(code_of(secret)),
    }  # fmt: skip
    answer: Element = {
        "service_request_id": found.body, "service_notice": f"{notice_of(service)} {follow}", "account_id": "",
    }  # fmt: skip
    return told(spelling, "service_requests", [answer])


def _key(request: HttpRequest, given: QueryDict) -> ApiKey:
    """The key of whoever asks. Raises Forbidden, which is the standard's 403, and TooMany."""
    raw = key_in(request, given)
    if not raw:
        raise Forbidden(_("api_key was not provided."))
    try:
        key = authenticate_raw(raw.replace("\x00", "?"), request)
        insist_on_scope(key, SCOPE)
    except Throttled:
        raise TooMany(_("Too many requests. Please wait a minute.")) from None
    except APIException as refused:
        raise Forbidden(str(refused.detail)) from None
    return key


def _digest(request: HttpRequest) -> str:
    """What makes two requests the same: all that is told, by whichever of the client's keys and in whatever format."""
    form: Any = digest_of_form(request, without=frozenset({KEY}))
    asked = sorted((name, request.GET.getlist(name)) for name in request.GET if name not in {KEY, FIELD})
    return digest("POST", "requests", form, asked)
