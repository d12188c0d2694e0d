"""Forming squads, and who stands in them."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from grids.models import Grid
from volunteers.models import Member, Squad, Volunteer
from volunteers.rules import squads as rules


@transaction.atomic
def form_squad(
    *,
    grid: Grid,
    kind: str,
    name: str,
    lead: User | None = None,
    micros: Sequence[Grid] = (),
    by: User,
    at: dt.datetime,
) -> Squad:
    """A squad on GRID, bound to MICROS, led by LEAD. Raises Forbidden, Invalid; Conflict where the name is taken there."""
    rules.can_form(by, grid).insist()
    rules.fits_squad(kind, name, grid, micros).insist()
    rules.fits_lead(lead, grid).insist()
    _is_free(Grid.objects.locked(grid), kind, name)
    row: Squad = Squad.objects.create(grid=grid, kind=kind, name=name.strip(), lead=lead, made_by=by, made_at=at)
    row.micros.set(micros)
    record("volunteers.squad_formed", row, by=by, at=at, data={"kind": kind, "micros": _codes(micros)})
    return row


@transaction.atomic
def change_squad(
    *, squad: Squad | int, name: str, lead: User | None, micros: Sequence[Grid], by: User, at: dt.datetime
) -> Squad:
    """Another name, lead or other micro-grids."""
    row = _take(squad, by)
    rules.can_keep(by, row).insist()
    rules.fits_squad(row.kind, name, row.grid, micros).insist()
    if lead != row.lead:
        rules.fits_lead(lead, row.grid).insist()
    if name.strip() != row.name:
        _is_free(Grid.objects.locked(row.grid), row.kind, name)
    changes = row.change(name=name.strip(), lead=lead)
    row.micros.set(micros)
    record("volunteers.squad_changed", row, by=by, at=at, data={"changes": changes, "micros": _codes(micros)})
    return row


@transaction.atomic
def end_squad(*, squad: Squad | int, by: User, at: dt.datetime) -> Squad:
    """The squad ends today, and everybody's standing in it."""
    row = _take(squad, by)
    rules.can_keep(by, row).insist()
    day = localdate(at)
    ended = [_end(member, day) for member in row.members.current().select_for_update(no_key=True)]
    row.change(ended_on=day)
    record("volunteers.squad_ended", row, by=by, at=at, data={"members": len(ended)})
    return row


@transaction.atomic
def add_members(*, squad: Squad | int, volunteers: Sequence[int], by: User, at: dt.datetime) -> Squad:
    """VOLUNTEERS, by their keys, stand in the squad from today; all of them or none."""
    row = _take(squad, by)
    rules.can_keep(by, row).insist()
    seen = Volunteer.objects.visible_to(by).filter(pk__in=volunteers).select_related("grid").order_by("pk")
    # Held, so that nobody leaves meanwhile.
    found = list(seen.select_for_update(no_key=True, of=("self",)))
    if not found or len(found) != len(set(volunteers)):
        raise Invalid(_("Please choose volunteers of yours."), field="volunteers")
    standing = set(row.members.current().values_list("volunteer", flat=True))
    for volunteer in found:
        rules.can_stand_in(volunteer, row, volunteer.pk in standing).insist()
    day = localdate(at)
    Member.objects.bulk_create(Member(squad=row, volunteer=volunteer, since=day) for volunteer in found)
    record("volunteers.members_added", row, by=by, at=at, data={"volunteers": [one.no for one in found]})
    return row


@transaction.atomic
def remove_member(*, member: Member | int, by: User, at: dt.datetime) -> Member:
    """Somebody stands in the squad no more, from tomorrow on."""
    seen = Member.objects.visible_to(by).get(pk=member if isinstance(member, int) else member.pk)
    Squad.objects.locked(seen.squad_id)  # before its members, as everybody does
    row: Member = Member.objects.select_related("squad__grid", "volunteer").locked(seen)
    rules.can_remove(by, row).insist()
    _end(row, localdate(at))
    record("volunteers.member_removed", row.squad, by=by, at=at, data={"volunteer": row.volunteer.no})
    return row


def _take(squad: Squad | int, by: User) -> Squad:
    """The row, held, if BY sees it."""
    pk = squad if isinstance(squad, int) else squad.pk
    Squad.objects.visible_to(by).get(pk=pk)
    row: Squad = Squad.objects.select_related("grid", "lead").locked(pk)
    return row


def _end(member: Member, day: dt.date) -> Member:
    member.change(until=rules.last_day(member, day))
    return member


def _is_free(grid: Grid, kind: str, name: str) -> None:
    """Whether no squad of that kind is called so on GRID, which is held."""
    if Squad.objects.standing().filter(grid=grid, kind=kind, name=name.strip()).exists():
        raise Conflict(_("There is a squad of this name already."), code="name", field="name")


def _codes(micros: Sequence[Grid]) -> list[str]:
    return sorted(micro.code for micro in micros)
