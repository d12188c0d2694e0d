"""Taking a list of volunteers in, whose consent the office has on paper: all or nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Recordable
from gridgov.core.phones import plain_phone
from gridgov.core.records import Subject, record_all
from gridgov.core.rows import FaultList, RowFault
from grids.models import Grid
from grids.queries import heavy
from volunteers.actions.people import Person, check_person, facts_of, next_keys, told_of, work_of
from volunteers.choices.people import CONSENT, VolunteerKind, VolunteerState
from volunteers.models import Balance, Volunteer
from volunteers.rules import people as rules

# What a list changes of somebody who is known by our number, beside kind and platform.
_CHANGED = ("nickname", "skills", "national_no")


@dataclass(frozen=True, slots=True)
class VolunteerLine:
    """One line of a list. With NO, our number, it is about somebody who is here. Without a KIND they stay what they are, and who
    is new is a resident."""

    no: str
    name: str
    phone: str
    born_on: dt.date | None
    grid_code: str
    nickname: str = ""
    kind: str = ""
    employer: str = ""
    skills: tuple[str, ...] = ()
    national_no: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """How many lines were (or, in a dry run, would be) new, changed, and known as they stand."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def import_volunteers(
    *, rows: Iterable[VolunteerLine], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> Taken:
    """Take all of ROWS in as reviewed, without accounts (`give_password` opens one), or only check them. Known are those with
    our number, and those of the same name and phone. Raises BadRows with all faults, those of the file among them."""
    lines, found = list(rows), FaultList(faults)
    advisory_lock("volunteers.import")
    rules.is_organiser(by).insist()
    grids = {
        grid.code: grid for grid in Grid.objects.filter(code__in={line.grid_code for line in lines}).defer(*heavy(""))
    }
    known = _Known(lines, by)
    new: list[tuple[VolunteerLine, Grid]] = []
    changes: list[tuple[Volunteer, dict[str, object]]] = []
    for index, line in enumerate(lines):
        with found.of(index):
            if line.no:
                changes.append(_change(line, known.by_no.get(line.no.upper()), by))
            else:
                grid = _checked(line, grids.get(line.grid_code), by, at)
                if known.is_new(line):
                    new.append((line, grid))
    found.insist_none()
    changed = [(row, values) for row, values in changes if _differs(row, values)]
    if not dry_run:
        _write(new, changed, by=by, at=at)
    return Taken(len(new), len(changed), len(lines) - len(new) - len(changed))


class _Known:
    """Whom the house has already, and whom the list has named."""

    def __init__(self, lines: list[VolunteerLine], by: User) -> None:
        seen = Volunteer.objects.visible_to(by).select_related("grid").defer(*heavy("grid"))
        numbers = {line.no.upper() for line in lines if line.no}
        self.by_no = {row.no: row for row in seen.filter(no__in=numbers).select_for_update(no_key=True, of=("self",))}
        phones = {plain_phone(line.phone) for line in lines}
        here = seen.filter(phone__in=phones).exclude(state__in=(VolunteerState.LEFT, VolunteerState.REFUSED))
        self._people = set(here.values_list("name", "phone"))

    def is_new(self, line: VolunteerLine) -> bool:
        """Whether nobody of that name and phone is here; from now on somebody is."""
        person = (line.name.strip(), plain_phone(line.phone))
        if person in self._people:
            return False
        self._people.add(person)
        return True


def _person(line: VolunteerLine) -> Person:
    """Who signed says with it that the guardian did."""
    return Person(line.name, line.phone, line.born_on, line.guardian_name, line.guardian_phone, line.consented)


def _checked(line: VolunteerLine, grid: Grid | None, by: User, at: dt.datetime) -> Grid:
    """The grid of LINE, if it can be somebody's who is new. Raises the refusal."""
    check_person(_person(line), localdate(at)).insist()
    rules.is_grid(grid, localdate(at)).insist()
    assert grid is not None
    rules.can_live_on(by, grid).insist()
    rules.fits_nickname(line.nickname).insist()
    rules.fits_kind(line.kind or VolunteerKind.RESIDENT, line.employer).insist()
    rules.fits_national_no(line.national_no).insist()
    rules.has_signed(line.consented).insist()
    return grid


def _change(line: VolunteerLine, row: Volunteer | None, by: User) -> tuple[Volunteer, dict[str, object]]:
    """What LINE says anew of ROW; what it leaves empty stays. A line that says nothing new may be about whoever is gone."""
    rules.is_known_number(row).insist()
    assert row is not None
    kind, employer = line.kind or row.kind, line.employer or row.employer
    said = {name: getattr(line, name) for name in _CHANGED if getattr(line, name)} | work_of(kind, employer)
    if line.skills:
        said["skills"] = sorted(set(line.skills))
    if _differs(row, said):
        rules.can_correct(by, row).insist()
        rules.fits_nickname(line.nickname).insist()
        rules.fits_national_no(line.national_no).insist()
        rules.fits_kind(kind, employer).insist()
    return row, said


def _differs(row: Volunteer, values: dict[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _write(
    new: list[tuple[VolunteerLine, Grid]],
    changed: list[tuple[Volunteer, dict[str, object]]],
    *,
    by: User,
    at: dt.datetime,
) -> None:
    added = [_row(line, grid, key, by, at) for (line, grid), key in zip(new, next_keys(len(new)), strict=True)]
    Volunteer.objects.bulk_create(added)
    Balance.objects.bulk_create(Balance(volunteer=row) for row in added)
    told: list[tuple[str, Recordable | Subject, dict[str, object]]] = [
        ("volunteers.entered", row, {"kind": row.kind}) for row in added
    ]
    told += [("volunteers.corrected", row, {"changes": told_of(row.change(**values))}) for row, values in changed]
    summary = {"added": len(added), "changed": len(changed)}
    record_all([*told, ("volunteers.imported", Subject("volunteers.import", 0), summary)], by=by, at=at)


def _row(line: VolunteerLine, grid: Grid, key: int, by: User, at: dt.datetime) -> Volunteer:
    return Volunteer(
        pk=key, no=rules.number_of(key, at), grid=grid, state=VolunteerState.ACTIVE, consent=CONSENT, applied_at=at,
        reviewed_by=by, reviewed_at=at, nickname=line.nickname.strip(), skills=sorted(set(line.skills)),
        national_no=line.national_no.strip(), **facts_of(_person(line), at),
        **work_of(line.kind or VolunteerKind.RESIDENT, line.employer),
    )  # fmt: skip
