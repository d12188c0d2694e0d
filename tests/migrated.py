"""The database as the migrations leave it: made once, while the tests are collected. Each worker's own is a copy of it.

Migrating takes ten seconds of a core and more, copying a third of one. Run as a module this is the process that migrates. What came
of it is kept in .pytest_cache under a digest of all that migrations read: the next run in this folder restores it in two.
"""

import fcntl
import gc
import hashlib
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from gridgov.up.postgres import binaries


def _files() -> tuple[Path, Path]:
    """What is locked for as long as the process runs, and holds what it said; and what is there once it is done."""
    folder = Path(os.environ["GRIDGOV_TEST_FOLDER"])
    return folder / "migrating", folder / "migrated"


def kept() -> Path:
    """Where the database of just these migrations is kept."""
    root = Path(__file__).parent.parent
    read = [path for name in ("core/search", "core/fields") for path in root.glob(f"gridgov/{name}.py")]
    read += [root / "requirements" / "dev.lock", *root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py")]
    digest = hashlib.sha256(b"".join(path.as_posix().encode() + path.read_bytes() for path in sorted(read)))
    return root / ".pytest_cache" / "migrated" / digest.hexdigest()[:20]


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


def _run(program: str, *arguments: str) -> None:
    subprocess.run([binaries() / program, "--no-owner", *arguments], check=True)


def main() -> None:
    found = kept()
    if found.exists():
        _run("pg_restore", "--exit-on-error", "--dbname", os.environ["DATABASE_URL"], str(found))
    else:
        migrate()
        found.parent.mkdir(parents=True, exist_ok=True)
        made = found.with_suffix(f".{os.getpid()}")
        _run("pg_dump", "--format", "custom", "--compress", "1", "--file", str(made), os.environ["DATABASE_URL"])
        for stale in found.parent.iterdir():
            if not stale.suffix:
                stale.unlink(missing_ok=True)
        made.rename(found)
    _files()[1].touch()


def migrate() -> None:
    # Nothing that migrating leaves behind is worth looking for: collecting it took four seconds of ten.
    gc.set_threshold(100_000, 50, 50)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridgov.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
