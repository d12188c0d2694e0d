"""Trying a backup: loaded into a database of its own on the same server, proved there, and dropped again."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

# What would be read instead of that which is said.
FILES = frozenset({"DATABASE_URL_FILE", "GRIDGOV_SECRET_KEY_FILE"})


def try_out(folder: Path, *, without_keys: bool) -> tuple[bool, str]:
    """Whether the backup in FOLDER can be brought back whole, and what the trial said. Raises DatabaseError where no database
    may be made."""
    with _own_database() as url, tempfile.TemporaryDirectory() as media:
        command = [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "restore",
            "--files-in-place",
            "--from",
            str(folder),
        ]
        house = {"DATABASE_URL": url, "GRIDGOV_MEDIA": media, "GRIDGOV_SECRET_KEY": settings.SECRET_KEY}
        rest = {name: value for name, value in os.environ.items() if name not in FILES}
        done = subprocess.run(
            [*command, *(["--without-keys"] if without_keys else [])],
            env={**rest, **house}, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    return done.returncode == 0, done.stdout


@contextmanager
def _own_database() -> Iterator[str]:
    said = connection.settings_dict
    name = f"gridgov_trial_{os.getpid()}"
    user, password = quote(str(said["USER"]), safe=""), quote(str(said["PASSWORD"] or ""), safe="")
    host, port = quote(str(said["HOST"] or ""), safe=""), f":{said['PORT']}" if said["PORT"] else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)} TEMPLATE template0")
    try:
        yield f"postgres://{user}{f':{password}' if password else ''}@{host}{port}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")
