"""Make the phone's icons anew from static/gridgov/favicon.svg, with the system's Chromium: python deploy/phone_icons.py"""

import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
SIZES = (192, 512)


def main() -> None:
    """Full to the edge, for launchers cut icons to shapes of their own (W3C: the inner 80 percent is safe)."""
    svg = (STATIC / "gridgov" / "favicon.svg").read_text().replace('rx="7"', 'rx="0"')
    ground = re.search(r'fill="(#\w+)"', svg)
    if ground is None:
        raise SystemExit("favicon.svg has no ground")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for px in SIZES:
            page = browser.new_page(viewport={"width": px, "height": px})
            page.set_content(
                f"<style>body{{margin:0;background:{ground[1]}}}svg{{display:block;width:90vw;margin:5vw}}</style>{svg}"
            )
            page.screenshot(path=STATIC / "m" / f"icon-{px}.png")
        browser.close()


if __name__ == "__main__":
    main()
