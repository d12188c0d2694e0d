"""Committees, mediators and files to test with, made plainly."""

import datetime as dt
import itertools
from typing import Any

from accounts.choices import Role
from accounts.models import User
from grids.models import Grid
from mediation.choices.files import Consent, FileState, PartyRole, SessionState, Source
from mediation.choices.people import CommitteeKind, DisputeKind, MediatorKind, Office, Sex
from mediation.models import Assignment, Committee, Mediation, Mediator, Party, Room, Seat, Session
from tests.factories import LONG_AGO, MONDAY, make_user

_numbers = itertools.count(1)


def make_committee(grid: Grid, director: User | None = None, members: int = 3, **values: Any) -> Committee:
    """In the first year of its term, with a director (of DIRECTOR's account) and women among its MEMBERS."""
    number = next(_numbers)
    given = {
        "kind": CommitteeKind.COMMUNITY, "name": f"第{number}人民调解委员会", "short": f"调{number}",
        "term_from": MONDAY.date(), "term_until": MONDAY.date() + dt.timedelta(days=3 * 365),
    }  # fmt: skip
    row = Committee.objects.create(grid=grid, **{**given, **values})
    for place in range(members):
        own = {"user": director or make_user(Role.MEDIATOR)} if place == 0 else {}
        mediator = make_mediator(grid, sex=Sex.MALE if place % 2 else Sex.FEMALE, **own)
        seat(row, mediator, Office.MEMBER if place else Office.DIRECTOR)
    return row


def make_mediator(grid: Grid, **values: Any) -> Mediator:
    """With an account of the role mediator."""
    number = next(_numbers)
    user = values.pop("user", None) or make_user(Role.MEDIATOR)
    given = {
        "kind": MediatorKind.PART_TIME,
        "name": f"陈调解{number}",
        "sex": Sex.FEMALE,
        "phone": f"1380001{number:04}",
    }
    return Mediator.objects.create(grid=grid, user=user, **{**given, **values})


def seat(committee: Committee, mediator: Mediator, office: str = Office.MEMBER) -> Seat:
    return Seat.objects.create(committee=committee, mediator=mediator, office=office, since=LONG_AGO)


def director_of(committee: Committee) -> User:
    user = committee.seats.current().get(office=Office.DIRECTOR).mediator.user
    assert user is not None
    return user


def make_file(committee: Committee, *mediators: Mediator, parties: int = 2, **values: Any) -> Mediation:
    """A running one about a leak between PARTIES who agree to mediation, with MEDIATORS; the first leads."""
    number = next(_numbers)
    year = MONDAY.year
    given = {
        "kind": DisputeKind.NEIGHBOUR_LEAK, "source": Source.PARTY, "state": FileState.RUNNING, "title": "卫生间漏水",
        "facts": "楼上卫生间漏水，楼下天花板受损。", "points": "维修费用由谁承担。", "year": year, "serial": number,
        "no": f"({year}){committee.short}人调字第{number}号", "applied_at": MONDAY, "accepted_at": MONDAY,
        "due_at": MONDAY + dt.timedelta(days=30), "entered_by": director_of(committee),
    }  # fmt: skip
    if values.get("state") == FileState.APPLIED:
        given |= {"year": None, "serial": None, "no": "", "accepted_at": None, "due_at": None}
    row = Mediation.objects.create(committee=committee, grid=committee.grid, **{**given, **values})
    for place in range(parties):
        make_party(row, role=PartyRole.RESPONDENT if place else PartyRole.APPLICANT)
    for mediator in mediators:
        is_lead = mediator is mediators[0]
        Assignment.objects.create(mediation=row, mediator=mediator, is_lead=is_lead, since=MONDAY)
    return row


def make_party(mediation: Mediation, **values: Any) -> Party:
    number = next(_numbers)
    given = {
        "role": PartyRole.APPLICANT, "name": f"赵当事{number}", "phone": f"1390002{number:04}",
        "consent": Consent.AGREED, "consented_at": MONDAY, "told_at": MONDAY,
    }  # fmt: skip
    return Party.objects.create(mediation=mediation, **{**given, **values})


def make_room(grid: Grid, **values: Any) -> Room:
    return Room.objects.create(grid=grid, **{"name": f"调解室{next(_numbers)}", "place": "社区服务中心二楼", **values})


def make_session(mediation: Mediation, *mediators: Mediator, **values: Any) -> Session:
    """Held the day after, with a record."""
    starts = values.pop("starts_at", MONDAY + dt.timedelta(days=1))
    given = {
        "state": SessionState.HELD, "ends_at": starts + dt.timedelta(hours=2), "place": "调解室",
        "record": "双方到场，调解员说明来意。", "recorded_at": starts, "recorded_by": mediation.entered_by,
    }  # fmt: skip
    row = Session.objects.create(mediation=mediation, starts_at=starts, **{**given, **values})
    row.mediators.set(mediators)
    return row
