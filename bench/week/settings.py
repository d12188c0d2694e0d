"""The house's settings on a clock that runs faster: every process of the week reads the same one from its environment.

GRIDGOV_WEEK is "base end start rate": simulated time goes from BASE to END and stands still there; it begins at the real
moment START (all three in seconds of the epoch) and runs RATE times as fast. Only `django.utils.timezone.now` is put
aside: it is the one clock the house reads.
"""

import datetime as dt
import os
import time

from django.utils import timezone

from gridgov.settings import *  # noqa: F403

_base, _end, _start, _rate = (float(part) for part in os.environ["GRIDGOV_WEEK"].split())


def now() -> dt.datetime:
    """The simulated present."""
    moment = _base + max(time.time() - _start, 0.0) * _rate
    return dt.datetime.fromtimestamp(min(moment, _end), tz=dt.UTC)


timezone.now = now
