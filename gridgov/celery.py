"""Celery's way in: beat asks for a sweep of the job table, workers run it, the courier what leads outside."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gridgov.settings")

# gridgov.core.tasks, by name: beat is configured before there are models, and a handler that fails here is only logged.
TASKS = ("core.sweep", "core.errands")

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
