"""Beside the rows of photos: where the pictures themselves can be fetched."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from accounts.models import User
from cases.models import Photo
from cases.reports.links import PHOTO, link_to


def links_of(user: User, at: dt.datetime) -> Callable[[list[dict[str, Any]]], None]:
    """What puts `link`, made for USER, in the place of each row's `file`."""

    def put(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["link"] = link_to(PHOTO, row["id"], Photo(file=row.pop("file")).stamp, user=user, at=at)

    return put
