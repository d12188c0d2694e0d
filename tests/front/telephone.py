"""What a worker does on a telephone, and a telephone that can be killed."""

import io
import os
import signal
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from accounts.models import User
from cases.models import Case
from tests.browsing import cookies_of
from tests.conftest import FLAGS, find_browser

# One that hums, and that nobody has to allow.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# A machine that does other things meanwhile is slower than a person is patient.
expect.set_options(timeout=20_000)


def noise(seed: int, size: tuple[int, int] = (2000, 1500)) -> bytes:
    """A photo of which no two are alike, larger than the house wants them."""
    small = Image.frombytes("RGB", (40, 30), bytes((seed * 37 + n * 91) % 256 for n in range(3600)))
    out = io.BytesIO()
    small.resize(size).save(out, "JPEG", quality=90)
    return out.getvalue()


def photo(seed: int) -> dict[str, Any]:
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": noise(seed)}


def sign_in(context: BrowserContext, url: str, user: User) -> None:
    context.clear_cookies()
    context.add_cookies(cookies_of(user, url))


def fill(page: Page, text: str, photos: list[int]) -> None:
    """What a worker does: photos, words, a category."""
    for seed in photos:
        page.locator("input[name=photos]").first.set_input_files(photo(seed))
        expect(page.locator("form[aria-busy]")).to_have_count(0)
    page.locator("[name=text]").fill(text)
    page.locator("[name=category]").select_option("0602")
    expect(page.locator("[data-shots=photos] figure")).to_have_count(len(photos))


def send(page: Page) -> None:
    page.locator(".stick button").click()


def kept(page: Page, text: str, photos: list[int]) -> None:
    """A report that stays on the phone."""
    fill(page, text, photos)
    send(page)
    expect(page.locator("[data-news]")).to_contain_text("自动提交")


def at_the_case(page: Page) -> None:
    """The page of the case that was made, with all its pictures there."""
    page.wait_for_url("**/m/cases/*/")
    page.wait_for_load_state("networkidle")


def unsent(page: Page) -> Any:
    return page.locator("#unsent [data-count]")


def arrived() -> dict[str, int]:
    return {case.text: case.photos.count() for case in Case.objects.all()}


class Telephone:
    """A browser with a memory of its own, which can be killed and switched on again."""

    def __init__(self, playwright: Playwright, folder: Path, url: str) -> None:
        self.playwright, self.folder, self.url = playwright, folder, url
        self.context: BrowserContext | None = None

    def switch_on(self) -> Page:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder), executable_path=find_browser(), args=[*FLAGS, *MICROPHONE], base_url=self.url, locale="zh-CN",
            viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, timezone_id="Asia/Shanghai",
        )  # fmt: skip
        return self.context.pages[0]

    def kill(self) -> None:
        """As the battery does: no page hears of it."""
        for entry in Path("/proc").iterdir():
            try:
                line = (entry / "cmdline").read_bytes()
            except (OSError, ValueError):
                continue
            if f"--user-data-dir={self.folder}".encode() in line:
                os.kill(int(entry.name), signal.SIGKILL)
        self.context = None
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()

    def switch_off(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None
