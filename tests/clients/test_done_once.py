"""What another system asks for twice under one key is done once, verb by verb and for real; that every verb takes a key at
all is walked through in test_every_operation."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices.clients import SCOPES
from gridgov.core.models import Record
from tests.clients.kit import asker
from tests.factories import Cast, make_client, make_unit, make_user
from tests.house.rows import MAKERS

pytestmark = pytest.mark.django_db
Asked = Callable[[Cast], tuple[str, dict[str, Any]]]


def _of(route: str, verb: str = "", **body: Any) -> Asked:
    """VERB of a row of ROUTE that was made before."""
    return lambda cast: (f"{route}/{MAKERS[route].make(cast, 1).pk}/{verb}", body)


def _tomorrow() -> str:
    return (timezone.localdate() + dt.timedelta(days=1)).isoformat()


ASKED: dict[str, Asked] = {
    "a report": lambda c: ("cases/", {"category": c.category.code, "text": "井盖松动", "grid": c.place.micros[0].code}),
    "an urging": _of("cases", "urge/", note="请抓紧"),
    "a supervision": _of("cases", "supervise/", text="请说明情况"),
    "an announcement": lambda c: ("announcements/", {"grid": c.place.street.pk, "title": "停电", "text": "明日停电"}),
    "its withdrawal": _of("announcements", "withdraw/"),
    "a group": lambda c: ("groups/", {"grid": c.place.micros[0].pk, "label": "3号楼", "url": "https://example.cn/j"}),
    "its end": _of("groups", "end/"),
    "a revoked card": _of("contact-cards", "revoke/"),
    "a public page": lambda c: ("public-pages/", {"street": c.place.street.pk, "is_open": True}),
    "a duty": lambda c: (
        "duties/", {"street": c.place.street.pk, "kind": "grid_lead", "area": "grassroots", "text": "走访"},
    ),
    "a changed duty": _of("duties", "change/", text="每周走访"),
    "a plan taken back": _of("redrawings", "withdraw/"),
    "a unit": lambda c: ("units/register/", {"name": "新单位", "kind": "utility", "area_prefix": c.place.street.code}),
    "a changed unit": lambda c: (
        f"units/{make_unit(area_prefix=c.place.street.code).pk}/change/", {"name": "改名单位"},
    ),
    "a post": lambda c: (
        "posts/give/",
        {"user": make_user("worker").username, "kind": "grid_worker_pt", "grid": c.place.micros[0].pk},
    ),
    "a post that ends": lambda c: (f"posts/{c.other_worker.posts.get().pk}/end/", {"valid_to": _tomorrow()}),
    "a binding that ends": lambda c: (f"bindings/{MAKERS['bindings'].make(c, 1).pk}/end/", {"valid_to": _tomorrow()}),
    "a grid": lambda c: ("grids/found/", {"parent": c.place.street.pk, "kind": "total", "name": "新社区"}),
    "a changed grid": lambda c: (f"grids/{c.place.micros[1].pk}/change/", {"name": "改名网格"}),
    "a split": lambda c: (f"grids/{c.place.micros[1].pk}/split/", {"parts": [{"name": "甲"}, {"name": "乙"}]}),
    "a party organisation renamed": _of("party-orgs", "change/", name="改名党委"),
    "a webhook": lambda c: ("webhooks/", {"name": "推送", "url": "https://receiver.example/h", "events": ["case.closed"]}),
}  # fmt: skip


def test_what_is_asked_twice_is_done_once(cast: Cast) -> None:
    system, twin = (asker(make_client(list(SCOPES), grid=cast.place.street)[1]) for _time in range(2))
    for number, (what, asked) in enumerate(ASKED.items()):
        path, body = asked(cast)
        key, before = {"Idempotency-Key": f"order-{number:04}"}, Record.objects.count()
        first = system.post(f"/api/v1/{path}", body, headers=key)
        assert first.status_code in {200, 201} and "Idempotency-Replayed" not in first, (what, first.content)
        done = Record.objects.count()
        assert done > before, what
        again = system.post(f"/api/v1/{path}", body, headers=key)
        assert (again.status_code, again.json()) == (first.status_code, first.json()), what
        assert again["Idempotency-Replayed"] == "true" and Record.objects.count() == done, what
        assert "Idempotency-Replayed" not in twin.post(f"/api/v1/{path}", body, headers=key), what
