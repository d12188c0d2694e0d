"""python -m bench.residents [--residents 200] [--at-once 40]: so many residents report at once with two photos each, against
the production web server with a street's worth of cases; then each follows the own report.

Ends with status 1 where anybody was told anything but number and code, or where a case or a photo is missing.
"""

import argparse
import io
import re
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image

from bench.measure import cpu_seconds, milliseconds
from bench.stage import Stage, say
from gridgov.up.engines import Engines

TEXT = "第{}位居民：单元门口堆放纸箱，消防通道被堵"
# All residents of the bench have one address, and what is measured is not the limit.
WIDE = {"GRIDGOV_DOOR_ADDRESS": "100000/100000", "GRIDGOV_DOOR_STREET": "100000/100000"}
BOUNDARY = "residents"


class Door(Stage):
    """The stage with the door's limits wide open."""

    @property
    def env(self) -> dict[str, str]:
        return {**super().env, **WIDE}


class Resident:
    """A phone with two photos, as small as its script makes them."""

    def __init__(self, port: int, number: int, grid: str) -> None:
        self.port, self.number, self.grid = port, number, grid
        self.photos = [_photo(number * 2 + n) for n in range(2)]
        self.cookies: dict[str, str] = {}
        self.slip: list[str] = []
        self.took = 0.0

    def ask(self, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": kind} if kind else {}
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return answer.status, said

    def report(self) -> int:
        status, form = self.ask(f"/r/report/?g={self.grid}&m=06")
        if status != 200:
            return status
        hidden = dict(re.findall(r'type="hidden" name="(key|csrfmiddlewaretoken)" value="([^"]+)"', form))
        fields = {**hidden, "g": self.grid, "m": "06", "text": TEXT.format(self.number)}
        self.took = milliseconds(lambda: self._send(fields))
        return 200 if len(self.slip) == 2 else 0

    def _send(self, fields: dict[str, str]) -> None:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        _status, said = self.ask("/r/report/", _multipart(fields, self.photos), kind)
        self.slip = re.findall(r"<dd>([^<]+)</dd>", said)

    def follow(self) -> bool:
        _status, form = self.ask("/r/follow/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[-1]
        asked = {"csrfmiddlewaretoken": token, "number": self.slip[0], "code": self.slip[1]}
        status, _said = self.ask("/r/follow/", urlencode(asked).encode(), "application/x-www-form-urlencoded")
        _status, mine = self.ask("/r/follow/mine/")
        return status == 302 and TEXT.format(self.number) in mine


def _photo(seed: int) -> bytes:
    """A photo of 1280 × 960, some 250 KB, like no other."""
    out = io.BytesIO()
    noise = Image.effect_noise((1280, 960), 22).convert("RGB")
    noise.putpixel((0, 0), (seed % 256, seed // 256 % 256, 7))
    noise.save(out, "JPEG", quality=70)
    return out.getvalue()


def _multipart(fields: dict[str, str], photos: list[bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="p.jpg"\r\n'
    parts += [f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + b"\r\n" for photo in photos]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def crowd(stage: Stage, count: int, at_once: int) -> bool:
    """COUNT residents, AT_ONCE of them at the same moment; whether all went well."""
    grid = str(stage.one("SELECT code FROM grids_grid WHERE kind = 'micro' AND valid_to IS NULL ORDER BY code LIMIT 1"))
    before = [stage.one(f"SELECT count(*) FROM {table}") for table in ("cases_case", "cases_photo", "door_slip")]
    with stage.web() as (port, server):
        people = [Resident(port, number, grid) for number in range(count)]
        people[0].ask("/r/")
        cpu, start = cpu_seconds(server), time.monotonic()
        with ThreadPoolExecutor(at_once) as pool:
            statuses = list(pool.map(Resident.report, people))
        seconds, cpu = time.monotonic() - start, cpu_seconds(server) - cpu
        with ThreadPoolExecutor(at_once) as pool:
            followed = sum(pool.map(Resident.follow, [one for one in people if len(one.slip) == 2]))
    after = [stage.one(f"SELECT count(*) FROM {table}") for table in ("cases_case", "cases_photo", "door_slip")]
    made = [new - old for new, old in zip(after, before, strict=True)]  # type: ignore[operator]
    lost = [status for status in statuses if status != 200]
    took = sorted(one.took for one in people)
    say(
        f"{count} residents, {at_once} at once, two photos each: {seconds:.1f} s, {cpu / count * 1000:.0f} ms of CPU each"
    )
    say(f"  a report took {statistics.median(took):.0f} ms in the middle, {took[int(count * 0.95)]:.0f} ms at the 95th")
    say(f"  errors {len(lost)}, cases {made[0]}, photos {made[1]}, slips {made[2]}, followed {followed}")
    return not lost and made == [count, 2 * count, count] and followed == count


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.residents", description=__doc__)
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=40)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gridgov-bench-"))
    folder.chmod(0o711)
    try:
        with Engines(folder, durable=True) as engines:
            stage = Door(engines, folder).use("bench_residents")
            say("loading a street")
            Door(engines, folder, "bench_residents").manage("load_demo")
            stage.one("VACUUM ANALYZE")
            fine = crowd(Door(engines, folder, "bench_residents"), options.residents, options.at_once)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
