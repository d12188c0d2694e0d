"""What the first page of the desk costs a browser that has never been here, and one that has."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import unfold
from django.test import Client
from playwright.sync_api import Page, Response

from tests.cases.desk import desk as client_of
from tests.factories import make_cast
from tests.house.source import ROOMS

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
MOST = 400 * 1024
ROOT = Path(__file__).resolve().parents[2]


def packed(one: Response) -> int:
    """The bytes that go over the line; the test's own server sends all unpacked, PackingMiddleware and WhiteNoise do not."""
    return len(one.body()) if one.url.endswith(".woff2") else len(gzip.compress(one.body()))


def test_the_first_page_asks_for_little_and_of_nobody_else(desk: Open, live_server: Any) -> None:
    page = desk(user=make_cast("B").street)
    asked: list[Response] = []
    page.on("response", lambda one: asked.append(one))  # noqa: PLW0108  (Playwright hangs a mark on it)
    page.goto("/admin/")
    page.wait_for_load_state("networkidle")
    assert {one.url.startswith(live_server.url) for one in asked} == {True}
    sizes = {one.url: packed(one) for one in asked if "/static/" in one.url}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= MOST, sizes


def test_words_come_packed_and_pictures_as_they_are() -> None:
    client = client_of(make_cast("B").street)
    packed = client.get("/admin/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.content)
    assert "Content-Encoding" not in client.get("/admin/").headers
    sheet = client.get("/admin/grids/grid/template/", headers={"accept-encoding": "gzip"})
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "Content-Encoding" not in sheet.headers


def test_a_stylesheet_comes_packed() -> None:
    answer = Client().get("/static/unfold/css/styles.css", headers={"accept-encoding": "gzip"})
    sent = b"".join(answer)
    answer.close()
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    assert b"--font-sans" in gzip.decompress(sent)


def drawn_in(page: str) -> set[str]:
    """The names of icons in a template or script, those inside its conditions too."""
    inside = re.findall(r"material-symbols-outlined[^>]*>(.*?)</span>", page, re.S)
    return {name for text in inside for name in re.findall(r"^[a-z_0-9]+$", re.sub(r"[{<].*?[}>]+", "\n", text), re.M)}


def test_every_icon_is_in_the_font() -> None:
    """A name that the font doesn't know would stand on the page as a word."""
    known = set((ROOT / "static/vendor/material-symbols-unfold-0.91.0/icons.txt").read_text().split())
    theme = Path(unfold.__file__).parent / "templates"
    pages = [*ROOT.glob("templates/**/*.html"), *theme.glob("**/*.html"), *ROOT.glob("static/*/*.js")]
    code = [path for room in ("gridgov", *ROOMS) for path in (ROOT / room).rglob("*.py")]
    said = re.compile(r"""\bicon["']?[=:] ?["']([a-z_0-9]+)["']|_Entry\(_\("[^"]*"\), "([a-z_0-9]+)\"""")
    found = {name: path.name for path in pages for name in drawn_in(path.read_text())}
    for path in code:
        found |= {name: path.name for names in said.findall(path.read_text()) for name in names if name}
    assert len(found) > 50
    assert {name: where for name, where in found.items() if name not in known} == {}
