"""Two streets with a row of everything in each, and every hand that may come to the first."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.actions.downloads import file_of
from accounts.choices import ADMIN_HANDS, NoticeKind, Role
from accounts.choices.clients import SCOPES
from accounts.models import ApiClient, ApiKey, Delegation, Notice, User
from cases import actions
from cases.models import BulkLine, Category
from door.models import Slip
from gridgov.core.makers import maker_of
from grids.choices import GridKind, MicroType, PostKind
from grids.models import Binding, Grid, Unit
from mediation.models import Assignment, Committee, Mediation
from tests.access.filling import fill
from tests.cases.test_api import jpeg, upload
from tests.factories import (
    LONG_AGO,
    MONDAY,
    Cast,
    give,
    make_cast,
    make_client,
    make_key,
    make_street,
    make_unit,
    make_user,
)
from tests.house.rows import MAKERS
from tests.mediation.people import make_mediator, seat
from volunteers.models import SignUp, Volunteer

OURS, THEIRS = "990101001", "990101009"
DAY = dt.timedelta(days=1)
# Verbs take these as they come; which verb it is decides who may.
NO_ID, NO_UUID, NO_CODE = 999_999_999, "00000000-0000-4000-8000-00000000dead", "zz-none-such"
# Rows of models that the makers of tests/house don't make, in an order in which each finds what it belongs to.
MORE = (
    "accounts.Download", "accounts.SavedList", "accounts.EntryApp", "accounts.Identity", "accounts.NoticeText", "core.Upload",
    "cases.VoiceNote", "cases.ReleasedPhoto", "volunteers.Issuer", "volunteers.Objection", "volunteers.Claim",
    "mediation.Template", "mediation.Agreement", "mediation.Signature", "mediation.Paper", "mediation.PartyLink",
    "integrations.Channel", "integrations.OwnChannel", "integrations.Message", "integrations.Partner",
    "integrations.PartnerCode", "integrations.PartnerOrder", "integrations.Inbound", "integrations.Outbound",
    "integrations.PartnerFile", "integrations.RefusedMessage", "integrations.Jurisdiction",
)  # fmt: skip


@dataclass
class World:
    """A street: its people, its rows by route of the API, and the first and last row of each table that came with it."""

    cast: Cast
    rows: dict[str, Any] = field(default_factory=dict)
    span: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def names(self) -> dict[str, Any]:
        """What a field of a request may name, by the field's name."""
        cast, place = self.cast, self.cast.place
        code = place.micros[0].code
        return {
            "grid": code, "grid_code": code, "parent": place.comprehensives[0].pk, "street": place.street.code,
            "category": cast.category.code, "matters": cast.category.code, "unit": cast.unit.pk, "lead": cast.total_lead.pk,
            "person": cast.worker.pk, "user": cast.worker.username, "deputy": cast.other_worker.username,
            "secretary": cast.lead.username, "case": self.row("cases.case").pk, "post": self.rows["posts"].pk,
            "volunteer": self.rows["volunteers"].pk, "station": self.rows["stations"].pk, "good": self.rows["goods"].pk,
            "sign_up": self.rows["sign-ups"].pk, "committee": self.rows["mediation-committees"].pk, "leading": self.row("cases.case").pk,
            "case_no": self.row("cases.case").no,
            "mediation": self.row("mediation.mediation").pk,
        }  # fmt: skip

    def row(self, label: str) -> Any:
        """The newest row of a model ("cases.case") that came with this street, of what its office sees where it sees any."""
        label = label.lower()
        if label in self.more:
            return self.more[label]
        model = apps.get_model(label)
        first, last = self.span[label]
        rows = (
            model._default_manager.filter(pk__gt=first, pk__lte=last)
            if first is not None
            else model._default_manager.none()
        )
        mine = rows.visible_to(self.cast.street) if hasattr(rows, "visible_to") else rows
        return mine.order_by("-pk").first() or rows.order_by("-pk").first()


def _tops() -> dict[str, Any]:
    """The newest key of each table whose keys are numbers."""
    numbered = [one for one in apps.get_models() if isinstance(one._meta.pk, models.AutoField | models.BigAutoField)]
    return {one._meta.label_lower: one._base_manager.aggregate(top=models.Max("pk"))["top"] or 0 for one in numbered}


def build(code: str = OURS) -> World:
    """The street CODE with a row of everything; the first of two is the usual cast."""
    before = _tops()
    cast = make_cast() if code == OURS else _cast_of(code)
    _widen(cast)
    Unit.objects.filter(pk=cast.unit.pk).update(area_prefix=cast.place.street.code)
    world = World(cast)
    for route in sorted(MAKERS):
        number = (
            2 if route == "categories" and code != OURS else 1
        )  # matters are everybody's, and have numbers of their own
        world.rows[route] = MAKERS[route].make(cast, number)
        cast.read_anew()
    world.span = {label: (first, 2**62) for label, first in before.items()}
    _dress(world)
    world.span = {label: (before[label], last) for label, last in _tops().items()}
    return world


def _cast_of(code: str) -> Cast:
    """The cast once more, in a street of its own."""
    place, unit = make_street(code), make_unit()
    people = {
        "street": (Role.STREET, PostKind.STREET_STAFF, place.street),
        "total_lead": (Role.TOTAL_LEAD, PostKind.ROOT_GRID_LEAD, place.totals[0]),
        "lead": (Role.COMPREHENSIVE_LEAD, PostKind.GRID_LEAD, place.comprehensives[0]),
        "worker": (Role.WORKER, PostKind.GRID_WORKER_FT, place.micros[0]),
        "other_worker": (Role.WORKER, PostKind.GRID_WORKER_FT, place.micros[1]),
        "unit_staff": (Role.UNIT_STAFF, PostKind.UNIT_STAFF, unit),
    }
    users = {name: make_user(role) for name, (role, _kind, _where) in people.items()}
    for name, (_role, kind, where) in people.items():
        give(users[name], kind, where)
    category = Category.objects.filter(level=2).first()
    return Cast(place=place, unit=unit, category=category, outsider=make_user(Role.STREET), **users)  # type: ignore[arg-type]


def _widen(cast: Cast) -> None:
    """A second community with a grid of its own: where those stand who are beside."""
    code, above = cast.place.street.code, cast.place.street
    for part, kind in (("002000", GridKind.TOTAL), ("002001", GridKind.COMPREHENSIVE), ("002001001", GridKind.MICRO)):
        more = {"micro_type": MicroType.RESIDENT, "households": 40} if kind == GridKind.MICRO else {}
        above = Grid.objects.create(
            code=code + part, kind=kind, parent=above, name=f"网格{part}", valid_from=LONG_AGO, **more
        )
        {
            GridKind.TOTAL: cast.place.totals,
            GridKind.COMPREHENSIVE: cast.place.comprehensives,
            GridKind.MICRO: cast.place.micros,
        }[kind].append(above)
    cast.read_anew()


def _dress(world: World) -> None:
    """What else can be asked for by a number: attachments, files, links, and what other systems brought."""
    cast = world.cast
    case = world.rows["cases"]
    world.more["cases.case"] = case
    world.more["cases.order"] = case.orders.get()
    world.more["cases.photo"] = actions.add_photo(
        case=case.pk, kind="before", upload=upload(jpeg()), by=cast.worker, at=MONDAY
    )
    file = Mediation.objects.filter(committee__grid=cast.place.comprehensives[0]).order_by("pk").last()
    world.more |= {"mediation.mediation": file, "mediation.party": file.parties.first()}
    world.more["mediation.session"] = file.sessions.first() or fill("mediation.Session", world, mediation=file)
    for label in MORE:
        world.more[label.lower()] = fill(label, world, **given_for(label, world))
    path = file_of(world.more["accounts.download"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id\n")
    BulkLine.objects.create(bulk=world.rows["bulk-runs"], case=case, version=case.version)
    world.more["door.slip"] = Slip.objects.filter(case=case).first() or fill("door.Slip", world)
    world.more["accounts.notice"] = Notice.objects.create(
        user=cast.street, kind=NoticeKind.SYSTEM, key=f"own{cast.street.pk}", text="Noted.", at=MONDAY
    )
    world.more["accounts.session"] = fill("accounts.Session", world, user=cast.street, began_at=MONDAY, idle=1800)
    client, _raw = make_client(["cases:read"], grid=cast.place.street)
    world.more |= {"accounts.apiclient": client, "accounts.user": cast.worker}


def given_for(label: str, world: World) -> dict[str, Any]:
    """What a row of LABEL needs beside what fits its columns."""
    known: dict[str, dict[str, Any]] = {
        "mediation.Signature": {"party": world.more["mediation.party"]},
        "mediation.Template": {"street": world.cast.place.street},
        "integrations.Inbound": {"body": ""},
        "accounts.Download": {"kind": "cases.list", "standing": maker_of("cases.list").standing(world.cast.street)},
    }
    return known.get(label, {})


# --- hands -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hand:
    """Somebody who asks: an account, or another system's KEY, or neither. ABOUT is what docs/access.md says of it."""

    name: str
    about: str
    user: User | None = None
    key: str = ""

    @property
    def is_everywhere(self) -> bool:
        """Whether no street is another one to them: the three administrators see the whole house, and no files of people."""
        return self.user is not None and self.user.role in ADMIN_HANDS


def hands(world: World) -> dict[str, Hand]:
    """Everybody who may come to the street of WORLD, by short names."""
    today, cast = timezone.localdate(), world.cast
    found = [
        Hand("street", "街道 street office", cast.street),
        Hand("total", "总网格长 lead of a total grid", cast.total_lead),
        Hand("lead", "综合网格长 lead of a comprehensive grid; here also director of the mediation committee", cast.lead),
        Hand("worker", "网格员 grid worker", cast.worker),
        Hand("unit", "承办单位 staff of the unit that has the order", cast.unit_staff),
        Hand("special", "专业网格员 professional worker of that unit, bound to the grid", _specialist(cast)),
        Hand("helper", "志愿者 volunteer", _helper(world)),
        Hand("mediator", "调解员 mediator of the file", _mediator(world)),
        Hand("system", "系统管理员 system administrator", make_user(Role.SYSTEM_ADMIN)),
        Hand("security", "安全管理员 security administrator", make_user(Role.SECURITY_ADMIN)),
        Hand("auditor", "审计员 auditor", make_user(Role.AUDITOR)),
        Hand("b-total", "同街道其他社区的总网格长 lead of another community", _placed(PostKind.ROOT_GRID_LEAD, cast.place.totals[1])),
        Hand("b-lead", "同街道其他网格长 lead of another grid", _placed(PostKind.GRID_LEAD, cast.place.comprehensives[1])),
        Hand("b-worker", "旁边微网格的网格员 worker of the next micro-grid", cast.other_worker),
        Hand("b-unit", "没有此件的单位 unit without the order", _in_unit(cast)),
        Hand("b-helper", "别的志愿者 another volunteer", _other_helper(world)),
        Hand("b-mediator", "不经办此案的调解员 member of the committee, not of the file", _other_mediator(world)),
        Hand("expired", "岗位已到期的街道人员 street staff whose post has ended", _placed(
            PostKind.STREET_STAFF, cast.place.street, valid_to=today - DAY)),
        Hand("future", "岗位未生效 whose post begins tomorrow", _placed(
            PostKind.STREET_STAFF, cast.place.street, valid_from=today + DAY)),
        Hand("before", "代岗开始前 stand-in before the days", _stand_in(cast, today + DAY, today + 3 * DAY)),
        Hand("during", "代岗期间 stand-in within the days", _stand_in(cast, today - DAY, today + DAY)),
        Hand("after", "代岗结束后 stand-in after the days", _stand_in(cast, today - 3 * DAY, today - DAY)),
        *_systems(world),
        Hand("nobody", "未登录者 nobody"),
    ]  # fmt: skip
    return {hand.name: hand for hand in found}


_ROLES = {
    PostKind.ROOT_GRID_LEAD: Role.TOTAL_LEAD, PostKind.GRID_LEAD: Role.COMPREHENSIVE_LEAD, PostKind.STREET_STAFF: Role.STREET,
}  # fmt: skip


def _placed(kind: str, grid: Grid, **values: Any) -> User:
    user = make_user(_ROLES[PostKind(kind)])
    give(user, kind, grid, **values)
    return user


def _specialist(cast: Cast) -> User:
    user = make_user(Role.UNIT_STAFF)
    post = give(user, PostKind.SPECIALIST_WORKER, cast.unit)
    Binding.objects.create(post=post, grid=cast.place.comprehensives[0], matters=["0602"], valid_from=LONG_AGO)
    return user


def _in_unit(cast: Cast) -> User:
    user = make_user(Role.UNIT_STAFF)
    give(user, PostKind.UNIT_STAFF, make_unit(area_prefix=cast.place.street.code))
    return user


def _helper(world: World) -> User:
    return SignUp.objects.get(pk=world.rows["sign-ups"].pk).volunteer.user  # type: ignore[return-value]


def _other_helper(world: World) -> User:
    mine = _helper(world)
    rows = Volunteer.objects.filter(grid=world.cast.place.micros[0]).exclude(user=mine)
    return rows.order_by("pk").first().user  # type: ignore[union-attr, return-value]


def _mediator(world: World) -> User:
    assigned = Assignment.objects.filter(mediation=world.more["mediation.mediation"]).first()
    return assigned.mediator.user  # type: ignore[union-attr, return-value]


def _other_mediator(world: World) -> User:
    committee: Committee = world.more["mediation.mediation"].committee
    other = make_mediator(committee.grid)
    seat(committee, other)
    return other.user  # type: ignore[return-value]


def _stand_in(cast: Cast, first: dt.date, last: dt.date) -> User:
    user = make_user(Role.STREET)
    days = {"valid_from": first, "valid_to": last, "made_by": cast.street, "made_at": MONDAY}
    Delegation.objects.create(user=cast.street, deputy=user, **days)
    return user


def _systems(world: World) -> list[Hand]:
    """Other systems: the street's own, one of the unit, one of a grid beside, and those that should be let in no more."""
    cast, scopes, yesterday = world.cast, list(SCOPES), timezone.localdate() - DAY
    own, raw = make_client(scopes, grid=cast.place.street)
    revoked = make_key(own)
    ApiKey.objects.filter(prefix=revoked.partition(".")[0]).update(revoked=True, revoked_at=MONDAY)
    bare = make_client([], grid=cast.place.street)[1]
    ended, late = make_client(scopes, grid=cast.place.street)
    ApiClient.objects.filter(pk=ended.pk).update(expires_on=yesterday)
    away, elsewhere = make_client(scopes, grid=cast.place.street)
    ApiClient.objects.filter(pk=away.pk).update(networks=["203.0.113.0/24"])
    return [
        Hand("key", "街道的接口密钥 key of a system of the street, all scopes", key=raw),
        Hand("k-unit", "单位的接口密钥 key of a system of the unit", key=make_client(scopes, unit=cast.unit)[1]),
        Hand(
            "k-beside",
            "旁边社区的接口密钥 key of another community",
            key=make_client(scopes, grid=cast.place.totals[1])[1],
        ),
        Hand("k-bare", "没有权限项的密钥 key without a scope", key=bare),
        Hand("k-revoked", "已吊销的密钥 revoked key", key=revoked),
        Hand("k-ended", "已到期的密钥 key of a client that has ended", key=late),
        Hand("k-away", "从别处使用的密钥 key used from a foreign network", key=elsewhere),
    ]
