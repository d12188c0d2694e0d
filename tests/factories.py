"""Small true things to test with: people, a street, a catalogue. Rows are made plainly, without actions, where the
test is not about making them."""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from accounts.choices import Role
from accounts.models import ApiClient, ApiKey, User
from cases.models import Category
from gridgov.core.calendar import CHINA
from grids.choices import CLIENT_ROLES, UNIT_CLIENT, GridKind, MicroType, PostKind, UnitKind
from grids.models import ClientGround, Grid, Post, Unit
from grids.queries import forget_scope

_numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 1, 1)
# A Monday morning with a full working week ahead.
MONDAY = dt.datetime(2026, 9, 7, 9, 0, tzinfo=CHINA)


def at(text: str) -> dt.datetime:
    """'2026-09-07 09:00' in China."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def make_user(role: str = Role.WORKER, **values: Any) -> User:
    number = next(_numbers)
    values = {"username": f"u{number}", "full_name": f"张{number}", **values}
    user = User(role=role, **values)
    user.set_unusable_password()
    user.save()
    return user


def give(user: User, kind: str, place: Grid | Unit | None = None, **values: Any) -> Post:
    where = {"grid": place} if isinstance(place, Grid) else {"unit": place} if place is not None else {}
    user.__dict__.pop("_scope", None)
    return Post.objects.create(user=user, kind=kind, **{"valid_from": LONG_AGO, **where, **values})


def entrust(user: User) -> User:
    """USER may see confidential reporters from now on."""
    user.change(keeps_confidential=True)
    return user


def make_client(
    scopes: list[str] | None = None, grid: Grid | None = None, unit: Unit | None = None, **values: Any
) -> tuple[ApiClient, str]:
    """Another system on a ground, and its key as it is sent: `Authorization: Api-Key <key>`."""
    role = CLIENT_ROLES[grid.kind] if grid else UNIT_CLIENT
    user = make_user(role, is_client=True, is_active=False)
    made = {"made_by": user, "made_at": MONDAY}
    values = {"name": user.full_name, "purpose": "联调", "per_minute": 6000, **values}
    client = ApiClient.objects.create(user=user, scopes=scopes or [], **values, **made)
    if grid or unit:
        ClientGround.objects.create(client=client, grid=grid, unit=unit)
    return client, make_key(client)


def make_key(client: ApiClient, **values: Any) -> str:
    values = {"name": "主用", "created": MONDAY, "made_by": client.made_by, **values}
    return str(ApiKey.objects.create_key(client=client, **values)[1])


def make_unit(name: str = "", kind: str = UnitKind.GOVERNMENT, **values: Any) -> Unit:
    return Unit.objects.create(name=name or f"单位{next(_numbers)}", kind=kind, **values)


@dataclass
class Street:
    """A small street: its root, and its grids level by level in the order of their codes."""

    street: Grid
    totals: list[Grid] = field(default_factory=list)
    comprehensives: list[Grid] = field(default_factory=list)
    micros: list[Grid] = field(default_factory=list)

    def read_anew(self) -> None:
        for row in (self.street, *self.totals, *self.comprehensives, *self.micros):
            row.refresh_from_db()


def make_street(code: str = "990101001", totals: int = 1, comprehensives: int = 1, micros: int = 2) -> Street:
    """A street of TOTALS communities with COMPREHENSIVES grids each, of MICROS resident micro-grids each."""

    def grid(code: str, kind: str, parent: Grid | None, **values: Any) -> Grid:
        return Grid.objects.create(
            code=code, kind=kind, name=f"网格{code[-6:]}", parent=parent, valid_from=LONG_AGO, **values
        )

    found = Street(grid(code, GridKind.STREET, None))
    for i in range(1, totals + 1):
        total = grid(f"{code}{i:03}000", GridKind.TOTAL, found.street)
        found.totals.append(total)
        for j in range(1, comprehensives + 1):
            parent = grid(f"{code}{i:03}{j:03}", GridKind.COMPREHENSIVE, total)
            found.comprehensives.append(parent)
            for k in range(1, micros + 1):
                micro_code = f"{parent.code}{k:03}"
                found.micros.append(
                    grid(micro_code, GridKind.MICRO, parent, micro_type=MicroType.RESIDENT, households=40)
                )
    found.read_anew()
    return found


def make_category(code: str = "0602", tier: str = "A", **values: Any) -> Category:
    parent, _made = Category.objects.get_or_create(
        code=code[:2], defaults={"key": f"group{code[:2]}", "level": 1, "name": f"组{code[:2]}", "area": "安全生产"}
    )
    defaults = {
        "key": f"category{code}", "parent": parent, "level": 2, "name": f"类别{code}", "area": "安全生产", "tier": tier,
        "urgency": "normal", "response_hours": 4,
    }  # fmt: skip
    return Category.objects.create(code=code, **{**defaults, **values})


@dataclass
class Cast:
    """A street with one person in each post: what most tests of a case need."""

    place: Street
    street: User
    total_lead: User
    lead: User
    worker: User
    other_worker: User
    unit: Unit
    unit_staff: User
    outsider: User
    category: Category

    def read_anew(self) -> None:
        """As each request does: where a grid is added, others get other numbers in the tree."""
        self.place.read_anew()
        for one in vars(self).values():
            if isinstance(one, User):
                forget_scope(one)


def make_cast(tier: str = "A") -> Cast:
    """The worker is on the first micro-grid, the other worker on the second; the outsider leads another street."""
    place = make_street()
    elsewhere = make_street("990101002")
    unit = make_unit()
    people = {
        "street": (Role.STREET, PostKind.STREET_STAFF, place.street),
        "total_lead": (Role.TOTAL_LEAD, PostKind.ROOT_GRID_LEAD, place.totals[0]),
        "lead": (Role.COMPREHENSIVE_LEAD, PostKind.GRID_LEAD, place.comprehensives[0]),
        "worker": (Role.WORKER, PostKind.GRID_WORKER_FT, place.micros[0]),
        "other_worker": (Role.WORKER, PostKind.GRID_WORKER_FT, place.micros[1]),
        "unit_staff": (Role.UNIT_STAFF, PostKind.UNIT_STAFF, unit),
        "outsider": (Role.STREET, PostKind.STREET_STAFF, elsewhere.street),
    }
    users = {}
    for name, (role, kind, where) in people.items():
        users[name] = make_user(role, username=name)
        give(users[name], kind, where)
    return Cast(place=place, unit=unit, category=make_category(tier=tier), **users)
