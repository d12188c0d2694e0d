"""The page that bench.api writes."""

import datetime as dt
import os
from collections.abc import Sequence
from typing import Any

from bench.measure import Pair

AIM, SHARE, ROWS, MEMORY, ALONE = 4.0, 0.95, 10_000, 150, 1.5
# What was found when others used the machine up.
BUSY = """\
The same code, measured on 2026-11-26 with the load of the machine at 9 to 14, the tests of others: by the clock 50 of 54 reads at 10,000
and at 1,000,000 cases kept within 4× (`cases/{id}` ×7.0, `bindings` ×5.4), by the web server's own CPU all 54 (×3.1 at most); the streams
of cases ran at 7,200 and 8,100 rows a second (5,800 as GeoJSON), in 145 MB at most. A case by itself asks eight questions of the database
where the bare view asks two: on a machine that others use up, each question waits for its turn.
"""
SIZES = (10_000, 100_000, 1_000_000)


def page(pairs: dict[int, dict[str, Pair]], empty: Sequence[str], loads: Sequence[Any], busy: Sequence[float]) -> str:
    measured = [pair for found in pairs.values() for pair in found.values()]
    within = sum(pair.ratio <= AIM for pair in measured)
    shares = " · ".join(
        f"{size:,} cases: {sum(pair.ratio <= AIM for pair in found.values())} of {len(found)}"
        for size, found in pairs.items()
    )
    return f"""# The API, measured

Made by `python -m bench.api` on {dt.date.today()}; edit the program (`bench/api.py`), not this page. {os.cpu_count()} cores;
the load of the machine was {", ".join(f"{one:.1f}" for one in busy)} when each part began or ended{_priority(busy)}. gunicorn
as the product runs it (two processes, four threads), durable PostgreSQL and the client beside it.

Each read stands beside a **bare Django REST framework view** of the same table, asked by turns with it: the same token, a page of fifty by
the key or one row, a `ModelSerializer` with those columns of the table that the real answer shows too; no scope, no relations, no rule.

| what | measured | aim |
|---|---|---|
| reads within {AIM:.0f}× of the bare view | {within} of {len(measured)} ({within / len(measured):.0%}) | {SHARE:.0%} |
| … by size | {shares} | |
| … by the web server's own CPU, which waits for nobody | {_by_cpu(measured)} | |
{_streams(loads)}

{BUSY}
## Streams

One reader, over HTTP, without compression; a web server that has done nothing before. The peak is the highest RSS of a web process.

| stream | rows | rows/s | MB | peak MB |
|---|---|---|---|---|
{chr(10).join(f"| {one.name} | {one.rows:,} | {one.rows / one.seconds:,.0f} | {one.size / 2**20:,.0f} | {one.peak:.0f} |" for one in loads)}

In `changes` and `events` each case has changed once, in transactions of five thousand.

## Reads, one client

Median milliseconds: the real read, the bare view, their ratio; and that of the CPU time which the web server alone spends on either.

| read | {" | ".join(f"{size:,} cases" for size in pairs)} |
|---|{"---|" * len(pairs)}
{_reads(pairs)}

Without rows in the demo district, and therefore not measured: {", ".join(empty) or "none"}.

Sizes left out this time: {", ".join(f"{size:,}" for size in SIZES if size not in pairs) or "none"}.
"""


def _priority(busy: Sequence[float]) -> str:
    """What a busy machine does to the figures."""
    if max(busy) <= ALONE:
        return ", so the two cores were the bench's own"
    if os.nice(0) < 0:
        return f", of which the measured went before (nice {os.nice(0)})"
    return ", so milliseconds and rows a second are those of a busy machine"


def _by_cpu(measured: Sequence[Pair]) -> str:
    within = sum(pair.cpu_ratio <= AIM for pair in measured)
    return f"{within} of {len(measured)} ({within / len(measured):.0%})"


def _streams(loads: Sequence[Any]) -> str:
    feed = [one for one in loads if one.name.startswith("feed/")]
    slowest, highest = min(one.rows / one.seconds for one in feed), max(one.peak for one in feed)
    return (
        f"| the slowest stream of the feed, rows a second | {slowest:,.0f} | {ROWS:,} |\n"
        f"| the highest memory of a web process meanwhile | {highest:.0f} MB | {MEMORY} MB |"
    )


def _reads(pairs: dict[int, dict[str, Pair]]) -> str:
    names = list(dict.fromkeys(name for found in pairs.values() for name in found))
    return "\n".join(
        f"| `{name}` | {' | '.join(_cell(found.get(name)) for found in pairs.values())} |" for name in names
    )


def _cell(pair: Pair | None) -> str:
    if pair is None:
        return "—"
    over = "**" if pair.ratio > AIM else ""
    return (
        f"{pair.real.median:.1f} / {pair.floor.median:.1f} = {over}×{pair.ratio:.1f}{over}, CPU ×{pair.cpu_ratio:.1f}"
    )
