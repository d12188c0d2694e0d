"""What is written for people can be followed: links lead somewhere, pictures are there, buttons have the words that are said."""

import re
import tomllib
from functools import cache
from pathlib import Path

import polib

from tests.house.source import ROOT

DOCS = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
GUIDES = (ROOT / "docs" / "tour.md", *(ROOT / "docs" / "guide").glob("*.md"))
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.M)
PICTURES = {row["name"] for row in tomllib.loads((ROOT / "deploy" / "pictures.toml").read_text())["picture"]}


@cache
def links(path: Path) -> frozenset[str]:
    return frozenset(LINK.findall(CODE.sub("", path.read_text())))


@cache
def anchors(path: Path) -> frozenset[str]:
    """The names of the headings of PATH, as the pages of GitHub give them."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.M | re.S)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in HEADING.findall(text))
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain)


def leads(path: Path, link: str) -> bool:
    """Whether LINK on the page of PATH leads to a file of the house, and to a heading of it, if it says one."""
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    return target.exists() and (not anchor or anchor in anchors(target))


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in DOCS
        for link in links(path)
        if not re.match(r"[a-z]+:", link) and not leads(path, link)
    ]
    assert lost == []


def test_every_picture_is_in_the_table_and_used() -> None:
    used = {Path(link).stem for path in DOCS for link in links(path) if link.endswith(".webp")}
    assert used == PICTURES == {path.stem for path in (ROOT / "docs" / "pictures").iterdir()}


def test_buttons_have_the_words_that_the_guides_say() -> None:
    """What stands in 「」 is read on the screen."""
    words = {entry.msgstr for entry in polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))}
    wrong = [
        f"{path.name}: 「{said}」"
        for path in GUIDES
        for said in re.findall("「([^」]+)」", path.read_text())
        if said not in words
    ]
    assert wrong == []
