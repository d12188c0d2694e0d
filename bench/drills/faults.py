"""The faults: each a generator that does it, holds it for SECONDS, and has mended it when it ends."""

import contextlib
import errno
import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import psycopg2

from bench.drills.house import ROLES, House
from gridgov.up.valkey import Valkey

Inject = Callable[[House, float], None]


@dataclass(frozen=True)
class Drill:
    """`long` and `short`: for how many seconds the fault holds."""

    title: str
    inject: Inject
    long: float
    short: float


DRILLS: dict[str, Drill] = {}


def drill(name: str, title: str, *, long: float, short: float) -> Callable[[Inject], Inject]:
    def known(inject: Inject) -> Inject:
        DRILLS[name] = Drill(title, inject, long, short)
        return inject

    return known


def backend(house: House) -> int:
    """The pid of one of the house's server processes, the web's if it has one. Raises TimeoutError where there is none."""
    sql = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = ANY(%s)"
        " ORDER BY application_name = 'web' DESC, query_start DESC"
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(psycopg2.OperationalError):
            if found := house.stage.one(sql, list(ROLES)):
                return int(str(found))
        time.sleep(0.1)
    raise TimeoutError("nobody is connected")


@drill("kill", "kill -9 of each process in a loop", long=90, short=8)
def kill_each(house: House, seconds: float) -> None:
    end, turn = time.monotonic() + seconds, 0
    victims = ("worker", "web", "courier", "beat", "valkey", "backend")
    while time.monotonic() < end or turn < len(victims):
        victim = victims[turn % len(victims)]
        turn += 1
        if victim == "valkey":
            house.engines.end(house.engines.valkey, signal.SIGKILL)
            house.engines.bring(house.engines.valkey)
        elif victim == "backend":
            # One server process shot makes PostgreSQL restart all of them: crash recovery.
            with contextlib.suppress(ProcessLookupError):
                os.kill(backend(house), signal.SIGKILL)
        else:
            house.shoot(victim)
            time.sleep(0.3)
            house.bring(victim)
        time.sleep(min(3.0, seconds / len(victims)))


@drill("disk", "no room for photos", long=40, short=5)
def full_disk(house: House, seconds: float) -> None:
    """A small disk of the photos' own, filled to the last byte; where none can be mounted, a limit on what the web may write."""
    if house.on_disk:
        ballast = house.media / ".ballast"
        try:
            with ballast.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1 << 12))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        time.sleep(seconds)
        ballast.unlink()
        return
    held = house.children("web")
    for process in held:
        process.rlimit(psutil.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    time.sleep(seconds)
    for process in held:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@drill("broker", "broker gone", long=600, short=20)
def no_broker(house: House, seconds: float) -> None:
    valkey: Valkey = house.engines.valkey
    house.engines.end(valkey, signal.SIGKILL)
    time.sleep(seconds)
    house.engines.bring(valkey)


@drill("restart", "database restarted: fast, then immediate", long=20, short=4)
def restarted(house: House, seconds: float) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT):
        house.engines.end(house.engines.postgres, how)
        time.sleep(seconds / 4)
        house.engines.bring(house.engines.postgres)
        time.sleep(seconds / 4)


@drill("slow", "slow database: 0.1 s more for each answer", long=60, short=6)
def slow(house: House, seconds: float) -> None:
    house.proxy.delay = 0.1
    time.sleep(seconds)
    house.proxy.delay = 0.0


@drill("hang", "database that does not answer", long=45, short=10)
def hang(house: House, seconds: float) -> None:
    house.proxy.held = True
    time.sleep(seconds)
    house.proxy.held = False


@drill("clock", "clock two hours ahead, then back", long=40, short=6)
def clock(house: House, seconds: float) -> None:
    house.set_clock(7200)
    time.sleep(seconds)
    house.set_clock(0)


@drill("memory", "worker's memory short, then its processes killed as the kernel does", long=40, short=6)
def memory(house: House, seconds: float) -> None:
    held = house.children("worker")
    for process in held:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms, resource.RLIM_INFINITY))
    time.sleep(seconds / 2)
    for process in held:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    time.sleep(seconds / 2)


@drill("pool", "no connection to the database left", long=40, short=6)
def exhausted(house: House, seconds: float) -> None:
    """Others take every place, and then the house's own connections break."""
    taken = []
    with contextlib.suppress(psycopg2.OperationalError):
        while True:
            taken.append(house.stage.connect())
    house.proxy.cut()
    end = time.monotonic() + seconds
    while time.monotonic() < end:  # whatever comes free is taken too
        with contextlib.suppress(psycopg2.OperationalError):
            taken.append(house.stage.connect())
        time.sleep(0.01)
    for connection in taken:
        connection.close()


@drill("frozen", "a web process stopped in the middle of its requests", long=75, short=10)
def frozen(house: House, seconds: float) -> None:
    """As one machine of several that is cut off: nobody tells its clients, nor the database."""
    stopped = next(iter(house.children("web")))
    stopped.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    with contextlib.suppress(psutil.NoSuchProcess):
        stopped.send_signal(signal.SIGCONT)
