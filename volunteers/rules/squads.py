"""Where squads stand, who leads and who joins them. How many they should be is a warning (volunteers.reports.squads)."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES, Role
from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from grids.queries import scope_of
from volunteers.choices.people import NAME_CHARS, PLACES, SquadKind, VolunteerKind, VolunteerState
from volunteers.rules.people import is_organiser

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Member, Squad, Volunteer


def can_form(by: "User", grid: "Grid") -> Verdict:
    """An organiser, at or below the own posts."""
    verdict = is_organiser(by)
    if verdict and not scope_of(by).covers(grid):
        return Verdict.reject(_("This grid is none of yours."), field="grid")
    return verdict


def fits_squad(kind: str, name: str, grid: "Grid", micros: "Sequence[Grid]") -> Verdict:
    """A kind, the grids it may stand on, and for 一专五志 the micro-grids it is bound to."""
    if kind not in SquadKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if not 2 <= len(name.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Please give the squad a name."), field="name")
    if grid.kind not in PLACES[kind]:
        return Verdict.reject(_("Squads of this kind don't stand on a grid of this level."), field="grid")
    if any(micro.kind != GridKind.MICRO or not micro.code.startswith(_stem(grid)) for micro in micros):
        return Verdict.reject(_("Choose micro-grids that lie in the squad's grid."), field="micros")
    if kind == SquadKind.ONE_PLUS_FIVE and not micros and grid.kind != GridKind.MICRO:
        return Verdict.reject(_("A squad of one worker and five is bound to micro-grids: choose some."), field="micros")
    return YES


def _stem(grid: "Grid") -> str:
    """What the codes of all grids in GRID begin with: a total grid's ends in three zeros."""
    return grid.code[:12] if grid.kind == GridKind.TOTAL else grid.code


def fits_lead(lead: "User | None", grid: "Grid") -> Verdict:
    """Somebody who works in that street; a squad without is warned about."""
    if lead is None:
        return YES
    at_work = lead.is_active and not lead.is_client and lead.role in FIELD_ROLES | {Role.STREET}
    if at_work and any(node.code.startswith(grid.street_code) for node in scope_of(lead).nodes):
        return YES
    return Verdict.reject(_("A squad is led by somebody who works in the grids of this street."), field="lead")


def can_keep(by: "User", squad: "Squad") -> Verdict:
    """Changed and ended by organisers; the lead sees it and doesn't."""
    verdict = can_form(by, squad.grid)
    if verdict and squad.ended_on is not None:
        return Verdict.clash(_("This squad has ended."), "ended")
    return verdict


def can_stand_in(volunteer: "Volunteer", squad: "Squad", stands_already: bool) -> Verdict:
    """An active volunteer of the same street; a squad of new-employment groups takes nobody else."""
    words = {"who": volunteer.public_name}
    if volunteer.state != VolunteerState.ACTIVE:
        return Verdict.clash(_("%(who)s is no active volunteer.") % words, "state")
    if volunteer.grid.street_code != squad.grid.street_code:
        return Verdict.reject(_("%(who)s belongs to another street.") % words, field="volunteers")
    if squad.kind == SquadKind.NEW_EMPLOYMENT and volunteer.kind != VolunteerKind.NEW_EMPLOYMENT:
        return Verdict.reject(_("%(who)s is in no new-employment group.") % words, field="volunteers")
    if stands_already:
        return Verdict.clash(_("%(who)s stands in this squad already.") % words, "member")
    return YES


def can_remove(by: "User", member: "Member") -> Verdict:
    """Organisers, and volunteers themselves."""
    verdict = YES if member.volunteer.user_id == by.pk else is_organiser(by)
    if verdict and member.until is not None:
        return Verdict.clash(_("This has ended already."), "ended")
    return verdict


def last_day(member: "Member", day: dt.date) -> dt.date:
    """Until when a membership that ends on DAY held."""
    return max(member.since, day)
