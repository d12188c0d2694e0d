"""Founding committees, electing them, giving seats and ending them. Whoever leaves a committee leaves its files."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.records import record
from grids.models import Grid, Post
from mediation.actions.choosing import hold_files, leave_files
from mediation.choices.people import KEEPERS, NOTICE_TERM, SEATED, TERM_WARNING, Office
from mediation.models import Committee, Mediator, Seat
from mediation.rules import committees as rules
from mediation.rules.people import can_keep, can_lead, check_reason, is_director


@transaction.atomic
def found_committee(
    *,
    grid: Grid,
    kind: str,
    name: str,
    short: str,
    term_from: dt.date,
    place: str = "",
    phone: str = "",
    by: User,
    at: dt.datetime,
) -> Committee:
    """A committee on GRID, without anybody in it yet. Raises Forbidden, Invalid; Conflict where the short name is taken."""
    can_keep(by, grid).insist()
    rules.fits_committee(kind, grid, name, short).insist()
    rules.fits_term(term_from, localdate(at)).insist()
    _is_free(short.strip())
    made: Committee = Committee.objects.create(
        grid=grid, kind=kind, name=name.strip(), short=short.strip(), place=place.strip(), phone=phone.strip(),
        term_from=term_from, term_until=rules.last_day(term_from),
    )  # fmt: skip
    record("mediation.committee_founded", made, by=by, at=at, data={"kind": kind, "short": made.short})
    return made


@transaction.atomic
def change_committee(
    *, committee: Committee | int, name: str, place: str, phone: str, by: User, at: dt.datetime
) -> Committee:
    """Another name or address. The short name stays: it stands in the numbers of volumes. Raises Forbidden, Invalid, Conflict."""
    row = _take(committee, by)
    can_lead(by, row).insist()
    rules.fits_committee(row.kind, row.grid, name, row.short).insist()
    changes = row.change(name=name.strip(), place=place.strip(), phone=phone.strip())
    record("mediation.committee_changed", row, by=by, at=at, data={"changes": sorted(changes)})
    return row


@transaction.atomic
def elect(
    *,
    committee: Committee | int,
    term_from: dt.date,
    director: int,
    deputies: Sequence[int] = (),
    members: Sequence[int] = (),
    by: User,
    at: dt.datetime,
) -> Committee:
    """A new term: DIRECTOR, DEPUTIES and MEMBERS (keys of mediators) are the committee from now on, and nobody else; whoever was
    appointed stays. Raises Forbidden; Invalid where they are no committee by law (art. 8, 9)."""
    files = _files_of(committee)
    row = _take(committee, by)
    can_keep(by, row.grid).insist()
    can_lead(by, row).insist()
    day = localdate(at)
    rules.fits_term(term_from, day).insist()
    offices = [
        (director, Office.DIRECTOR), *((pk, Office.DEPUTY) for pk in deputies), *((pk, Office.MEMBER) for pk in members)
    ]  # fmt: skip
    keys = [pk for pk, _office in offices]
    known = {one.pk: one for one in _mediators(row, [*keys, *_seated(row)])}
    if any(pk not in known for pk in keys):
        raise Invalid(_("There is no such mediator."), field="members")
    chosen = [(known[pk], office) for pk, office in offices]
    rules.fits_election(chosen, row.grid).insist()
    if not is_director(by, row):
        rules.can_seat(by, known[director], Office.DIRECTOR).insist()
    held = {seat.mediator_id: seat for seat in row.seats.current().select_related("mediator")}
    for pk, seat in held.items():
        if seat.office in SEATED or pk in keys:
            seat.change(until=day)
    Seat.objects.bulk_create(Seat(committee=row, mediator=one, office=office, since=day) for one, office in chosen)
    gone = [seat.mediator for pk, seat in held.items() if seat.office in SEATED and pk not in keys]
    left = [pk for one in gone for pk in leave_files(one, files, at, row.pk)]
    row.change(term_from=term_from, term_until=rules.last_day(term_from))
    data: dict[str, Any] = {
        "term_from": term_from.isoformat(),
        "mediators": keys,
        "left": sorted(left),
    }
    record("mediation.committee_elected", row, by=by, at=at, data=data)
    return row


@transaction.atomic
def give_seat(*, committee: Committee | int, mediator: int, office: str, by: User, at: dt.datetime) -> Seat:
    """MEDIATOR (a key) joins the committee: as a member, or appointed by it. Raises Forbidden, Invalid, Conflict."""
    row = _take(committee, by)
    can_lead(by, row).insist()
    found = next(iter(_mediators(row, [mediator])), None)
    if found is None:
        raise Invalid(_("There is no such mediator."), field="mediator")
    rules.fits_seat(row, found, office, list(row.seats.current())).insist()
    rules.can_seat(by, found, office).insist()
    made: Seat = Seat.objects.create(committee=row, mediator=found, office=office, since=localdate(at))
    record("mediation.seat_given", row, by=by, at=at, data={"mediator": found.pk, "office": office})
    return made


@transaction.atomic
def end_seat(*, seat: Seat | int, by: User, at: dt.datetime) -> Seat:
    """Somebody leaves the committee, and its files. Raises Forbidden, Conflict."""
    seen = Seat.objects.visible_to(by).get(pk=seat if isinstance(seat, int) else seat.pk)
    files = hold_files([seen.mediator_id], seen.committee_id)
    row = _take(seen.committee_id, by)
    can_lead(by, row).insist()
    _mediators(row, [seen.mediator_id])
    held: Seat = row.seats.select_related("mediator").get(pk=seen.pk)
    if held.until is not None:
        raise Conflict(_("This has ended already."), code="ended")
    held.change(until=localdate(at))
    left = leave_files(held.mediator, files, at, row.pk)
    record("mediation.seat_ended", row, by=by, at=at, data={"mediator": held.mediator_id, "left": left})
    return held


@transaction.atomic
def end_committee(*, committee: Committee | int, reason: str, by: User, at: dt.datetime) -> Committee:
    """The committee ends, with its studios and all seats but the director's, who keeps its volumes. Raises Forbidden, Invalid;
    Conflict while files of it are open."""
    files = _files_of(committee)
    row = _take(committee, by)
    can_keep(by, row.grid).insist()
    can_lead(by, row).insist()
    check_reason(reason).insist()
    if row.files.open().exists():
        raise Conflict(_("Files of this committee are still open."), code="open")
    day = localdate(at)
    _mediators(row, _seated(row))
    for seat in row.seats.current().exclude(office=Office.DIRECTOR).select_related("mediator"):
        seat.change(until=day)
        leave_files(seat.mediator, files, at, row.pk)
    for studio in row.studios.filter(ended_on=None):
        studio.change(ended_on=day, ended_reason=reason.strip())
    row.change(ended_on=day, ended_reason=reason.strip())
    record("mediation.committee_ended", row, by=by, at=at)
    return row


def tell_terms(*, at: dt.datetime) -> int:
    """Tell directors, and those who keep their ground, of terms that end within TERM_WARNING, each once; how many were told."""
    day = localdate(at)
    told = [
        Notice(
            user_id=user, kind=NoticeKind.SYSTEM, key=f"mediation:term:{row.pk}:{row.term_until}", text=NOTICE_TERM,
            params={"name": row.name, "day": row.term_until.isoformat()}, subject_type="mediation.committee", subject_id=row.pk, at=at,
        )
        for row in Committee.objects.standing().for_list().filter(term_until__lte=day + TERM_WARNING).order_by("pk")
        for user in _answer_for(row, day)
    ]  # fmt: skip
    return notify(told, at=at)


def _answer_for(row: Committee, day: dt.date) -> list[int]:
    """The director's account, and those of the keepers who have a post on the committee's grid or above."""
    director = (
        row.seats.current()
        .filter(office=Office.DIRECTOR)
        .exclude(mediator__user=None)
        .values_list("mediator__user", flat=True)
    )
    above = {"grid__tree_id": row.grid.tree_id, "grid__lft__lte": row.grid.lft, "grid__rght__gte": row.grid.rght}
    keepers = Post.objects.current(day).filter(**above, user__role__in=KEEPERS, user__is_active=True)
    return list(dict.fromkeys([*director, *keepers.order_by("user").values_list("user", flat=True)]))


def _take(committee: Committee | int, by: User) -> Committee:
    """The row, held, if BY sees it."""
    row: Committee = Committee.objects.visible_to(by).for_list().locked(committee)
    return row


def _files_of(committee: Committee | int) -> set[int]:
    """The files that those who sit in COMMITTEE may leave, held before it is."""
    pk = committee if isinstance(committee, int) else committee.pk
    return hold_files(_seated(pk), pk)


def _seated(committee: Committee | int) -> list[int]:
    """The keys of all who are in COMMITTEE today."""
    return list(Seat.objects.current().filter(committee=committee).values_list("mediator", flat=True))


def _mediators(committee: Committee, keys: Sequence[int]) -> list[Mediator]:
    """Of the committee's street, held in the order of their keys so that nobody leaves meanwhile."""
    rows = Mediator.objects.filter(grid__tree_id=committee.grid.tree_id, pk__in=keys).select_related("grid")
    return list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))


def _is_free(short: str) -> None:
    """Whether no other committee is called so in the numbers of its volumes, nor was one that has ended: no number is given
    twice. Nobody takes the name meanwhile."""
    advisory_lock("mediation.short", short)
    named = Committee.objects.filter(short=short)
    if named.standing().exists() or named.filter(files__serial__isnull=False).exists():
        raise Conflict(_("Another committee has this short name."), code="short", field="short")
