"""The short form of the drills (bench/drills): a house of real processes on engines of its own, two faults under load, a count."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.drills.house import House, housed
from bench.drills.judge import seed
from bench.drills.load import Cast
from bench.drills.run import run
from tests import migrated


@pytest.fixture(scope="module")
def house(django_db_setup: None) -> Iterator[House]:
    """Begun from the migrated database that the tests keep, which takes a tenth of migrating."""
    kept = migrated.kept()
    with tempfile.TemporaryDirectory(prefix="gridgov-drills-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # root's engines run as `nobody`, who must pass
        with housed(folder, durable=False, template=kept if kept.exists() else None) as found:
            yield found


@pytest.fixture(scope="module")
def cast(house: House) -> Cast:
    """Cases run out while the fault is there, not long after it."""
    return seed(house, limit=4)


@pytest.mark.parametrize("name", ["kill", "disk"])
def test_nothing_is_lost_and_nothing_comes_twice(house: House, cast: Cast, name: str) -> None:
    """Each process is shot once, PostgreSQL's and Valkey's too; then there is no room for photos."""
    found = run(house, cast, name, 3, threads=2, warm=1, hurry=True)
    assert found.faults == [], (found.found, found.journal.words, found.journal.refused)
    assert found.journal.promised
    assert found.answer is not None
    if name == "disk":
        assert set(found.journal.failed) <= {"503"}
