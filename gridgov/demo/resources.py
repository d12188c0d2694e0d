"""The library of resources of the demo street 资源库: some forty across its communities, with what they do each month."""

import datetime as dt
import random

from accounts.models import User
from grids.choices import GridKind, PostKind
from grids.models import Grid, Post
from resources.actions import add_resource, add_service, end_resource
from resources.choices import LAST_WEEK, ResourceKind
from resources.models import Resource

from .names import person_name

_DAY, _OFFICE, _SHOP = "周一至周日 8:30—20:30", "周一至周五 9:00—17:00", "每天 7:30—21:00"
# Kind, name ({place} is the grid's), what it offers, hours; and for a service what, weekday, which of the month, day, time.
_VENUES = (
    ("党群服务驿站", "可容纳60人的会议室，投影、音响、茶水", _DAY, ("便民服务集市", 6, 1, None, "9:00—11:30")),
    ("邻里活动室", "棋牌、书画、合唱排练", _DAY, ("老年合唱排练", 2, None, None, "14:30—16:30")),
    ("四方议事室", "居民议事、物业协商、调解", _OFFICE, ("居民议事日", 4, LAST_WEEK, None, "19:00—20:30")),
    ("小广场", "露天场地约800平方米，可办市集和演出", "全天", ("露天电影", 5, 2, None, "19:30")),
)
_SHOPS = (
    ("好又多便利店", "代收快递、应急用品、歇脚饮水", _SHOP, None),
    ("惠民大药房", "测血压血糖、送药上门", _SHOP, ("免费测血压血糖", None, None, 15, "9:00—11:00")),
    ("老张理发店", "七十岁以上老人半价", _SHOP, ("老人免费理发", 1, LAST_WEEK, None, "9:00—11:00")),
    ("平安电动车维修", "电动车检修、充电安全检查", _SHOP, ("电动车免费安检", None, None, 20, "15:00—17:00")),
)
_ENTERPRISES = (
    ("恒通物业公司", "应急抢修队8人、升降车1台", _OFFICE, None),
    ("华盛食品厂", "爱心助餐、场地可作应急避难", _OFFICE, ("企业开放日", None, None, 8, "14:00—16:00")),
)
_ORGANISATIONS = (
    ("夕阳红互助会", "独居老人陪伴、结对帮扶", _OFFICE, ("独居老人集体生日会", None, None, 25, "15:00")),
    ("青禾社会工作服务中心", "青少年课后辅导、心理疏导", _OFFICE, ("四点半课堂", 3, None, None, "16:30—18:00")),
)
_POINTS = (
    ("快递小哥歇脚点", "饮水、充电、微波炉、急救包", "全天", None),
    ("法律服务点", "律师值班、公证咨询", _OFFICE, ("律师值班", 3, 1, None, "9:00—11:30")),
)
_TALENTS = ("剪纸、书法教学", "水电维修，可上门", "评书和快板", "调解邻里纠纷，退休法官")
_BOOK = (
    (ResourceKind.VENUE, _VENUES), (ResourceKind.SHOP, _SHOPS), (ResourceKind.ENTERPRISE, _ENTERPRISES),
    (ResourceKind.SOCIAL_ORG, _ORGANISATIONS), (ResourceKind.SERVICE_POINT, _POINTS),
)  # fmt: skip


def take_stock(now: dt.datetime) -> None:
    """Fill the library of the first street: each community has something of every kind."""
    street = Grid.objects.filter(parent=None).order_by("code").first()
    office = street and Post.objects.current(now.date()).filter(grid=street, kind=PostKind.STREET_STAFF).first()
    if not (street and office):
        return
    dice, by, at = random.Random(f"resources {street.code}"), office.user, now - dt.timedelta(days=40)
    grids = list(Grid.objects.under(street).filter(kind=GridKind.COMPREHENSIVE, valid_to=None).order_by("code"))
    number = 0
    for turn, grid in enumerate(grids[:: max(len(grids) // 8, 1)][:8]):
        for kind, book in _BOOK:
            row = _enter(grid, kind, book[turn % len(book)], number, dice, by, at)
            number += 1
        _talent(grid, turn, number, dice, by, at)
    end_resource(resource=row, reason="已搬离", by=by, at=now - dt.timedelta(days=3))


def _place(grid: Grid, dice: random.Random) -> tuple[float, float]:
    """Somewhere inside the border of GRID."""
    from shapely import Point, from_wkb

    shape = from_wkb(bytes(grid.shape or b""))
    west, south, east, north = shape.bounds
    while True:
        lng, lat = round(dice.uniform(west, east), 6), round(dice.uniform(south, north), 6)
        if shape.contains(Point(lng, lat)):
            return lng, lat


def _enter(
    grid: Grid, kind: str, entry: tuple, number: int, dice: random.Random, by: User, at: dt.datetime
) -> Resource:
    name, offers, hours, service = entry
    lng, lat = _place(grid, dice)
    row = add_resource(
        grid=grid, kind=kind, name=f"{grid.name}{name}", offers=offers, place=f"{grid.name}内", lng=lng, lat=lat, hours=hours,
        contact_name="值班室", contact_phone=f"1000002{number:04}", is_contact_open=True, by=by, at=at,
    )  # fmt: skip
    if service:
        what, weekday, week, day, time = service
        add_service(resource=row, what=what, weekday=weekday, week=week, month_day=day, time=time, by=by, at=at)
    return row


def _talent(grid: Grid, turn: int, number: int, dice: random.Random, by: User, at: dt.datetime) -> None:
    lng, lat = _place(grid, dice)
    add_resource(
        grid=grid, kind=ResourceKind.TALENT, name=person_name(dice), offers=_TALENTS[turn % len(_TALENTS)],
        place=f"{grid.name}邻里活动室", lng=lng, lat=lat, contact_phone=f"1000001{number:04}", consented_on=at.date(),
        is_public=False, by=by, at=at,
    )  # fmt: skip
