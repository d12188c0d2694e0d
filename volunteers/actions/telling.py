"""What volunteers and organisers read in their inbox about a shift."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice
from volunteers.models import Shift

Line = tuple[int | None, str, str, dict[str, Any]]


def tell_about(shift: Shift, lines: Iterable[Line], *, at: dt.datetime) -> None:
    """Put LINES, each (account, key, text, more words), into inboxes; whoever has no account is told nothing."""
    words = {"title": shift.project.title, "time": f"{localtime(shift.starts_at):%m-%d %H:%M}", "note": shift.place}
    told = [
        Notice(
            user_id=user, kind=NoticeKind.SYSTEM, key=f"shift:{shift.pk}:{key}", text=text, params={**words, **more},
            subject_type="volunteers.shift", subject_id=shift.pk, at=at,
        )
        for user, key, text, more in lines
        if user is not None
    ]  # fmt: skip
    notify(told, at=at)
