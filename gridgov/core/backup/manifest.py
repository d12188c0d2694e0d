"""What a backup says of itself: `manifest.json`, and `media.sha256` in the format of sha256sum."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = 1
MANIFEST, DUMP, LIST, MEDIA = "manifest.json", "database.dump", "media.sha256", "media"
# Folders of finished backups, by the moment of their snapshot in UTC; one that is being made ends in `.partial`.
NAME = re.compile(r"gridgov-\d{8}T\d{6}Z")
CHUNK = 1 << 20
# Beside the backup, or it is of no use: said in every manifest, because keys are never in it.
OUTSIDE = (
    "GRIDGOV_SECRET_KEY", "GRIDGOV_SECRET_KEYS", "GRIDGOV_SECRET_KEY_FALLBACKS", "DATABASE_PASSWORD_FILE", ".env",
    "deploy/secrets",
)  # fmt: skip


class BadBackup(Exception):
    """What lies there is no backup, or not a whole one; the text says why."""


@dataclass(frozen=True)
class Manifest:
    """`tables`: rows of each; `migrations`: names by app; `keys`: ids of the keys that secrets are sealed with, the one in
    use first; `missing`: how many files rows named that were not there any more."""

    name: str
    version: str
    server: str
    began: str
    ended: str
    migrations: dict[str, list[str]]
    tables: dict[str, int]
    keys: list[str]
    hashes: dict[str, str]
    files: int
    bytes: int
    linked: int
    missing: int
    format: int = FORMAT
    outside: tuple[str, ...] = field(default=OUTSIDE)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        with private(folder / MANIFEST) as file:
            file.write(text.encode())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in FOLDER. Raises BadBackup."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        raise BadBackup(f"no {MANIFEST} in {folder}") from None
    except (OSError, ValueError) as error:
        raise BadBackup(f"{MANIFEST}: {error}") from None
    if said.get("format") != FORMAT:
        raise BadBackup(f"{MANIFEST}: format {said.get('format')}, expected {FORMAT}")
    try:
        return Manifest(**{**said, "outside": tuple(said["outside"])})
    except (KeyError, TypeError) as error:
        raise BadBackup(f"{MANIFEST}: {error}") from None


def private(path: Path) -> BinaryIO:
    """PATH, made new for nobody else to read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def private_folder(path: Path) -> None:
    """PATH and what lacks above it, for nobody else to enter."""
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copied(source: Path, target: Path) -> tuple[str, int]:
    """Copy SOURCE to TARGET with its times; (SHA-256, bytes) of what was written. Raises FileNotFoundError, OSError."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as coming:
        private_folder(target.parent)
        with private(target) as going:
            while chunk := coming.read(CHUNK):
                digest.update(chunk)
                size += going.write(chunk)
        found = os.fstat(coming.fileno())
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
    return digest.hexdigest(), size


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """(name below the media folder, SHA-256) of each file that the backup in FOLDER holds."""
    with (folder / LIST).open(encoding="utf-8") as lines:
        for line in lines:
            digest, _two, name = line.rstrip("\n").partition(f"  {MEDIA}/")
            yield name, digest


def backups_in(folder: Path) -> list[Path]:
    """Finished backups below FOLDER, the oldest first."""
    return sorted(path for path in folder.glob("gridgov-*") if NAME.fullmatch(path.name) and (path / MANIFEST).exists())
