"""A practised worker reports by phone: taps and seconds from today's page to the case's, at the pace of a person.

A photo (12 megapixels, made small on the phone), the place by GPS, the words by the phrasebook, sent. What a person takes is
laid down here, by the keystroke-level model (Card, Moran and Newell); what the page and the net take is measured.
"""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page

# Seconds: to look and decide, to move the thumb and tap, and for the camera's own screen (aim, press, "OK": two taps there).
DECIDE, TAP, CAMERA = 1.35, 0.4, 4.0
ROUNDS, SLOWER = 3, 4
# Bits a second both ways, and milliseconds for the way there and back.
NETS = {"4G": (9_000_000, 85), "slow 3G": (400_000, 400)}


@dataclass
class Practised:
    """Medians of ROUNDS, in seconds. TAPS are those on the own pages; `waited` is what is left of `seconds` without the person's."""

    net: str
    taps: int
    seconds: float
    waited: float


def picture(file: Path) -> Path:
    """What a phone's camera makes, in FILE: 4000×3000, JPEG, some megabytes."""
    coarse = Image.effect_noise((500, 375), 50).resize((4000, 3000), Image.Resampling.BICUBIC)
    channels = [coarse, coarse.transpose(Image.Transpose.FLIP_LEFT_RIGHT), coarse]
    Image.merge("RGB", channels).save(file, "JPEG", quality=92)
    return file


class Hand:
    """Taps at the pace of a person, and counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.own = page, 0, 0.0

    def rest(self, seconds: float) -> None:
        self.own += seconds
        time.sleep(seconds)

    def tap(self, what: str) -> None:
        self.rest(DECIDE + TAP)
        self.page.locator(what).first.tap(timeout=60_000)
        self.taps += 1


def report_once(page: Page, photo: Path) -> tuple[int, float, float]:
    """Taps, all seconds, and the person's own, from today's page to the new case's."""
    hand, begun = Hand(page), time.monotonic()
    with page.expect_file_chooser() as camera:
        hand.tap("[data-shoot]")
    hand.rest(CAMERA)
    camera.value.set_files(photo)
    page.wait_for_url("**/m/report/", timeout=60_000)
    page.locator("[data-shots=photos] img").wait_for(timeout=60_000)
    hand.tap("[data-phrase]")
    hand.tap(".report [type=submit]")
    page.wait_for_url("**/m/cases/*/", timeout=120_000, wait_until="domcontentloaded")
    return hand.taps, time.monotonic() - begun, hand.own


def _slow(line: CDPSession, net: str) -> None:
    bits, latency = NETS[net]
    speed = {"downloadThroughput": bits / 8, "uploadThroughput": bits / 8}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": latency, **speed})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def measure(browser: Browser, origin: str, session: str, spot: list[float], phone: dict[str, Any]) -> list[Practised]:
    """PHONE are Playwright's words for the device; SPOT is [longitude, latitude] in the worker's grid."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        photo = picture(Path(folder) / "photo.jpg")
        for net in NETS:
            rounds = []
            for _round in range(ROUNDS):
                context = browser.new_context(
                    **{**phone, "service_workers": "allow"}, base_url=origin, permissions=["geolocation"],
                    geolocation={"longitude": spot[0], "latitude": spot[1], "accuracy": 8},
                )  # fmt: skip
                context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
                page = context.new_page()
                page.goto("/m/report/", wait_until="networkidle")  # practised: the phone has its files
                page.goto("/m/", wait_until="networkidle")
                _slow(context.new_cdp_session(page), net)
                rounds.append(report_once(page, photo))
                context.close()
            taps, seconds, own = (statistics.median(each) for each in zip(*rounds, strict=True))
            found.append(Practised(net, int(taps), seconds, seconds - own))
    return found
