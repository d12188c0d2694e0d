"""How many requests one address may send in a minute, in all processes together: `settings.MINUTE_LIMITS`, by kind."""

import datetime as dt
import math
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from gridgov.core.counts import hit, visitor_of

MINUTE = dt.timedelta(minutes=1)


def seconds_to_wait(kind: str, request: HttpRequest) -> int:
    """Count one more request of KIND from where REQUEST comes from; 0 if it may go on, else how long it is to wait."""
    at = timezone.now()
    if hit(f"minute.{kind}", visitor_of(request), within=MINUTE, at=at) <= settings.MINUTE_LIMITS[kind]:
        return 0
    return math.ceil(60 - at.timestamp() % 60)


class MinuteThrottle(BaseThrottle):
    """The same for a view of the API."""

    kind: ClassVar[str]
    _wait = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        self._wait = seconds_to_wait(self.kind, request)
        return not self._wait

    def wait(self) -> float:
        return self._wait
