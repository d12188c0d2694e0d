"""How much a street may ask of the whole house on this machine: `python -m bench.street [--cases 10000] [--out docs/benchmarks-load.md]`.

Web (two processes of four threads), worker, courier, beat, PostgreSQL and Valkey as in production, and the people beside them on the
same cores. Rates rise until the slowest hundredth takes more than half a second; then the way between the last good and the first
bad rate is halved. Some five minutes with
10,000 cases; `--cases 1000000` loads a million first (some ten minutes more).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil

from bench.measure import cpu_seconds, megabytes
from bench.stage import CELERY, ROOT, Stage, say
from bench.street.mix import PEOPLE
from bench.street.page import page
from bench.street.step import Step
from gridgov.up.engines import Engines

FIRST_RATE, RISE, HALVINGS = 12.0, 1.4, 2
# Limits against floods are for strangers; here all come from one address.
WIDE = {
    "GRIDGOV_DOOR_ADDRESS": "1000000/1000000", "GRIDGOV_DOOR_STREET": "1000000/1000000", "GRIDGOV_DOOR_PAGES": "1000000",
    "GRIDGOV_PUBLIC_PAGES": "1000000",
}  # fmt: skip


def ask(
    port: int, rate: float, seconds: float, seed: int, people: dict[str, Any], watched: list[list[psutil.Process]]
) -> Step:
    before, began = [sum(map(cpu_seconds, group)) for group in watched], time.monotonic()
    command = [sys.executable, "-m", "bench.street.client", str(port), str(rate), str(seconds), str(seed)]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(people), text=True, stdout=subprocess.PIPE, check=True)
    took, found = time.monotonic() - began, json.loads(done.stdout)
    house, engines = ((sum(map(cpu_seconds, group)) - was) / took for group, was in zip(watched, before, strict=True))
    times: dict[str, list[float]] = {name: [] for name, _share in found["shares"]}
    for kind, spent in found["times"]:
        times[kind].append(spent * 1000)
    step = Step(rate, times, found["faults"], found["sent"], (house, engines, found["cpu"] / took))
    say(
        f"  {rate:6.1f}/s  median {step.quantile(0.5):6.0f}  p95 {step.quantile(0.95):6.0f}  p99 {step.quantile(0.99):6.0f} ms"
        f"  faults {sum(step.faults.values())} {step.faults or ''}  cores {house:.2f} + {engines:.2f} + {step.cores[2]:.2f}"
    )
    return step


def climb(
    port: int, seconds: float, people: dict[str, Any], watched: list[list[psutil.Process]], first: float
) -> list[Step]:
    """Rising rates until one is not held, then between the last that was and the first that wasn't."""
    steps, rate, seeds = [], first, iter(range(1, 1000))
    while True:
        steps.append(ask(port, rate, seconds, next(seeds), people, watched))
        if not steps[-1].good:
            break
        rate *= RISE
    bad, good = steps[-1].rate, steps[-2].rate if len(steps) > 1 else first / 4
    for _ in range(HALVINGS):
        time.sleep(3)  # what was left behind is worked off
        middle = (good + bad) / 2
        steps.append(ask(port, middle, seconds, next(seeds), people, watched))
        good, bad = (middle, bad) if steps[-1].good else (good, middle)
    return steps


class Wide(Stage):
    """A stage whose house counts no strangers."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, **WIDE}


def measure(stage: Stage, seconds: float, first: float) -> tuple[list[Step], list[tuple[str, float, float]]]:
    people = json.loads(stage.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1])
    say(f"  {len(people['desks'])} desks, {len(people['workers'])} workers, {len(people['units'])} units")
    courier = [
        *CELERY,
        "worker",
        "--queues",
        "errands",
        "--pool",
        "threads",
        "--concurrency",
        "8",
        "--without-gossip",
        "--without-mingle",
    ]
    with ExitStack() as stack:
        port, server = stack.enter_context(stage.web())
        others = [*stack.enter_context(stage.workers()), *stack.enter_context(stage.running(courier))]
        time.sleep(5)
        engines = [one for one in psutil.process_iter() if _is_engine(one, stage)]
        steps = climb(port, seconds, people, [[server, *others], engines], first)
        names = [("web", child) for child in server.children()]
        names += [(name, one) for name, one in zip(("worker (parent)", "beat", "courier"), others, strict=True)]
        names += [("worker", child) for child in others[0].children()]
        return steps, [(name, *megabytes(process)) for name, process in names]


def _is_engine(process: psutil.Process, stage: Stage) -> bool:
    """The first processes of the two engines; those below them are found by their parents."""
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return str(stage.folder) in line and ("postgres -D" in line or "valkey-server" in line) and "guard.py" not in line


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.street", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument(
        "--seconds", type=float, default=20, help="how long each rate lasts, after four seconds to warm up"
    )
    parser.add_argument("--first", type=float, default=FIRST_RATE, help="the first rate, in requests a second")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-load.md")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            name = "bench_street"
            Stage(engines, folder).use(name)
            stage = Wide(engines, folder, name)
            say(f"loading a district with {options.cases:,} cases")
            stage.manage("load_demo", "--scale", "district", "--cases", str(options.cases))
            stage.one("VACUUM ANALYZE")
            steps, memory = measure(stage, options.seconds, options.first)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    options.out.write_text(page(steps, memory, options.cases, options.seconds), encoding="utf-8")
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
