"""Posts by grid, party coverage, plates and the public page in a real browser: a hand-over in a dialog, axe, widths."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from grids import actions
from grids.choices import DutyArea, PostKind
from grids.models import Post
from tests.factories import Cast, make_cast, make_user
from tests.front.eyes import WIDER, at_the_desk
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    office: dict[str, Any] = {"by": cast.street, "at": timezone.now()}
    draw(cast.place.micros[0], square())
    actions.set_public_page(street=cast.place.street, is_open=True, phone="010-12345678", words="有事找网格", **office)
    actions.add_duty(
        street=cast.place.street, kind=PostKind.GRID_WORKER_FT, area=DutyArea.EMERGENCY, text="先期处置", **office
    )
    actions.disclose_post(post=Post.objects.get(user=cast.worker), shown=True, phone="010-87654321", **office)
    return cast


def pages(cast: Cast) -> list[str]:
    at = f"?at={cast.place.totals[0].code}"
    return [
        "/admin/grids/post/by-grid/", f"/admin/grids/post/by-grid/{at}", "/admin/grids/partyorg/coverage/",
        f"/admin/grids/partyorg/coverage/{at}", "/admin/grids/publicpage/plates/", "/admin/grids/publicpage/",
        "/admin/grids/duty/", "/admin/grids/post/import/",
    ]  # fmt: skip


def test_a_post_is_handed_over_in_a_dialog(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    heir = make_user(full_name="接任人")
    page = desk(user=cast.street)
    page.goto(f"/admin/grids/post/by-grid/?at={cast.place.totals[0].code}")
    row = page.locator(f"#g{cast.place.micros[0].pk}")
    row.locator("a[data-verb][href$='/hand-over/']").click()
    dialog = page.locator("#verb-dialog")
    dialog.locator("[name=user]").fill(heir.username)
    dialog.locator("button[type=submit]").click()
    expect(row).to_contain_text("接任人")
    assert page.url.endswith(f"?at={cast.place.micros[0].code}#g{cast.place.micros[0].pk}")
    assert Post.objects.get(user=heir).grid == cast.place.micros[0]
    assert browser_errors == []


def test_the_pages_can_be_read(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    found = {}
    for url in (*pages(cast), f"/g/{cast.place.micros[0].code}/"):
        page.goto(url)
        found[url] = at_the_desk(page)
    assert {url: rules for url, rules in found.items() if rules} == {}


def test_no_page_is_wider_than_a_telephone(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.street)
    for url in pages(cast):
        page.goto(url)
        assert page.evaluate(WIDER) <= 0, url


def test_a_resident_reads_the_page_on_a_phone(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = phone()
    page.goto(f"/g/{cast.place.micros[0].code}/")
    expect(page.locator("h1")).to_have_text(cast.place.micros[0].name)
    expect(page.locator("svg path.own")).to_be_visible()
    for number in ("010-87654321", "010-12345678", "12345"):
        link = page.locator(f"main a[href='tel:{number}']")
        expect(link).to_be_visible()
        assert link.bounding_box()["height"] >= 44  # type: ignore[index]
    assert page.evaluate(WIDER) <= 0
    assert browser_errors == []
