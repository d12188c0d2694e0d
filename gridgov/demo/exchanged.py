"""A city's hotline as the partner of the demo street, with orders in every state that the desk's pages tell apart."""

import datetime as dt
import json
from typing import Any

from accounts.choices import Role
from accounts.models import User
from grids.actions import open_client
from grids.choices import GridKind
from grids.models import Grid
from integrations.actions import hotline
from integrations.models import Inbound, Partner

# Where the simulator of `make hotline` listens, and the short name under which it sends.
CODE, ANSWERS_AT = "city", "http://127.0.0.1:8190"
CALLER = {"name": "李某", "phone": "10000000001", "confidential": False}
ORDERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("orders", {"title": "楼前路灯不亮", "content": "楼前路灯好几天不亮了，老人出行不便。", "category_code": "0402"}),
    ("orders", {"title": "路口垃圾无人清运", "content": "路口垃圾堆了两天，味道很大。", "category_code": "0301",
                "caller": CALLER | {"confidential": True}}),
    ("orders", {"title": "楼下音响扰民", "content": "楼下音响放到半夜。", "category_code": "0305", "urgency": "urgent"}),
    ("orders", {"title": "单元门贴满小广告", "content": "单元门上贴满小广告。", "category_code": "HX-0977"}),
    ("orders", {"title": "井盖松动", "content": "", "category_code": "0402"}),
)  # fmt: skip


def exchange(*, at: dt.datetime) -> None:
    """Enter the partner of the first street and let its orders come in, by the real actions."""
    street = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code").first()
    by = User.objects.filter(role=Role.SYSTEM_ADMIN).order_by("pk").first()
    if street is None or by is None:
        return
    partner = enter_partner(street, address=ANSWERS_AT, by=by, at=at)
    grid = Grid.objects.under(street).filter(kind=GridKind.MICRO, valid_to=None).order_by("code")[0]
    for number, (operation, said) in enumerate(ORDERS, 1):
        _send(partner, operation, f"12345-{at:%Y%m%d}-{number:06}", grid.code, said, at)
    _send(partner, "urges", f"12345-{at:%Y%m%d}-000003", grid.code, {"content": "市民再次来电催办。"}, at)
    waiting = list(Inbound.objects.filter(partner=partner).order_by("pk").values_list("pk", flat=True))
    hotline.take_messages(messages=waiting, by=User.objects.system(), at=at)


def enter_partner(street: Grid, *, address: str, by: User, at: dt.datetime) -> Partner:
    """The hotline of STREET, with an account of its own and a secret, switched on."""
    said: dict[str, Any] = {"purposes": [], "networks": [], "per_minute": 120, "expires_on": None, "unit": None}
    client = open_client(
        name="12345热线", purpose="工单往来", scopes=["hotline:exchange"], grid=street, **said, by=by, at=at
    )
    partner = hotline.add_partner(
        code=CODE, name="市12345热线", profile=hotline.shipped_profiles()["hotline_12345"], ground=street, account=client.user,
        address=address, by=by, at=at,
    )  # fmt: skip
    hotline.set_partner_secret(partner=partner, by=by, at=at)
    return hotline.switch_partner(partner=partner, active=True, by=by, at=at)


def _send(partner: Partner, operation: str, number: str, grid: str, said: dict[str, Any], at: dt.datetime) -> None:
    deadline = (at + dt.timedelta(days=7)).replace(hour=18, minute=0, second=0)
    body = {
        "order_no": number, "version": 1, "request_type": "complaint", "caller": CALLER, "address": "幸福里小区", "grid_code": grid,
        "urgency": "normal", "deadline": deadline.isoformat(), **said,
    }  # fmt: skip
    hotline.receive_message(
        partner=partner, operation=operation, nonce=f"demo-{operation}-{number}", body=json.dumps(body).encode(), at=at
    )
