"""The one map of a whole district, as its staff open it: the page, borders, figures, cases, and how much comes over the wire."""

import datetime as dt
import json
import re
from dataclasses import dataclass

from bench.measure import Client, Pair, milliseconds, together
from bench.stage import Stage, say
from bench.tables import TABLES

LEVEL = "comprehensive"  # 1,541 grids
MAP = "/admin/map/"
GZIP = {"Accept-Encoding": "gzip"}
_SESSION = """
from django.test import Client
from accounts.models import User
from grids.models import Post
staff, _made = User.objects.get_or_create(username="district", defaults={"role": "street", "full_name": "区"})
Post.objects.get_or_create(user=staff, kind="district_staff", area_prefix="990101", valid_from="2020-01-01")
client = Client()
client.force_login(staff)
print(client.cookies["sessionid"].value)
"""


@dataclass
class MapFigures:
    """`wire`: bytes, packed, of each answer; `cold`: milliseconds of borders that nobody has asked for yet."""

    cases: int
    grids: int
    pairs: dict[str, Pair]
    wire: dict[str, int]
    cold: float


def measure_map(stage: Stage, cases: int) -> MapFigures:
    stage.one(TABLES)
    session = stage.manage("shell", "--no-imports", "-c", _SESSION).splitlines()[-1]
    earlier = dt.date.today() - dt.timedelta(days=30)
    with stage.web() as (port, server):
        client = Client(port, session=session)
        page = client.content("GET", MAP).decode()
        known = json.loads(re.search(r'<script id="onemap-data"[^>]*>(.*?)</script>', page)[1])  # type: ignore[index]
        borders = known["borders"][LEVEL]["url"]
        cold = milliseconds(lambda: client.content("GET", borders, **GZIP))
        asked = {
            "page": (MAP, "/floor/map/page/"),
            "borders": (borders, "/floor/map/borders/"),
            "figures": (f"{MAP}figures/?level={LEVEL}", "/floor/map/figures/"),
            "figures, 30 days ago": (
                f"{MAP}figures/?level={LEVEL}&day={earlier}",
                f"/floor/map/figures/?day={earlier}",
            ),
            "cases": (f"{MAP}points/", "/floor/map/points/"),
        }
        wire = {name: len(client.content("GET", real, **GZIP)) for name, (real, _floor) in asked.items()}
        pairs = {
            name: together(
                server, client, lambda c, url=real: c.content("GET", url, **GZIP),  # type: ignore[misc]
                lambda c, url=floor: c.content("GET", url), rounds=4, each=10,  # type: ignore[misc]
            )
            for name, (real, floor) in asked.items()
        }  # fmt: skip
    for name, pair in pairs.items():
        say(
            f"  {cases:>9,} map: {name:<22} {pair.real.median:7.2f} ms  floor {pair.floor.median:6.2f} ms  ×{pair.ratio:4.1f}"
        )
    return MapFigures(cases, known["borders"][LEVEL]["count"], pairs, wire, cold)


def map_lines(found: list[MapFigures]) -> list[str]:
    """The chapter of docs/benchmarks.md."""
    lines = [
        "",
        "## The one map",
        "",
        f"Opened by district staff at the level of {found[0].grids:,} grids, by turns with bare views: a count of grids, their borders "
        "as they are stored, a grouped count of posts and one of open cases, a thousand points.",
        "",
        "| answer | cases | median ms | p95 ms | floor ms | ratio | CPU ms | over the wire |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in found[0].pairs:
        for one in found:
            pair = one.pairs[name]
            lines.append(
                f"| {name} | {one.cases:,} | {pair.real.median:.1f} | {pair.real.p95:.1f} | {pair.floor.median:.1f} | ×{pair.ratio:.1f} "
                f"| {pair.real.cpu:.1f} | {one.wire[name] / 1024:.0f} KB |"
            )
    cold = ", ".join(f"{one.cold:.0f}" for one in found)
    return [
        *lines,
        "",
        f"Borders asked for the first time are simplified and packed: {cold} ms; browsers then keep them.",
    ]


def map_aims(found: list[MapFigures]) -> list[tuple[str, str, bool]]:
    largest = max(one.wire["borders"] for one in found) / 1024
    worst = {name: max(one.pairs[name].ratio for one in found) for name in found[0].pairs}
    growth = found[-1].pairs["page"].real.median / found[0].pairs["page"].real.median
    return [
        (f"map of {found[0].grids:,} grids ≤ 300 KB packed", f"{largest:.0f} KB", largest <= 300),
        *((f"map, {name}: ≤ ×20 its floor", f"×{ratio:.1f} at worst", ratio <= 20) for name, ratio in worst.items()),
        (f"map page: flat from {found[0].cases:,} to {found[-1].cases:,} (≤ ×1.5)", f"×{growth:.2f}", growth <= 1.5),
    ]
