"""The database as the migrations leave it: made once, while the tests are collected. Each worker's own is a copy of it.

Migrating takes ten seconds of a core and more, copying a third of one. Run as a module this is the process that migrates.
"""

import fcntl
import gc
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit


def _files() -> tuple[Path, Path]:
    """What is locked for as long as the process runs, and holds what it said; and what is there once it is done."""
    folder = Path(os.environ["GRIDGOV_TEST_FOLDER"])
    return folder / "migrating", folder / "migrated"


def begin(until: ExitStack) -> None:
    """Migrate the database of DATABASE_URL beside this process; whatever still runs at the end of UNTIL is killed."""
    with _files()[0].open("w") as said:
        fcntl.flock(said, fcntl.LOCK_EX)  # the child has the same open file: the lock is its own from here on
        child = subprocess.Popen([sys.executable, "-m", "tests.migrated"], stdout=said, stderr=said)
    until.enter_context(child)
    until.callback(child.kill)


def wait() -> str | None:
    """The name of the migrated database once it is ready; None with a server that is not ours. Raises AssertionError."""
    migrating, done = _files()
    if not migrating.exists():
        return None
    with migrating.open() as said:
        fcntl.flock(said, fcntl.LOCK_SH)
        assert done.exists(), said.read()
    return urlsplit(os.environ["DATABASE_URL"]).path.removeprefix("/")


def main() -> None:
    # Nothing that migrating leaves behind is worth looking for: collecting it took four seconds of ten.
    gc.set_threshold(100_000, 50, 50)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    _files()[1].touch()


if __name__ == "__main__":
    main()
