"""`make licences`: docs/third-party.md from the locks, the packages' own words and static/vendor/vendored.yaml."""

import re
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "third-party.md"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def pinned(lock: str) -> list[tuple[str, str]]:
    """Name and version of each package in requirements/LOCK.lock."""
    return _PINNED.findall((ROOT / "requirements" / f"{lock}.lock").read_text())


def licence_of(name: str) -> str:
    """What the package says: the expression, the classifiers, or the first words of a free text."""
    said: Any = metadata(name)
    if found := said.get("License-Expression"):
        return str(found)
    classes = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License ::")]
    words = [one for one in classes if one != "OSI Approved"]
    return ", ".join(words) or (said.get("License") or "see the package").splitlines()[0][:60]


def page() -> str:
    """docs/third-party.md as it should be."""
    lines = [
        "# What of others is in here",
        "",
        "Written by `make licences` from `requirements/production.lock` and `static/vendor/vendored.yaml`.", "",
        "## Packages in production", "", "| package | version | licence |", "|---|---|---|",
        *(f"| {name} | {version} | {licence_of(name)} |" for name, version in pinned("production")),
        "", "## Files in `static/vendor/`", "", "| what | version | licence | from |", "|---|---|---|---|",
    ]  # fmt: skip
    vendored = yaml.safe_load((ROOT / "static/vendor/vendored.yaml").read_text(encoding="utf-8"))
    lines += [f"| {one['name']} | {one['version']} | {one['licence']} | {one['source']} |" for one in vendored.values()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
