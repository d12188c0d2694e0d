"""The one map in a real browser: levels, numbers that lead to their lists, cases, days, the shared link, paper."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import leaflet
import pytest
from django.utils import timezone
from leaflet import app_settings
from playwright.sync_api import Page, Route, expect

from cases.models import Case
from gridgov.policy import content_policy
from gridgov.tiles import tile_layers
from tests.browsing import settled
from tests.cases.desk import page_of, report, walk
from tests.factories import Cast, make_cast, make_unit
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.resources.stock import make_resource

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
MAP = "/admin/map/"
DAY = dt.timedelta(days=1)
PICTURE = Path(leaflet.__file__).parent / "static/leaflet/images/marker-icon.png"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    place = cast.place
    for grid in (place.street, place.totals[0], place.comprehensives[0]):
        draw(grid, square(104.0, 30.0, side=0.02))
    draw(place.micros[0], square(104.0, 30.0))
    draw(place.micros[1], square(104.01, 30.01))
    return cast


def goto(page: Page, state: str = "") -> None:
    page.goto(f"{MAP}#{state}" if state else MAP)
    expect(page.locator("[data-om-card] dl")).to_be_visible()


def choose_level(page: Page, level: str) -> None:
    page.locator(f".om-levels label:has(input[value={level}])").click()


def test_from_the_menu_to_a_grid_to_the_list_of_its_cases(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    case = report(cast, lng=104.002, lat=30.002)
    report(cast, grid=cast.place.micros[1].code)
    page = desk(user=cast.street)
    page.goto("/admin/")
    # What isn't the day's work is folded; a key opens it, and so it stays in this browser.
    posts = page.locator("#nav-sidebar-inner a[href='/admin/grids/grid/']")
    expect(posts).to_be_hidden()
    page.locator("#nav-sidebar-inner summary").nth(1).press("Enter")
    expect(posts).to_be_visible()
    page.locator(f"#nav-sidebar-inner a[href='{MAP}']").click()
    expect(posts).to_be_visible()
    # All levels are few enough: the finest is shown, its two grids with a number each.
    expect(page.locator("path.om-grid")).to_have_count(2)
    expect(page.locator(".om-number b")).to_have_text(["1", "1"])
    choose_level(page, "total")
    expect(page.locator("path.om-grid")).to_have_count(1)
    expect(page.locator(".om-number b")).to_have_text(["2"])
    choose_level(page, "micro")
    expect(page.locator("path.om-grid")).to_have_count(2)
    page.locator("path.om-grid").first.hover(position={"x": 30, "y": 30})
    expect(page.locator(".om-tip")).to_contain_text("未结案件 1")
    page.locator("path.om-grid").first.click(position={"x": 30, "y": 30})
    card = page.locator("[data-om-card]")
    expect(card).to_contain_text(cast.place.micros[0].name)
    card.locator("[data-om-number=open]").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    expect(page.locator("#result_list")).to_contain_text(case.no)


def test_a_grid_is_found_by_its_name_and_by_keys_alone(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    goto(page, "level=micro")
    grid = cast.place.micros[1]
    page.locator("[name=find]").fill(f"{grid.name} {grid.code}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-om-card] h2")).to_contain_text(grid.name)
    expect(page.locator("path.om-chosen")).to_have_count(1)
    assert f"grid={grid.code}" in page.url


def test_a_link_shows_what_its_sender_saw(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    report(cast)
    page = desk(user=cast.street)
    goto(page)
    choose_level(page, "comprehensive")
    page.locator("[name=figure]").select_option("vacant")
    page.locator("[name=layer][value=units]").check()
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_url("**at=*")
    other = desk(user=cast.street)
    other.goto(page.url)
    expect(other.locator("[name=level][value=comprehensive]")).to_be_checked()
    expect(other.locator("[name=figure]")).to_have_value("vacant")
    expect(other.locator("[name=layer][value=units]")).to_be_checked()
    expect(other.locator("[data-om-legend-title]")).to_have_text("岗位空缺")
    assert other.evaluate("oneMap.map.getZoom()") == page.evaluate("oneMap.map.getZoom()")


def test_cases_lie_in_heaps_and_tell_of_themselves(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    late = walk(cast, "handling", lng=104.005, lat=30.005)
    moment = timezone.now() - DAY
    Case.objects.filter(pk=late.pk).update(due_at=moment, breached_at=moment)
    report(cast, lng=104.005, lat=30.005)
    page = desk(user=cast.street)
    goto(page, "level=micro")
    expect(page.locator(".om-heap")).to_have_text("2! 1")
    page.locator("[name=light][value=calm]").uncheck()
    pin = page.locator(".om-pin-box .om-pin-late")
    expect(pin).to_have_text("B")
    pin.click()
    bubble = page.locator(".om-bubble")
    expect(bubble).to_contain_text(late.no)
    expect(bubble).to_contain_text("超时")
    bubble.get_by_role("link").click()
    page.wait_for_url(f"**{page_of(late)}")


def test_days_go_back_and_are_played(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    now = timezone.now()
    gone = walk(cast, "closed", at=now - 4 * DAY, lng=104.005, lat=30.005)
    Case.objects.filter(pk=gone.pk).update(closed_at=now - DAY)
    page = desk(user=cast.street)
    goto(page, "level=micro")
    number = page.locator("[data-om-card] dd").first
    expect(number).to_have_text("0")
    slider = page.locator("[name=day]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    day = timezone.localdate(now - 2 * DAY).isoformat()
    expect(page.locator("[data-om-day]")).to_have_text(day)
    expect(number).to_have_text("1")
    expect(page.locator(".om-pin-box")).to_have_count(1)
    assert f"day={day}" in page.url
    page.locator("[data-om-play]").click()
    expect(page.locator("[data-om-play]")).to_have_attribute("aria-pressed", "true")
    expect(number).to_have_text("0", timeout=10_000)
    expect(page.locator("[data-om-play]")).to_have_attribute("aria-pressed", "false", timeout=10_000)
    assert "day=" not in page.url


def test_units_are_placed_by_a_click_and_shown(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    unit = make_unit("城管中队", area_prefix=cast.place.street.code)
    page = desk(user=cast.street)
    page.goto(f"/admin/grids/unit/{unit.pk}/change/")
    expect(page.locator("[data-case-map] path").first).to_be_visible()
    page.locator("[data-case-map]").click()
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/grids/unit/")
    unit.refresh_from_db()
    assert unit.lng is not None and 103.9 < unit.lng < 104.1
    goto(page, "on=units")
    expect(page.locator(".om-place-units")).to_have_count(1)
    page.locator(".om-place-box").click()
    expect(page.locator(".om-bubble")).to_contain_text("城管中队")


def test_resources_are_a_layer_by_kind(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    shop = make_resource(cast.place.micros[0], "药房", "shop", lng=104.002, lat=30.002)
    make_resource(cast.place.micros[1], "活动室", lng=104.015, lat=30.015)
    page = desk(user=cast.street)
    goto(page, "on=resources")
    expect(page.locator(".om-place-box")).to_have_count(2)
    expect(page.locator("[data-om-count=shop]")).to_have_text("1")
    page.locator("[name=kind][value=venue]").uncheck()
    expect(page.locator(".om-place-box")).to_have_count(1)
    page.locator(".om-place-box").click()
    expect(page.locator(".om-bubble")).to_contain_text("药房")
    page.locator(".om-bubble").get_by_role("link").click()
    page.wait_for_url(f"**/admin/resources/resource/{shop.pk}/change/")


def test_the_table_says_the_same_and_goes_on_paper(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    report(cast)
    page = desk(user=cast.street)
    goto(page, "level=micro")
    table = page.locator("#om-table")
    expect(table).to_be_hidden()
    page.locator("[data-om-table]").click()
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.locator(f"tr[data-code='{cast.place.micros[0].code}'] td").first).to_have_text("1")
    paper = page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox\s*\[0 0 84[12][.\d]* 59[45][.\d]*\]", paper)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_it_fits_the_phone_and_asks_nobody_outside(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = phone(user=cast.worker)
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    settled(page, MAP)
    expect(page.locator("path.om-grid")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    home = page.url.split("/admin")[0]
    assert [url for url in asked if not url.startswith((home, "data:", "blob:"))] == []


def test_tiles_come_from_where_the_office_says(
    desk: Open, browser_errors: list[str], monkeypatch: pytest.MonkeyPatch, settings: Any, cast: Cast
) -> None:
    layers = tile_layers({"GRIDGOV_TIANDITU_KEY": "k1", "GRIDGOV_TIANDITU_ATTRIBUTION": "审图号GS(2026)1"})
    monkeypatch.setitem(app_settings, "TILES", layers)
    settings.CONTENT_SECURITY_POLICY = content_policy(layers=layers, framed_by=())
    page = desk(user=cast.street)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(path=PICTURE)

    page.route("**/*.tianditu.gov.cn/**", answer)
    goto(page)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("审图号GS(2026)1")
    page.wait_for_load_state("networkidle")
    assert {re.search(r"LAYER=(\w+)&", url)[1] for url in asked if "tk=k1" in url} == {"vec", "cva"}  # type: ignore[index]
