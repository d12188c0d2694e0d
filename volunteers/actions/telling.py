"""What volunteers and organisers read in their inbox."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localtime

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice
from gridgov.core.models import Changing
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


def tell(user: int | None, text: str, key: str, subject: Changing, at: dt.datetime, **words: Any) -> None:
    """Tell the account with the key USER, if there is one, TEXT with WORDS in it, once for KEY."""
    if user is None:
        return
    kind = str(subject._meta.label_lower)
    given = {"kind": NoticeKind.SYSTEM, "key": key, "text": text, "params": words, "at": at}
    notify([Notice(user_id=user, subject_type=kind, subject_id=subject.pk, **given)], at=at)
