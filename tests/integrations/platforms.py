"""A city's platforms as tests play them: what they send, signed as their profiles say, and what they get."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errands import run_next
from gridgov.core.jobs import run_due
from integrations.actions import hotline as actions
from integrations.models import Partner
from integrations.rules import profiles
from tests.factories import Cast, make_user

SECRET = "a secret of sixteen and more"


def make_partner(cast: Cast, kind: str = "hotline_12345", code: str = "", **values: Any) -> Partner:
    """A partner of the street of CAST, switched on."""
    keeper = User.objects.filter(role=Role.SYSTEM_ADMIN).first() or make_user(Role.SYSTEM_ADMIN, username="keeper")
    now = timezone.now()
    given = {
        "code": code or kind.replace("_", "-")[:24],
        "name": f"平台{code or kind}",
        "account": cast.street,
        **values,
    }
    partner = actions.add_partner(
        profile=actions.shipped_profiles()[kind], ground=cast.place.street, **given, by=keeper, at=now
    )
    actions.set_partner_secret(partner=partner, secret=SECRET, by=keeper, at=now)
    actions.switch_partner(partner=partner, active=True, by=keeper, at=now)
    return Partner.objects.get(pk=partner.pk)


@dataclass
class Platform:
    """Sends to PARTNER; nothing but the wire between them."""

    partner: Partner
    secret: str = SECRET
    client: Client = field(default_factory=Client)

    def send(self, operation: str, body: Any, *, at: float | None = None, nonce: str = "", **more: Any) -> Any:
        profile, raw = self.partner.profile, body if isinstance(body, bytes) else json.dumps(body).encode()
        scheme = profile["signature"]
        moment = time.time() if at is None else at
        timestamp = str(int(moment * (1000 if scheme.get("clock") == "ms" else 1)))
        nonce = nonce or uuid.uuid4().hex
        names = scheme["headers"]
        headers = {
            names["timestamp"]: timestamp,
            names["nonce"]: nonce,
            names["signature"]: profiles.signature(profile, self.secret, timestamp, nonce, raw),
        }
        url = f"/exchange/{self.partner.code}/{operation}"
        return self.client.post(url, raw, content_type="application/json", headers=headers | more)


def order(number: str = "12345-1", **values: Any) -> dict[str, Any]:
    """A good order in the canonical form."""
    return {
        "order_no": number, "version": 1, "request_type": "complaint", "title": "楼道堆物", "content": "楼道里堆了很多纸箱。",
        "caller": {"name": "李小明", "phone": "13800001234", "confidential": False}, "address": "幸福里3号楼",
        "grid_code": "990101001001001001", "category_code": "0602", "urgency": "normal",
        "deadline": "2026-12-04T18:00:00+08:00", **values,
    }  # fmt: skip


def settle(rounds: int = 20) -> None:
    """Let everything that is promised and due be done, within the house and outside."""
    for _round in range(rounds):
        if not run_due() and not run_next():
            return
    raise AssertionError("it never comes to rest")
