"""Celery's beat on a clock that may be put back."""

import datetime as dt
from typing import Any

from celery.beat import PersistentScheduler

# Beat looks at least so often, whatever its clock said before.
LOOK_SECONDS = 5.0
SLACK = dt.timedelta(seconds=2)


class Steady(PersistentScheduler):  # type: ignore[misc]
    """What was last asked for in the future was asked for by a clock that was ahead: it counts as asked for now. Beat itself
    would wait until that future has come, and nobody would look for due work meanwhile."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One look: ask for what is due; in how many seconds the next is wanted."""
        entries = list(self.schedule.values())
        now = self.app.now()
        if any(entry.last_run_at and entry.last_run_at > now + SLACK for entry in entries):
            for entry in entries:
                entry.last_run_at = now
            self._heap = None  # it is ordered by the moments of that clock
        return float(min(super().tick(*args, **kwargs), LOOK_SECONDS))
