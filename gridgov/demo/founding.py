"""Putting a plan into the tables: grids, units, people, posts, bindings, party organisations, the matter list,
the calendar.

Everything goes through the rooms' own bulk verbs, in the name of the system. Only accounts and units are written here:
their rooms enter one at a time, which takes minutes for the 20,000 people of a district. They are recorded all the same.
"""

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping

from django.contrib.auth.hashers import make_password
from django.utils.timezone import localdate
from shapely.geometry import mapping

from accounts.choices import Role
from accounts.models import User
from cases.actions import load_catalogue
from gridgov.core.actions import load_official_year
from gridgov.core.errors import Invalid
from gridgov.core.records import record_many
from grids.actions import BindRow, GridRow, PartyRow, PostRow, bulk_bind, bulk_found, bulk_party, bulk_post
from grids.choices import PostKind
from grids.models import Post, Unit

from .catalogue import CATEGORIES_CSV
from .names import person_name
from .parts import Person, Plan
from .people import login

BATCH = 1000
Progress = Callable[[str], None]


def found(plan: Plan, *, passwords: Mapping[str, str], by: User, at: dt.datetime, progress: Progress) -> None:
    """Write PLAN down as founded at AT; PASSWORDS by user name, everybody else gets none. Inside a transaction."""
    day = localdate(at)
    rows = [_grid_row(plan, code, day) for code in (grid.code for grid in plan.grids)]
    made = bulk_found(rows=rows, by=by, at=at)
    progress(f"网格 {len(made)}/{len(rows)}")
    units = _units(plan, by, at)
    progress(f"单位 {len(units)}/{len(plan.units)}")
    people = (*plan.people, *desk_staff(plan), *plan.specialists)
    users = _accounts(plan, people, passwords, by, at)
    progress(f"账号 {len(users)}/{len(people)}")
    posts = list(_posts(plan, people, users, units, day))
    progress(f"岗位 {bulk_post(rows=posts, by=by, at=at)}/{len(posts)}")
    ties = list(_ties(plan, users, day))
    progress(f"专业网格员绑定 {bulk_bind(rows=ties, by=by, at=at)}/{len(ties)}")
    chains = [
        PartyRow(
            key=org.code, kind=org.kind, name=org.name, street_code=_street(plan, org.grids[0]), valid_from=day,
            parent=org.parent, grid_codes=org.grids, secretary=users[org.secretary],
        )
        for org in plan.organisations
    ]  # fmt: skip
    progress(f"党组织 {len(bulk_party(rows=chains, by=by, at=at))}/{len(chains)}")


def load_tables(*, by: User, at: dt.datetime, until: dt.datetime, progress: Progress) -> None:
    """The matter list, in force from AT, and the calendar of every year up to UNTIL that is known."""
    with CATEGORIES_CSV.open(encoding="utf-8", newline="") as file:
        progress(f"事项清单 {load_catalogue(rows=csv.DictReader(file), by=by, at=at)} 类")
    for year in range(localdate(at).year, localdate(until).year + 1):
        try:
            progress(f"工作日历 {year}: {load_official_year(year=year, by=by, at=at)} 天")
        except Invalid as refusal:  # the package ends before UNTIL: deadlines are provisional, as they would be then
            progress(f"工作日历 {year}: {refusal}")


def desk_staff(plan: Plan) -> tuple[Person, ...]:
    """The hub's people are the street office; one more takes the orders that go to the hub itself."""
    rng = random.Random(f"desk {plan.seed}")
    return tuple(
        Person(login(unit.area_code, "desk"), person_name(rng), "staff", unit.code, unit.area_code, part_time=False)
        for unit in plan.units
        if unit.code.endswith("-hub")
    )


def is_street_office(person: Person) -> bool:
    """The crew of the hub and the secretary of the work committee."""
    area = person.area_code
    if person.username == login(area, "party"):
        return True
    return person.unit.endswith("-hub") and person.username != login(area, "desk")


def _grid_row(plan: Plan, code: str, day: dt.date) -> GridRow:
    grid = plan.grid(code)
    return GridRow(
        code=code, kind=grid.kind, name=grid.name, valid_from=day, parent_code=grid.parent, micro_type=grid.micro_type,
        households=grid.households, border=mapping(grid.boundary),
    )  # fmt: skip


def _street(plan: Plan, code: str) -> str:
    return plan.grid(code).code[:9]


def _units(plan: Plan, by: User, at: dt.datetime) -> dict[str, Unit]:
    """By the plan's code. The names the matter list uses become aliases."""
    units = {
        unit.code: Unit(name=unit.name, aliases=list(unit.departments), kind=unit.kind, area_prefix=unit.area_code)
        for unit in plan.units
    }
    Unit.objects.bulk_create(units.values(), batch_size=BATCH)
    told = ((unit, {"name": unit.name, "kind": unit.kind, "area": unit.area_prefix}) for unit in units.values())
    record_many("units.registered", told, by=by, at=at)
    return units


def _accounts(
    plan: Plan, people: tuple[Person, ...], passwords: Mapping[str, str], by: User, at: dt.datetime
) -> dict[str, User]:
    """Accounts as `open_account` makes them when the system asks: able to sign in, if they had a password."""
    leads = {post.username for post in plan.posts if post.role == "root_grid_lead"}
    users = {}
    for person in people:
        user = User(username=person.username, full_name=person.name, role=_role(person, leads), created_at=at)
        user.password = make_password(passwords.get(person.username))
        users[person.username] = user
    User.objects.bulk_create(users.values(), batch_size=BATCH)
    told = ((user, {"username": user.username, "role": user.role, "phone": ""}) for user in users.values())
    record_many("accounts.opened", told, by=by, at=at)
    return users


def _role(person: Person, leads: set[str]) -> Role:
    if person.role == "cadre":
        return Role.TOTAL_LEAD if person.username in leads else Role.COMPREHENSIVE_LEAD
    if person.role == "specialist":
        return Role.UNIT_STAFF
    if person.role == "staff":
        return Role.STREET if is_street_office(person) else Role.UNIT_STAFF
    return Role.WORKER


def _posts(
    plan: Plan, people: tuple[Person, ...], users: Mapping[str, User], units: Mapping[str, Unit], day: dt.date
) -> Iterator[PostRow]:
    for post in plan.posts:
        yield PostRow(user=users[post.username], kind=post.role, valid_from=day, grid_code=post.grid)
    for person in people:
        user = users[person.username]
        if person.role == "specialist":
            yield PostRow(user=user, kind=PostKind.SPECIALIST_WORKER, valid_from=day, unit=units[person.unit])
        elif person.role != "staff":
            continue
        elif is_street_office(person):
            yield PostRow(user=user, kind=PostKind.STREET_STAFF, valid_from=day, grid_code=person.area_code)
        else:
            yield PostRow(user=user, kind=PostKind.UNIT_STAFF, valid_from=day, unit=units[person.unit])


def _ties(plan: Plan, users: Mapping[str, User], day: dt.date) -> Iterator[BindRow]:
    posts = {post.user_id: post for post in Post.objects.filter(kind=PostKind.SPECIALIST_WORKER)}
    for tie in plan.bindings:
        yield BindRow(posts[users[tie.username].pk], tie.grid, day, tie.matters)
