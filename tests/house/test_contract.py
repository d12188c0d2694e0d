"""What is committed is what the source says: the schema, the migrations, the locks, the vendored files."""

import json
import re
import tomllib
import warnings
from collections import Counter
from importlib.metadata import version as installed
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from packaging.requirements import Requirement

from tests.house.exemptions import judge
from tests.house.source import ROOMS, ROOT
from tests.openapi import OPENAPI, document

LOCKS = ("run", "production", "dev")


def generated() -> Any:
    """The schema as the source gives it now, as YAML would hold it, and what drf-spectacular complained of."""
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    told = [message for cache in (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache) for message in cache]
    validate_schema(schema)
    return json.loads(json.dumps(schema, default=str)), told


def test_openapi_yaml_is_what_the_source_says() -> None:
    found, told = generated()
    assert told == []
    known = document()
    faults = {
        f"{part} {name}": "differs"
        for part, now, then in (
            ("path", found["paths"], known["paths"]),
            ("schema", found["components"]["schemas"], known["components"]["schemas"]),
        )
        for name in now.keys() | then.keys()
        if now.get(name) != then.get(name)
    }
    judge(faults, {}, "openapi.yaml is stale (make openapi):")
    assert found == known, f"{OPENAPI.name} is stale. Run: make openapi"


def test_every_operation_says_in_chinese_what_it_is() -> None:
    """Where a verb changes something; lists and details speak for themselves."""
    faults = {
        f"{method.upper()} {path}": "has no Chinese summary"
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
        if method != "get" and not re.search("[㐀-鿿]", operation.get("summary", ""))
    }
    judge(faults, {}, "Every verb of the API has its summary:")


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(f"Models and migrations differ:\n{out.getvalue()}", pytrace=False)


def test_the_house_checks_clean() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command("check", fail_level="WARNING", stdout=StringIO())


def test_constraints_and_indexes_have_names_of_their_own() -> None:
    """A name that Django made up says nothing in an error message, and changes with the columns."""
    names: Counter[str] = Counter()
    faults = {}
    for model in apps.get_models():
        if model._meta.app_config.module.__name__.split(".")[0] not in {"gridgov", *ROOMS}:
            continue
        for thing in [*model._meta.constraints, *model._meta.indexes]:
            names[thing.name] += 1
            if re.search(r"_[0-9a-f]{6,8}_(idx|uniq)$", thing.name):
                faults[thing.name] = f"{model._meta.label}: a name made up by Django"
    faults |= {name: "stands twice" for name, count in names.items() if count > 1}
    judge(faults, {}, "Constraints and indexes are named:")


def _pins() -> dict[str, list[Requirement]]:
    """The requirements of pyproject.toml by the lock that must hold them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    base = project["dependencies"]
    asked = {"production": base, "run": base + extras["engines"], "dev": base + extras["engines"] + extras["dev"]}
    return {lock: [Requirement(line) for line in lines] for lock, lines in asked.items()}


def _locked(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ \\;]+)", text, re.MULTILINE | re.IGNORECASE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host| @ ", text)
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    bare = [
        block.splitlines()[0] for block in blocks if re.match(r"[a-zA-Z0-9]", block) and "--hash=sha256:" not in block
    ]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_keeps_what_pyproject_asks(lock: str) -> None:
    locked = {name.lower().replace("_", "-"): found for name, found in _locked(lock).items()}
    faults = {}
    for requirement in _pins()[lock]:
        found = locked.get(requirement.name.lower())
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            faults[requirement.name] = f"pyproject asks {requirement}, {lock}.lock has {found}"
    judge(faults, {}, "Locks follow pyproject.toml:")


def test_what_is_installed_is_what_is_locked() -> None:
    faults = {
        name: f"locked {locked}, installed {installed(name)}"
        for name, locked in _locked("dev").items()
        if installed(name) != locked
    }
    judge(faults, {}, "The environment is the lock's (make clean, make venv-dev):")


def test_vendored_files_say_what_they_are() -> None:
    """static/vendor/vendored.yaml names every folder there: what, which version, under which licence, from where."""
    folder = ROOT / "static" / "vendor"
    if not folder.exists():
        return
    list_ = folder / "vendored.yaml"
    assert list_.exists(), "static/vendor/vendored.yaml is missing"
    named = yaml.safe_load(list_.read_text())
    faults = {
        path.name: "is not in vendored.yaml" for path in folder.iterdir() if path.is_dir() and path.name not in named
    }
    for name, about in named.items():
        lacking = {"name", "version", "licence", "source"} - about.keys()
        if lacking:
            faults[name] = f"lacks {', '.join(sorted(lacking))}"
        if not (folder / name).is_dir():
            faults[name] = "is listed and not there"
    judge(faults, {}, "Vendored files say what they are:")


def test_nothing_is_fetched_from_elsewhere() -> None:
    """The office may have no way out: pages, styles and scripts name no other host."""
    outside = re.compile(
        r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//|fetch\(["']https?://|@import"""
    )
    faults = {}
    for path in [*Path(ROOT / "templates").rglob("*.html"), *Path(ROOT / "static").rglob("*.[cj]s*")]:
        if found := outside.search(path.read_text(encoding="utf-8")):
            faults[path.relative_to(ROOT).as_posix()] = f"fetches from elsewhere: {found[0]}"
    judge(faults, {}, "Everything a page needs is here:")
