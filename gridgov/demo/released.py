"""What the demo street tells its residents: announcements, groups of neighbours, cards, and results of closed cases."""

import datetime as dt
import io

import segno
from django.utils import timezone

from accounts.models import User
from cases.actions import publish_case
from cases.actions.publishing import publish_due
from cases.models import Case, Photo
from grids.actions import add_group, announce, issue_cards, set_public_page
from grids.choices import GroupKind, GroupLevel, PostKind
from grids.models import Grid, Post, PublicPage

# (to whom, title, text, days it stands, for residents)
NOTICES = (
    (
        "street",
        "全国文明典范城市创建，欢迎随手拍",
        "发现暴露垃圾、占道经营、设施损坏，扫门口二维码即可上报，3个自然日内答复。",
        60,
        True,
    ),
    ("total", "周四上午8时至12时停水检修", "因二次供水设备检修，请提前储水。咨询可拨打街道电话。", 7, True),
    ("micro", "楼道消防通道清理", "本周六上午集中清理楼道堆物，请各户提前收好个人物品。", 10, True),
    ("total", "本周重点：电动自行车飞线充电排查", "各微网格周五前完成一遍排查，无情况也请零报告。", 7, False),
)
RESULTS_AFTER = 7


def release(*, by: User, at: dt.datetime) -> None:
    """Fill the pages of the demo street's first community."""
    street = Grid.objects.filter(parent=None).order_by("code").first()
    if street is None:
        return
    today = timezone.localdate(at)
    under = Grid.objects.under(street).current(today).order_by("lft")
    places = {
        "street": street,
        "total": under.filter(kind="total").first(),
        "micro": under.filter(kind="micro").first(),
    }
    for place, title, text, days, public in NOTICES:
        if (grid := places[place]) is not None:
            announce(
                grid=grid,
                title=title,
                text=text,
                is_public=public,
                valid_to=today + dt.timedelta(days=days),
                by=by,
                at=at,
            )
    if places["micro"] is not None:
        _groups(places["micro"], by, at)
    _cards(by, at)
    page = PublicPage.objects.get(street=street)
    set_public_page(
        street=street, is_open=True, phone=page.phone, words=page.words, results_after=RESULTS_AFTER, by=by, at=at
    )
    _results(by, at)


def _groups(grid: Grid, by: User, at: dt.datetime) -> None:
    """One by a picture that runs out, one by a link that does not. Neither leads anywhere."""
    today = timezone.localdate(at)
    code = io.BytesIO()
    segno.make_qr("https://weixin.example.cn/g/demo", error="q").save(code, kind="png", scale=12, border=4)
    code.seek(0)
    ways = {"picture": code, "valid_until": today + dt.timedelta(days=7), "level": GroupLevel.BUILDING}
    add_group(grid=grid, label="1号楼联户群", is_public=True, by=by, at=at, **ways)  # type: ignore[arg-type]
    link = {"url": "https://work.weixin.example.cn/gm/demo", "kind": GroupKind.WECOM}
    add_group(grid=grid, label=f"{grid.name}联户群", is_public=True, by=by, at=at, **link)  # type: ignore[arg-type]


def _cards(by: User, at: dt.datetime) -> None:
    named = Post.objects.current(timezone.localdate(at)).filter(
        is_public_contact=True, kind=PostKind.GRID_WORKER_FT, grid__isnull=False
    )
    issue_cards(posts=named.order_by("pk")[:20], by=by, at=at)


def _results(by: User, at: dt.datetime) -> None:
    """What the street lets be published by itself, and one with its pictures."""
    publish_due(by=by, at=at)
    pictured = Photo.objects.filter(case__publication__isnull=False).order_by("-case__closed_at")
    case = Case.objects.filter(pk__in=pictured.values("case")[:1]).select_related("publication").first()
    if case is not None:
        shown = [photo.pk for photo in case.photos.all()]
        title, text = case.publication.title, case.publication.text
        publish_case(case=case.pk, title=title, text=text, photos=shown, by=by, at=at)
