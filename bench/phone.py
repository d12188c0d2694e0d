"""The phone's pages as a browser that has never been here gets them: `python -m bench.phone [--out docs/benchmarks-phone.md]`.

Bytes over the line, the largest paint on slow 3G, how long script keeps the page from answering on a processor four times
slower, and what a practised worker's report takes (bench.practised). Figures, not tests: what a page may weigh is tested in
tests/front/test_phone_browser.py.
"""

import argparse
import datetime as dt
import json
import shutil
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench import practised
from bench.stage import ROOT, say, staged

# WebPageTest's "3G Slow": bits a second both ways, and milliseconds for the way there and back.
SLOW_3G = {"bits": 400_000, "latency": 400}
SLOWER, ROUNDS = 4, 5
# Playwright's words for a phone of the lower middle.
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2,
    "locale": "zh-CN", "service_workers": "block",
}  # fmt: skip
PEOPLE = """
import json
from django.test import Client
from accounts.models import User
from grids.models import Grid, PublicPage
def cookie(name):
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client.cookies["sessionid"].value
street = PublicPage.objects.filter(is_open=True).values_list("street__code", flat=True).first() or ""
west, south, east, north = Grid.objects.filter(posts__user__username="worker01", box__isnull=False).order_by("pk").first().box
grid = Grid.objects.filter(kind="comprehensive", code__startswith=street).order_by("pk").values_list("code", flat=True).first()
print(json.dumps({"worker": cookie("worker01"), "unit": cookie("water1"), "grid": grid, "spot": [(west + east) / 2, (south + north) / 2]}))
"""
# Whose page, and its address.
ASKED = (
    ("worker", "/m/"), ("worker", "/m/cases/"), ("worker", "/m/report/"), ("worker", "/m/grid/"), ("worker", "/m/field/"),
    ("unit", "/m/"), ("", "/m/login/"), ("", "/r/"), ("", "/r/report/"), ("", "/g/{grid}/"),
)  # fmt: skip
# What the page's own observers see; asked for when it has come to rest.
WATCH = """
window.seen = { paint: 0, blocked: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((one) => { seen.paint = one.startTime; }))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => { seen.blocked += Math.max(0, one.duration - 50); }))
  .observe({ type: "longtask", buffered: true });
"""


@dataclass
class PageFigures:
    """Bytes over the line and requests; milliseconds, medians of ROUNDS."""

    who: str
    path: str
    bytes: int
    requests: int
    paint: float
    blocked: float
    script: float


def measure(browser: Browser, origin: str, who: str, path: str, session: str) -> PageFigures | None:
    """None for a page that isn't there."""
    rounds: list[tuple[int, int, float, float, float]] = []
    for _round in range(ROUNDS):
        context = browser.new_context(**PHONE, base_url=origin)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
        if not rounds and context.request.get(path, max_redirects=0).status != 200:
            return None
        page = context.new_page()
        page.add_init_script(WATCH)
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Performance.enable")
        speed = SLOW_3G["bits"] / 8
        line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": SLOW_3G["latency"], "downloadThroughput": speed, "uploadThroughput": speed},
        )
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        sizes: list[float] = []
        line.on("Network.loadingFinished", lambda one, sizes=sizes: sizes.append(one["encodedDataLength"]))
        page.goto(path, wait_until="networkidle", timeout=120_000)
        seen = page.evaluate("seen")
        metrics = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
        rounds.append((int(sum(sizes)), len(sizes), seen["paint"], seen["blocked"], metrics["ScriptDuration"] * 1000))
        context.close()
    weights, counts, *times = zip(*rounds, strict=True)
    found = PageFigures(who, path, max(weights), max(counts), *(statistics.median(each) for each in times))
    say(f"  {who or 'nobody':<7} {path:<16} {found.bytes / 1024:6.1f} KB  paint {found.paint:5.0f} ms")
    return found


def write(out: Path, found: list[PageFigures], reports: list[practised.Practised]) -> None:
    lines = [
        "# The phone's pages",
        "",
        f"Made by `python -m bench.phone` on {dt.date.today():%Y-%m-%d}; edit the program (`bench/phone.py`), not this page.",
        "",
        "A browser that has never been here (390×844, twice the pixels), against gunicorn on the same machine with the demo street. "
        f"Slow 3G is {SLOW_3G['bits'] // 1000} kbit/s both ways and {SLOW_3G['latency']} ms a round trip, laid on by Chromium "
        f"together with a processor {SLOWER} times slower. Medians of {ROUNDS}, bytes the largest of them: all that comes over "
        "the line, packed, headers too. "
        "Blocked is what tasks take beyond 50 ms each (Lighthouse's total blocking time), script all the time spent in it.",
        "",
        "| whose | page | KB | requests | largest paint ms | blocked ms | script ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        path = "/g/…/" if one.path.startswith("/g/") else one.path
        lines.append(
            f"| {one.who or 'nobody'} | `{path}` | {one.bytes / 1024:.1f} | {one.requests} | {one.paint:.0f} | {one.blocked:.0f} | "
            f"{one.script:.0f} |"
        )
    lines += [
        "", "## A practised report", "",
        "From today's page to the new case's: photo (12 megapixels), place by GPS, words by the phrasebook, sent. "
        f"A person's pace is laid down: {practised.DECIDE} s to decide and {practised.TAP} s for each tap, {practised.CAMERA:.0f} s "
        "in the camera, whose own two taps are not counted; waited is what the page and the net add, on a processor "
        f"{practised.SLOWER} times slower. Medians of {practised.ROUNDS}.",
        "", "| net | taps | seconds | of them waited |", "|---|---|---|---|",
        *(f"| {one.net} | {one.taps} | {one.seconds:.1f} | {one.waited:.1f} |" for one in reports),
    ]  # fmt: skip
    aims = {
        "90 KB on a first visit": [one for one in found if one.bytes > 90 * 1024],
        "largest paint within 2.5 s": [one for one in found if one.paint > 2500],
        "script blocks for 150 ms at most": [one for one in found if one.blocked > 150],
    }
    lines += ["", "## Aims", ""]
    for aim, missed in aims.items():
        names = ", ".join(f"`{one.path}`" for one in missed)
        lines.append(f"- {aim}: {f'missed by {names}' if missed else 'met by all'}.")
    slow = ", ".join(one.net for one in reports if one.seconds > 20 or one.taps > 3)
    lines.append(f"- a practised report in 3 taps and 20 s: {f'missed on {slow}' if slow else 'met'}.")
    out.write_text("\n".join([*lines, ""]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.phone", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-phone.md")
    options = parser.parse_args()
    with staged("bench_phone") as stage:
        say("loading a street")
        stage.manage("load_demo")
        people = json.loads(stage.manage("shell", "--no-imports", "-c", PEOPLE).splitlines()[-1])
        with stage.web() as (port, _server), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            origin = f"http://127.0.0.1:{port}"
            asked = [(who, path.format(grid=people["grid"]), people.get(who, "")) for who, path in ASKED]
            found = [one for each in asked if (one := measure(browser, origin, *each))]
            reports = practised.measure(browser, origin, people["worker"], people["spot"], PHONE)
            browser.close()
    write(options.out, found, reports)
    say(f"written to {options.out}")


if __name__ == "__main__":
    main()
