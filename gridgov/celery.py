"""Celery's way in: beat asks for a sweep of the job table, workers run it, the courier what leads outside."""

import os
from logging.config import dictConfig

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridgov.settings")

# gridgov.core.tasks, by name: beat is configured before there are models, and a handler that fails here is only logged.
TASKS = ("core.sweep", "core.chores", "core.errands")

app = Celery("gridgov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["gridgov.core"], related_name="tasks")


@app.on_after_configure.connect
def ask_for_sweeps(sender: Celery, **kwargs: object) -> None:
    from django.conf import settings

    seconds = settings.JOB_SWEEP_SECONDS
    # A sweep that waited longer than the next one is not worth running: the next one finds the same rows.
    for task in TASKS:
        sender.add_periodic_task(seconds, sender.signature(task), name=task, expires=max(seconds * 2, 2))


@signals.setup_logging.connect
def log_as_the_house_does(**kwargs: object) -> None:
    """Celery would bring handlers of its own, and with them lines that nothing is struck out of."""
    from django.conf import settings

    dictConfig(settings.LOGGING)
