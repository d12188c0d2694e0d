"""The pages in a real browser: dialogs, maps, the drawer, the language."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases import actions
from cases.models import Case, Order
from gridgov.core.geodesy import Outline
from grids.models import Grid
from tests.cases.desk import page_of, report, walk
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    found = make_cast("B")
    west, south, east, north = 104.00, 30.00, 104.02, 30.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = Outline.read({"type": "Polygon", "coordinates": [ring]})
    for grid in (found.place.street, found.place.totals[0], found.place.comprehensives[0], found.place.micros[0]):
        Grid.objects.filter(pk=grid.pk).update(border=outline.geojson, shape=outline.wkb, box=outline.bounds)
    return found


def test_a_lead_dispatches_in_a_dialog_and_keeps_what_was_typed(
    desk: Open, browser_errors: list[str], cast: Cast
) -> None:
    case = walk(cast, "accepted")
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    expect(page.locator(".gg-big")).to_have_attribute("accesskey", "s")
    page.locator(".gg-big").click()
    dialog = page.locator("#verb-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[name=note]").fill("请今天到场")
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".errors")).to_have_count(1)
    expect(dialog.locator("[name=note]")).to_have_value("请今天到场")
    assert [error.split(":")[0] for error in browser_errors] == ["Failed to load resource"]  # the 400
    browser_errors.clear()
    dialog.locator("[name=to]").select_option(f"unit:{cast.unit.pk}")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".gg-state-dispatched")).to_be_visible()
    order = Order.objects.get(case=case)
    assert (order.unit, order.note) == (cast.unit, "请今天到场")


def test_a_click_signs_in(phone: Open, cast: Cast) -> None:
    case = walk(cast, "dispatched")
    page = phone(user=cast.unit_staff)
    page.goto(page_of(case))
    page.locator(".gg-big").tap()
    expect(page.locator(".gg-state-handling")).to_be_visible()
    case.refresh_from_db()
    assert case.state == "handling"


def test_whoever_comes_second_reads_why_in_the_dialog(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    case = walk(cast, "accepted")
    page = desk(user=cast.total_lead)
    page.goto(page_of(case))
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=case.reported_at)
    page.locator("a[data-verb].gg-big").click()
    expect(page.locator("#verb-dialog [role=alert]")).to_contain_text(case.no)
    browser_errors.clear()  # the 409
    page.locator("#verb-dialog a.gg-button").click()
    expect(page.locator(".gg-state-dispatched")).to_be_visible()


def test_what_was_revealed_is_gone_with_the_dialog(desk: Open, cast: Cast) -> None:
    case = report(cast, reporter_name="王小明", reporter_phone="13912345678")
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    page.locator("a[data-verb][href$='/do/reveal/']").click()
    page.locator("#verb-dialog [name=reason]").fill("回访核实地址")
    page.locator("#verb-dialog button[type=submit]").click()
    expect(page.locator("#verb-dialog")).to_contain_text("13912345678")
    page.keyboard.press("Escape")
    expect(page.locator("#verb-dialog")).to_be_empty()
    assert "13912345678" not in page.content()


def test_a_click_on_the_map_sets_the_place_of_a_report(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/cases/case/add/")
    expect(page.locator("[data-case-map] path").first).to_be_visible()
    page.locator("[data-case-map]").click(position={"x": 180, "y": 220})
    lng, lat = (float(page.locator(f"[name={name}]").input_value()) for name in ("lng", "lat"))
    assert 103.9 < lng < 104.1 and 29.9 < lat < 30.1
    page.locator("[name=lng]").fill("104.01")
    page.locator("[name=lat]").fill("30.005")
    page.locator("[name=category]").select_option("0602")
    page.locator("[name=text]").fill("楼道里堆了很多纸箱")
    page.locator("form button.gg-big").click()
    page.wait_for_url("**/change/")
    case = Case.objects.get()
    assert (case.lng, case.lat, case.grid.code) == (104.01, 30.005, cast.place.micros[0].code)
    expect(page.locator("[data-case-map] path").first).to_be_visible()


def test_grids_are_suggested_while_typing(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/cases/case/add/")
    page.locator("[name=grid]").press_sequentially("990101001001001001")
    expect(page.locator("datalist option")).to_have_count(1)
    assert page.locator("datalist option").get_attribute("value") == cast.place.micros[0].code


def test_the_language_is_changed_from_the_menu(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/cases/case/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.get_by_text(cast.street.full_name).last.click()
    page.locator("form:has(input[name=language][value=en]) button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/admin/cases/case/")
    page.goto("/admin/")
    expect(page.locator("h1").first).to_contain_text("Workbench")


def test_the_drawer_opens_on_the_phone(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    page.goto("/admin/")
    page.locator("#header-inner .material-symbols-outlined:visible").first.tap()
    link = page.locator("#nav-sidebar-inner a[href='/admin/cases/case/']")
    expect(link).to_be_in_viewport()
    link.tap()
    page.wait_for_url("**/admin/cases/case/")
