"""What whoever reported does afterwards: rate, open again, add words and photos."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases.actions import add_photo, rate_case, reopen_case
from cases.actions.taking import notice
from cases.choices import ORDER_IN_FORCE, PhotoKind
from cases.models import Case, Rating
from door import rules
from door.choices import NOTICE_ADDED
from door.models import Slip, Words
from gridgov.core.records import record


def hold(slip: Slip | int) -> Slip:
    """The slip as it is now, with its case, held until the transaction ends."""
    rows = Slip.objects.select_related("case__category", "case__grid", "case__lead_order").defer("case__search")
    held: Slip = rows.locked(slip)
    return held


@transaction.atomic
def rate_report(*, slip: Slip | int, score: int, solved: bool, text: str = "", by: User, at: dt.datetime) -> Rating:
    """Say how content the reporter is, within the time and as often as cases.actions.rate_case lets."""
    slip = hold(slip)
    rules.is_own(slip).insist()
    rating = rate_case(case=slip.case_id, score=score, solved=solved, text=text, by=by, at=at)
    record("door.rated", slip, by=by, at=at, data={"case": slip.case.no, "score": score, "solved": solved})
    return rating


@transaction.atomic
def reopen_report(*, slip: Slip | int, reason: str, by: User, at: dt.datetime) -> Case:
    """It is not solved: have it handled once more, within the time and as often as cases.actions.reopen_case lets."""
    slip = hold(slip)
    rules.is_own(slip).insist()
    case = reopen_case(case=slip.case_id, reason=reason, by=by, at=at)
    record("door.reopened", slip, by=by, at=at, data={"case": case.no, "round": case.round})
    return case


@transaction.atomic
def add_words(*, slip: Slip | int, text: str, photos: Sequence[BinaryIO] = (), by: User, at: dt.datetime) -> Words:
    """Say more to the own report, with PHOTOS where the case is still open. What is said may name people, so the record
    holds none of it; whoever handles the case hears that there is something."""
    slip = hold(slip)
    rules.can_say_more(slip, text, slip.words.count()).insist()
    words = Words.objects.create(slip=slip, text=text.strip(), at=at)
    for photo in photos:
        add_photo(case=slip.case_id, kind=PhotoKind.BEFORE, upload=photo, by=by, at=at)
    order = slip.case.lead_order
    if order is not None and order.handler_id is not None and order.state in ORDER_IN_FORCE:
        key = f"door:words:{words.pk}"
        notify([notice(slip.case, order.handler_id, NoticeKind.PROGRESS, NOTICE_ADDED, at, key=key)], at=at)
    record("door.words_added", slip, by=by, at=at, data={"case": slip.case.no, "photos": len(photos)})
    return words
