"""Who mediates in a file. Access to it begins and ends with that; the records hold keys and no names."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import NoticeKind
from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from mediation import models
from mediation.actions.taking import party_of, take, tell, write_down
from mediation.choices.people import NOTICE_ASSIGNED, NOTICE_RELEASED
from mediation.models import Assignment, Mediation, Mediator, Party, PartyLink, Session
from mediation.queries import AssignmentQuerySet
from mediation.rules import choosing as rules


@transaction.atomic
def assign(
    *,
    mediation: Mediation | int,
    mediator: int,
    is_lead: bool = False,
    chosen_by: Party | int | None = None,
    by: User,
    at: dt.datetime,
) -> Assignment:
    """MEDIATOR (a key) mediates in the file from now on: named by the director, or chosen by a party. The first one leads.

    Raises Forbidden, Invalid (a tie to a party: art. 15), Conflict.
    """
    row = take(mediation, by, "assign")
    party = None if chosen_by is None else party_of(row, chosen_by)
    rules.can_assign(by, row, party).insist()
    seen = Mediator.objects.visible_to(by).filter(pk=mediator).first()
    if seen is None:
        raise Invalid(_("There is no such mediator."), field="mediator")
    return join(row, seen, is_lead=is_lead, chosen_by=party, by=by, at=at)


def join(
    mediation: Mediation,
    mediator: Mediator,
    *,
    is_lead: bool = False,
    chosen_by: Party | None = None,
    by: User,
    at: dt.datetime,
) -> Assignment:
    """`assign` where the file is held and whoever does it may: also when somebody opens a file and mediates in it."""
    held: Mediator = Mediator.objects.for_list().select_related("user").locked(mediator)
    rules.can_mediate(mediation, held).insist()
    rules.has_place(mediation, held).insist()
    leading = mediation.assignments.current().filter(is_lead=True).first()
    leads = is_lead or leading is None
    if leading is not None and leads:
        leading.change(is_lead=False)
    made: Assignment = Assignment.objects.create(
        mediation=mediation, mediator=held, is_lead=leads, chosen_by=chosen_by, since=at
    )
    if chosen_by is not None:
        made.accepted_by.add(chosen_by)
    _noted("mediation.assigned", mediation, by, at, mediator=held.pk, leads=leads, party=chosen_by and chosen_by.pk)
    _tell(mediation, made, NOTICE_ASSIGNED, "assigned", at)
    return made


@transaction.atomic
def accept_mediator(
    *, assignment: Assignment | int, party: Party | int, by: User, at: dt.datetime, via: PartyLink | None = None
) -> Assignment:
    """A party accepts who was named (人民调解法 23): as a mediator notes it, or by its own link VIA. Raises Conflict."""
    row, held = _held(assignment, by, "assign", via)
    who = party_of(row, party, via)
    rules.can_accept(held, who).insist()
    held.accepted_by.add(who)
    _noted("mediation.mediator_accepted", row, by, at, mediator=held.mediator_id, party=who.pk)
    return held


@transaction.atomic
def release(*, assignment: Assignment | int, reason: str, by: User, at: dt.datetime) -> Assignment:
    """Somebody mediates here no more, and reads the file no more. Raises Forbidden, Invalid, Conflict."""
    row, held = _held(assignment, by, "release")
    rules.can_release(by, held, reason).insist()
    _end(row, held, reason.strip(), at)
    _noted("mediation.released", row, by, at, mediator=held.mediator_id)
    return held


@transaction.atomic
def say_conflict(
    *, mediation: Mediation | int, mediator: int, party: Party | int, kind: str, by: User, at: dt.datetime
) -> models.Conflict:
    """MEDIATOR (a key) has a tie to a party: doesn't mediate in this file, from now on if need be (人民调解法 15).

    Raises Invalid; Conflict where it is noted already.
    """
    row = take(mediation, by, "conflict")
    who = Mediator.objects.filter(grid__tree_id=row.grid.tree_id, pk=mediator).first()
    if who is None:
        raise Invalid(_("There is no such mediator."), field="mediator")
    side = party_of(row, party)
    rules.fits_conflict(who, side, kind).insist()
    said = models.Conflict.objects.create(mediation=row, mediator=who, party=side, kind=kind, said_by=by, said_at=at)
    with override(settings.LANGUAGE_CODE):
        reason = said.get_kind_display()
    for held in row.assignments.current().filter(mediator=who).select_related("mediator"):
        _end(row, held, reason, at)
    _noted("mediation.conflict_said", row, by, at, mediator=who.pk, party=side.pk, kind=kind)
    return said


def hold_files(mediators: Iterable[int], committee: int | None = None) -> set[int]:
    """The keys of the files that MEDIATORS (keys) leave with COMMITTEE, or with mediation itself; held, before all else."""
    keys = _theirs(mediators, committee).order_by().values("mediation")
    rows = Mediation.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
    return set(rows.values_list("pk", flat=True))


def leave_files(mediator: Mediator, files: Collection[int], at: dt.datetime, committee: int | None = None) -> list[int]:
    """MEDIATOR, held, who leaves COMMITTEE (or mediation itself), leaves the files of it; the keys of those. Within a recorded
    verb that held FILES (`hold_files`) first. Raises Conflict where another came meanwhile."""
    left = list(_theirs([mediator.pk], committee).select_related("mediation", "mediator").order_by("mediation"))
    if any(held.mediation_id not in files for held in left):
        raise Conflict(_("%(who)s was just given a file: please try again.") % {"who": mediator.name}, code="changed")
    with override(settings.LANGUAGE_CODE):
        reason = _("left the committee")
    for held in left:
        _end(held.mediation, held, reason, at)
    return [held.mediation_id for held in left]


def _theirs(mediators: Iterable[int], committee: int | None) -> AssignmentQuerySet:
    rows = Assignment.objects.current().filter(mediator__in=mediators)
    return rows if committee is None else rows.filter(mediation__committee=committee)


def _held(
    assignment: Assignment | int, by: User, move: str, via: PartyLink | None = None
) -> tuple[Mediation, Assignment]:
    """The file, held, and then the assignment as it is. Raises DoesNotExist."""
    pk = assignment if isinstance(assignment, int) else assignment.pk
    row = take(Assignment.objects.get(pk=pk).mediation_id, by, move, via=via)
    return row, row.assignments.select_related("mediator").get(pk=pk)


def _end(mediation: Mediation, held: Assignment, reason: str, at: dt.datetime) -> None:
    """End it, take the mediator out of what is planned, and let the next one lead."""
    led = held.is_lead
    held.change(until=at, reason=reason, is_lead=False)
    for session in Session.objects.planned().filter(mediation=mediation, mediators=held.mediator):
        session.mediators.remove(held.mediator)
    following = mediation.assignments.current().first() if led else None
    if following is not None:
        following.change(is_lead=True)
    _tell(mediation, held, NOTICE_RELEASED, "released", at)


def _tell(mediation: Mediation, held: Assignment, text: str, key: str, at: dt.datetime) -> None:
    users = [held.mediator.user_id] if held.mediator.user_id else []
    tell(mediation, users, NoticeKind.SYSTEM, text, at, key=f"{key}:{held.pk}")


def _noted(verb: str, mediation: Mediation, by: User, at: dt.datetime, **ids: Any) -> None:
    mediation.change(version=mediation.version + 1)
    write_down(verb, mediation, by=by, at=at, **ids)
