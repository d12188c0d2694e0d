"""The short form of the drills (bench/drills): a house of real processes on engines of its own, two faults under load, a count."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.drills.house import House, housed
from bench.drills.judge import seed
from bench.drills.load import Cast
from bench.drills.run import run
from tests import migrated


@pytest.fixture(scope="module")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Begun from the migrated database that the tests keep, which takes a tenth of migrating."""
    folder = tmp_path_factory.mktemp("house")
    for path in (folder, *folder.parents[:3]):
        if path.stat().st_uid == os.geteuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o011)  # root's engines run as `nobody`, who must pass
    kept = migrated.kept()
    with housed(folder, durable=False, template=kept if kept.exists() else None) as found:
        yield found


@pytest.fixture(scope="module")
def cast(house: House) -> Cast:
    return seed(house)


@pytest.mark.parametrize("name", ["kill", "disk"])
def test_nothing_is_lost_and_nothing_comes_twice(house: House, cast: Cast, name: str) -> None:
    """Each process is shot once, PostgreSQL's and Valkey's too; then there is no room for photos."""
    found = run(house, cast, name, 3, threads=2, warm=1)
    assert found.faults == [], (found.found, found.journal.words, found.journal.refused)
    assert found.journal.promised
    assert found.answer is not None
    if name == "disk":
        assert found.journal.failed.keys() == {"503"}
