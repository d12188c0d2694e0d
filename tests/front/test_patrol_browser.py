"""A patrol in a real browser: the own trail grows on the grid's outline while the page is open, and refused GPS is fine."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from fieldwork import actions, rules
from fieldwork.models import DailyReport, Patrol, TrailPoint, Visit
from grids.models import Grid
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
WEST, SOUTH, EAST, NORTH = 115.030, 35.760, 115.040, 35.770


@pytest.fixture
def cast(own_media: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """With a border to draw on, and at whatever hour of the night this runs."""
    monkeypatch.setattr(rules, "PATROL_FROM", dt.time(0))
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(23, 59, 59))
    cast = make_cast("A")
    ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
    border: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
    box = (WEST, SOUTH, EAST, NORTH)
    Grid.objects.filter(pk=cast.place.micros[0].pk).update(border=border, shape=b"\x00", box=box)
    return cast


def granted(page: Page, lng: float, lat: float) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": lng, "latitude": lat, "accuracy": 8})


def test_a_trail_grows_while_the_page_is_open(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    granted(page, 115.032, 35.762)
    page.goto("/m/field/patrol/")
    assert not Patrol.objects.exists()
    page.get_by_role("button", name="开始巡查").tap()
    expect(page.get_by_text("巡查进行中", exact=True)).to_be_visible()
    place = page.locator("[data-place]")
    expect(place).to_have_attribute("data-points", "1", timeout=15_000)
    expect(place).to_have_text("本页打开期间正在记录。")
    # Two minutes later, by the house's clock and the phone's.
    TrailPoint.objects.update(taken_at=timezone.now() - dt.timedelta(minutes=2))
    Patrol.objects.update(started_at=timezone.now() - dt.timedelta(minutes=3))
    page.context.set_geolocation({"longitude": 115.036, "latitude": 35.766, "accuracy": 8})
    page.reload()
    expect(page.locator("[data-place]")).to_have_attribute("data-points", "2", timeout=15_000)
    assert page.locator("[data-way]").get_attribute("d").count("L") == 1  # type: ignore[union-attr]
    assert list(TrailPoint.objects.order_by("taken_at").values_list("lng", flat=True)) == [115.032, 115.036]
    page.locator("[name=note]").fill("一切正常")
    page.get_by_role("button", name="结束巡查").tap()
    page.wait_for_url("**/m/field/patrol/*/")
    expect(page.locator("svg.trail [data-way]")).to_be_visible()
    row = Patrol.objects.get()
    assert (row.ending, row.note) == ("self", "一切正常")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('trail:'))") == []


def test_a_refused_position_is_fine(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    page.goto("/m/field/patrol/")
    page.get_by_role("button", name="开始巡查").tap()
    expect(page.locator("[data-place]")).to_have_text("没有定位，巡查照样计入。", timeout=15_000)
    page.get_by_role("button", name="结束巡查").tap()
    page.wait_for_url("**/m/field/patrol/*/")
    expect(page.get_by_text("没有记录轨迹，或已到期删除。")).to_be_visible()
    assert Patrol.objects.get().ending == "self" and not TrailPoint.objects.exists()


def test_points_wait_for_the_network_and_come_once(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = phone(user=cast.worker)
    granted(page, 115.032, 35.762)
    actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=timezone.now())
    page.route("**/api/v1/patrols/**", lambda route: route.abort())
    page.goto("/m/field/patrol/")
    expect(page.locator("[data-place]")).to_have_text("正在记录，轨迹点等待联网后上传。", timeout=15_000)
    assert not TrailPoint.objects.exists()
    page.unroute("**/api/v1/patrols/**")
    with page.expect_response(lambda answer: answer.url.endswith("/points/") and answer.ok):
        page.goto("/m/field/")  # any page of the day sends what waits
    page.reload()
    assert TrailPoint.objects.count() == 1
    assert all("ERR_FAILED" in error for error in browser_errors)
    browser_errors.clear()


def test_no_place_is_asked_for_without_a_patrol(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    granted(page, 115.032, 35.762)
    page.add_init_script("navigator.geolocation.watchPosition = () => { window.watched = true; }")
    for path in ("", "patrol/", "visit/", "daily/", "needless/"):
        page.goto(f"/m/field/{path}")
        assert page.evaluate("window.watched") is None, path


def test_a_zero_report_is_one_tap_and_a_visit_a_few(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    actions.log_visit(grid=cast.place.micros[0], place="3号楼", by=cast.worker, at=timezone.now())
    page.goto("/m/field/daily/")
    expect(page.locator("[data-count=visits]")).to_have_text("1")
    page.get_by_role("button", name="零报告").tap()
    page.wait_for_url("**/m/field/?given*")
    expect(page.locator(".news")).to_contain_text("零报告。")
    assert DailyReport.objects.get().kind == "zero"
    page.goto("/m/field/visit/")
    page.get_by_text("勤服务").tap()
    page.locator("[name=place]").fill("3号楼")
    page.get_by_role("button", name="登记").tap()
    page.wait_for_url("**/m/field/?logged*")
    row = Visit.objects.latest("pk")
    assert (row.kind, row.place) == ("serve", "3号楼")
    assert abs(row.at - row.entered_at) < dt.timedelta(minutes=1)
