"""Saying that work is needless 减负, and what the street office answers."""

import datetime as dt
import re

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from fieldwork import rules
from fieldwork.choices import NOTICE_NEEDLESS
from fieldwork.models import NeedlessWork
from gridgov.core.records import record
from grids.models import Grid


@transaction.atomic
def say_needless(
    *, street: Grid, words: str, page: str = "", anonymous: bool = False, by: User, at: dt.datetime
) -> NeedlessWork:
    """Say that something is needless. ANONYMOUS is meant: neither the row nor its record says who, nor when but the day.

    Raises Forbidden, or Invalid without words.
    """
    rules.can_say_needless(by).insist()
    # The number of a case in its address could name whoever works on it.
    page = re.sub(r"\d+", "…", page) if anonymous else page
    rules.check_needless(words, page).insist()
    day = localdate(at)
    row = NeedlessWork.objects.create(
        street=street, words=words.strip(), page=page, said_by=None if anonymous else by, said_on=day
    )
    if anonymous:
        by, at = User.objects.system(), make_aware(dt.datetime.combine(day, dt.time()))
    record("fieldwork.needless_said", row, by=by, at=at)
    return row


@transaction.atomic
def answer_needless(*, said: NeedlessWork | int, answer: str, by: User, at: dt.datetime) -> NeedlessWork:
    """Answer for the street office; everybody of the street reads it. Raises Forbidden, Conflict if it is answered."""
    row: NeedlessWork = NeedlessWork.objects.visible_to(by).for_list().locked(said)
    rules.can_answer(by, row).insist()
    rules.check_answer(answer).insist()
    row.change(answer=answer.strip(), answered_by=by, answered_at=at)
    record("fieldwork.needless_answered", row, by=by, at=at, data={"answer": row.answer})
    if row.said_by_id is not None:
        told = Notice(
            user_id=row.said_by_id, kind=NoticeKind.SYSTEM, key=f"needless:{row.pk}", text=NOTICE_NEEDLESS,
            params={"note": row.answer[:100]}, subject_type="fieldwork.needlesswork", subject_id=row.pk, at=at,
        )  # fmt: skip
        notify([told], at=at)
    return row
