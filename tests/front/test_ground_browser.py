"""The own grid with everything on it, and what residents read, in a real browser: small screens, large print, light to load."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import segno
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.choices import Role
from cases import actions as case_actions
from grids import actions
from grids.choices import DutyArea, PostKind
from grids.models import Binding, Post
from tests.cases.closing import CLOSED, DAY, REPLY, walk
from tests.cases.test_blurring import stripes
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.front.eyes import visit
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square


def picture() -> io.BytesIO:
    """What a messenger gives: a code in black and white."""
    out = io.BytesIO()
    segno.make_qr("https://example.cn/g/abcdefghijklmnop", error="q").save(out, kind="png", scale=20, border=4)
    out.seek(0)
    return out


pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    """A micro-grid with something in every part of its pages."""
    cast, now = make_cast(), timezone.now()
    micro, by = cast.place.micros[0], {"by": cast.street, "at": MONDAY}
    draw(micro, square(113.0, 22.0, 0.001))
    draw(cast.place.micros[1], square(113.001, 22.0, 0.001))
    actions.set_public_page(street=cast.place.street, is_open=True, phone="010-1111111", words="有事找网格", **by)
    actions.add_duty(
        street=cast.place.street, kind=PostKind.GRID_WORKER_FT, area=DutyArea.GRASSROOTS, text="走访", **by
    )
    post = actions.disclose_post(post=Post.objects.get(user=cast.worker), shown=True, phone="010-2222222", **by)
    actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    bound = give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, make_unit("供水公司", phone="010-3333333"))
    Binding.objects.create(post=bound, grid=micro, valid_from=LONG_AGO)
    actions.announce(grid=cast.place.street, title="停水", text="周四上午", by=cast.street, at=now)
    soon = timezone.localdate() + dt.timedelta(days=6)
    actions.add_group(
        grid=micro, label="1号楼群", picture=picture(), valid_until=soon, is_public=True, by=cast.worker, at=now
    )
    actions.add_group(grid=micro, label="网格群", url="https://example.cn/g", is_public=True, by=cast.worker, at=now)
    for number, place in enumerate(((113.0002, 22.0002), (113.0002, 22.0002), (113.2, 22.2))):
        given = {"category": cast.category.code, "text": f"灯不亮{number}", "grid": micro.code}
        report = case_actions.Report(**given, lng=place[0], lat=place[1])
        case_actions.report_case(report=report, by=cast.worker, at=now)
    cast.category.change(public=True)
    case = walk(cast, "verified", REPLY)
    shot = case_actions.add_photo(case=case.pk, kind="after", upload=stripes(), by=cast.unit_staff, at=now)
    case_actions.close_case(case=case.pk, reply=REPLY, by=cast.lead, at=CLOSED)
    words = {"title": "楼道堆物清理", "text": REPLY}
    case_actions.publish_case(case=case.pk, **words, photos=[shot.pk], by=cast.lead, at=CLOSED + DAY)
    case_actions.rate_case(case=case.pk, score=4, solved=True, by=cast.lead, at=CLOSED + DAY)
    return cast


def addresses(cast: Cast) -> dict[str, list[str]]:
    """Of the worker, of a lead, and of everybody."""
    micro, above = cast.place.micros[0], cast.place.comprehensives[0]
    group = micro.groups.order_by("pk").first()
    card = Post.objects.get(user=cast.worker).cards.get()
    no = cast.category.cases.get(publication__isnull=False).no
    return {
        "worker": [
            "/m/grid/", "/m/card/", reverse("m-grid-code", args=[micro.code]), reverse("m-grid-groups", args=[micro.code]),
            reverse("m-group", args=[group.pk]), reverse("m-grid-notices", args=[micro.code]),
        ],
        "lead": ["/m/grid/", reverse("m-grid-notices", args=[above.code])],
        "": [f"/g/{micro.code}/", f"/card/{card.token}/", "/results/", f"/results/{no}/"],
    }  # fmt: skip


def test_every_page_is_light_and_fits_every_screen_and_eye(phone: Open, cast: Cast) -> None:
    found: dict[str, Any] = {}
    for who, paths in addresses(cast).items():
        page = phone(user=getattr(cast, who, None), fresh=True)
        found |= {f"{who} {path}": visit(page, path) for path in paths}
        page.context.close()
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_cases_at_one_place_lie_apart_and_lead_to_their_pages(open_page: Open, cast: Cast) -> None:
    page = open_page(width=390, height=844, touch=True, user=cast.worker)
    page.goto("/m/grid/")
    dots = page.locator(".grid-map circle")
    assert dots.count() == 2, "the third lies outside the drawing"
    assert dots.nth(0).bounding_box() != dots.nth(1).bounding_box()
    assert page.locator(".grid-cases .row").count() == 3
    assert page.locator(".grid-cases").inner_text().count("不在图上") == 1
