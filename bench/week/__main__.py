"""A week of 20,000 cases on a faster clock, with worker, beat and broker shot with -9 at random, and a day without worker.

`python -m bench.week [--cases 20000] [--days 7] [--minutes 8] [--short] [--seed 1]`: real PostgreSQL, Valkey, Celery and
movers in a temporary folder; then everything that should have come in the week is counted against what came (count.py).
Ends with exit code 1 if anything is missing or doubled.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.stage import CELERY, ROOT, Stage, say
from gridgov.up.engines import Engines
from gridgov.up.process import Process
from gridgov.up.valkey import Valkey

# A Monday, four days before a year of whose calendar nothing is known yet.
MONDAY = datetime(2026, 12, 27, 16, tzinfo=UTC)
DAY = 86_400


@dataclasses.dataclass
class Week:
    """The stage, the clock, and the three who get shot."""

    stage: Stage
    broker_folder: Path
    days: float
    minutes: float
    start: float = 0.0

    def __post_init__(self) -> None:
        self.valkey = Valkey(self.broker_folder, durable=True)
        self.broker: Process | None = None
        self.celery: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def rate(self) -> float:
        return self.days * DAY / (self.minutes * 60)

    @property
    def env(self) -> dict[str, str]:
        base = MONDAY.timestamp()
        start = self.start or time.time() + 10 * 365 * DAY
        return {
            **self.stage.env, "DJANGO_SETTINGS_MODULE": "bench.week.settings", "REDIS_URL": self.valkey.url,
            "GRIDGOV_WEEK": f"{base} {base + self.days * DAY} {start} {self.rate}", "GRIDGOV_LOG": "ERROR",
        }  # fmt: skip

    def day(self) -> float:
        """How many days of the week are over."""
        return min((time.time() - self.start) * self.rate / DAY, self.days)

    def python(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def bring(self, name: str) -> None:
        """Start worker, beat or broker if it is not there."""
        if name == "broker":
            if self.broker is None:
                self.broker = Process(self.valkey.command(), lambda *_said: None)
                while not self.valkey.ready():
                    time.sleep(0.05)
        elif name not in self.celery:
            more = ["--schedule", str(self.stage.folder / "beat-week"), "--pidfile="]
            if name == "worker":
                more = ["--concurrency", "2", "--without-gossip", "--without-mingle"]
            command = [*CELERY, name, *more, "-l", "ERROR"]
            with (self.stage.folder / f"{name}.log").open("a") as log:
                self.celery[name] = subprocess.Popen(
                    command, cwd=ROOT, env=self.env, start_new_session=True, stdout=log, stderr=log
                )

    def shoot(self, name: str) -> None:
        if name == "broker" and self.broker:
            for process in psutil.Process(self.broker.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.broker.wait()
            self.broker = None
        elif name in self.celery:
            shot = self.celery.pop(name)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shot.pid, signal.SIGKILL)
            shot.wait()

    def fire(
        self, movers: list[subprocess.Popen[str]], seed: int, outage: tuple[float, float], pause: float
    ) -> dict[str, int]:
        """Until the week is over: shoot one of the three, wait, bring it back. In the OUTAGE (days) nobody works."""
        draw, shots = random.Random(seed), dict.fromkeys(("worker", "beat", "broker", "outage"), 0)
        while self.day() < self.days or any(mover.poll() is None for mover in movers):
            time.sleep(draw.uniform(0.3, 1.0) * pause)
            if outage[0] <= self.day() < outage[1]:
                self.shoot("worker")
                shots["outage"] += 1
                say(f"  day {self.day():.1f}: nobody works for a day")
                while self.day() < outage[1]:
                    time.sleep(0.1)
                self.bring("worker")
            elif self.day() < self.days:
                victim = draw.choice(["worker", "worker", "beat", "broker"])
                self.shoot(victim)
                shots[victim] += 1
                time.sleep(draw.uniform(0.0, 0.4) * pause)
                self.bring(victim)
        return shots

    def settle(self, seconds: float) -> None:
        """Let the workers catch up with everything due by the week's end, at which the clock stands still."""
        sql = "SELECT count(*) FROM core_job WHERE done_at IS NULL AND stuck_at IS NULL AND run_at <= %s"
        ends, end = time.monotonic() + seconds, datetime.fromtimestamp(MONDAY.timestamp() + self.days * DAY, tz=UTC)
        # A claim that died with its worker comes back when its lease is over, and the clock stands: give it back by hand.
        back = "UPDATE core_job SET run_at = %s, lease = NULL WHERE lease IS NOT NULL AND done_at IS NULL"
        # So does one that met a case somebody held: it was put off by a second, and no second passes any more.
        once = "UPDATE core_job SET run_at = %s WHERE kind = 'cases.deadline' AND done_at IS NULL AND run_at <= %s + interval '1 s'"
        looks = 0
        while time.monotonic() < ends:
            if not self.stage.one(sql, end) and not self.stage.one(
                "SELECT count(*) FROM core_job WHERE lease IS NOT NULL AND done_at IS NULL"
            ):
                if looks == 3:
                    return
                looks += 1
                self.stage.one(once, end, end)
            time.sleep(0.5)
            if self._quiet():
                self.stage.one(back, end)

    def _quiet(self) -> bool:
        """Whether no worker holds a transaction."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
        return not any(self.stage.one(sql) or time.sleep(0.1) for _look in range(5))


def run(folder: Path, options: argparse.Namespace) -> bool:
    with Engines(folder, durable=False) as engines:
        (folder / "broker").mkdir()
        (folder / "broker").chmod(0o711)
        week = Week(Stage(engines, folder).use("week"), folder / "broker", options.days, options.minutes)
        quiet = options.cases * 9 // 10
        say(f"loading a street and {quiet:,} cases to come; {week.rate:.0f} seconds pass in one")
        week.bring("broker")
        week.python("manage.py", "load_demo", "--cases", "60")
        week.python("-m", "bench.week.load", str(quiet), str(options.days * 0.95), str(options.seed))
        week.stage.one("VACUUM ANALYZE")
        week.start = time.time() + 3
        try:
            for name in ("broker", "worker", "beat"):
                week.bring(name)
            each = (options.cases - quiet) // options.movers
            movers = [
                subprocess.Popen([sys.executable, "-m", "bench.week.mover", str(options.seed + n), str(n), str(each)],
                                 cwd=ROOT, env=week.env, stdout=subprocess.PIPE, text=True)
                for n in range(options.movers)
            ]  # fmt: skip
            outage = (options.days * 0.35, options.days * 0.35 + min(1.0, options.days / 5))
            shots = week.fire(movers, options.seed, outage, options.minutes * 60 / 30)
            done = [json.loads(mover.communicate()[0].splitlines()[-1]) for mover in movers]
            for name in ("broker", "worker", "beat"):
                week.bring(name)
            say(f"  the week is over; shots: {shots}")
            for each_done in done:
                say(f"  a mover: {json.dumps(each_done, ensure_ascii=False)}")
            began = time.monotonic()
            week.settle(options.patience)
            say(f"  caught up after {time.monotonic() - began:.0f} s")
            found = json.loads(week.python("-m", "bench.week.count").splitlines()[-1])
            moved = all(mover.returncode == 0 for mover in movers)
            moved &= not any(name.startswith("database") for each_done in done for name in each_done)
        finally:
            for name in ("beat", "worker", "broker"):
                week.shoot(name)
    faults = found.pop("faults")
    say("  " + json.dumps(found, ensure_ascii=False))
    for fault in faults:
        say(f"  FAULT {fault}")
    return moved and not faults and min(shots.values()) > 0 and found["breaches"] > 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.week", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--minutes", type=float, default=8, help="how long the week takes")
    parser.add_argument("--movers", type=int, default=2)
    parser.add_argument("--patience", type=float, default=300, help="seconds to catch up in at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="some hundred cases in a week of half a minute")
    options = parser.parse_args()
    if options.short:
        options.cases, options.minutes, options.patience = 500, 0.6, 60
    folder = Path(tempfile.mkdtemp(prefix="gridgov-week-"))
    folder.chmod(0o711)
    try:
        passed = run(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say("each once, nothing lost" if passed else "FAILED")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
