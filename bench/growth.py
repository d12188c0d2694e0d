"""How what people wait for grows with the cases: time ~ cases^exponent, over all sizes that were measured."""

import math
from collections.abc import Mapping

from bench.map import MapFigures
from bench.measure import Pair
from bench.web import WebFigures

# 500 times the cases may cost less than twice the time.
FLAT = 0.1


def exponent(times: Mapping[int, float]) -> float:
    """The slope of the straight line through (log cases, log time): 0 is flat, 1 grows as the cases do. Two sizes at least."""
    points = [(math.log(cases), math.log(max(time, 1e-6))) for cases, time in times.items()]
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    across = sum((x - middle[0]) ** 2 for x, _y in points)
    return sum((x - middle[0]) * (y - middle[1]) for x, y in points) / across


def _rows(
    web: list[WebFigures], desks: dict[int, dict[str, Pair]], maps: list[MapFigures]
) -> dict[str, dict[int, Pair]]:
    """{what is asked for: {cases: pair}}; the deep page of a small list is not as deep, but it is the same question."""
    rows: dict[str, dict[int, Pair]] = {}
    for found in web:
        for name, pair in found.pairs.items():
            known = "list, deep page" if name == f"list, page {found.deep_page}" else name
            rows.setdefault(f"API: {known}", {})[found.cases] = pair
    for cases, pages in desks.items():
        for name, pair in pages.items():
            rows.setdefault(f"desk: {name}", {})[cases] = pair
    for one in maps:
        for name, pair in one.pairs.items():
            rows.setdefault(f"map: {name}", {})[one.cases] = pair
    return rows


def growth_lines(
    web: list[WebFigures], desks: dict[int, dict[str, Pair]], maps: list[MapFigures], loads: dict[int, float]
) -> list[str]:
    """The part of docs/benchmarks.md about growth; nothing where one size was measured."""
    sizes = [found.cases for found in web]
    if len(sizes) < 2:
        return []
    lines = [
        "",
        f"## Growth from {sizes[0]:,} to {sizes[-1]:,} cases",
        "",
        "Time ~ cases^exponent, fitted over all sizes: 0 is flat, 1 grows as the cases do. The floor's stands beside it: where that "
        "grows, it is the answer's query that grows, and not what we put around it.",
        "",
        f"| asked | {' | '.join(f'{size:,}: ms' for size in sizes)} | exponent | the floor's |",
        f"|---|{'---|' * (len(sizes) + 2)}",
    ]
    for name, pairs in _rows(web, desks, maps).items():
        real = {cases: pair.real.median for cases, pair in pairs.items()}
        floor = {cases: pair.floor.median for cases, pair in pairs.items()}
        times = " | ".join(f"{real[size]:.1f}" if size in real else "—" for size in sizes)
        lines.append(f"| {name} | {times} | {exponent(real):.2f} | {exponent(floor):.2f} |")
    seconds = " | ".join(f"{loads[size] * 1000:.0f}" if size in loads else "—" for size in sizes)
    return [*lines, f"| loading the district with its cases | {seconds} | {exponent(loads):.2f} | — |"]


def growth_aims(
    web: list[WebFigures], desks: dict[int, dict[str, Pair]], maps: list[MapFigures]
) -> list[tuple[str, str, bool]]:
    if len(web) < 2:
        return []
    found = {
        name: exponent({cases: pair.real.median for cases, pair in pairs.items()})
        for name, pairs in _rows(web, desks, maps).items()
    }
    worst = max(found, key=found.__getitem__)
    over = [name for name, slope in found.items() if slope > FLAT]
    told = f"{len(found) - len(over)} of {len(found)}; steepest: {worst}, {found[worst]:.2f}"
    return [(f"grows with the cases by no more than cases^{FLAT}", told, not over)]
