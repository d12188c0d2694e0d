"""The pool of experts 三官二师一首席: who may be called into a file, with the parties' consent."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from mediation.models import Expert
from mediation.rules import people as rules


@transaction.atomic
def register_expert(
    *,
    grid: Grid,
    profession: str,
    name: str,
    office: str = "",
    phone: str = "",
    about: str = "",
    by: User,
    at: dt.datetime,
) -> Expert:
    """Somebody can be called to files on the ground of GRID's street. Raises Forbidden, Invalid."""
    rules.can_set_up(by, grid).insist()
    rules.fits_expert(profession, name).insist()
    words = {"office": office.strip(), "phone": phone.strip(), "about": about.strip()}
    made: Expert = Expert.objects.create(grid=grid, profession=profession, name=name.strip(), **words)
    record("mediation.expert_registered", made, by=by, at=at, data={"profession": profession})
    return made


@transaction.atomic
def change_expert(
    *, expert: Expert | int, profession: str, name: str, office: str, phone: str, about: str, by: User, at: dt.datetime
) -> Expert:
    """Other facts about an expert. Raises Forbidden, Invalid, Conflict."""
    row = _take(expert, by)
    rules.can_change(by, row).insist()
    rules.fits_expert(profession, name).insist()
    words = {"office": office.strip(), "phone": phone.strip(), "about": about.strip()}
    changes = row.change(profession=profession, name=name.strip(), **words)
    record("mediation.expert_changed", row, by=by, at=at, data={"changes": sorted(changes)})
    return row


@transaction.atomic
def end_expert(*, expert: Expert | int, reason: str, by: User, at: dt.datetime) -> Expert:
    """Nobody calls this expert any more. Raises Forbidden, Invalid, Conflict."""
    row = _take(expert, by)
    rules.can_change(by, row).insist()
    rules.check_reason(reason).insist()
    row.change(ended_on=localdate(at), ended_reason=reason.strip())
    record("mediation.expert_ended", row, by=by, at=at)
    return row


def _take(expert: Expert | int, by: User) -> Expert:
    """The row, held, if BY sees it."""
    row: Expert = Expert.objects.visible_to(by).for_list().locked(expert)
    return row
