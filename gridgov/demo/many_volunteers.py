"""Volunteers of a district, to measure with: accounts, squads, a year of shifts with their sign-ups and hours, and some ahead.

Written in bulk, without the actions, into tables whose every guard stays in force; balances follow from the lines. People and
their reviews are recorded as the actions record them; left out are the records of each shift and hour, inboxes, and jobs.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.contrib.auth.hashers import make_password

from accounts.choices import Role
from accounts.models import User
from gridgov.core.records import record_many
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post
from volunteers.actions.people import next_keys
from volunteers.choices.people import CONSENT, DayPart, Skill
from volunteers.models import Balance, HoursEntry, Member, Project, Shift, SignUp, Squad, Volunteer
from volunteers.rules.people import number_of

from .founding import Progress
from .names import person_name

T = TypeVar("T")
BATCH = 1000
# Of 20,000 volunteers: 1,541 squads, 50,000 activities of three people, one in 200 of them still ahead.
A_SQUAD, SHIFTS_EACH, COMING, A_PROJECT, AHEAD = 13, 2.5, 3, 50, 200
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def write_volunteers(count: int, *, now: dt.datetime, seed: int, progress: Progress) -> None:
    """COUNT volunteers and all that belongs to them, up to NOW. Inside a transaction."""
    dice, by, at = random.Random(f"volunteers {seed}"), User.objects.system(), now - 366 * DAY
    grids = list(Grid.objects.filter(kind=GridKind.MICRO, valid_to=None).order_by("code").values_list("pk", "parent"))
    leads = dict(Post.objects.filter(kind=PostKind.GRID_LEAD, valid_to=None).values_list("grid", "user"))
    places = [(micro, parent) for micro, parent in grids if parent in leads]
    people = _people(count, places, dice, by, at)
    progress(f"志愿者 {count}")
    squads = _squads(people, places, leads, at)
    progress(f"志愿队伍 {squads}")
    shifts = _shifts(int(count * SHIFTS_EACH), people, places, leads, now, progress)
    progress(f"志愿活动 {shifts}")


def _people(
    count: int, places: Sequence[tuple[int, int]], dice: random.Random, by: User, at: dt.datetime
) -> dict[int, list[int]]:
    """The keys of the volunteers by the grid above their micro-grid."""
    skills, times = Skill.values, [f"{day}{part}" for day in range(1, 8) for part in DayPart.values]
    found: dict[int, list[int]] = {}
    password = make_password(None)
    for keys in _parts(next_keys(count), BATCH):
        numbers = [number_of(key, at) for key in keys]
        users = User.objects.bulk_create(
            User(username=no, full_name=no, role=Role.VOLUNTEER, password=password, created_at=at) for no in numbers
        )
        rows = []
        for key, no, user in zip(keys, numbers, users, strict=True):
            micro, parent = places[key % len(places)]
            found.setdefault(parent, []).append(key)
            rows.append(Volunteer(
                pk=key, no=no, user=user, grid_id=micro, state="active", name=person_name(dice), nickname=f"志愿者{key}",
                phone=f"100{key:08}", born_on=dt.date(1950 + key % 55, 1 + key % 12, 1 + key % 28), consent=CONSENT,
                skills=sorted(dice.sample(skills, 2)), times=sorted(dice.sample(times, 5)), applied_at=at, reviewed_by=by,
                reviewed_at=at,
            ))  # fmt: skip
        Volunteer.objects.bulk_create(rows)
        Balance.objects.bulk_create(Balance(volunteer=row) for row in rows)
        opened = ((user, {"username": user.username, "role": user.role, "phone": ""}) for user in users)
        record_many("accounts.opened", opened, by=by, at=at)
        record_many("volunteers.reviewed", ((row, {"accepted": True, "note": ""}) for row in rows), by=by, at=at)
    return found


def _squads(
    people: dict[int, list[int]], places: Sequence[tuple[int, int]], leads: dict[int, int], at: dt.datetime
) -> int:
    """One worker, five volunteers: on the grid above, as many as A_SQUAD volunteers make."""
    rows, members = [], []
    for grid, keys in people.items():
        for number, part in enumerate(_parts(keys, A_SQUAD), 1):
            kind = {"kind": "one_plus_five", "name": f"一专五志{number}队"}
            rows.append(Squad(grid_id=grid, lead_id=leads[grid], made_by_id=leads[grid], made_at=at, **kind))
            members.append(part[:5])
    made = Squad.objects.bulk_create(rows, batch_size=BATCH)
    day = at.date()
    standing = (
        Member(squad=squad, volunteer_id=key, since=day)
        for squad, keys in zip(made, members, strict=True)
        for key in keys
    )
    Member.objects.bulk_create(standing, batch_size=BATCH)
    return len(made)


def _shifts(
    count: int, people: dict[int, list[int]], places: Sequence[tuple[int, int]], leads: dict[int, int], now: dt.datetime,
    progress: Progress,
) -> int:  # fmt: skip
    """Activities of two hours on the grids in turn, spread over the year that ends NOW; the last ones are ahead."""
    grids, begins = sorted(people), now.replace(hour=9, minute=0, second=0, microsecond=0)
    projects = Project.objects.bulk_create(
        (_project(grids[n % len(grids)], leads, n, now - 366 * DAY) for n in range(max(1, count // A_PROJECT))),
        batch_size=BATCH,
    )
    ahead = max(1, count // AHEAD)
    for numbers in _parts(range(count), BATCH):
        shifts = Shift.objects.bulk_create(
            _shift(projects[n % len(projects)], n, count - ahead, ahead, begins, leads) for n in numbers
        )
        sign_ups = SignUp.objects.bulk_create(
            _sign_up(shift, key)
            for n, shift in zip(numbers, shifts, strict=True)
            for key in _coming(people[shift.grid_id], n)
        )
        by_key = {shift.pk: shift for shift in shifts}
        lines = (_hours(row, by_key[row.shift_id], leads) for row in sign_ups if row.state == "served")
        HoursEntry.objects.bulk_create(lines)
        if numbers[-1] % 10_000 > 10_000 - BATCH - 1:
            progress(f"志愿活动 {numbers[-1] + 1}/{count}")
    return count


def _project(grid: int, leads: dict[int, int], number: int, at: dt.datetime) -> Project:
    said = {
        "kind": "service",
        "state": "open",
        "title": f"邻里互助{number + 1}",
        "skills": [Skill.values[number % len(Skill.values)]],
    }
    return Project(grid_id=grid, organiser_id=leads[grid], made_by_id=leads[grid], made_at=at, opened_at=at, **said)


def _shift(project: Project, number: int, past: int, ahead: int, begins: dt.datetime, leads: dict[int, int]) -> Shift:
    """Number by number from a year ago to yesterday; the AHEAD last ones in the month to come."""
    over = number < past
    day = -1 - number * 364 // max(1, past) if over else 1 + (number - past) * 28 // ahead
    starts = begins + day * DAY + (number % 8) * HOUR
    closed = {"state": "closed", "closed_by_id": leads[project.grid_id], "closed_at": starts + 3 * HOUR} if over else {}
    return Shift(
        project=project, grid_id=project.grid_id, starts_at=starts, ends_at=starts + 2 * HOUR, capacity=10, taken=COMING,
        place="社区党群服务中心", **closed,
    )  # fmt: skip


def _coming(keys: Sequence[int], number: int) -> Iterator[int]:
    """COMING different people of a grid, in turn."""
    return iter({keys[(number * COMING + n) % len(keys)] for n in range(COMING)})


def _sign_up(shift: Shift, volunteer: int) -> SignUp:
    state = "served" if shift.state == "closed" else "booked"
    came = (
        {"arrived_at": shift.starts_at, "left_at": shift.ends_at, "arrived_by": "organiser"}
        if state == "served"
        else {}
    )
    return SignUp(shift=shift, volunteer_id=volunteer, state=state, queued_at=shift.starts_at - 3 * DAY, **came)


def _hours(row: SignUp, shift: Shift, leads: dict[int, int]) -> HoursEntry:
    closed = {"by_id": leads[shift.grid_id], "at": shift.closed_at}
    return HoursEntry(
        volunteer_id=row.volunteer_id, kind="service", minutes=120, sign_up=row, day=shift.starts_at.date(), **closed
    )


def _parts(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """ROWS in runs of SIZE, the last one shorter where they don't come out even."""
    return (rows[first : first + size] for first in range(0, len(rows), size))
