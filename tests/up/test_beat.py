"""Beat, as it is started: before Django is set up."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridgov.beat import LOOK_SECONDS, Steady
from gridgov.celery import TASKS, app
from gridgov.core.jobs import CHORES, ERRANDS, SWEEP

ASK = "from gridgov.celery import app; print(sorted(entry['task'] for entry in app.conf.beat_schedule.values()))"


def test_beat_asks_for_every_task() -> None:
    environment = {**os.environ, "GRIDGOV_SECRET_KEY": "none"}
    found = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == str(sorted(TASKS))
    assert set(TASKS) == {SWEEP, CHORES, ERRANDS}


def test_beat_asks_on_when_its_clock_was_ahead_and_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task, and not only the one that stands first."""
    asked: list[str] = []
    now = dt.datetime(2026, 9, 7, 9, tzinfo=dt.UTC)
    clock = {"ahead": dt.timedelta(hours=2)}
    app.set_current()
    monkeypatch.setattr(app, "now", lambda: now + clock["ahead"])
    beat = Steady(app, schedule_filename=str(tmp_path / "schedule"), lazy=False)
    monkeypatch.setattr(beat, "apply_entry", lambda entry, producer=None: asked.append(entry.task))
    monkeypatch.setattr(beat, "_when", lambda entry, delay: (app.now() + dt.timedelta(seconds=delay)).timestamp())

    def ask(seconds: int) -> set[str]:
        asked.clear()
        for _second in range(seconds):
            clock["ahead"] += dt.timedelta(seconds=1)
            for _look in range(2 * len(TASKS) + 2):
                assert beat.tick() <= LOOK_SECONDS
        return set(asked) & set(TASKS)

    assert ask(3) == set(TASKS)
    clock["ahead"] = dt.timedelta(0)
    assert ask(4) == set(TASKS)
    beat.close()
