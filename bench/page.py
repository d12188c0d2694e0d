"""Writes docs/benchmarks.md: what was measured, where, and which aims were met."""

import datetime as dt
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.desk import desk_aims, desk_lines
from bench.growth import growth_aims, growth_lines
from bench.map import MapFigures, map_aims, map_lines
from bench.measure import Pair
from bench.proposals import proposal_aims, proposal_lines
from bench.web import WebFigures

ROWS = ["report", "list, page 1", "list, deep page", "list of a lead", "detail", "transition", "search, rare word",
        "search, frequent word", "search, no hit", "figures of a month"]  # fmt: skip


@dataclass
class Measured:
    """By number of cases: what people wait for. Once, at the last number: the verbs, proposals, clocks and the tree."""

    web: dict[int, WebFigures] = field(default_factory=dict)
    maps: dict[int, MapFigures] = field(default_factory=dict)
    desks: dict[int, dict[str, Pair]] = field(default_factory=dict)
    figures: dict[int, dict[str, Any]] = field(default_factory=dict)
    loads: dict[int, float] = field(default_factory=dict)
    verbs: dict[str, Pair] = field(default_factory=dict)
    proposals: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, Any] = field(default_factory=dict)
    tree: dict[str, Any] = field(default_factory=dict)


def write(path: Path, found: Measured) -> None:
    """Put the figures on the page PATH."""
    web, maps = ([by_size[size] for size in sorted(by_size)] for by_size in (found.web, found.maps))
    desks, figures, loads = found.desks, found.figures, found.loads
    verbs, proposals, clocks, tree = found.verbs, found.proposals, found.clocks, found.tree
    lines = [
        "# Benchmarks",
        "",
        f"Made by `make bench` on {dt.date.today():%Y-%m-%d}; edit the program (`bench/`), not this page.",
        "",
        f"Machine: {_cpu()}, {os.cpu_count()} cores, {_memory():.0f} GB of memory, Linux {platform.release()}, "
        f"Python {platform.python_version()}. Everything on the one machine: embedded PostgreSQL (durable settings) and Valkey, "
        "gunicorn with 2 processes × 4 threads, the client beside it. On a shared machine the ratios mean more than the milliseconds.",
        "",
        "Each figure stands beside its **floor**: a bare Django view on the same server, asked by turns with the real one, that does "
        "only the query (or the two inserts) and JSON: no sign-in, scope, rule, clock or record. ×n is the ratio of the medians; "
        "CPU is the web server's own per request.",
        "",
        "## Requests, one client",
        "",
        "| request | cases | median ms | p95 ms | floor ms | ratio | CPU ms | floor CPU ms | CPU ratio |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in ROWS:
        for one in web:
            pair = one.pairs[_key(name, one)]
            lines.append(
                f"| {_key(name, one)} | {one.cases:,} | {pair.real.median:.1f} | {pair.real.p95:.1f} | {pair.floor.median:.1f} "
                f"| ×{pair.ratio:.1f} | {pair.real.cpu:.1f} | {pair.floor.cpu:.1f} | ×{pair.cpu_ratio:.1f} |"
            )
    lines += ["", "Eight clients at once:", "", "| request | cases | median ms | p95 ms |", "|---|---|---|---|"]
    for one in web:
        for name, figure in one.crowd.items():
            lines.append(f"| {name} | {one.cases:,} | {figure.median:.1f} | {figure.p95:.1f} |")
    lines += _verbs(verbs)
    lines += desk_lines(desks)
    lines += _rest(tree, clocks, loads, web)
    lines += map_lines(maps)
    lines += proposal_lines(proposals)
    lines += _figures(figures)
    lines += growth_lines(web, desks, maps, loads)
    lines += ["", "## Aims", "", "| aim | measured | met |", "|---|---|---|"]
    aims = [
        *_aims(web, tree, clocks),
        *_aims_of_verbs(verbs),
        *desk_aims(desks),
        *_aims_of_figures(figures),
        *map_aims(maps),
        *proposal_aims(proposals),
        *growth_aims(web, desks, maps),
    ]
    lines += [f"| {aim} | {measured} | {'yes' if met else '**no**'} |" for aim, measured, met in aims]
    path.write_text("\n".join(lines) + "\n")


def _key(name: str, found: WebFigures) -> str:
    return f"list, page {found.deep_page}" if name == "list, deep page" else name


def _rest(tree: dict[str, Any], clocks: dict[str, Any], loads: dict[int, float], web: list[WebFigures]) -> list[str]:
    write, place, burst, red, late = tree["tree"], tree["locate"], clocks["burst"], clocks["red"], clocks["lateness"]
    memory = [*web[-1].memory, *clocks["memory"]]
    return [
        "",
        "## The map",
        "",
        "| what | among | median ms | floor ms | ratio |",
        "|---|---|---|---|---|",
        f"| found a micro-grid | {write['nodes']:,} nodes | {write['insert']:.1f} | {write['floor']:.1f} "
        f"| ×{write['insert'] / write['floor']:.1f} |",
        f"| move a micro-grid | {write['nodes']:,} nodes | {write['move']:.1f} | {write['floor']:.1f} "
        f"| ×{write['move'] / write['floor']:.1f} |",
        f"| locate a place | {place['borders']:,} borders | {place['median']:.2f} (p95 {place['p95']:.2f}) "
        f"| {place['floor']:.2f} | ×{place['median'] / place['floor']:.1f} |",
        "",
        "## The clocks",
        "",
        "A real beat and one worker with two processes.",
        "",
        "| what | measured |",
        "|---|---|",
        f"| 10,000 deadlines due at one moment among 100,000 open | all marked {burst['seconds']:.1f} s after it; "
        f"{burst['marks']:,} marks, {burst['cards']:,} cards (floor, one bare UPDATE of 10,000 rows: {clocks['floor']:.2f} s) |",
        f"| their 10,000 red cards due at one moment | all supervised {red['seconds']:.1f} s after it; {red['cards']:,} cards, "
        f"{red['supervisions']:,} supervisions, {red['clocks']:,} clocks for the answer |",
        f"| a mark after its moment when idle ({late['count']} of them) | p50 {late['p50']:.2f} s, p99 {late['p99']:.2f} s, "
        f"longest {late['max']:.2f} s |",
        "",
        "## Memory",
        "",
        "| process | RSS MB | of its own (USS) MB |",
        "|---|---|---|",
        *[f"| {name} | {rss:.0f} | {uss:.0f} |" for name, rss, uss in memory],
        "",
        "## Loading",
        "",
        "A district (15 streets, 374 communities, 1,541 comprehensive grids) with its cases and all their records:",
        "",
        "| cases | seconds |",
        "|---|---|",
        *[f"| {cases:,} | {seconds:.0f} |" for cases, seconds in loads.items()],
    ]


def _figures(figures: dict[int, dict[str, Any]]) -> list[str]:
    lines = [
        "",
        "## The figures",
        "",
        "All figures of a month over the whole district, without HTTP. Floor: one bare sum over the month's cells of the rollups. "
        "Full count: the same numbers from the cases themselves.",
        "",
        "| figures | cases | ms | floor ms | ratio | full count ms |",
        "|---|---|---|---|---|---|",
    ]
    for cases, found in figures.items():
        for name, took in found["read"].items():
            ratio = took["real"] / took["floor"]
            lines.append(
                f"| {name} | {cases:,} | {took['real']:.0f} | {took['floor']:.0f} | ×{ratio:.1f} | {found['full']:.0f} |"
            )
    lines += [
        "",
        "| cases | transition, counted ms | not counted ms | ratio | cells | compared with a full count in |",
        "|---|---|---|---|---|---|",
    ]
    for cases, found in figures.items():
        on, off = found["transition"]["with"], found["transition"]["without"]
        lines.append(
            f"| {cases:,} | {on:.1f} | {off:.1f} | ×{on / off:.2f} | {found['cells']:,} | {found['checked']:.0f} s |"
        )
    return lines


def _verbs(verbs: dict[str, Pair]) -> list[str]:
    lines = [
        "",
        "The dearer verbs, each by turns with a plain transition (accepting a case):",
        "",
        "| verb | median ms | a transition ms | ratio | CPU ratio |",
        "|---|---|---|---|---|",
    ]
    for name, pair in verbs.items():
        lines.append(
            f"| {name} | {pair.real.median:.1f} | {pair.floor.median:.1f} | ×{pair.ratio:.2f} | ×{pair.cpu_ratio:.2f} |"
        )
    return lines


def _aims_of_verbs(verbs: dict[str, Pair]) -> list[tuple[str, str, bool]]:
    return [
        (f"{name} within ×2 of a plain transition", f"×{pair.ratio:.2f}", pair.ratio <= 2)
        for name, pair in verbs.items()
    ]


def _aims_of_figures(figures: dict[int, dict[str, Any]]) -> list[tuple[str, str, bool]]:
    last = max(figures)
    month = figures[last]["read"]["a month that is over"]["real"]
    now = figures[last]["read"]["this month until now"]["real"]
    return [
        (f"figures of a month over {last:,} cases ≤ 300 ms", f"{month:.0f} ms; this month {now:.0f} ms", max(month, now) <= 300),
        ("the rollups say what a full count says", str(all(found["true"] for found in figures.values())),
         all(found["true"] for found in figures.values())),
    ]  # fmt: skip


def _aims(web: list[WebFigures], tree: dict[str, Any], clocks: dict[str, Any]) -> list[tuple[str, str, bool]]:
    first, last = web[0], web[-1]
    rows = []
    for name in ("list, page 1", "list, deep page", "detail", "search, rare word", "search, frequent word"):
        growth = last.pairs[_key(name, last)].real.median / first.pairs[_key(name, first)].real.median
        rows.append((f"{name}: flat from {first.cases:,} to {last.cases:,} (≤ ×1.5)", f"×{growth:.2f}", growth <= 1.5))
    for name, limit in (("list, page 1", 4), ("list, deep page", 4), ("report", 6)):
        worst = max(found.pairs[_key(name, found)].ratio for found in web)
        rows.append((f"{name} ≤ ×{limit} its floor", f"×{worst:.1f} at worst", worst <= limit))
    burst, red, late, place = clocks["burst"], clocks["red"], clocks["lateness"], tree["locate"]
    rows.append(("10 k due deadlines marked in ≤ 10 s, each once", f"{burst['seconds']:.1f} s, once: {burst['once']}",
                 burst["seconds"] <= 10 and burst["once"]))  # fmt: skip
    rows.append(("10 k red cards supervised, each once", f"{red['seconds']:.1f} s, once: {red['once']}", red["once"]))
    rows.append(("lateness p99 ≤ 3 s when idle", f"{late['p99']:.2f} s", late["p99"] <= 3))
    rows.append(("locate ≤ 1 ms", f"{place['median']:.2f} ms", place["median"] <= 1))
    heaviest = max(rss for name, rss, _uss in last.memory)
    rows.append(("web worker ≤ 150 MB", f"{heaviest:.0f} MB RSS", heaviest <= 150))
    return rows


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
