"""docs/benchmarks-load.md."""

import os
from collections import Counter
from pathlib import Path

from bench.street.step import LIMIT_MS, Step

INTRO = """# Load: a street's real mix on the whole house

Made by `python -m bench.street` on {cores} cores of {processor}, with {cases:,} cases. Web (two processes of four threads), worker,
courier, beat, PostgreSQL (durable) and Valkey run as in production; the people run beside them on the same cores. Open loop:
requests go out at random moments at the rate named, {seconds:.0f} seconds each, and are measured from the moment they were meant to.

**{verdict}**

| requests/s | median ms | p95 | p99 | faults | cores: house | engines | people |
|---|---|---|---|---|---|---|---|"""


def page(steps: list[Step], memory: list[tuple[str, float, float]], cases: int, seconds: float) -> str:
    """STEPS as a page; MEMORY: (process, RSS, USS) in MB."""
    held = max((step for step in steps if step.good), key=lambda step: step.rate, default=None)
    verdict = (
        f"Held with p99 ≤ {LIMIT_MS:.0f} ms and less than one fault in a thousand: {held.rate:.0f} requests a second"
        if held
        else "No rate was held"
    )
    told = {"cores": os.cpu_count(), "processor": _processor(), "cases": cases, "seconds": seconds, "verdict": verdict}
    lines = [INTRO.format(**told), *(_line(step) for step in sorted(steps, key=lambda step: step.rate))]
    if held:
        lines += [
            "",
            f"The kinds at {held.rate:.0f}/s (the shares are an estimate, written in `bench/street/mix.py`):",
            "",
        ]
        lines += ["| kind | share | median ms | p95 | p99 |", "|---|---|---|---|---|"]
        lines += [_kind(held, kind, len(times) / len(held.all)) for kind, times in held.times.items() if times]
    lines += [
        "",
        "Memory afterwards (MB; USS is what would come free):",
        "",
        "| process | RSS | USS |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {rss:.0f} | {uss:.0f} |" for name, rss, uss in memory]
    faults = sum((Counter(step.faults) for step in steps), Counter())
    return "\n".join([*lines, "", f"Faults by kind, all rates: {dict(faults) or 'none'}.", ""])


def _line(step: Step) -> str:
    times = " | ".join(f"{step.quantile(share):.0f}" for share in (0.5, 0.95, 0.99))
    cores = " | ".join(f"{part:.2f}" for part in step.cores)
    name = f"{step.rate:.0f}" if step.good else f"{step.rate:.0f} (not held)"
    return f"| {name} | {times} | {sum(step.faults.values())} of {step.sent} | {cores} |"


def _kind(step: Step, kind: str, share: float) -> str:
    return (
        f"| {kind} | {share:.0%} | " + " | ".join(f"{step.quantile(one, kind):.0f}" for one in (0.5, 0.95, 0.99)) + " |"
    )


def _processor() -> str:
    try:
        found = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        return found[0].partition(":")[2].strip()
    except (OSError, IndexError):
        return "an unknown processor"
