"""A patrol that began without a network: told of afterwards, in pieces that may come in any order and more than once."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from fieldwork import rules
from fieldwork.actions.patrols import KIND
from fieldwork.actions.trails import Reading, keep
from fieldwork.choices import ON_ITS_WAY, Ending
from fieldwork.models import Patrol
from gridgov.core.jobs import promise, withdraw
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid


@dataclass(frozen=True)
class Walk:
    """What a phone says of a patrol that it calls KEY: begun SINCE by its clock, ended UNTIL or running still."""

    key: UUID
    grid: Grid
    kind: str
    since: dt.datetime
    until: dt.datetime | None = None
    note: str = ""
    readings: tuple[Reading, ...] = ()


@transaction.atomic
def log_walk(*, walk: Walk, by: User, at: dt.datetime) -> Patrol:
    """The patrol of WALK, begun now if it wasn't there, and ended with its trail once the phone says so.

    Raises Forbidden or Invalid where this is not BY's grid or the times can't be, Conflict outside the hours and where BY
    walked another patrol at the time.
    """
    advisory_lock("patrol", by.pk)
    rules.check_note(walk.note).insist()
    rules.can_tell_of(len(walk.readings)).insist()
    there = Patrol.objects.own(by).filter(key=walk.key).first()
    row = Patrol.objects.for_list().locked(there) if there else _begun(walk, by, at)
    if walk.until is not None and row.ending != Ending.SELF:
        _end(row, walk, walk.until, by, at)
    return row


def _begun(walk: Walk, by: User, at: dt.datetime) -> Patrol:
    """A row for WALK; one that ended is not written yet, for another may run by now."""
    rules.can_walk(by, walk.grid).insist()
    rules.check_kind(walk.kind).insist()
    rules.can_begin_late(walk.since, at).insist()
    row = Patrol(user=by, grid=walk.grid, kind=walk.kind, key=walk.key, started_at=min(walk.since, at))
    if walk.until is None:
        _insist_alone(row, at, by)
        row.save()
        record("fieldwork.patrol_started", row, by=by, at=at, data=_told(row))
        promise(KIND, row.pk, due_at=max(rules.end_of(row), at + ON_ITS_WAY))
    return row


def _end(row: Patrol, walk: Walk, until: dt.datetime, by: User, at: dt.datetime) -> None:
    """What the house ended, thinking it forgotten, ended when the worker pressed stop."""
    rules.can_have_ended(row, until, at).insist()
    end = min(until, at, rules.night_of(row))
    _insist_alone(row, end, by)
    row.ended_at, row.ending, row.note = end, Ending.SELF, walk.note.strip()
    row.save()
    withdraw(KIND, [row.pk])
    record("fieldwork.patrol_stopped", row, by=by, at=at, data={**_told(row), "ended_at": end.isoformat()})
    keep(row, walk.readings, at)


def _insist_alone(row: Patrol, end: dt.datetime, by: User) -> None:
    """Raise Conflict if BY walked another patrol between its beginning and END."""
    other = Patrol.objects.own(by).exclude(pk=row.pk).touching(row.started_at, end).first()
    rules.walked_nothing_else(other).insist()


def _told(row: Patrol) -> dict[str, Any]:
    """What a record says of a patrol of which only the phone knows when it began."""
    return {"kind": row.kind, "started_at": row.started_at.isoformat()}
