"""A volunteer asks for hours to be corrected, and gets an answer."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from volunteers.actions.hours import put_right
from volunteers.actions.telling import tell
from volunteers.choices.ledger import NOTICE_APPEAL_ANSWERED, NOTICE_APPEALED, AppealState
from volunteers.models import Appeal, SignUp
from volunteers.rules import ledger as rules


@transaction.atomic
def appeal_hours(*, sign_up: SignUp | int, words: str, by: User, at: dt.datetime) -> Appeal:
    """Ask for the hours of SIGN_UP to be corrected; its project's organiser is told.

    Raises Forbidden for others' hours, Conflict before they are confirmed, a year after, or while an answer is on its way.
    """
    row: SignUp = SignUp.objects.visible_to(by).for_list().locked(sign_up)
    rules.can_appeal(by, row).insist()
    rules.can_still_correct(localdate(row.shift.starts_at), at).insist()
    rules.has_no_appeal(Appeal.objects.open().filter(sign_up=row).exists()).insist()
    rules.check_words(words, "words").insist()
    appeal = Appeal.objects.create(volunteer=row.volunteer, sign_up=row, words=words.strip(), at=at)
    record("volunteers.hours_appealed", appeal, by=by, at=at, data={"sign_up": row.pk})
    _tell(appeal, row.shift.project.organiser_id, NOTICE_APPEALED, appeal.words, at)
    return appeal


@transaction.atomic
def answer_appeal(
    *, appeal: Appeal | int, answer: str, minutes: int | None = None, by: User, at: dt.datetime
) -> Appeal:
    """Answer an appeal: with MINUTES it is upheld and they stand from now on, without it is refused.

    Raises Forbidden, Conflict if it is answered, Invalid for minutes that can't be.
    """
    # The sign-up first, as every correction does.
    found = Appeal.objects.visible_to(by).get(pk=appeal if isinstance(appeal, int) else appeal.pk)
    sign_up: SignUp = SignUp.objects.for_list().locked(found.sign_up_id)
    row: Appeal = Appeal.objects.visible_to(by).for_list().locked(found)
    rules.can_answer_appeal(by, row).insist()
    rules.check_words(answer, "answer").insist()
    if minutes is not None:
        put_right(sign_up, minutes, answer.strip(), by, at)
    state = AppealState.REFUSED if minutes is None else AppealState.UPHELD
    row.change(state=state, answer=answer.strip(), answered_by=by, answered_at=at)
    record("volunteers.appeal_answered", row, by=by, at=at, data={"state": state, "answer": row.answer})
    _tell(row, row.volunteer.user_id, NOTICE_APPEAL_ANSWERED, row.answer, at)
    return row


def _tell(appeal: Appeal, user: int | None, text: str, note: str, at: dt.datetime) -> None:
    """The organiser finds the appeal behind it, the volunteer the hours."""
    about = appeal if text == NOTICE_APPEALED else appeal.sign_up
    day = str(localdate(appeal.sign_up.shift.starts_at))
    tell(user, text, f"appeal:{appeal.pk}:{appeal.state}", about, at, day=day, note=note[:100])
