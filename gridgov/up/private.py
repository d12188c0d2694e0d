"""Files that nobody else may read: the secret key, and word of the running engines."""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def given(name: str) -> str | None:
    """NAME from the environment, or the content of the file NAME_FILE points to, as settings.py reads them."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name) or None


def secret_key(data: Path) -> str:
    """The content of DATA/secret_key, which the first call makes up."""
    path = data / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Put TEXT into PATH at one stroke, mode 0600."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


class StartedFile:
    """DATA/started.json, by which `manage.py` in a second terminal meets the same engines (see found.py)."""

    def __init__(self, data: Path) -> None:
        self._path = data / "started.json"

    def write(self, environment: Mapping[str, str]) -> None:
        write_private(self._path, json.dumps(dict(environment)))

    def remove(self) -> None:
        with suppress(FileNotFoundError):
            self._path.unlink()
