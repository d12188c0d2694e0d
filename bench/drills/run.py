"""One drill from its first request to the count."""

import contextlib
import time
from dataclasses import dataclass
from typing import Any

import psycopg2

from bench.drills.faults import DRILLS
from bench.drills.house import House
from bench.drills.judge import faults_of, judge, last_case
from bench.drills.load import Cast, Clients, Journal

# What is due goes within so many seconds, where all is well.
USUAL = 3.0


@dataclass
class Result:
    """`answer`, `queue`: seconds from the fault's end to the first answer as wanted, and until no job waited longer than usual."""

    name: str
    held: float
    journal: Journal
    answer: float | None
    queue: float | None
    found: dict[str, Any]
    faults: list[str]


def run(
    house: House, cast: Cast, name: str, seconds: float, *, threads: int = 4, warm: float = 2.0, hurry: bool = False
) -> Result:
    """Load, fault, recovery, count. In a HURRY the leases of whoever was killed end at once, and not in two minutes."""
    after = last_case(house)
    clients = Clients(house.port, cast, threads)
    clients.start()
    time.sleep(warm)
    began = time.monotonic()
    try:
        DRILLS[name].inject(house, seconds)
    except BaseException:
        clients.give_up()
        raise
    ended = time.monotonic()
    queue = _until_usual(house, ended)
    time.sleep(warm)
    clients.stop()
    if hurry:
        house.stage.one("UPDATE core_job SET run_at = now() WHERE lease IS NOT NULL AND done_at IS NULL")
    found = judge(house, clients.journal, after)
    faults = faults_of(found)
    if name == "clock":
        faults += _still_ahead(house)
        # A mark that was right by the clock of its moment stays, as each record does; nothing takes it back.
        faults = [fault for fault in faults if fault != "wrongly"]
    faults += clients.errors[:5] + ([] if queue is not None else ["jobs wait on"])
    answer = clients.journal.first_after(ended)
    return Result(name, ended - began, clients.journal, answer, queue, found, faults)


def _until_usual(house: House, since: float, patience: float = 240.0) -> float | None:
    """Seconds SINCE then until no job waits longer than usual, seen twice in a row; None where it stays so."""
    seen = 0
    while time.monotonic() - since < patience:
        with (
            contextlib.suppress(psycopg2.Error),
            contextlib.closing(house.stage.connect()) as mine,
            mine.cursor() as cursor,
        ):
            seen = 0 if house.overdue(cursor, USUAL) else seen + 1
            if seen == 2:
                return time.monotonic() - since
        time.sleep(0.25)
    return None


def _still_ahead(house: House) -> list[str]:
    """The house's heart beats each half minute. Promised by the clock that was ahead, it would stand still for two hours."""
    sql = "SELECT extract(epoch FROM run_at - now()) FROM core_job WHERE kind = 'core.pulse'"
    end = time.monotonic() + 60
    while (ahead := float(str(house.stage.one(sql)))) > 60 and time.monotonic() < end:
        time.sleep(0.5)
    return [f"the pulse stands {ahead:.0f} s ahead"] if ahead > 60 else []
