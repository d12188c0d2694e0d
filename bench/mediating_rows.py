"""Files of disputes in any number, written straight into the tables: what the bench of mediation asks for."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post
from mediation.choices.files import AGREED, FileState, Outcome, PartyRole, Source
from mediation.choices.people import CommitteeKind, DisputeKind, MediatorKind, Office, Sex
from mediation.models import (
    Agreement,
    Assignment,
    Committee,
    FollowUp,
    Mediation,
    Mediator,
    Party,
    Seat,
    Task,
)

BATCH = 5_000
ENDS = (Outcome.AGREED_WRITTEN, Outcome.AGREED_ORAL, Outcome.AGREED_WRITTEN, Outcome.FAILED, Outcome.AGREED_WRITTEN)
KINDS = list(DisputeKind)


@dataclass
class Ground:
    """A street with committees; whoever asks: a director, a mediator, the street office."""

    top: Grid
    street: User
    committees: list[Committee]
    mediators: list[list[Mediator]]

    @classmethod
    def make(cls, committees: int, each: int) -> "Ground":
        post = Post.objects.filter(kind=PostKind.STREET_STAFF, grid__kind=GridKind.STREET).order_by("pk")
        first = post.select_related("user", "grid").first()
        assert first is not None and first.grid is not None
        today = timezone.localdate()
        found = cls(first.grid, first.user, [], [])
        places = list(Grid.objects.under(first.grid).filter(kind=GridKind.TOTAL).order_by("code"))
        for number in range(committees):
            grid = places[number % len(places)]
            row = Committee.objects.create(
                grid=grid, kind=CommitteeKind.COMMUNITY, name=f"第{number + 1}量测调解委员会", short=f"测{number + 1}",
                term_from=today, term_until=today + dt.timedelta(days=3 * 365),
            )  # fmt: skip
            people = [cls._mediator(grid, number, place) for place in range(each)]
            Seat.objects.bulk_create(
                Seat(committee=row, mediator=one, since=today, office=Office.MEMBER if place else Office.DIRECTOR)
                for place, one in enumerate(people[:9])
            )
            found.committees.append(row)
            found.mediators.append(people)
        return found

    @staticmethod
    def _mediator(grid: Grid, number: int, place: int) -> Mediator:
        user = User.objects.create(
            username=f"bench-{number}-{place}", full_name="量测", role=Role.MEDIATOR, password="!"
        )
        values = {"kind": MediatorKind.FULL_TIME, "sex": Sex.FEMALE, "phone": "13800000000"}
        return Mediator.objects.create(grid=grid, user=user, name=f"测调{number}-{place}", **values)

    @property
    def director(self) -> Any:
        return self.mediators[0][0].user

    @property
    def mediator(self) -> Any:
        return self.mediators[0][1].user


def add_files(ground: Ground, first: int, last: int, *, years: int, running: int) -> None:
    """Files number FIRST to LAST, evenly over the YEARS before today; the RUNNING newest of these are open."""
    now, span = timezone.now(), dt.timedelta(days=365 * years)
    for begin in range(first, last, BATCH):
        numbers = range(begin, min(begin + BATCH, last))
        files = Mediation.objects.bulk_create(
            _file(ground, n, now - span + span * (n - first + 1) / (last - first + 1), is_open=n >= last - running)
            for n in numbers
        )
        _what_belongs(ground, files)


def _file(ground: Ground, number: int, came: dt.datetime, *, is_open: bool) -> Mediation:
    place = number % len(ground.committees)
    committee, end = ground.committees[place], ENDS[number % len(ENDS)]
    over = {} if is_open else {"state": FileState.ENDED, "outcome": end, "ended_at": came + dt.timedelta(days=12)}
    return Mediation(
        committee=committee, grid_id=committee.grid_id, kind=KINDS[number % len(KINDS)], source=Source.PARTY,
        title="楼上漏水", facts="卫生间漏水。", points="费用由谁承担。", no=f"({came.year}){committee.short}人调字第{number}号",
        year=came.year, serial=number, applied_at=came, accepted_at=came, due_at=came + dt.timedelta(days=30),
        entered_by=ground.mediators[place][0].user, **{"state": FileState.RUNNING, **over},
    )  # fmt: skip


def _what_belongs(ground: Ground, files: list[Mediation]) -> None:
    """Two parties and a mediator each; of agreed ones the agreement, an item of performance and every second a follow-up."""
    roles = (PartyRole.APPLICANT, PartyRole.RESPONDENT)
    parties = Party.objects.bulk_create(
        Party(mediation=row, role=role, name=f"当事人{row.serial}", told_at=row.applied_at, consent="agreed")
        for row in files
        for role in roles
    )
    Assignment.objects.bulk_create(
        Assignment(mediation=row, mediator=_whose(ground, row), is_lead=True, since=row.applied_at) for row in files
    )
    agreed = [(row, parties[2 * place]) for place, row in enumerate(files) if row.outcome in AGREED]
    Agreement.objects.bulk_create(
        Agreement(
            mediation=row, form="written", facts="事", points="点", content="修好防水。", manner="自行施工。", digest="0" * 64,
            deadline=row.ended_at.date(), effective_on=row.ended_at.date(), confirm_by=row.ended_at.date(),
            written_by_id=row.entered_by_id, written_at=row.ended_at,
        )
        for row, _party in agreed if row.ended_at
    )  # fmt: skip
    Task.objects.bulk_create(
        Task(mediation=row, party=party, what="修好防水", due_on=row.ended_at.date(), state="done" if row.serial % 7 else "none")
        for row, party in agreed if row.ended_at and row.serial is not None
    )  # fmt: skip
    FollowUp.objects.bulk_create(
        FollowUp(
            mediation=row, on=row.ended_at.date(), visitor_id=row.entered_by_id, performance="done", at=row.ended_at,
            relapsed=row.serial % 20 == 0,
        )
        for row, _party in agreed if row.ended_at and row.serial is not None and row.serial % 2 == 0
    )  # fmt: skip


def _whose(ground: Ground, row: Mediation) -> Mediator:
    assert row.serial is not None
    own = ground.mediators[row.serial % len(ground.committees)]
    return own[row.serial // len(ground.committees) % len(own)]
