"""Two machines on one database and one broker, each with web, worker, courier and beat; the second is cut off for a while.

`python -m bench.several [--out docs/several.md]`: cut off means stopped (SIGSTOP) in the middle of a request, of a job and of a
transaction: it answers nobody and ends nothing, and comes back with all it had in its hands. Meanwhile the first goes on. Ends with
exit status 1 where a request to the first failed, a job was lost, or anything was done twice. A minute, after the loading.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from bench.stage import CELERY, ROOT, Stage, say, wait_for
from gridgov.up.engines import Engines
from gridgov.up.web import listen

CUT_AFTER, CUT_FOR, SLOW_JOBS, IDLE_SECONDS = 8.0, 25.0, 12, 5
SET_UP = """
import json
from django.utils import timezone
from rest_framework.authtoken.models import Token
from cases.actions import set_policy
from cases.models import Category
from grids.models import Post
from django.db import connection
street = Post.objects.filter(kind="street_staff").order_by("pk").first().user
worker = Post.objects.filter(kind="grid_worker_ft").order_by("pk").first()
Category.objects.filter(code="0602").update(needs_place=False, needs_photo=False)
category = Category.objects.get(code="0602")
set_policy(tier="A", value="10", unit="natural_second", category=category, reason="bench", by=street, at=timezone.now())
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE bench_done (key text, machine text)")
print(json.dumps({"token": Token.objects.get_or_create(user=worker.user)[0].key, "grid": worker.grid.code}))
"""
PROMISE = """
import datetime as dt
from django.db import transaction
from django.utils import timezone
from gridgov.core import jobs
for n in range(COUNT):
    with transaction.atomic():
        jobs.promise("bench.slow", n, due_at=timezone.now() + dt.timedelta(seconds=2 * n))
"""
WAITING = """
SELECT count(*) FROM core_job
WHERE kind IN ('cases.deadline', 'bench.slow') AND done_at IS NULL AND run_at < now() + interval '12 s'
"""
COUNT = """
import json
from django.db import connection
from cases.models import Card, Case, Deadline, LedgerEntry
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
ids = json.loads(IDS)
clocks = Deadline.objects.filter(case__in=ids, clock="case")
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
print(json.dumps({
    "cases": Case.objects.filter(pk__in=ids).count(),
    "overdue": clocks.filter(breached_at__isnull=False).count(),
    "marks": LedgerEntry.objects.filter(deadline__in=clocks, entry="breach").count(),
    "records": Record.objects.filter(verb="cases.breached", subject_id__in=ids, data__clock="case").count(),
    "slow_done": rows("SELECT count(*), count(DISTINCT key) FROM bench_done")[0],
    "slow_by": dict(rows("SELECT machine, count(*) FROM bench_done GROUP BY 1")),
    "open": Job.objects.filter(kind="bench.slow", done_at=None).count(),
    "stuck": Job.objects.stuck().count(), "faults": verify().faults,
}))
"""


class Several(Stage):
    """A stage whose processes belong to a machine."""

    machine = "none"

    @property
    def env(self) -> dict[str, str]:
        more = {
            "MACHINE": self.machine,
            "GRIDGOV_ROLE": "worker",
            "DATABASE_URL": f"{self.database_url}?application_name={self.machine}",
            "DJANGO_SETTINGS_MODULE": "bench.several.settings",
            "WEB_CONCURRENCY": "1",
        }
        return {**super().env, **more, "GRIDGOV_IDLE_TRANSACTION_SECONDS": str(IDLE_SECONDS)}


@dataclass
class Machine:
    name: str
    port: int
    processes: list[psutil.Process]

    def signal(self, number: signal.Signals) -> None:
        """Send NUMBER to all that runs on it, parents first when they stop and last when they go on."""
        family = [one for top in self.processes for one in (top, *top.children(recursive=True))]
        for process in family if number == signal.SIGSTOP else reversed(family):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)


@dataclass
class Reports:
    """What the reporters met: cases made, answers by machine, faults by machine; the slowest answer in seconds."""

    made: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


@contextlib.contextmanager
def machine(stage: Stage, name: str) -> Iterator[Machine]:
    """A web of its own, worker, courier and beat: nothing but engines is shared."""
    own = Several(stage.engines, stage.folder, stage.name)
    own.machine = name
    listener = listen("127.0.0.1", 18600)
    listener.set_inheritable(True)
    port = listener.getsockname()[1]
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "deploy/gunicorn.conf.py",
        "--bind",
        f"fd://{listener.fileno()}",
        "gridgov.wsgi",
    ]
    plain = ["--without-gossip", "--without-mingle", "-l", "ERROR"]
    worker = [*CELERY, "worker", "--hostname", f"worker@{name}", "--concurrency", "1", *plain]
    courier = [
        *CELERY,
        "worker",
        "--hostname",
        f"courier@{name}",
        "--queues",
        "errands",
        "--pool",
        "threads",
        "--concurrency",
        "2",
        *plain,
    ]
    beat = [*CELERY, "beat", "--schedule", str(stage.folder / f"beat-{name}"), "--pidfile=", "-l", "ERROR"]
    with listener, own.running(web, worker, courier, beat, fds=(listener.fileno(),)) as processes:
        found = Machine(name, port, processes)
        try:
            wait_for(port)
            yield found
        finally:
            found.signal(signal.SIGCONT)


def report(machines: list[Machine], token: str, grid: str, seen: Reports, until: float) -> None:
    """Report a case again and again, at the machines by turns; where one doesn't answer in two seconds, at the next, under the
    same key: as a proxy and the phone's outbox do."""
    number = 0
    while time.monotonic() < until:
        number += 1
        key, body = (
            f"{threading.get_ident()}-{number}",
            json.dumps({"category": "0602", "text": "几台机器", "grid": grid}),
        )
        for one in (machines[number % 2], machines[(number + 1) % 2]):
            began = time.monotonic()
            pk = _post(one.port, token, key, body)
            if pk is not None:
                seen.answers[one.name] += 1
                seen.made.append(pk)
                seen.slowest = max(seen.slowest, time.monotonic() - began)
                break
            seen.faults[one.name] += 1
        time.sleep(0.3)


def _post(port: int, token: str, key: str, body: str) -> int | None:
    line = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        headers = {"Content-Type": "application/json", "Authorization": f"Token {token}", "Idempotency-Key": key}
        line.request("POST", "/api/v1/cases/", body, headers)
        answer = line.getresponse()
        told = json.loads(answer.read())
        return int(told["id"]) if answer.status in {200, 201} else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        line.close()


def try_it(stage: Several) -> tuple[dict[str, object], Reports, float]:
    """Cut one off and let it come back; what was counted, what the reporters met, and how long its jobs waited."""
    found = json.loads(stage.manage("shell", "--no-imports", "-c", SET_UP).splitlines()[-1])
    seen = Reports()
    with ExitStack() as stack:
        first, second = (stack.enter_context(machine(stage, name)) for name in ("first", "second"))
        stage.manage("shell", "--no-imports", "-c", PROMISE.replace("COUNT", str(SLOW_JOBS)))
        until = time.monotonic() + CUT_AFTER + CUT_FOR + 10
        people = [
            threading.Thread(target=report, args=([first, second], found["token"], found["grid"], seen, until))
            for _ in range(3)
        ]
        for one in people:
            one.start()
        end = time.monotonic() + CUT_AFTER
        while time.monotonic() < end or not _busy(stage):
            time.sleep(0.05)
        second.signal(signal.SIGSTOP)
        cut = time.monotonic()
        say("  the second machine is cut off, in the middle of a job")
        waited = 0.0
        while time.monotonic() < cut + CUT_FOR:
            if not waited and not stage.one(
                "SELECT count(*) FROM core_job WHERE kind = 'bench.slow' AND done_at IS NULL"
            ):
                waited = time.monotonic() - cut
                say(f"  all its jobs are done by the first, {waited:.0f} s after the cut")
            time.sleep(0.2)
        second.signal(signal.SIGCONT)
        say("  it is back")
        for one in people:
            one.join()
        _wait_for_marks(stage)
    script = COUNT.replace("IDS", repr(json.dumps(seen.made)))
    return json.loads(stage.manage("shell", "--no-imports", "-c", script).splitlines()[-1]), seen, waited


def _busy(stage: Several) -> bool:
    """Whether a worker sits in the middle of a slow job, its transaction open."""
    return bool(
        stage.one(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%%bench_done%%'"
            " AND application_name = 'second' AND clock_timestamp() - state_change < interval '1 second'"
        )
    )


def _wait_for_marks(stage: Several) -> None:
    """Until the limits of all cases have run out and are marked, or forty seconds."""
    end = time.monotonic() + 40
    while time.monotonic() < end and stage.one(WAITING):
        time.sleep(0.5)


def judge(counted: dict[str, object], seen: Reports, waited: float) -> list[tuple[str, object, bool]]:
    done, keys = counted["slow_done"]  # type: ignore[misc]
    made = len(seen.made)
    return [
        ("cases reported while one of two was cut off", made, made == len(set(seen.made)) == counted["cases"]),
        ("requests to the first machine that failed", seen.faults["first"], not seen.faults["first"]),
        ("requests that the cut-off one did not answer, asked again at the first", seen.faults["second"], True),
        ("slow jobs promised / done / done twice", f"{SLOW_JOBS} / {keys} / {done - keys}", done == keys == SLOW_JOBS),
        ("slow jobs by machine", counted["slow_by"], True),
        ("seconds until the first had done what the second held", f"{waited:.0f}", waited > 0),
        ("limits marked as overdue / marks / records of it", f"{counted['overdue']} / {counted['marks']} / {counted['records']}",
         counted["overdue"] == counted["marks"] == counted["records"] == made),
        ("stuck jobs, jobs left open", f"{counted['stuck']}, {counted['open']}", not counted["stuck"] and not counted["open"]),
        ("faults in the chain of records", counted["faults"], not counted["faults"]),
    ]  # fmt: skip


PAGE = """# Two machines, one cut off

Made by `python -m bench.several` on {cores} cores: two sets of web, worker, courier and beat on one PostgreSQL and one Valkey. The
second is stopped (SIGSTOP) in the middle of requests and of a job, for {cut:.0f} seconds, and comes back with all it had in its hands.
Leases are cut to 6 seconds and idle transactions to {idle} so that one need not wait ([scaling.md](scaling.md)).

| what | found | |
|---|---|---|
"""


def page(rows: list[tuple[str, object, bool]]) -> str:
    lines = [f"| {what} | {found} | {'as it should be' if fine else '**wrong**'} |" for what, found, fine in rows]
    return PAGE.format(cores=os.cpu_count(), cut=CUT_FOR, idle=IDLE_SECONDS) + "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.several", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "several.md")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            Stage(engines, folder).use("bench_several")
            stage = Several(engines, folder, "bench_several")
            say("loading a street")
            Stage(engines, folder, "bench_several").manage("load_demo")
            rows = judge(*try_it(stage))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for what, found, fine in rows:
        say(f"  {'' if fine else 'WRONG: '}{what}: {found}")
    options.out.write_text(page(rows), encoding="utf-8")
    sys.exit(0 if all(fine for _what, _found, fine in rows) else 1)


if __name__ == "__main__":
    main()
