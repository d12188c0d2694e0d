"""The number and the code, shown once, and a QR code to keep them by."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from door.actions import Handed
from door.views.pages import show
from gridgov.core.codes import spaced
from gridgov.core.qr import qr_paths


def receipt(request: HttpRequest, handed: Handed) -> HttpResponse:
    """What the resident takes along. The code stands behind the address's #, which browsers keep to themselves: it gets
    into no log and no referrer."""
    case = handed.slip.case
    way = f"{reverse('door-follow')}#{case.no}.{handed.code}"
    address = f"{settings.PUBLIC_ORIGIN or request.build_absolute_uri('/').rstrip('/')}{way}"
    return show(
        request, "receipt.html", slip=handed.slip, case=case, code=spaced(handed.code), way=way, qr=qr_paths(address)
    )
