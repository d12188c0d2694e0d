"""What the demo street lets everybody read: its duty list, and public pages that name the leads and the full-time workers."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from grids.actions import add_duty, disclose_post, set_public_page
from grids.choices import DutyArea, PostKind
from grids.models import Grid, Post

# No number that somebody could have: the prefix 100 is given to nobody (handbook 7).
OFFICE, WORK = "10000000001", "10000000002"
WORDS = "有事找网格：身边事请先找网格员，紧急情况请拨110、119、120。"
# 3类10项 for those who make the rounds; leads call together and see to it.
ITEMS: dict[PostKind, tuple[tuple[DutyArea, str], ...]] = {
    PostKind.GRID_WORKER_FT: (
        (DutyArea.PUBLIC_ORDER, "每天在网格内巡查走访不少于3小时"),
        (DutyArea.PUBLIC_ORDER, "排查消防、燃气、用电等安全隐患并及时上报"),
        (DutyArea.PUBLIC_ORDER, "排查邻里纠纷，协助人民调解"),
        (DutyArea.PUBLIC_ORDER, "宣传防诈骗知识"),
        (DutyArea.GRASSROOTS, "采集、更新网格基础信息"),
        (DutyArea.GRASSROOTS, "宣传惠民政策，代办政务服务"),
        (DutyArea.GRASSROOTS, "走访独居老人等有服务需求的家庭"),
        (DutyArea.GRASSROOTS, "收集居民诉求并反馈办理结果"),
        (DutyArea.EMERGENCY, "突发情况先期处置并立即报告"),
        (DutyArea.EMERGENCY, "恶劣天气提醒、转移群众"),
    ),
    PostKind.MICRO_GRID_WORKER: (
        (DutyArea.PUBLIC_ORDER, "参与邻里守望，发现隐患告知网格员"),
        (DutyArea.GRASSROOTS, "收集楼栋居民的意见建议"),
        (DutyArea.EMERGENCY, "协助通知、疏散居民"),
    ),
    PostKind.GRID_LEAD: (
        (DutyArea.GRASSROOTS, "统筹综合网格力量，召集网格议事"),
        (DutyArea.GRASSROOTS, "协调解决需社区层面处理的事项"),
    ),
    PostKind.ROOT_GRID_LEAD: ((DutyArea.GRASSROOTS, "负总责：分派、督促、公开社区网格事项"),),
}
NAMED = (PostKind.ROOT_GRID_LEAD, PostKind.GRID_LEAD, PostKind.GRID_WORKER_FT)


def disclose(*, by: User, at: dt.datetime) -> None:
    """Open the pages of the demo street, and name people of its first community on them."""
    street = Grid.objects.filter(parent=None).order_by("code").first()
    if street is None:
        return
    for kind, items in ITEMS.items():
        for area, text in items:
            add_duty(street=street, kind=kind, area=area, text=text, by=by, at=at)
    set_public_page(street=street, is_open=True, phone=OFFICE, words=WORDS, by=by, at=at)
    named = Post.objects.current(timezone.localdate(at)).filter(
        kind__in=NAMED, grid__code__startswith=f"{street.code}001"
    )
    for post in named.order_by("pk"):
        phone = WORK if post.kind == PostKind.GRID_WORKER_FT else ""
        disclose_post(post=post, shown=True, phone=phone, by=by, at=at)
