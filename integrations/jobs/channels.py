"""The channels' turn: what was told since goes to lines, lines to messages, messages outside."""

import datetime as dt

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.errands import After, errand
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from integrations.actions.channels import (
    bring_message,
    gather_messages,
    has_room,
    note_outcome,
    take_lines,
)
from integrations.choices.channels import BRING, FULL_WAIT
from integrations.models import Message


@handler("integrations.channels", every=dt.timedelta(seconds=5))
def pass_on(jobs: list[Job], at: dt.datetime) -> None:
    """A standing job and not one for each notice: whatever comes within five seconds comes in one message."""
    take_lines(at=at)
    gather_messages(at=at)


@errand(BRING, lease=60, at_once=4)
def bring(job: Job, at: dt.datetime) -> After | None:
    """One message. What the other side refuses is tried again as the rules say, and never a stuck job."""
    message = Message.objects.waiting().select_related("channel", "own").filter(pk=job.key).first()
    if message is None:
        return None
    if not has_room(message, at):
        return lambda after: after + FULL_WAIT
    outcome = bring_message(message=message, at=at)
    return lambda after: note_outcome(message=message, outcome=outcome, at=after)


@handler("integrations.tidy_channels", every=dt.timedelta(hours=6))
def tidy(jobs: list[Job], at: dt.datetime) -> None:
    keeping.run("integrations.message", by=User.objects.system(), at=at)
