"""What the house stands on is away or full: told from other faults by the error, and said in words that help."""

import errno
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

# No room, no more of one's own quota, larger than this process may write, or a disk that the system has made read-only.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
# PostgreSQL's own: disk_full.
_DISK_FULL = "53100"


@dataclass(frozen=True)
class Outage:
    """`code` for a machine; asking again is worth it after `wait` seconds."""

    code: str
    said: Any
    wait: int
    status: int = 503


DATABASE = Outage(
    "unavailable", _("The database can't be reached just now. Nothing was changed; please try again."), wait=10
)
NO_ROOM = Outage(
    "no_room",
    _(
        "There is no room for files just now. Nothing was changed; keep your photos and try again later. The administrator "
        "must make room."
    ),
    wait=60,
)


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that ERROR tells of, or None where it tells of a fault of ours."""
    if isinstance(error, OperationalError | InterfaceError):
        return NO_ROOM if getattr(error.__cause__, "pgcode", None) == _DISK_FULL else DATABASE
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return NO_ROOM
    return None
