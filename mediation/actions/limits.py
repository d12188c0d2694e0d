"""The month that a mediation has, longer by the will of both parties; near its end, and past it, mediators are told."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localtime

from accounts.choices import NoticeKind
from accounts.models import User
from gridgov.core import jobs
from mediation.actions.standing import stand_longer
from mediation.actions.taking import directors_of, mediators_of, take, tell, write_down
from mediation.choices.files import NEAR, NOTICE_NEAR, NOTICE_OVER, FileState
from mediation.models import Mediation
from mediation.rules.files import can_extend

KIND = "mediation.limit"


def watch(mediation: Mediation) -> None:
    """Part of other verbs: promise to look when the limit of MEDIATION is near."""
    assert mediation.due_at is not None
    jobs.rearm(KIND, {mediation.pk: mediation.due_at - NEAR})


def unwatch(mediation: Mediation) -> None:
    """Part of the verbs that end it."""
    jobs.withdraw(KIND, [mediation.pk])


@transaction.atomic
def extend_file(*, mediation: Mediation | int, until: dt.datetime, by: User, at: dt.datetime) -> Mediation:
    """More time, since all sides want it; the clock of the case stands still as long. Raises Conflict, Invalid."""
    row = take(mediation, by, "extend")
    can_extend(row, row.parties.all(), until).insist()
    changes = row.change(due_at=until, extended_at=at, version=row.version + 1)
    watch(row)
    stand_longer(row, at=at)
    write_down("mediation.extended", row, changes, by=by, at=at)
    return row


def warn(mediation: int, at: dt.datetime) -> dt.datetime | None:
    """Tell who mediates that the limit is near, or the director too that it is over; answers when to look again. It reads
    only: what is told is told once, by its key."""
    row = Mediation.objects.for_list().filter(pk=mediation, state=FileState.RUNNING).first()
    if row is None or row.due_at is None:
        return None
    if at < row.due_at - NEAR:
        return row.due_at - NEAR
    day = f"{localtime(row.due_at):%Y-%m-%d}"
    people = mediators_of(row)
    if at < row.due_at:
        tell(row, people, NoticeKind.NEAR, NOTICE_NEAR, at, key=f"near:{day}", day=day)
        return row.due_at
    tell(row, [*people, *directors_of(row)], NoticeKind.BREACH, NOTICE_OVER, at, key=f"over:{day}", day=day)
    return None
