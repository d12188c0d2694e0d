"""How things stand at this moment, for a monitor: read from the database when it asks, so that one answer speaks for all processes.

A room registers what it knows, as it does with the doctor's checks; each has a savepoint and three seconds of the database's
time, and one that breaks is told (`gridgov_gauge_failed`) and keeps the others from nothing.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from redis.exceptions import RedisError

from gridgov.core import meters
from gridgov.core.doctor import PATIENCE
from gridgov.core.meters import BUCKETS, DURATIONS, METERS, Labels, Meter

log = logging.getLogger("gridgov.gauges")
# Numbers, each with the values of its labels.
Read = Iterable[tuple[Labels, float]]
Reader = Callable[[dt.datetime], Read]
FAILED = Meter("gridgov_gauge_failed", "1 where a gauge could not be read", ("gauge",), kind="gauge")
MEMORY = Meter(
    "gridgov_process_resident_bytes",
    "Memory of a process that counted in the last minute",
    ("role", "machine", "pid"),
    kind="gauge",
)
_gauges: dict[str, tuple[Meter, Reader]] = {}


@dataclass(frozen=True)
class Family:
    """A meter with its numbers; the first of each is the name as it is written."""

    meter: Meter
    samples: list[tuple[str, dict[str, str], float]]


def gauge(name: str, about: str, labels: Labels = ()) -> Callable[[Reader], Reader]:
    """Register what reads the gauge NAME: `(values of LABELS, number)` pairs at a moment."""

    def register(reader: Reader) -> Reader:
        _gauges[name] = Meter(name, about, labels, kind="gauge"), reader
        return reader

    return register


def one(number: float | None) -> Read:
    """A gauge without labels; none where NUMBER is not known."""
    return [] if number is None else [((), float(number))]


def seconds_since(moment: dt.datetime | None, at: dt.datetime) -> float:
    """How late it is at AT; 0 where nothing waits."""
    return max(0.0, (at - moment).total_seconds()) if moment else 0.0


def families(*, at: dt.datetime) -> list[Family]:
    """All that is known AT this moment: gauges, then what the processes have counted."""
    failed: list[tuple[str, dict[str, str], float]] = []
    found = [_read(meter, reader, at, failed) for meter, reader in _gauges.values()]
    found += _counted(failed)
    return [*found, Family(FAILED, failed)]


def _read(meter: Meter, reader: Reader, at: dt.datetime, failed: list[tuple[str, dict[str, str], float]]) -> Family:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            samples = [(meter.name, _named(meter.labels, values), number) for values, number in reader(at)]
    except (DatabaseError, RedisError, OSError) as error:
        log.warning("the gauge %s broke: %s", meter.name, type(error).__name__)
        failed.append((FAILED.name, {"gauge": meter.name}, 1.0))
        samples = []
    return Family(meter, samples)


def _named(labels: Labels, values: Labels) -> dict[str, str]:
    return dict(zip(labels, values, strict=True))


def _counted(failed: list[tuple[str, dict[str, str], float]]) -> list[Family]:
    try:
        meters.flush()
        numbers = meters.counted()
        memory = [(MEMORY.name, _named(MEMORY.labels, who), float(size)) for who, size in meters.processes()]
    except RedisError:
        failed.append((FAILED.name, {"gauge": "counted"}, 1.0))
        return []
    found = [Family(MEMORY, memory)]
    for meter in METERS:
        if meter is DURATIONS:
            found.append(_histogram(meter, numbers))
            continue
        of_it = [(values, number) for (name, values), number in numbers.items() if name == meter.name]
        found.append(Family(meter, [(meter.name, _named(meter.labels, v), n) for v, n in sorted(of_it)]))
    return found


def _histogram(meter: Meter, numbers: dict[tuple[str, Labels], float]) -> Family:
    """Prometheus adds up from the smallest bucket; here each holds its own."""
    samples: list[tuple[str, dict[str, str], float]] = []
    for values in sorted({values[:-1] for name, values in numbers if name == meter.name}):
        labels, total = _named(meter.labels, values), 0.0
        for bound in (*map(str, BUCKETS), "+Inf"):
            total += numbers.get((meter.name, (*values, bound)), 0.0)
            samples.append((f"{meter.name}_bucket", {**labels, "le": bound}, total))
        samples.append((f"{meter.name}_sum", labels, numbers.get((f"{meter.name}_sum", values), 0.0)))
        samples.append((f"{meter.name}_count", labels, total))
    return Family(meter, samples)


def as_text(found: Iterable[Family]) -> str:
    """FOUND in Prometheus's text form, version 0.0.4."""
    lines: list[str] = []
    for family in found:
        lines += [f"# HELP {family.meter.name} {family.meter.about}", f"# TYPE {family.meter.name} {family.meter.kind}"]
        for name, labels, number in family.samples:
            told = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels.items())
            lines.append(f"{name}{{{told}}} {number:.10g}" if told else f"{name} {number:.10g}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
