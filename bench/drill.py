"""The drill: kill worker, broker, database, beat and web, each with -9, while cases move, and see that nothing is lost.

`python -m bench.drill [--cases 200]` starts a whole `make run` of its own in a temporary folder, moves cases through the
API under a limit of seconds, shoots one process after the other, and then counts. Ends with exit code 1 on any fault.
"""

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import psutil

from bench.measure import Client
from bench.stage import ROOT, say, wait_for

PORT = 18200
LIMIT_SECONDS = 15
# A part of the command line by which each victim is known.
VICTIMS = {
    "worker": " worker ",
    "broker": "valkey-server",
    "database": "bin/postgres -D",
    "beat": " beat ",
    "web": "gunicorn",
}


@dataclass
class Tally:
    """What the movers met: confirmed reports and completions by case id, and how requests failed."""

    reported: list[int] = field(default_factory=list)
    completed: list[int] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)


SET_UP = """
import json
from django.utils import timezone
from rest_framework.authtoken.models import Token
from accounts.models import User
from cases.actions import set_policy
from cases.models import Category
from grids.models import Post
street = Post.objects.filter(kind="street_staff").first().user
worker = Post.objects.filter(kind="grid_worker_ft").order_by("pk").first()
Category.objects.filter(code="0602").update(needs_place=False, needs_photo=False)
set_policy(tier="A", value="LIMIT", unit="natural_second", category=Category.objects.get(code="0602"), reason="drill",
           by=street, at=timezone.now())
print(json.dumps({"token": Token.objects.get_or_create(user=worker.user)[0].key, "grid": worker.grid.code}))
"""
COUNT = """
import json
from django.db.models import Count, F, Q
from django.utils import timezone
from cases.models import Card, Case, Deadline, LedgerEntry
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
ids = json.load(open("IDS"))
clocks = Deadline.objects.filter(case__in=ids["reported"], clock="case")
late = clocks.filter(due_at__lt=timezone.now()).filter(Q(met_at=None) | Q(met_at__gt=F("due_at")))
print(json.dumps({
    "cases": Case.objects.filter(pk__in=ids["reported"]).count(),
    "completed": Case.objects.filter(pk__in=ids["completed"], state="completed").count(),
    "late": late.count(),
    "marked": clocks.filter(breached_at__isnull=False).count(),
    "unmarked": late.filter(breached_at=None).count(),
    "wrongly": clocks.filter(breached_at__isnull=False, met_at__lte=F("due_at")).count(),
    "ledger": LedgerEntry.objects.filter(deadline__in=clocks, entry="breach").count(),
    "cards": Card.objects.filter(case__in=ids["reported"]).count(),
    "records": Record.objects.filter(verb="cases.breached", subject_id__in=ids["reported"], data__clock="case").count(),
    "stuck": Job.objects.stuck().count(),
    "faults": verify().faults,
}))
"""


def manage(env: dict[str, str], script: str) -> dict[str, object]:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def move(token: str, tally: Tally, count: int, numbers: "itertools.count[int]") -> None:
    """Report COUNT cases and complete every second one before its time is over, whatever falls over meanwhile."""
    client = Client(PORT, token)
    body = {"category": "0602", "text": "演练:楼道堆物", "grid": GRID[0]}
    while next(numbers) < count:
        pk = _insist(client, tally, "/api/v1/cases/", body)
        if pk is None:
            continue
        tally.reported.append(pk)
        if pk % 2 and _insist(client, tally, f"/api/v1/cases/{pk}/complete/", {"result": "已清理"}) is not None:
            tally.completed.append(pk)
        time.sleep(random.random() * 0.4)


GRID: list[str] = []


def _insist(client: Client, tally: Tally, path: str, body: object) -> int | None:
    """POST until an answer comes. An answer that got lost on the way is not asked again: None, and counted."""
    for _try in range(120):
        try:
            return int(str(client.post(path, body)["id"]))
        except RuntimeError as error:
            tally.failures[str(error).split(": ")[1][:3]] += 1
            if ": 409" in str(error):
                return None
        except (HTTPException, OSError) as error:
            tally.failures[type(error).__name__] += 1
            client.connection.close()
            if isinstance(error, HTTPException | ConnectionResetError | BrokenPipeError):
                return None
        time.sleep(0.25)
    raise TimeoutError("the house did not come back within 30 seconds")


def shoot(supervisor: psutil.Process, name: str) -> None:
    """kill -9 the process of the kind NAME below the supervisor (not the guard that holds it); waits for one to be there."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for process in supervisor.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                line = " ".join(process.cmdline())
                if VICTIMS[name] in line and "guard.py" not in line:
                    process.kill()
                    say(f"  shot {name} ({process.pid})")
                    return
        time.sleep(0.5)
    raise LookupError(f"no {name} to shoot")


def drill(folder: Path, count: int) -> bool:
    base = {**os.environ, "GRIDGOV_DATA": str(folder), "GRIDGOV_BIND": f"127.0.0.1:{PORT}"}
    with (folder / "log.txt").open("w") as log:
        run = subprocess.Popen([sys.executable, "-m", "gridgov.up", "run"], cwd=ROOT, env=base, stdout=log, stderr=log)
        try:
            _wait_for_the_street(folder, run)
            wait_for(PORT)
            env = {**base, **json.loads((folder / "started.json").read_text())}
            found = manage(env, SET_UP.replace("LIMIT", str(LIMIT_SECONDS)))
            GRID.append(str(found["grid"]))
            tally, numbers = Tally(), itertools.count()
            movers = [threading.Thread(target=move, args=(found["token"], tally, count, numbers)) for _ in range(4)]
            for mover in movers:
                mover.start()
            supervisor = psutil.Process(run.pid)
            for name in VICTIMS:
                time.sleep(4)
                shoot(supervisor, name)
            for mover in movers:
                mover.join()
            say(
                f"  {len(tally.reported)} cases reported, {len(tally.completed)} completed; failed requests: {dict(tally.failures)}"
            )
            return _judge(env, folder, tally)
        finally:
            run.terminate()
            run.wait(60)


def _wait_for_the_street(folder: Path, run: subprocess.Popen[bytes]) -> None:
    """The web server answers before the demo street is loaded; the accounts are written at its end."""
    end = time.monotonic() + 180
    while not (folder / "accounts.txt").exists():
        if run.poll() is not None or time.monotonic() > end:
            raise TimeoutError(f"the demo street was not loaded; see {folder}/log.txt")
        time.sleep(0.5)


def _judge(env: dict[str, str], folder: Path, tally: Tally) -> bool:
    """Wait until every clock has had its time (and a dead worker's lease has ended), then count."""
    (folder / "ids.json").write_text(json.dumps({"reported": tally.reported, "completed": tally.completed}))
    end = time.monotonic() + 240
    while True:
        found = manage(env, COUNT.replace("IDS", str(folder / "ids.json")))
        if (found["unmarked"] == 0 and found["late"]) or time.monotonic() > end:
            break
        time.sleep(3)
    say("  " + json.dumps(found, ensure_ascii=False))
    once = found["marked"] == found["ledger"] == found["cards"] == found["records"]
    whole = found["cases"] == len(tally.reported) and found["completed"] == len(tally.completed)
    return bool(
        once and whole and not found["unmarked"] and not found["wrongly"] and not found["stuck"] and not found["faults"]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.drill", description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-drill-"))
    folder.chmod(0o711)
    say(f"a street of its own in {folder}")
    passed = drill(folder, options.cases)
    say("nothing lost, nothing doubled" if passed else f"FAILED; see {folder}")
    if passed:
        shutil.rmtree(folder)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
