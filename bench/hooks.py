"""Webhooks: how fast ten thousand events reach a receiver, what a verb pays for them, and what is lost when couriers are shot.

`python -m bench.hooks [--events 10000] [--shot 5000] [--out docs/benchmarks-hooks.md]`. Engines, two real couriers and the
receivers all run on this machine. Ends with exit code 1 where an event is missing or out of its order.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from bench.clocks import COPIES
from bench.stage import CELERY, ROOT, Stage, say
from gridgov.up.engines import Engines

COURIER = [
    *CELERY, "worker", "-Q", "errands", "-P", "threads", "-c", "8", "--without-gossip", "--without-mingle", "-l", "ERROR",
]  # fmt: skip
VERBS = ("cases.reported", "cases.accepted", "cases.dispatched", "cases.completed", "cases.closed")
EVENTS = ("case.reported", "case.accepted", "case.dispatched", "case.completed", "case.closed")
SHOTS, CASES = 6, 2_000
ALLOWED = {"GRIDGOV_OUTGOING_ALLOWED": "127.0.0.1", "PYTHONWARNINGS": "ignore"}


@dataclass
class Receiver:
    """Answers 200 at once, or never on paths that begin with /hang; keeps what it got in its order."""

    got: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length")
            )
            body = await reader.readexactly(size)
            if " /hang" in head.split("\r\n")[0]:
                await asyncio.sleep(30)
            self.got.append(json.loads(body))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        writer.close()

    def start(self) -> "Receiver":
        ready = threading.Event()

        async def run() -> None:
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await server.serve_forever()

        threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
        ready.wait(10)
        return self


@contextlib.contextmanager
def couriers(stage: Stage, number: int = 2) -> Iterator[list[subprocess.Popen[bytes]]]:
    env = {**stage.env, **ALLOWED}
    beat = [*CELERY, "beat", "--schedule", str(stage.folder / "beat-schedule"), "--pidfile=", "-l", "ERROR"]
    asking = subprocess.Popen(beat, cwd=ROOT, env=env)
    running = [subprocess.Popen([*COURIER, "-n", f"c{one}@%h"], cwd=ROOT, env=env) for one in range(number)]
    try:
        yield running
    finally:
        for one in (asking, *running):
            one.kill()
            one.wait()


def make_hook(path: str, port: int, *, rests: bool = True) -> Any:
    """A webhook of the demo's street office that hears everything, told to wait where RESTS."""
    from django.utils import timezone

    from accounts.models import User
    from gridgov.core.secrets import seal
    from integrations.models import Webhook

    owner = User.objects.filter(role="street", posts__isnull=False).first()
    now = timezone.now()
    hook = Webhook(
        name=path, url=f"http://127.0.0.1:{port}/{path}", host="127.0.0.1" if rests else f"{path}.example", events=list(EVENTS),
        owner=owner, is_on=True, checked_at=now, starts_at=now - dt.timedelta(hours=1), made_by=owner, made_at=now, served_at=now,
        salt=path, resume_at=now + dt.timedelta(days=1) if rests else None,
    )  # fmt: skip
    hook.sealed = seal("only for the bench", of=hook.sealed_for)
    hook.save()
    return hook


def write_events(count: int) -> float:
    """Record COUNT events of cases that the street sees, five each; seconds it took."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from cases.models import Case
    from gridgov.core.records import record_all
    from integrations.actions.hooks import forget_hooks

    forget_hooks()
    owner = User.objects.filter(role="street", posts__isnull=False).first()
    assert owner is not None
    cases = list(Case.objects.visible_to(owner).select_related("grid").order_by("pk")[: count // len(VERBS)])
    rows = [(verb, case, {}) for verb in VERBS for case in cases]
    began = time.monotonic()
    for start in range(0, len(rows), 500):
        with transaction.atomic():
            record_all(rows[start : start + 500], by=owner, at=timezone.now())
    return time.monotonic() - began


def send_all(hook: Any, seconds: float) -> float:
    """Let go what waits for HOOK; seconds until nothing does."""
    from integrations.models import Delivery, Webhook

    Webhook.objects.filter(pk=hook.pk).update(resume_at=None)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if not Delivery.objects.waiting().filter(webhook=hook).exists():
            return time.monotonic() - began
        time.sleep(0.1)
    raise TimeoutError("deliveries still wait")


def faults_of(got: list[dict[str, Any]], expected: int) -> list[str]:
    """What is wrong with what arrived: events that are missing, or came before the one before them."""
    first = {said["id"]: said for said in reversed(got)}
    faults = [] if len(first) == expected else [f"{expected - len(first)} of {expected} missing"]
    last: dict[int, int] = {}
    for said in dict.fromkeys(said["id"] for said in got):
        number, case = int(said.removeprefix("evt_")), first[said]["subject"]["id"]
        if number < last.get(case, 0):
            faults.append(f"{said} of case {case} came late")
        last[case] = number
    return faults


def fan_out(stage: Stage, count: int) -> dict[str, Any]:
    receiver = Receiver().start()
    hook = make_hook("fan", receiver.port)
    written = write_events(count)
    with couriers(stage) as running:
        time.sleep(8)
        took = send_all(hook, 300)
        memory = [round(psutil.Process(one.pid).memory_info().rss / 2**20) for one in running]
    _end(hook)
    return {"events": count, "written": written, "seconds": took, "memory": memory, "sent": len(receiver.got),
            "faults": faults_of(receiver.got, count)}  # fmt: skip


def beside_the_slow(stage: Stage, hanging: int = 6, count: int = 1000) -> dict[str, Any]:
    """How long a quick receiver takes while others hang."""
    receiver = Receiver().start()
    slow = [make_hook(f"hang{number}", receiver.port, rests=False) for number in range(hanging)]
    quick = make_hook("quick", receiver.port)
    write_events(count)
    with couriers(stage):
        time.sleep(12)
        took = send_all(quick, 300)
    for hook in (quick, *slow):
        _end(hook)
    return {"hanging": hanging, "events": count, "seconds": took}


def shot(stage: Stage, count: int) -> dict[str, Any]:
    """kill -9 of couriers while they carry, each replaced at once."""
    receiver = Receiver().start()
    hook = make_hook("shot", receiver.port)
    write_events(count)
    from integrations.models import Webhook

    began = time.monotonic()
    with couriers(stage) as running:
        Webhook.objects.filter(pk=hook.pk).update(resume_at=None)
        for number in range(SHOTS):
            mark = count * (number + 1) // (SHOTS + 2)
            while len(receiver.got) < mark and time.monotonic() - began < 300:
                time.sleep(0.005)
            victim = running[number % 2]
            victim.kill()
            victim.wait()
            env = {**stage.env, **ALLOWED}
            running[number % 2] = subprocess.Popen([*COURIER, "-n", f"s{number}@%h"], cwd=ROOT, env=env)
        took = send_all(hook, 300) and time.monotonic() - began
    _end(hook)
    return {"events": count, "seconds": took, "sent": len(receiver.got), "faults": faults_of(receiver.got, count)}


def verb_cost(rounds: int = 400) -> dict[str, float]:
    """Median milliseconds of one record, with nobody listening and with one webhook."""
    from django.db import transaction
    from django.utils import timezone

    from accounts.models import User
    from cases.models import Case
    from gridgov.core.records import record
    from integrations.actions.hooks import forget_hooks

    owner = User.objects.filter(role="street", posts__isnull=False).first()
    case = Case.objects.select_related("grid").latest("pk")

    def median() -> float:
        forget_hooks()
        times = []
        for _round in range(rounds):
            began = time.perf_counter()
            with transaction.atomic():
                record("cases.accepted", case, by=owner, at=timezone.now())
            times.append(time.perf_counter() - began)
        return statistics.median(times) * 1000

    median()  # the first ones pay for what a process does once
    nobody = median()
    hook = make_hook("cost", 1)
    somebody = median()
    _end(hook)
    return {"nobody": nobody, "somebody": somebody}


def _end(hook: Any) -> None:
    """Nothing of HOOK is left for the next measurement."""
    from integrations.models import Delivery, Webhook

    Delivery.objects.filter(webhook=hook).delete()
    Webhook.objects.filter(pk=hook.pk).delete()


def page(fan: dict[str, Any], slow: dict[str, Any], killed: dict[str, Any], cost: dict[str, float]) -> str:
    sent, per_second = f"{fan['sent']:,}, faults: {len(fan['faults'])}", fan["events"] / fan["seconds"]
    drill = f"{killed['sent']:,} sent, faults: {len(killed['faults'])}, {killed['seconds']:.0f} s"
    return f"""# Webhooks, measured

Made by `python -m bench.hooks` on {dt.date.today()}; edit the program (`bench/hooks.py`), not this page. Engines, couriers and
receivers share one machine with {os.cpu_count()} cores; the receiver answers at once, without TLS.

| what | measured | aim |
|---|---|---|
| {fan["events"]:,} events to one receiver, two couriers of 8 threads | {fan["seconds"]:.1f} s ({per_second:.0f}/s) | 60 s |
| … arrived, each in the order of its case | {sent} | {fan["events"]:,}, 0 |
| … recorded before, with their deliveries | {fan["written"]:.1f} s | |
| memory of a courier | {max(fan["memory"])} MB | |
| {slow["events"]:,} events to a quick receiver while {slow["hanging"]} others hang | {slow["seconds"]:.1f} s | |
| {killed["events"]:,} events, couriers shot (kill -9) {SHOTS} times: each at least once, in order | {drill} | 0 faults |
| one record, nobody listens | {cost["nobody"]:.2f} ms | |
| one record, one webhook listens | {cost["somebody"]:.2f} ms | one query more |

What the dead had in hand is sent again when its lease of 60 s is over; that is what the drill waits for.
What a record costs more is the row of the delivery and the message that wakes the couriers after the commit.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.hooks", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--shot", type=int, default=5_000)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-hooks.md")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-hooks-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            stage = Stage(engines, folder).use("hooks")
            say("loading a street")
            stage.manage("load_demo")
            stage.one(COPIES.format(prefix="H", start="now()", due="now() + interval '30 days'", told=80, count=CASES))
            stage.one("ANALYZE")
            os.environ.update({**stage.env, **ALLOWED})
            import django

            django.setup()
            cost = verb_cost()
            say(f"  a record: {cost['nobody']:.2f} ms, with a webhook {cost['somebody']:.2f} ms")
            fan = fan_out(stage, options.events)
            say(
                f"  {fan['events']:,} events after {fan['seconds']:.1f} s, {fan['sent']:,} sent, faults: {fan['faults'][:3]}"
            )
            slow = beside_the_slow(stage)
            say(f"  beside {slow['hanging']} that hang: {slow['seconds']:.1f} s")
            killed = shot(stage, options.shot)
            say(f"  shot: {killed['sent']:,} sent after {killed['seconds']:.0f} s, faults: {killed['faults'][:3]}")
            django.db.connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    options.out.write_text(page(fan, slow, killed, cost), encoding="utf-8")
    return 1 if fan["faults"] or killed["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
