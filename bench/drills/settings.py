"""The house's settings on a clock that can be put forward and back while it runs.

GRIDGOV_DRILL_CLOCK names a file that holds a number of seconds; every process of the drill reads it with each look at the
clock. Only `django.utils.timezone.now` is put aside: it is the one clock the house reads (tests/house). PostgreSQL's and
Celery's own clocks run on, as they would where the clock of the web's machine alone is wrong.
"""

import datetime as dt
import os
from pathlib import Path

from django.utils import timezone

from gridgov.settings import *  # noqa: F403

_file = Path(os.environ["GRIDGOV_DRILL_CLOCK"])
_real = timezone.now


def now() -> dt.datetime:
    """The present, off by so many seconds."""
    return _real() + dt.timedelta(seconds=float(_file.read_text() or 0))


timezone.now = now
