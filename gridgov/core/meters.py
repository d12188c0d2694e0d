"""What is counted while the processes work, for a monitor: in the process at once, every few seconds in Valkey for all together.

Adding a number in the hot path is a dictionary's change (a microsecond). A thread of each process brings what has gathered to
Valkey, so that one look shows all processes of all machines; where Valkey is away it gathers on, and a process that is killed
loses a few seconds of counts, which are figures for a graph and nothing that anybody is owed. Numbers only rise; when Valkey
is emptied they begin anew, which every monitor knows. No label ever holds what somebody entered.
"""

import atexit
import logging
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from gridgov.core.counts import shared

log = logging.getLogger("gridgov.meters")
FLUSH_SECONDS = 5.0
COUNTED, PROCESSES = "gridgov.meters", "gridgov.meters.processes"
# A process that said nothing for so long is none any more.
FORGOTTEN_SECONDS = 60.0
# Upper bounds in seconds; what takes longer is in the last.
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Meter:
    """One thing that is counted. NAME as the monitor knows it; LABELS: the names of what tells its numbers apart."""

    name: str
    about: str
    labels: Labels = ()
    kind: str = "counter"


REQUESTS = Meter(
    "gridgov_requests_total", "Requests answered, by route pattern and status", ("method", "route", "status")
)
DURATIONS = Meter(
    "gridgov_request_seconds", "Time until the answer's first byte, by route pattern", ("route",), kind="histogram"
)
QUERIES = Meter("gridgov_queries_total", "Database queries of requests, by route pattern", ("route",))
SLOW = Meter("gridgov_slow_queries_total", "Database queries above GRIDGOV_SLOW_QUERY_MS, by role", ("role",))
JOBS = Meter("gridgov_jobs_run_total", "Jobs run, by kind and outcome (done, failed)", ("kind", "outcome"))
JOB_SECONDS = Meter("gridgov_job_seconds_total", "Time spent on jobs, by kind", ("kind",))
METERS = (REQUESTS, DURATIONS, QUERIES, SLOW, JOBS, JOB_SECONDS)


@dataclass
class _Gathered:
    """What this process has counted and not brought away yet."""

    numbers: dict[tuple[str, Labels], float] = field(default_factory=lambda: defaultdict(float))
    lock: threading.Lock = field(default_factory=threading.Lock)
    # The process whose thread brings it away: a fork has none of its parent's.
    pid: int = 0


_ours = _Gathered()


def add(meter: Meter, labels: Labels = (), by: float = 1) -> None:
    """Count BY more of METER."""
    with _ours.lock:
        _ours.numbers[meter.name, labels] += by
    _carry()


def observe(meter: Meter, labels: Labels, seconds: float) -> None:
    """Count one that took SECONDS into METER, a histogram."""
    bound = next((str(bound) for bound in BUCKETS if seconds <= bound), "+Inf")
    with _ours.lock:
        _ours.numbers[meter.name, (*labels, bound)] += 1
        _ours.numbers[f"{meter.name}_sum", labels] += seconds
    _carry()


def _carry() -> None:
    """See that this process has a thread that brings away what gathers."""
    if _ours.pid == os.getpid():
        return
    with _ours.lock:
        if _ours.pid == os.getpid():
            return
        if _ours.pid:  # a fork: what was gathered before it is the parent's to bring
            _ours.numbers.clear()
        _ours.pid = os.getpid()
    threading.Thread(target=_flush_always, daemon=True, name="meters").start()
    atexit.register(flush)


def _flush_always() -> None:
    while True:
        time.sleep(FLUSH_SECONDS)
        flush()


def flush() -> None:
    """Bring to Valkey what has gathered; kept where it is away."""
    with _ours.lock:
        taken, _ours.numbers = _ours.numbers, defaultdict(float)
    try:
        with shared().pipeline() as pipeline:
            for (name, labels), number in taken.items():
                pipeline.hincrbyfloat(COUNTED, "\x1f".join((name, *labels)), number)
            pipeline.hset(PROCESSES, _who(), f"{time.time():.0f} {_resident()}")
            pipeline.execute()
    except RedisError:
        with _ours.lock:
            for key, number in taken.items():
                _ours.numbers[key] += number


def _who() -> str:
    return "\x1f".join((os.environ.get("GRIDGOV_ROLE", "gridgov"), socket.gethostname(), str(os.getpid())))


def _resident() -> int:
    """Bytes of memory that this process takes; 0 where the system doesn't say."""
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def counted() -> dict[tuple[str, Labels], float]:
    """What all processes have counted: {(name, labels): number}. Raises RedisError."""
    found: dict[tuple[str, Labels], float] = {}
    for key, number in shared().hgetall(COUNTED).items():
        name, *labels = key.decode().split("\x1f")
        found[name, tuple(labels)] = float(number)
    return found


def processes() -> Iterable[tuple[Labels, int]]:
    """((role, machine, pid), bytes of memory) of each process that is alive; those that are not are forgotten."""
    found, gone = [], []
    for who, word in shared().hgetall(PROCESSES).items():
        at, _space, memory = word.decode().partition(" ")
        if time.time() - float(at) > FORGOTTEN_SECONDS:
            gone.append(who)
        else:
            found.append((tuple(who.decode().split("\x1f")), int(memory)))
    if gone:
        shared().hdel(PROCESSES, *gone)
    return found
