"""The Celery app with a pulse: worker and beat touch the file GRIDGOV_PULSE for as long as they do their work.

`celery -A gridgov.up.pulse worker`. A file's age is a health check that costs nothing; `celery inspect ping` boots all
of Django every time. The worker's heart beats every 2 s while it hears the broker; beat's whenever a message got through.
"""

import os
from pathlib import Path

from celery import signals

from gridgov.celery import app

__all__ = ["app"]


def beat(**kwargs: object) -> None:
    if path := os.environ.get("GRIDGOV_PULSE"):
        Path(path).touch()


for signal in (signals.heartbeat_sent, signals.beat_init, signals.after_task_publish):
    signal.connect(beat)
