"""A mediation is over: by agreement, without one, or because the law stops it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict
from mediation.actions.limits import unwatch
from mediation.actions.standing import give_back
from mediation.actions.taking import take, write_down
from mediation.choices.files import INFORMS, REASON_CHARS, FileState, SessionState
from mediation.models import Mediation
from mediation.rules.files import can_end


def over(
    mediation: Mediation, outcome: str, *, reason: str = "", informed: bool = False, by: User, at: dt.datetime
) -> None:  # fmt: skip
    """Part of the verbs that end the locked MEDIATION: planned sessions free their rooms, the limit is not watched any more, and
    its case runs on with the result."""
    changes = mediation.change(
        state=FileState.ENDED, outcome=outcome, ended_at=at, reason=reason.strip()[:REASON_CHARS], informed_at=at if informed else None,
        version=mediation.version + 1,
    )  # fmt: skip
    for session in mediation.sessions.planned():
        session.change(state=SessionState.CANCELLED)
    unwatch(mediation)
    give_back(mediation, at=at)
    write_down("mediation.ended", mediation, changes, by=by, at=at)


@transaction.atomic
def end_file(
    *, mediation: Mediation | int, outcome: str, reason: str, informed: bool = False, by: User, at: dt.datetime
) -> Mediation:  # fmt: skip
    """End without an agreement: none was reached, a party refuses, or it was broken off. INFORMED: the parties were told of
    arbitration, administrative and court ways (人民调解法 26). Raises Invalid, Conflict."""
    row = take(mediation, by, "end")
    can_end(outcome, reason, informed, row.parties.all()).insist()
    over(row, outcome, reason=reason, informed=True, by=by, at=at)
    return row


@transaction.atomic
def tell_ways(*, mediation: Mediation | int, by: User, at: dt.datetime) -> Mediation:
    """Note that the parties were told of the other ways after the end, where danger left no time for it. Raises Conflict."""
    row = take(mediation, by, "follow_up")
    if row.outcome not in INFORMS or row.informed_at is not None:
        raise Conflict(_("There is nothing to tell any more."), code="told")
    changes = row.change(informed_at=at, version=row.version + 1)
    write_down("mediation.ways_told", row, changes, by=by, at=at)
    return row
