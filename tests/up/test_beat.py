"""Beat, as it is started: before Django is set up."""

import os
import subprocess
import sys

from gridgov.celery import TASKS
from gridgov.core.jobs import ERRANDS, SWEEP

ASK = "from gridgov.celery import app; print(sorted(entry['task'] for entry in app.conf.beat_schedule.values()))"


def test_beat_asks_for_every_task() -> None:
    environment = {**os.environ, "GRIDGOV_SECRET_KEY": "none"}
    found = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == str(sorted(TASKS))
    assert set(TASKS) == {SWEEP, ERRANDS}
