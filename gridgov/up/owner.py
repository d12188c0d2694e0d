"""Who owns what lies in the data folder, and as whom the engines run."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


class NotOurs(Exception):
    """The data folder belongs to somebody else; the text says to whom and what to do."""


@dataclass(frozen=True)
class Owner:
    """Whom an engine becomes. REACH: it must pass folders on its way that only root may enter."""

    uid: int
    gid: int
    reach: bool


def engine_owner(*paths: Path) -> Owner | None:
    """None (stay who we are) for an ordinary user; for root, whom PostgreSQL refuses, the user `nobody`.

    PATHS are the folders the engine must be able to enter: its binaries' and its data's.
    """
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
        uid, gid = nobody.pw_uid, nobody.pw_gid
    except KeyError:  # a container without the usual users
        uid = gid = 65534
    return Owner(uid, gid, reach=not all(open_to_all(path) for path in paths))


def open_to_all(path: Path) -> bool:
    """Whether everybody may enter every folder above PATH."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


def give(folder: Path, owner: Owner | None) -> None:
    """Make FOLDER, private, and hand it with all that lies in it to OWNER (None: it is ours already)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if owner is None:
        return
    for path in (folder, *folder.rglob("*")):
        if path.lstat().st_uid != owner.uid:
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def make_data_folder(folder: Path) -> None:
    """Make FOLDER, or raise NotOurs with a plain word when another user's run made it."""
    try:
        # Root's engines run as `nobody`, who must pass; every secret in it is a file of mode 0600.
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        there = folder.stat().st_uid
    except PermissionError as error:
        raise NotOurs(
            f"{folder} cannot be made: {error.strerror}. Choose another with GRIDGOV_DATA=/a/path."
        ) from error
    if there != os.geteuid():
        me, other = name_of(os.geteuid()), name_of(there)
        raise NotOurs(
            f"{folder} belongs to {other}: gridgov was last run here as {other}, and now as {me}.\n"
            f"Run it as {other} again, take the folder over with `sudo chown -R {me} {folder}`,\n"
            f"or keep a second one with GRIDGOV_DATA=/another/path."
        )
