"""Templates parse, and keep djlint's rules (pyproject.toml says which don't matter here)."""

import re
import subprocess
import sys

import pytest
from django.template import engines

from tests.house.exemptions import judge
from tests.house.source import ROOT

TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_parses(name: str) -> None:
    engines["django"].get_template(name)


def test_djlint_is_content() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "djlint", "templates", "--lint", "--quiet"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


def test_what_people_read_can_be_translated() -> None:
    """Words between tags stand in translate tags; names of units (km², MB) and file types don't need it."""
    same = {"CSV", "XLSX", "PDF", "DOCX", "JSON", ".ics", "·", "—", "–", "×"}
    faults = {}
    for name in TEMPLATES:
        source = (ROOT / "templates" / name).read_text(encoding="utf-8")
        bare = re.sub(r"(?s){% comment.*?endcomment %}|{#.*?#}|{% blocktrans.*?endblocktrans\w* %}", "", source)
        bare = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->|{%.*?%}|{{.*?}}", " ", bare)
        bare = re.sub(r'<span class="material-symbols-outlined[^>]*>[^<]*</span>', "", bare)
        texts = re.findall(r">([^<>]*)<", bare) + re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', bare)
        said = {word for text in texts for word in text.split()}
        left = sorted(word for word in said - same if re.search(r"[^\W\d_]{2,}", word) and not word.startswith("&"))
        if left:
            faults[name] = f"says {', '.join(left)} without translate"
    judge(faults, {}, "Templates speak through the catalogue:")
