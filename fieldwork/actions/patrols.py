"""Starting and stopping a patrol."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from fieldwork import rules
from fieldwork.choices import AHEAD, NOTICE_ENDED, SILENCE, Diligence, Ending
from fieldwork.models import Patrol
from gridgov.core.errors import Invalid
from gridgov.core.jobs import promise, withdraw
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid

KIND = "fieldwork.end_patrol"


@transaction.atomic
def start_patrol(*, grid: Grid, kind: str = Diligence.PATROL, by: User, at: dt.datetime) -> Patrol:
    """Begin to walk GRID. The house ends it by itself if it is forgotten.

    Raises Forbidden or Invalid where this is not BY's grid, Conflict outside the hours or while another one runs.
    """
    advisory_lock("patrol", by.pk)
    rules.can_walk(by, grid).insist()
    rules.check_kind(kind).insist()
    rules.can_patrol(at).insist()
    rules.walked_nothing_else(Patrol.objects.own(by).running().first()).insist()
    row = Patrol.objects.create(user=by, grid=grid, kind=kind, started_at=at)
    record("fieldwork.patrol_started", row, by=by, at=at, data={"kind": kind})
    promise(KIND, row.pk, due_at=rules.end_of(row))
    return row


@transaction.atomic
def stop_patrol(
    *, patrol: Patrol | int, note: str = "", until: dt.datetime | None = None, by: User, at: dt.datetime
) -> Patrol:
    """End it UNTIL then, if the phone had no net when stop was pressed; or now. Raises Forbidden, Conflict if it is over."""
    row: Patrol = Patrol.objects.visible_to(by).for_list().locked(patrol)
    rules.can_stop(by, row).insist()
    rules.check_note(note).insist()
    end = until or at
    if not row.started_at <= end <= at + AHEAD:
        raise Invalid(_("A patrol can't have ended then."), field="until")
    end = min(end, at, rules.night_of(row))
    row.change(ended_at=end, ending=Ending.SELF, note=note.strip())
    withdraw(KIND, [row.pk])
    record("fieldwork.patrol_stopped", row, by=by, at=at, data={"ended_at": end.isoformat()})
    return row


@transaction.atomic
def end_forgotten(*, patrol: int, by: User, at: dt.datetime) -> dt.datetime | None:
    """End a patrol that nobody stopped and tell the worker; when to look again, if it still lives."""
    row: Patrol | None = Patrol.objects.running().filter(pk=patrol).first()
    if row is None:
        return None
    row = Patrol.objects.for_list().locked(row)
    end = rules.end_of(row)
    if row.ended_at is not None:
        return None
    if at < end:
        return end
    silent = end == (row.seen_at or row.started_at) + SILENCE
    row.change(ended_at=end, ending=Ending.SILENT if silent else Ending.NIGHT)
    record("fieldwork.patrol_ended", row, by=by, at=at, data={"ending": row.ending, "ended_at": end.isoformat()})
    words = {"time": f"{localtime(row.started_at):%m-%d %H:%M}", "ended": f"{localtime(end):%H:%M}"}
    told = Notice(
        user_id=row.user_id, kind=NoticeKind.SYSTEM, key=f"patrol:{row.pk}", text=NOTICE_ENDED, params=words,
        subject_type="fieldwork.patrol", subject_id=row.pk, at=at,
    )  # fmt: skip
    notify([told], at=at)
    return None
