"""Who mediates: registered, changed, and ended, with every seat and file."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from grids.models import Grid
from mediation.actions.choosing import hold_files, leave_files
from mediation.models import Mediator
from mediation.rules import people as rules


@transaction.atomic
def register_mediator(
    *,
    grid: Grid,
    kind: str,
    name: str,
    sex: str,
    phone: str = "",
    about: str = "",
    skills: Sequence[str] = (),
    serves: Sequence[Grid] = (),
    user: User | None = None,
    by: User,
    at: dt.datetime,
) -> Mediator:
    """Somebody of GRID mediates, once a committee has a seat for them. SKILLS are kinds of disputes, none: any; SERVES grids, none:
    all of GRID; USER the account. Raises Forbidden, Invalid; Conflict where the account is another mediator's."""
    rules.can_set_up(by, grid).insist()
    rules.fits_mediator(kind, name, sex, skills).insist()
    rules.fits_ground(serves, grid).insist()
    rules.fits_account(_held(user)).insist()
    made: Mediator = Mediator.objects.create(
        grid=grid,
        kind=kind,
        name=name.strip(),
        sex=sex,
        phone=phone.strip(),
        about=about.strip(),
        skills=sorted(set(skills)),
        user=user,
    )
    made.serves.set(serves)
    record("mediation.mediator_registered", made, by=by, at=at, data={"kind": kind, "account": user and user.pk})
    return made


@transaction.atomic
def change_mediator(
    *,
    mediator: Mediator | int,
    kind: str,
    name: str,
    sex: str,
    phone: str,
    about: str,
    skills: Sequence[str],
    serves: Sequence[Grid],
    user: User | None,
    by: User,
    at: dt.datetime,
) -> Mediator:
    """Other facts about a mediator. Raises Forbidden, Invalid, Conflict."""
    row = _take(mediator, by)
    rules.can_change(by, row).insist()
    rules.fits_mediator(kind, name, sex, skills).insist()
    rules.fits_ground(serves, row.grid).insist()
    rules.fits_account(_held(user), row).insist()
    rules.can_change_account(by, row, user).insist()
    changes = row.change(
        kind=kind,
        name=name.strip(),
        sex=sex,
        phone=phone.strip(),
        about=about.strip(),
        skills=sorted(set(skills)),
        user=user,
    )
    row.serves.set(serves)
    record("mediation.mediator_changed", row, by=by, at=at, data={"changes": sorted(changes)})
    return row


@transaction.atomic
def end_mediator(*, mediator: Mediator | int, reason: str, by: User, at: dt.datetime) -> Mediator:
    """Somebody mediates no more: leaves every committee and every file, and with them what they could read."""
    files = hold_files([mediator if isinstance(mediator, int) else mediator.pk])
    row = _take(mediator, by)
    rules.can_change(by, row).insist()
    rules.check_reason(reason).insist()
    day = localdate(at)
    for seat in row.seats.current():
        seat.change(until=day)
    left = leave_files(row, files, at)
    row.change(ended_on=day, ended_reason=reason.strip())
    record("mediation.mediator_ended", row, by=by, at=at, data={"left": left})
    return row


def _take(mediator: Mediator | int, by: User) -> Mediator:
    """The row, held, if BY sees it."""
    row: Mediator = Mediator.objects.visible_to(by).for_list().select_related("user").locked(mediator)
    return row


def _held(user: User | None) -> User | None:
    """The account as it is now; nobody gives it to another mediator meanwhile."""
    return (
        None
        if user is None
        else User.objects.select_related("mediator").select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    )
