"""The API's reads beside bare views of the same tables, and what a warehouse loads: how fast, in how much memory.

`python -m bench.api [--sizes 10000,100000,1000000] [--rows 1000000] [--out docs/benchmarks-api.md]`. The product's own web
server answers (gunicorn, two processes with four threads); engines and client run beside it. Nothing is asserted.
"""

import argparse
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from bench.api_page import page
from bench.measure import Client, Pair, together
from bench.stage import ROOT, Stage, say
from gridgov.up.engines import Engines

# What the lists of cases are asked for besides their first page.
CASE_LISTS = ("?open=true", "?tier=C", "?ordering=due_at", "?grid=GRID", "?page_size=20")
PAGES = 100
ASKED = """
import json
from django.urls import get_resolver
from rest_framework.authtoken.models import Token
from accounts.models import User
from bench.bare import VIEWS
from grids.models import Grid, Post
staff, _made = User.objects.get_or_create(username="district", defaults={"role": "street", "full_name": "区"})
Post.objects.get_or_create(user=staff, kind="district_staff", area_prefix="990101", valid_from="2020-01-01")
system = User.objects.filter(role="system_admin").first()
print(json.dumps({
    "token": Token.objects.get_or_create(user=staff)[0].key, "names": sorted(VIEWS),
    "system": Token.objects.get_or_create(user=system)[0].key if system else "",
    "grid": Grid.objects.filter(kind="total").first().code,
}))
"""
# One change of each case, written plainly: the bench is about reading.
CHANGES = """
INSERT INTO core_record (verb, actor_id, at, scope, data, subject_type, subject_id)
SELECT 'cases.urged', (SELECT min(id) FROM accounts_user), now(), g.code, '{{"urged": 1}}', 'cases.case', c.id
FROM cases_case c JOIN grids_grid g ON g.id = c.grid_id WHERE c.id > {after} ORDER BY c.id LIMIT {count}
"""


class Read(NamedTuple):
    """One kind of read: who may do it (the token), its address, and that of its floor."""

    name: str
    token: str
    real: str
    floor: str


class Load(NamedTuple):
    """What was read as one stream: rows, bytes, seconds, and the highest RSS of a web process meanwhile, in MB."""

    name: str
    rows: int
    size: int
    seconds: float
    peak: float


def reads(port: int, asked: dict[str, Any]) -> tuple[list[Read], list[str]]:
    """List and detail of every resource that has rows; and the names of those that have none here."""
    found, empty = [], []
    for name in asked["names"]:
        for token in (asked["token"], asked["system"]):
            rows = _rows(Client(port, token), name)
            if rows:
                break
        else:
            empty.append(name)
            continue
        found.append(Read(f"{name}", token, f"/api/v1/{name}/", f"/bare/{name}/"))
        if key := _detail(Client(port, token), name, rows):
            found.append(Read(f"{name}/{{id}}", token, f"/api/v1/{name}/{key}/", f"/bare/{name}/{key}/"))
    token = asked["token"]
    for query in CASE_LISTS:
        found.append(
            Read(f"cases{query}", token, f"/api/v1/cases/{query}".replace("GRID", asked["grid"]), "/bare/cases/")
        )
    far, floor = (_walk(Client(port, token), f"/{where}/cases/") for where in ("api/v1", "bare"))
    found.append(Read(f"cases, page {PAGES}", token, far, floor))
    return found, empty


def _rows(client: Client, name: str) -> list[dict[str, Any]]:
    """The first page of a list; [] where it is empty or not for this account."""
    try:
        found: Any = client.get(f"/api/v1/{name}/")
    except RuntimeError:
        return []
    return list(found["results"])


def _detail(client: Client, name: str, rows: list[dict[str, Any]]) -> object:
    """The key of a row that both addresses answer for; None where there is no such detail."""
    key = rows[0].get("id")
    try:
        client.get(f"/api/v1/{name}/{key}/")
        client.get(f"/bare/{name}/{key}/")
    except RuntimeError:
        return None
    return key


def _walk(client: Client, address: str) -> str:
    """The address of page PAGES, or of the last one of a shorter list."""
    for _number in range(PAGES - 1):
        following = client.get(address)["next"]
        if not following:
            break
        address = "/" + str(following).split("/", 3)[3]
    return address


def measure_reads(port: int, server: psutil.Process, asked: dict[str, Any]) -> tuple[dict[str, Pair], list[str]]:
    found, empty = reads(port, asked)
    pairs = {}
    for read in found:
        pair = together(
            server, Client(port, read.token), lambda c, r=read: c.content("GET", r.real) and None,  # type: ignore[misc]
            lambda c, r=read: c.content("GET", r.floor) and None, rounds=4, each=12,  # type: ignore[misc]
        )  # fmt: skip
        pairs[read.name] = pair
        say(f"  {read.name:<36} {pair.real.median:7.2f} ms  bare {pair.floor.median:6.2f} ms  ×{pair.ratio:4.1f}")
    return pairs, empty


@contextmanager
def watched(server: psutil.Process) -> Iterator[list[float]]:
    """The highest RSS in MB of a web process while the block lasts, as the only item of a list."""
    peak, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            peak[0] = max(peak[0], *(child.memory_info().rss / 2**20 for child in server.children()))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def load(port: int, server: psutil.Process, token: str, name: str, path: str, most: int, mark: bytes) -> Load:
    """Read PATH to its end, or until MOST rows; MARK stands once in each."""
    connection = HTTPConnection("127.0.0.1", port, timeout=900)
    rows = size = 0
    with watched(server) as peak:
        start = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Token {token}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.read(300)!r}")
        while (piece := answer.read(2**18)) and rows < most:
            # A mark cut in two by the piece's end is not counted: one in some thousands.
            rows, size = rows + piece.count(mark), size + len(piece)
        seconds = time.perf_counter() - start
        connection.close()
    found = Load(name, rows, size, seconds, peak[0])
    say(f"  {name:<36} {rows:>9,} rows {rows / seconds:9,.0f}/s  {size / 2**20:6.0f} MB  peak {peak[0]:.0f} MB")
    return found


def measure_loads(stage: Stage, asked: dict[str, Any], most: int) -> list[Load]:
    """The whole list, its changes and the events, each by a web server that has done nothing yet."""
    token, found = asked["token"], []
    with stage.web() as (port, server):
        before = Client(port, token).get("/api/v1/feed/")["cursor"]
        found.append(load(port, server, token, "feed/cases.ndjson", "/api/v1/feed/cases.ndjson", most, b'"id":'))
    say("  one change of each case")
    _change(stage, most)
    for name, path, mark in (
        ("feed/cases/changes.ndjson", f"/api/v1/feed/cases/changes.ndjson?cursor={before}", b'"key":'),
        ("feed/events.ndjson", f"/api/v1/feed/events.ndjson?cursor={before}", b'"verb":'),
        ("cases.geojsons", "/api/v1/cases.geojsons", b"\x1e"),
    ):
        with stage.web() as (port, server):
            found.append(load(port, server, token, name, path, most, mark))
    return found


def _change(stage: Stage, most: int, step: int = 5000) -> None:
    """In transactions of some thousand, as a day's work would be in many."""
    ids = json.loads(str(stage.one(f"SELECT json_agg(id) FROM (SELECT id FROM cases_case ORDER BY id LIMIT {most}) c")))
    for start in range(0, len(ids), step):
        stage.one(CHANGES.format(after=ids[start] - 1, count=min(step, len(ids) - start)))
    stage.one("VACUUM ANALYZE core_record")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.api", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of cases, smallest first")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows read of each stream at most")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-api.md")
    options = parser.parse_args()
    sizes, folder = [int(size) for size in options.sizes.split(",")], Path(tempfile.mkdtemp(prefix="gridgov-api-"))
    folder.chmod(0o711)
    pairs: dict[int, dict[str, Pair]] = {}
    empty: list[str] = []
    busy: list[float] = []
    try:
        with Engines(folder, durable=True) as engines:
            stage = Stage(engines, folder)
            for size in sizes:
                say(f"loading a district with {size:,} cases")
                stage = stage.use(f"api_{size}")
                stage.manage("load_demo", "--scale", "district", "--cases", str(size))
                stage.one("VACUUM ANALYZE")
                asked = json.loads(stage.manage("shell", "--no-imports", "-c", ASKED).splitlines()[-1])
                busy.append(psutil.getloadavg()[0])
                with stage.web() as (port, server):
                    pairs[size], empty = measure_reads(port, server, asked)
                say("streams")
                loads = measure_loads(stage, asked, options.rows)
                busy.append(psutil.getloadavg()[0])
                # After each size: whoever has no time for the largest has the others.
                options.out.write_text(page(pairs, empty, loads, busy), encoding="utf-8")
                say(f"written to {options.out}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
