"""Mediation of the demo street: committees with their members, studios and rooms, the pool of experts, and disputes in every state.
Played by the real actions, in the weeks before now."""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.actions import open_account
from accounts.choices import Role
from accounts.models import User
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post
from mediation.actions import elect, found_committee, give_seat, open_studio, register_expert, register_mediator
from mediation.actions.rooms import add_room
from mediation.choices.people import Office
from mediation.models import Committee, Mediator, Room

from .names import person_name

# The accounts one signs in with: who directs the first community's committee, and who mediates there.
DIRECTOR, MEDIATOR = "director1", "mediator1"
DAY = dt.timedelta(days=1)
COMMUNITIES, TERM_DAYS = 3, 400
# Kind, sex, office, skills, what is said of each: the members of a community's committee.
MEMBERS = (
    ("full_time", "female", Office.DIRECTOR, (), "社区党委副书记，十年调解经验。"),
    ("full_time", "male", Office.DEPUTY, ("neighbour_leak", "neighbour_space", "property"), "熟悉物业和房屋维修。"),
    ("elder", "female", Office.MEMBER, ("family", "neighbour_noise"), "老教师，居民信任的大姐。"),
    ("part_time", "male", Office.MEMBER, ("consumer", "contract"), "沿街商户代表。"),
    ("lawyer", "female", Office.APPOINTED, ("labour", "contract", "injury", "housing"), "社区法律顾问。"),
)
STUDIOS = ("老邻居调解室", "大姐谈心屋", "和为贵调解室")
EXPERTS = (
    ("police", "示例街派出所"), ("prosecutor", "区人民检察院"), ("judge", "区人民法院"), ("lawyer", "正和律师事务所"),
    ("psychologist", "街道心理服务站"), ("chief_adviser", "区法律专家库"),
)  # fmt: skip


@dataclass
class House:
    """A committee with its room and whoever mediates in it, the director first."""

    committee: Committee
    room: Room
    mediators: list[Mediator] = field(default_factory=list)


def seat_committees(now: dt.datetime, passwords: Mapping[str, str | None]) -> list[House]:
    """Fill the room for the first street; DIRECTOR and MEDIATOR get their PASSWORDS. Nothing where there is no street office."""
    street = Grid.objects.filter(parent=None).order_by("code").first()
    if street is None:
        return []
    posts = Post.objects.current(now.date()).filter(grid=street, kind=PostKind.STREET_STAFF).select_related("user")
    office = posts.order_by("pk").first()
    if office is None:
        return []
    dice = random.Random(f"mediation {street.code}")
    communities = Grid.objects.under(street).filter(kind=GridKind.TOTAL, valid_to=None).order_by("code")[:COMMUNITIES]
    houses = [
        _house(number, grid, street, office.user, dice, now, passwords)
        for number, grid in enumerate([*communities, street])
    ]
    for profession, place in EXPERTS:
        name, phone = person_name(dice), f"6200{dice.randrange(10_000):04}"
        register_expert(
            grid=street, profession=profession, name=name, office=place, phone=phone, by=office.user, at=now - 90 * DAY
        )
    return houses


def _house(
    number: int,
    grid: Grid,
    street: Grid,
    by: User,
    dice: random.Random,
    now: dt.datetime,
    passwords: Mapping[str, str | None],
) -> House:
    """The committee of a community, or of the street; the term of the second one ends soon."""
    at = now - 100 * DAY
    of_street, name = grid == street, grid.name.removesuffix("总网格")
    short = name.removesuffix("社区").removesuffix("街道")
    begun = at.date() - (TERM_DAYS if number != 1 else 3 * 365 - 100 - 45) * DAY
    committee = found_committee(
        grid=grid, kind="street" if of_street else "community", name=f"{name}人民调解委员会", short=short[:4],
        term_from=begun, place=f"{name}党群服务中心二层", phone=f"6100{number:04}", by=by, at=at,
    )  # fmt: skip
    house = House(committee, add_room(grid=grid, name=f"{short}调解室", place=f"{name}党群服务中心二层", by=by, at=at))
    for place, (kind, sex, _office, skills, about) in enumerate(MEMBERS):
        called, phone = person_name(dice), f"1000000{100 * number + place:04}"
        user = _account(number, place, called, passwords, at)
        house.mediators.append(
            register_mediator(
                grid=grid,
                kind=kind,
                name=called,
                sex=sex,
                phone=phone,
                about=about,
                skills=skills,
                user=user,
                by=by,
                at=at,
            )
        )
    keys: dict[str, list[int]] = {office: [] for office in Office.values}
    for one, (_kind, _sex, office, _skills, _about) in zip(house.mediators, MEMBERS, strict=True):
        keys[office].append(one.pk)
    members = {"director": keys[Office.DIRECTOR][0], "deputies": keys[Office.DEPUTY], "members": keys[Office.MEMBER]}
    elect(committee=committee, term_from=begun, **members, by=by, at=at)  # type: ignore[arg-type]
    for pk in keys[Office.APPOINTED]:
        give_seat(committee=committee, mediator=pk, office=Office.APPOINTED, by=by, at=at)
    if number < len(STUDIOS):
        told = {"name": STUDIOS[number], "about": "由本社区调解员主持，预约即可。"}
        open_studio(committee=committee, **told, mediator=house.mediators[2], room=house.room, by=by, at=at)
    return house


def _account(number: int, place: int, name: str, passwords: Mapping[str, str | None], at: dt.datetime) -> User:
    """An account of the role mediator; the first director's and the first deputy's can be signed in with."""
    known = {(0, 0): DIRECTOR, (0, 1): MEDIATOR}
    username = known.get((number, place), f"mediator{number + 1}{place:02}")
    return open_account(
        username=username,
        full_name=name,
        role=Role.MEDIATOR,
        password=passwords.get(username),
        by=User.objects.system(),
        at=at,
    )
