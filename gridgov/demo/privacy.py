"""Personal data in the demo street: two requests, one answered and one waiting, and two impact assessments. By the real actions."""

import datetime as dt

from accounts.choices import Role
from accounts.models import User
from grids.choices import PostKind
from grids.models import Grid, Post
from privacy.actions import answer_request, assess, decide_request, note_done, take_request, verify_request
from privacy.actions.asking import Asked
from privacy.choices import Ask, Source, Verified

DAY = dt.timedelta(days=1)
ASSESSED = (
    {
        "kind": "fieldwork.trail", "risk": "low",
        "purpose": "仅在巡查期间、为网格员本人举证而收取，不用于考核排名；不收取则无法应对争议，属必要。",
        "effect": "行踪轨迹属敏感个人信息，若被他人随意查看会影响网格员个人生活安宁。",
        "measures": "只有本人可见；街道核查须写理由并告知本人；原始点最长保存90天；工作时间以外不收取。",
    },
    {
        "kind": "export.partners", "risk": "middle",
        "purpose": "与12345热线、城市管理平台交换工单，属法定职责，只交换办理所需字段。",
        "effect": "来电人姓名、电话由对方掌握并传入，泄露会暴露诉求人。",
        "measures": "双方签名验签；原文加密保存，到期删除；查看来电人须写理由并留痕；保密工单不外传。",
    },
)  # fmt: skip


def protect(now: dt.datetime) -> None:
    """Fill the room for the first street; nothing where there is no street office."""
    street = Grid.objects.filter(parent=None, valid_to=None).order_by("code").first()
    posts = Post.objects.current(now.date()).filter(grid=street, kind=PostKind.STREET_STAFF).select_related("user")
    office = posts.order_by("pk").first()
    security = User.objects.filter(role=Role.SECURITY_ADMIN).order_by("pk").first()
    if street is None or office is None:
        return
    by = office.user
    asked = Asked(street, "陈女士", "62000017", [Ask.COPY, Ask.WITHDRAW], "想知道你们留了我哪些信息，以后不用再回访。")
    row, _code = take_request(asked=asked, by=by, at=now - 9 * DAY)
    verify_request(request=row, how=Verified.DOCUMENT, by=by, at=now - 8 * DAY)
    decide_request(request=row, decisions={Ask.COPY: ("", ""), Ask.WITHDRAW: ("", "")}, by=by, at=now - 7 * DAY)
    note_done(request=row, note="已停止回访，未查到留存的联系方式", by=by, at=now - 7 * DAY)
    answer_request(
        request=row, answer="未查到您留存的联系方式，今后不再回访。副本可凭编号和查询码下载。", by=by, at=now - 6 * DAY
    )
    waiting = Asked(street, "赵先生", "62000018", [Ask.DELETE], "请删除我的电话。", Source.DOOR)
    take_request(asked=waiting, by=User.objects.door(), at=now - DAY)
    if security is not None:
        for one in ASSESSED:
            assess(**one, review_on=(now + 180 * DAY).date(), by=security, at=now - 30 * DAY)
