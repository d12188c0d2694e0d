"""The residents' door in a real browser: with and without script, small and large, light and dark."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cases import actions
from cases.models import Case, Photo
from door.models import Slip
from tests.door.residents import TEXT, numbers_of, open_door, send, write
from tests.factories import Cast, make_cast
from tests.front.eyes import faults, visit

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return open_door(make_cast("B"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """What a phone's camera makes: twelve megapixels, some megabytes."""
    path = tmp_path / "photo.jpg"
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(path, quality=80)
    return path


@pytest.fixture
def scriptless(browser: Browser, live_server: Any) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
        java_script_enabled=False, locale="zh-CN",
    )  # fmt: skip
    yield context.new_page()
    context.close()


def form_of(cast: Cast) -> str:
    return f"/r/report/?g={cast.place.micros[0].code}&m={cast.category.code[:2]}"


def come_in(page: Page, number: str, code: str) -> None:
    page.goto("/r/follow/")
    page.fill("#number", number)
    page.fill("#code", code)
    page.click("form[data-follow] .big")
    page.wait_for_url("**/r/follow/mine/")


def closed(cast: Cast, number: str) -> None:
    case = Case.objects.get(no=number)
    at = case.reported_at
    actions.accept_case(case=case.pk, by=cast.lead, at=at)
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at)
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at)
    actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at)
    actions.verify_case(case=case.pk, by=cast.lead, at=at)
    actions.close_case(case=case.pk, reply="已清理完毕。", by=cast.lead, at=at)


def test_every_page_can_be_read_and_touched(phone: Open, cast: Cast, settings: Any) -> None:
    number, code = numbers_of(send(cast, name="王大爷", phone="13900001111", consent="1"))
    closed(cast, number)
    write(cast)
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "address": (-1, 100)}
    page = phone(fresh=True)
    pages = {
        "home": "/r/", "place": "/r/report/", "matter": f"/r/report/?g={cast.place.micros[0].code}",
        "report": form_of(cast), "follow": "/r/follow/", "privacy": "/r/privacy/",
    }  # fmt: skip
    found = {name: visit(page, address) for name, address in pages.items()}
    page.goto(form_of(cast))
    page.click("[data-near] a.quiet-button")
    page.wait_for_url("**/me-too/**")
    found["join"] = faults(page)
    page.fill("#proof-answer", "")
    page.locator("[data-proof-said]", has_text="可以提交").wait_for()
    page.click(".stick button")
    page.locator("[data-slip]").wait_for()
    found["receipt"] = faults(page)
    come_in(page, number, code)
    found["mine"] = faults(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_a_report_with_a_photo_made_small_and_followed_by_the_link(phone: Open, cast: Cast, photo: Path) -> None:
    page = phone()
    page.goto(f"/r/report/?g={cast.place.micros[0].code}")
    page.click("a.tile")
    page.fill("#text", TEXT)
    page.set_input_files("#photos", photo)
    page.locator(".photo").wait_for()
    assert page.evaluate("document.querySelector('#photos').files[0].size") <= 300 * 1024
    page.click(".stick button")
    page.locator("[data-slip]").wait_for()
    number, code = page.locator("[data-slip] dd").all_inner_texts()
    kept = Photo.objects.get()
    assert (kept.width, kept.height) == (1280, 960)
    page.click("[data-slip] a.big")
    expect(page.locator("#code")).to_have_value(code)
    page.click("form[data-follow] .big")
    page.wait_for_url("**/r/follow/mine/")
    expect(page.locator("header")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text(TEXT)


def test_two_taps_and_a_reload_are_one_report(phone: Open, cast: Cast) -> None:
    page = phone()
    page.goto(form_of(cast))
    page.fill("#text", TEXT)
    page.locator(".stick button").dblclick()
    page.locator("[data-slip]").wait_for()
    first = page.locator("[data-slip] dd").all_inner_texts()
    page.reload()
    assert page.locator("[data-slip] dd").all_inner_texts() == first
    assert Case.objects.count() == Slip.objects.count() == 1


def test_the_phone_answers_the_proof_by_itself(phone: Open, cast: Cast, settings: Any) -> None:
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "address": (-1, 100)}
    page = phone()
    page.goto(form_of(cast))
    page.fill("#text", TEXT)
    page.locator("[data-proof-said]", has_text="可以提交").wait_for()
    page.click(".stick button")
    page.locator("[data-slip]").wait_for()
    assert Case.objects.count() == 1


def test_the_place_of_the_phone_is_taken_or_refused(phone: Open, cast: Cast) -> None:
    page = phone()
    page.goto(form_of(cast))
    page.click("[data-locate]")
    expect(page.locator("[data-locate-box] [data-said]")).to_contain_text("用文字说明")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 116.4, "latitude": 39.9})
    page.click("[data-locate]")
    expect(page.locator("[data-locate-box] [data-said]")).to_contain_text("已取得位置")
    page.fill("#text", TEXT)
    page.click(".stick button")
    page.locator("[data-slip]").wait_for()
    assert (Case.objects.get().lng, Case.objects.get().lat) == (116.4, 39.9)


def test_what_is_known_already_shows_while_one_writes(phone: Open, cast: Cast) -> None:
    write(cast, text="三栋消防通道堆满纸箱，根本走不过去")
    page = phone()
    page.goto(f"/r/report/?g={cast.place.micros[0].code}&m=other")
    expect(page.locator("[data-near] .near li")).to_have_count(0)
    page.fill("#text", "消防通道堆满纸箱，走不过去，着火了怎么办")
    page.locator("#text").blur()
    expect(page.locator("[data-near] .near li")).to_have_count(1)
    expect(page.locator("[data-near] [role=alert]")).to_contain_text("119")


def test_all_of_it_works_without_script(scriptless: Page, cast: Cast, photo: Path) -> None:
    page = scriptless
    page.goto("/r/")
    page.click("a.big")
    page.click(f"a[href*='in={cast.place.totals[0].code}']")
    page.click(f"a[href*='in={cast.place.comprehensives[0].code}']")
    page.click(f"a[href*='g={cast.place.micros[0].code}']")
    page.click("a.tile")
    page.fill("#text", TEXT)
    page.set_input_files("#photos", photo)
    page.click("details summary")
    page.fill("#phone", "13900001111")
    page.click(".stick button")
    expect(page.locator(".good")).to_contain_text("1张照片")
    page.check("input[name=consent]")
    page.click(".stick button")
    number, code = page.locator("[data-slip] dd").all_inner_texts()
    assert Photo.objects.count() == Case.objects.count() == 1
    closed(cast, number)
    come_in(page, number, code)
    page.click("label:has(input[name=solved][value='0'])")
    page.click("label:has(input[name=score][value='1'])")
    page.click("form[action$='/rate/'] button")
    expect(page.locator("[role=status]")).to_contain_text("感谢您的评价")
    page.click("summary:has-text('重新办理')")
    page.fill("#reason", "又堆上了")
    page.click("form[action$='/reopen/'] button")
    assert Case.objects.get().round == 2
    page.click("summary:has-text('撤回')")
    page.click("form[action$='/withdraw/'] button")
    expect(page.locator("h1")).to_have_text("已撤回")
    assert not re.search(r"\d{14}", page.content())
