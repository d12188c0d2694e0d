"""The number and the code, shown once, and a QR code to keep them by."""

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from door.actions import Handed
from door.models import Slip
from door.views.joined import remember
from door.views.pages import show
from gridgov.core.codes import code_of, spaced
from gridgov.core.idempotency import Reply, digest_of_form, once, visitor
from grids.forms.codes import draw_code, origin_of


def hand_out(request: HttpRequest, key: str, act: Callable[[], Handed], *, at: dt.datetime) -> HttpResponse:
    """Let ACT take in what a form says, once for the form's KEY: a second tap is answered with the same slip."""

    def reply() -> Reply:
        return Reply(200, {"slip": act().slip.pk})

    found = once(client=visitor(key), key=key, asked=digest_of_form(request), act=reply, at=at)
    slip = Slip.objects.for_page().get(pk=found.body["slip"])
    answer = _receipt(request, slip, code_of(key))
    remember(request, answer, slip.case_id)
    return answer


def _receipt(request: HttpRequest, slip: Slip, code: str) -> HttpResponse:
    """What the resident takes along. The code stands behind the address's #, which browsers keep to themselves: it gets
    into no log and no referrer."""
    case = slip.case
    way = f"{reverse('door-follow')}#{case.no}.{code}"
    return show(
        request,
        "receipt.html",
        slip=slip,
        case=case,
        code=spaced(code),
        way=way,
        qr=draw_code(f"{origin_of(request)}{way}"),
    )
