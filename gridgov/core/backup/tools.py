"""PostgreSQL's own programs, and how they find the database of the settings."""

import os
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from gridgov.up.postgres import binaries


class ToolFailed(Exception):
    """A program is not there, or ended badly; the text holds what it said."""


def program(name: str) -> str:
    """The path of pg_dump, pg_restore or psql: of GRIDGOV_PG_BIN, of the engines' package, or whichever the machine has."""
    if settings.PG_BIN:
        return str(Path(settings.PG_BIN) / name)
    try:
        return str(binaries() / name)
    except FileNotFoundError:
        return name


def surroundings() -> dict[str, str]:
    """The environment in which they meet the settings' database; the password stands on no command line."""
    said: dict[str, Any] = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    ours = {name: str(said[key]) for name, key in named.items() if said.get(key)}
    return {**os.environ, **ours, "PGAPPNAME": "gridgov-backup", "PGCLIENTENCODING": "UTF8"}


def begin(name: str, *args: str, **more: Any) -> subprocess.Popen[bytes]:
    """Start the program NAME. Raises ToolFailed where it is not there."""
    try:
        return subprocess.Popen([program(name), *args], env=surroundings(), stderr=subprocess.PIPE, **more)
    except OSError as error:
        raise ToolFailed(f"{program(name)}: {error.strerror}") from error


def finish(name: str, process: subprocess.Popen[bytes], said: bytes) -> None:
    """Raise ToolFailed with the last of what it SAID, unless PROCESS ended well."""
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-3:]
        raise ToolFailed(f"{name}: {' / '.join(last) or process.returncode}")
