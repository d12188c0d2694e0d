"""How a page looks to those who use it: on screens small and large, in large type, by day, by night, in the sun.

A page is loaded once and then looked at with each pair of eyes: loading is what costs. What axe finds in the structure
of a page is found once; only contrast is asked again wherever the colours are others."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page, Response

from tests.browsing import settled

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SERIOUS = ("serious", "critical")
# What a page of the phone or of the residents may weigh, packed, in bytes.
MOST = 90 * 1024
ASKED = """(rules) => axe.run(document, {
    resultTypes: ["violations"], preload: false, ...(rules.length ? { runOnly: { type: "rule", values: rules } } : {}) })"""
# Colours that fade from one look into the next are at the end of it at once.
DRESSED = """(look) => {
  document.documentElement.className = look;
  document.getAnimations().forEach((one) => one.effect.getComputedTiming().iterations === Infinity || one.finish());
}"""
OPENED = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# What is too low for a thumb, and too small to read; a link within a sentence is as high as the sentence.
TOO_SMALL = """([touch, type]) => {
  const seen = (one) => one.checkVisibility() && one.getClientRects().length && !one.closest(".skip");
  const name = (one) =>
    `${one.tagName} ${one.className.baseVal ?? one.className} ${(one.textContent || one.name || "").trim().slice(0, 30)}`;
  const hands = Array.from(document.querySelectorAll("a, button, select, textarea, summary, input:not([type=hidden])"))
    .filter((one) => seen(one) && getComputedStyle(one).display !== "inline" && !one.closest(".leaflet-container"))
    .map((one) => one.matches("[type=radio], [type=checkbox], [type=file]") ? one.closest("label") || one : one)
    .filter((one) => seen(one) && one.getBoundingClientRect().height < touch - 0.5 && one.getBoundingClientRect().height > 1);
  const words = Array.from(document.querySelectorAll("body *")).filter((one) => seen(one)
    && Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.textContent.trim())
    && !one.closest("svg, option, .leaflet-container") && parseFloat(getComputedStyle(one).fontSize) < type - 0.05);
  return [...hands.map((one) => `low: ${name(one)} ${one.getBoundingClientRect().height}`),
          ...words.map((one) => `small: ${name(one)} ${getComputedStyle(one).fontSize}`)];
}"""
WIDER = "document.documentElement.scrollWidth - innerWidth"


@dataclass(frozen=True)
class Eyes:
    """One way of looking: the screen, the classes of the look, the least height of what is touched and the least size of
    the type (px), and whether the colours are ones that no eyes before had."""

    width: int
    height: int
    look: str = "type-s"
    touch: int = 44
    type: int = 16
    theme: Literal["light", "dark"] = "light"
    colours: bool = False


PHONE = Eyes(390, 844, colours=True)
EYES = {
    "phone": PHONE,
    "by night": Eyes(390, 844, theme="dark", colours=True),
    "small": Eyes(360, 640, "type-l"),
    "elder": Eyes(360, 640, "type-s elder", 60, 18),
    "in the sun": Eyes(390, 844, "type-xxl elder sun", 60, 18, colours=True),
    "in the sun, by night": Eyes(360, 640, "type-xxl elder sun", 60, 18, theme="dark", colours=True),
}


def serious(page: Page, *rules: str) -> dict[str, list[str]]:
    """What axe finds, by RULES or by all of them: rule → the elements it is about."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(ASKED, rules)
    return {
        rule["id"]: [" ".join(map(str, node["target"])) + " | " + node["html"][:160] for node in rule["nodes"]]
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
    }


def dress(page: Page, look: str, theme: Literal["light", "dark"]) -> None:
    page.wait_for_load_state()  # between two pages there is none to dress
    page.emulate_media(color_scheme=theme)
    page.evaluate(DRESSED, look)


def at_the_desk(page: Page) -> dict[str, Any]:
    """What is wrong with a page of the desk, loaded by day: too wide, by axe, and in its colours by night."""
    by_day = page.evaluate("document.documentElement.className")
    assert "dark" not in by_day.split()
    found: dict[str, Any] = serious(page)
    if (more := page.evaluate(WIDER)) > 0:
        found["wider than the screen"] = more
    dress(page, f"{by_day} dark", "dark")
    found |= {f"{rule} by night": nodes for rule, nodes in serious(page, "color-contrast").items()}
    dress(page, by_day, "light")
    return found


def faults(page: Page) -> dict[str, Any]:
    """What is wrong with a page of the phone that is loaded, by the eyes that see it. All that can be opened is open."""
    page.evaluate(OPENED)
    found = {}
    for name, eyes in EYES.items():
        page.set_viewport_size({"width": eyes.width, "height": eyes.height})
        dress(page, eyes.look, eyes.theme)
        seen: list[Any] = page.evaluate(TOO_SMALL, [eyes.touch, eyes.type])
        if eyes.colours:
            seen += serious(page, *(() if eyes is PHONE else ("color-contrast",))).items()
        if page.evaluate(WIDER) > 0:
            seen.append("wider than the screen")
        if seen:
            found[name] = seen
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    dress(page, PHONE.look, PHONE.theme)
    return found


def packed(one: Response) -> int:
    """The bytes that go over the line; the test's own server sends all unpacked."""
    if re.search(r"\.(png|jpg|webp|woff2)$", one.url):
        return len(one.body())
    return len(gzip.compress(one.body()))


def visit(page: Page, address: str) -> dict[str, Any]:
    """Go to ADDRESS as on the first visit and look around: what is wrong, by eyes; what is heavy; what is asked of others.

    PAGE is of a context without service workers."""
    asked: list[Response] = []

    def heard(one: Response) -> None:
        asked.append(one)

    page.on("response", heard)
    settled(page, address)
    page.remove_listener("response", heard)
    here = "/".join(page.url.split("/")[:3])
    found = {}
    sizes = {one.url: packed(one) for one in asked if one.url.startswith(here) and one.status == 200}
    if sum(sizes.values()) > MOST:
        found["heavy"] = sizes
    if outside := [one.url for one in asked if not one.url.startswith((here, "blob:", "data:"))]:
        found["from outside"] = outside
    return found | faults(page)
