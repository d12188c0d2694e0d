"""Against floods: so many reports from one address and to one street, then a small proof, then a pause."""

import datetime as dt
import math
from enum import IntEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from door.views.pages import show
from gridgov.core.counts import hit, seen, visitor_of
from gridgov.core.proof import Proof, is_proven, new_proof

SPAN, DAY = dt.timedelta(minutes=10), dt.timedelta(days=1)


class Gate(IntEnum):
    OPEN, PROOF, SHUT = range(3)


def joins(request: HttpRequest, case: int) -> Gate:
    """How one "me too" more to CASE from one network is let in today; one that is sent counts."""
    count, (soft, most) = hit if request.method == "POST" else seen, settings.DOOR_LIMITS["joins"]
    number = count("door.join", f"{case} {visitor_of(request)}", within=DAY, at=timezone.now())
    if number > most:
        return Gate.SHUT
    return Gate.PROOF if number > soft else Gate.OPEN


def gate(request: HttpRequest, street: str) -> Gate:
    """How a report to STREET is let in now; one that is sent (a POST) counts."""
    count, at = hit if request.method == "POST" else seen, timezone.now()
    limits = settings.DOOR_LIMITS
    found = [
        (count("door.address", visitor_of(request), within=SPAN, at=at), limits["address"]),
        (count("door.street", street, within=SPAN, at=at), limits["street"]),
    ]
    if any(number > most for number, (_soft, most) in found):
        return Gate.SHUT
    return Gate.PROOF if any(number > soft for number, (soft, _most) in found) else Gate.OPEN


def proof_if_needed(request: HttpRequest, found: Gate) -> Proof | None:
    """What is to be proven before the form that is about to be shown can be sent; None if nothing."""
    return new_proof(timezone.now()) if found is Gate.PROOF else None


def is_kept_out(request: HttpRequest, found: Gate) -> bool:
    """Whether a proof is needed and not there."""
    return found is Gate.PROOF and not is_proven(request, at=timezone.now())


def busy(request: HttpRequest, **context: Any) -> HttpResponse:
    """Come back later, or call."""
    seconds = SPAN.total_seconds() - timezone.now().timestamp() % SPAN.total_seconds()
    answer = show(request, "busy.html", status=429, minutes=math.ceil(seconds / 60), **context)
    answer["Retry-After"] = math.ceil(seconds)
    return answer
