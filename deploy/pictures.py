"""Make the pictures of the guides (docs/pictures/) anew: `make pictures`.

The whole house is started with its demo in a folder of its own, the people of deploy/pictures.toml walk through it in the
system's Chromium, and it is stopped again. Nothing in the pictures is anybody's: the demo draws its people, and telephones
begin with 100. What could not be found is named, and the exit code is 1. `python deploy/pictures.py NAME…` takes only those,
in the demo that runs already (at GRIDGOV_BIND, its data in GRIDGOV_DATA).
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "deploy" / "pictures.toml"
FOLDER = ROOT / "docs" / "pictures"
SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
QUALITY = 55  # of WebP: letters stay sharp, and forty pictures below three megabytes
UP_SECONDS, STEP_MS, SETTLED_MS = 600, 10_000, 400
FLAGS = ["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
LANGUAGE: dict[str, str | float | bool] = {
    **os.environ,
    "LANGUAGE": "zh_CN",
}  # of the browser's own words, as in choosing a file
AROUND = 12  # pixels around an element that is framed
STORY = "楼道灯与单元门故障-幸福里小区3号楼"  # the case that the tour follows


@dataclass(frozen=True)
class Picture:
    """A row of the table: WHO (user name of the demo, "" for a resident) opens AT on a SCREEN and DOes steps, the picture is
    taken (of the FRAME alone, a CSS selector, if there is one), and what follows is done THEN."""

    name: str
    screen: str
    who: str = ""
    at: str = ""
    do: tuple[tuple[str, ...], ...] = ()
    frame: str = ""
    then: tuple[tuple[str, ...], ...] = ()


def table() -> list[Picture]:
    """All pictures, in the order in which they are taken: later ones show what earlier ones have done."""
    return [Picture(**_steps_as_tuples(row)) for row in tomllib.loads(TABLE.read_text())["picture"]]


def _steps_as_tuples(row: dict[str, Any]) -> dict[str, Any]:
    return row | {key: tuple(map(tuple, row[key])) for key in ("do", "then") if key in row}


@contextmanager
def house() -> Iterator[str]:
    """`python -m gridgov.up run` with the demo in a temporary folder, as long as the block lasts. Yields its address."""
    with tempfile.TemporaryDirectory(prefix="gridgov-pictures-") as folder, socket.socket() as free:
        data = Path(folder)
        data.chmod(0o711)  # root's engines run as `nobody`, who must pass
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        os.environ.update(GRIDGOV_DATA=folder, GRIDGOV_BIND=bind)
        with (data / "said.log").open("w") as said:
            run = subprocess.Popen([sys.executable, "-m", "gridgov.up", "run"], cwd=ROOT, stdout=said, stderr=said)
        try:
            _wait_until(lambda: (data / "accounts.txt").exists() and _ready(bind), run, data / "said.log")
            yield f"http://{bind}"
        finally:
            run.send_signal(signal.SIGINT)
            run.wait()


def _ready(bind: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{bind}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_until(holds: Callable[[], bool], run: subprocess.Popen[bytes], said: Path) -> None:
    end = time.monotonic() + UP_SECONDS
    while not holds():
        if run.poll() is not None or time.monotonic() > end:
            raise SystemExit("the house did not come up:\n" + "\n".join(said.read_text().splitlines()[-20:]))
        time.sleep(0.5)


def photo(bright: bool) -> bytes:
    """A staircase with its lamp, dark or BRIGHT: a drawing, for a photo would be of some place."""
    wall, step, lamp = ("#f3e3b5", "#a98f5d", "#fff6c9") if bright else ("#31363c", "#1f2327", "#4b5157")
    image = Image.new("RGB", (1200, 900), wall)
    draw = ImageDraw.Draw(image)
    for stair in range(7):
        draw.rectangle((120 + stair * 150, 820 - stair * 90, 1200, 900), fill=step, outline=wall, width=4)
    draw.rectangle((330, 0, 342, 130), fill="#777777")
    draw.ellipse((276, 120, 396, 240), fill=lamp, outline="#777777", width=6)
    if not bright:
        draw.line((930, 0, 940, 240), fill="#5f7f95", width=10)
    kept = BytesIO()
    image.save(kept, "JPEG", quality=85)
    return kept.getvalue()


class Walk:
    """People in their browsers, each with one window a screen for all of their pictures."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.pages: dict[tuple[str, str], Page] = {}

    def page_of(self, picture: Picture) -> Page:
        key = (picture.who, picture.screen)
        if key not in self.pages:
            self.pages[key] = self._sign_in(picture).new_page()
            self.pages[key].set_default_timeout(STEP_MS)
        return self.pages[key]

    def _sign_in(self, picture: Picture) -> BrowserContext:
        from accounts.models import User
        from tests.browsing import cookies_of

        context: BrowserContext = self.browser.new_context(
            base_url=self.address, viewport=SCREENS[picture.screen], has_touch=picture.screen == "phone", locale="zh-CN",
            timezone_id="Asia/Shanghai", reduced_motion="reduce",
        )  # fmt: skip
        if picture.who:
            context.add_cookies(cookies_of(User.objects.get(username=picture.who), self.address))
        return context

    def take(self, picture: Picture) -> None:
        """Go there, do the steps, write the picture. Raises playwright's Error, with the step in its text."""
        page = self.page_of(picture)
        if picture.at:
            answer = page.goto(_address(picture.at))
            if answer is None or answer.status != 200:
                raise Error(f"{picture.at} answers {answer and answer.status}")
        self._do(page, picture.do)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(SETTLED_MS)
        shot = page.screenshot(clip=_around(page, picture.frame)) if picture.frame else page.screenshot()
        Image.open(BytesIO(shot)).convert("RGB").save(FOLDER / f"{picture.name}.webp", quality=QUALITY, method=6)
        self._do(page, picture.then)

    def _do(self, page: Page, steps: tuple[tuple[str, ...], ...]) -> None:
        for verb, *what in steps:
            try:
                STEPS[verb](page, *what)
            except Error as error:
                raise Error(f"{verb} {what}: {error.message.splitlines()[0]}") from error


def _around(page: Page, selector: str) -> Any:
    """The rectangle of the element that is framed, with some of its surroundings, within the screen."""
    found, screen = page.locator(selector).first.bounding_box(), page.viewport_size
    if found is None or screen is None:
        raise Error(f"there is no {selector} to frame")
    left, top = max(0, found["x"] - AROUND), max(0, found["y"] - AROUND)
    right = min(screen["width"], found["x"] + found["width"] + AROUND)
    bottom = min(screen["height"], found["y"] + found["height"] + AROUND)
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def _address(text: str) -> str:
    """TEXT with the key of the story's case for `{case}`, and of the newest case whose title has WORDS for `{case WORDS}`."""
    from cases.models import Case

    def key(match: re.Match[str]) -> str:
        case = Case.objects.filter(title__contains=match[1].strip() or STORY).order_by("-pk").first()
        if case is None:
            raise Error(f"no case has {match[1] or STORY} in its title")
        return str(case.pk)

    return re.sub(r"\{case([^}]*)\}", key, text)


def _give_photo(page: Page, selector: str, which: str) -> None:
    given = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo(which == "after")}
    page.locator(selector).first.set_input_files(given)  # type: ignore[arg-type]


# A step of the table: its verb, what it does it to (a selector of Playwright's), and with what.
STEPS: dict[str, Callable[..., Any]] = {
    "click": lambda page, selector: page.locator(selector).first.click(),
    "go": lambda page, address: page.goto(_address(address)),
    "fill": lambda page, selector, text: page.locator(selector).first.fill(text),
    "choose": lambda page, selector, label: page.locator(selector).first.select_option(label=label),
    "check": lambda page, selector: page.locator(selector).first.check(force=True),
    "photo": _give_photo,
    "wait": lambda page, selector: page.locator(selector).first.wait_for(),
    "pause": lambda page, ms: page.wait_for_timeout(int(ms)),
    "scroll": lambda page, selector: page.locator(selector).first.evaluate("e => e.scrollIntoView({block: 'start'})"),
    "unplug": lambda page: page.context.set_offline(True),
    "plug": lambda page: page.context.set_offline(False),
}


def main(names: list[str]) -> int:
    """Take all pictures in a house of their own, or those of NAMES in the one that runs; 1 if any could not be taken."""
    pictures = [picture for picture in table() if not names or picture.name in names]
    if unknown := set(names) - {picture.name for picture in pictures}:
        raise SystemExit(f"not in {TABLE.name}: {', '.join(sorted(unknown))}")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise SystemExit("There is no browser. Get one with: apt-get install chromium fonts-noto-cjk")
    FOLDER.mkdir(parents=True, exist_ok=True)
    running = nullcontext(f"http://{os.environ.get('GRIDGOV_BIND', '127.0.0.1:8000')}")
    with running if names else house() as address, sync_playwright() as playwright:
        _set_up_django()
        walk = Walk(playwright.chromium.launch(executable_path=browser, args=FLAGS, env=LANGUAGE), address)
        missing = [picture.name for picture in pictures if not _taken(walk, picture)]
    if missing:
        print(f"{len(missing)} of {len(pictures)} pictures are missing: {', '.join(missing)}")
        return 1
    if not names:
        for left in set(FOLDER.glob("*.webp")) - {FOLDER / f"{picture.name}.webp" for picture in pictures}:
            left.unlink()
    return 0


def _taken(walk: Walk, picture: Picture) -> bool:
    try:
        walk.take(picture)
    except Error as error:
        print(f"NOT {picture.name}: {error.message}", flush=True)
        return False
    print(f"{picture.name}.webp  {(FOLDER / f'{picture.name}.webp').stat().st_size // 1024} KiB", flush=True)
    return True


def _set_up_django() -> None:
    """Once the house stands: its settings are those that it left in the folder of its data."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "gridgov.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
