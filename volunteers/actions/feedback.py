"""Residents say how an activity was."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from volunteers.models import Feedback, Project
from volunteers.reports.feedback import has_begun
from volunteers.rules import feedback as rules


@transaction.atomic
def give_feedback(*, project: Project, stars: int, words: str = "", voice: str, by: User, at: dt.datetime) -> Feedback:
    """Write down what one device (VOICE, a digest) says of PROJECT. BY is the door's account: nobody is named.

    Raises Conflict before the activity, too late after it, or where the device has spoken; Invalid for what can't be said.
    """
    advisory_lock("volunteers.voice", voice)
    rules.can_hear(project, begun=has_begun(project, at), at=at).insist()
    rules.check_stars(stars).insist()
    rules.check_words(words).insist()
    rules.is_first_word(Feedback.objects.filter(project=project, voice=voice).exists()).insist()
    row = Feedback.objects.create(project=project, stars=stars, words=words.strip(), voice=voice, at=at)
    record("volunteers.feedback_given", row, by=by, at=at, data={"stars": stars})
    return row
