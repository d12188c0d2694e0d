"""The outbox in a real browser: what was entered without a network arrives once, with all its photos, whatever happens."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from accounts.choices import Role
from cases.models import Case, Photo
from cases.reports import phrasebook
from gridgov.core.models import Upload
from grids.actions import set_border
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.front.telephone import arrived, at_the_case, fill, kept, photo, send, sign_in, unsent

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
PLACE = {"longitude": 121.4737, "latitude": 31.2304, "accuracy": 12}


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("A")


# --- a network that breaks ---------------------------------------------------------------------------------------------


def opened(page: Page) -> Page:
    page.goto("/m/report/", wait_until="networkidle")
    return page


def heard(errors: list[str], *words: str) -> None:
    """Take out what the browser complains of when a network breaks."""
    assert all(any(word in error for word in words) for error in errors), errors
    errors.clear()


def test_an_answer_that_is_lost_makes_no_second_case(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    posts = []

    def lose(route: Route) -> None:
        posts.append(route.fetch().status)
        route.abort()

    page.route(
        "**/m/report/", lambda route: lose(route) if route.request.method == "POST" and not posts else route.continue_()
    )
    kept(page, "答复丢失", [1])
    assert (posts, Case.objects.count()) == ([201], 1)
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible(timeout=20_000)
    assert arrived() == {"答复丢失": 1}
    heard(browser_errors, "ERR_FAILED")


def test_an_upload_goes_on_where_it_broke(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    # What this browser can't read goes as it is, in three pieces.
    heic = (Path(__file__).parent.parent / "data/phone.heic").read_bytes() + bytes(600_000)
    page.locator("input[name=photos]").first.set_input_files(
        {"name": "x.heic", "mimeType": "image/heic", "buffer": heic}
    )
    expect(page.locator("[data-shots=photos] figure")).to_have_count(1)
    page.locator("[name=text]").fill("断点续传")
    page.locator("[name=category]").select_option("0602")
    ranges: list[str] = []

    def flicker(route: Route) -> None:
        ranges.append(route.request.headers["content-range"])
        if len(ranges) == 2:
            route.abort()
        elif len(ranges) == 3:  # arrives, and its answer doesn't
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/m/uploads/**", flicker)
    send(page)
    expect(page.locator("[data-news]")).to_contain_text("自动提交")
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible(timeout=30_000)
    assert arrived() == {"断点续传": 1}
    size = 600_000 + 8959
    first, second, third = f"bytes 0-262143/{size}", f"bytes 262144-524287/{size}", f"bytes 524288-{size - 1}/{size}"
    assert ranges == [first, second, second, second, third]
    assert Upload.objects.get().used_at is not None
    heard(browser_errors, "ERR_FAILED", "409")


def test_photos_are_made_small_and_upright_before_they_go(phone: Open, cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.effect_noise((4032, 3024), 80).convert("RGB").save(out, "JPEG", exif=exif)
    page = opened(phone(user=cast.worker))
    sizes: list[int] = []

    def measure(request: Request) -> None:
        if request.method == "PUT":
            sizes.append(int(request.headers["content-range"].rpartition("/")[2]))

    page.on("request", measure)
    big = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.locator("input[name=photos]").first.set_input_files(big)
    page.locator("[name=text]").fill("大照片")
    page.locator("[name=category]").select_option("0602")
    expect(page.locator("[data-shots=photos] figure")).to_have_count(1)
    send(page)
    at_the_case(page)
    kept_photo = Photo.objects.get()
    assert max(sizes) <= 300 * 1024
    assert kept_photo.height > kept_photo.width
    assert kept_photo.height <= 1280


# --- who is signed in ----------------------------------------------------------------------------------------------------


def test_a_sign_in_that_runs_out_keeps_everything(
    phone: Open, browser_errors: list[str], cast: Cast, live_server: Any
) -> None:
    page = opened(phone(user=cast.worker))
    page.context.clear_cookies()
    fill(page, "登录过期", [1])
    send(page)
    expect(page.locator("[data-news]")).to_contain_text("重新登录")
    expect(unsent(page)).to_have_text("1")
    assert Case.objects.count() == 0
    sign_in(page.context, live_server.url, cast.worker)
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible(timeout=20_000)
    assert arrived() == {"登录过期": 1}
    heard(browser_errors, "401", "403")


def test_nothing_goes_under_another_account(
    phone: Open, browser_errors: list[str], cast: Cast, live_server: Any
) -> None:
    page = opened(phone(user=cast.worker))
    page.context.set_offline(True)
    kept(page, "甲填写的", [1])
    # On a shared phone somebody else signs in: in this page at first, then in a new one.
    sign_in(page.context, live_server.url, cast.other_worker)
    page.context.set_offline(False)
    page.evaluate("Outbox.retry()")
    expect(unsent(page)).to_have_text("1")
    page.goto("/m/outbox/", wait_until="networkidle")
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert Case.objects.count() == 0
    sign_in(page.context, live_server.url, cast.worker)
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible(timeout=20_000)
    assert Case.objects.get().reported_by == cast.worker
    heard(browser_errors, "403", "ERR_INTERNET_DISCONNECTED")


# --- what the house says no to -------------------------------------------------------------------------------------------


def test_a_refusal_is_said_at_the_form_and_mended_there(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    cast.category.change(needs_place=True)
    page = opened(phone(user=cast.worker))
    fill(page, "没有地点", [1])
    send(page)
    expect(page.locator(".fault[data-of=place]")).to_contain_text("须填写地点")
    expect(page.locator("#unsent")).to_be_hidden()
    page.locator("[name=place]").fill("3号楼")
    send(page)
    at_the_case(page)
    assert arrived() == {"没有地点": 1}
    heard(browser_errors, "400", "409")


def test_a_refusal_from_later_waits_to_be_edited(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    page.context.set_offline(True)
    kept(page, "离线填写", [1])
    cast.category.change(needs_place=True)
    page.context.set_offline(False)
    page.goto("/m/outbox/")
    expect(page.locator("[data-why].fault")).to_contain_text("须填写地点")
    page.locator("[data-edit]").click()
    page.wait_for_url("**/m/report/")
    expect(page.locator("[name=text]")).to_have_value("离线填写")
    expect(page.locator("[data-shots=photos] img")).to_have_count(1)
    page.locator("[name=place]").fill("3号楼")
    send(page)
    at_the_case(page)
    assert arrived() == {"离线填写": 1}
    heard(browser_errors, "400", "409", "ERR_")


def test_what_is_not_wanted_any_more_is_deleted_after_a_question(
    phone: Open, browser_errors: list[str], cast: Cast
) -> None:
    page = opened(phone(user=cast.worker))
    page.context.set_offline(True)
    kept(page, "不要了", [1])
    page.route("**/m/uploads/**", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/m/outbox/")
    page.locator("[data-delete]").click()
    expect(page.locator("[data-delete]")).to_have_text("确认删除？")
    page.locator("[data-delete]").click()
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    assert Case.objects.count() == 0
    heard(browser_errors, "ERR_FAILED", "ERR_INTERNET_DISCONNECTED")


def test_three_taps_are_enough(phone: Open, cast: Cast) -> None:
    """Today's page is open: its button takes the photo, a phrase with its category, and off it goes from the own grid."""
    page = phone(user=cast.worker)
    page.goto("/m/")
    with page.expect_file_chooser() as camera:
        page.locator("[data-shoot]").tap()
    camera.value.set_files(photo(1))
    page.locator("[data-phrase='0602']").first.tap()
    expect(page.locator("[data-shots=photos] img")).to_have_count(1)
    page.locator(".stick button").tap()
    at_the_case(page)
    case = Case.objects.get()
    assert Photo.objects.filter(case=case).count() == 1
    assert (case.text, case.category, case.grid) == (
        phrasebook(cast.worker, {"0602"})[0].text,
        cast.category,
        cast.place.micros[0],
    )


def test_of_two_tabs_one_sends(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    page.context.set_offline(True)
    kept(page, "两个标签页", [1])
    other = page.context.new_page()
    posts: list[str] = []
    page.context.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    page.context.set_offline(False)
    other.goto("/m/outbox/")
    expect(other.locator("[data-outbox-empty]")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden()
    assert len(posts) == 1
    assert arrived() == {"两个标签页": 1}
    heard(browser_errors, "ERR_", "409")


# --- what the phone does not give ----------------------------------------------------------------------------------------


def test_a_place_by_the_phone_itself(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(PLACE)
    opened(page)
    expect(page.locator("[data-place-state]")).to_have_text("已定位，误差约 12 米")
    assert page.locator("[name=lng]").input_value() == "121.473700"
    assert page.locator("[name=crs]").input_value() == "WGS84"


def test_a_place_by_tapping_the_own_grid_with_and_without_a_network(
    phone: Open, browser_errors: list[str], cast: Cast
) -> None:
    corners = [[121.47, 31.23], [121.48, 31.23], [121.48, 31.24], [121.47, 31.24], [121.47, 31.23]]
    border = {"type": "Polygon", "coordinates": [corners]}
    set_border(grid=cast.place.micros[0], border=border, by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    page = opened(phone(user=cast.worker))
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then(() => caches.match('/m/report/', { ignoreVary: true })).then(Boolean)"
    )
    page.reload(wait_until="networkidle")
    for network in (True, False):
        page.context.set_offline(not network)
        page.goto("/m/report/")
        page.locator("[data-open-map]").tap()
        expect(page.locator("[data-map] path").first).to_be_visible()
        page.locator("[data-map]").tap()
        expect(page.locator("[data-place-state]")).to_have_text("已在地图上标记地点")
        lng, lat = (float(page.locator(f"[name={name}]").input_value()) for name in ("lng", "lat"))
        assert 121.47 < lng < 121.48
        assert 31.23 < lat < 31.24
        expect(page.locator("[data-map] path")).to_have_count(2)
    heard(browser_errors, "ERR_")


def test_where_no_place_and_no_photo_is_given_one_goes_on(phone: Open, cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    expect(page.locator("[data-place-state]")).to_contain_text("手机未提供位置")
    # Nor a photo: the camera was refused, and its page closed.
    page.locator("input[name=photos]").first.dispatch_event("cancel", {"bubbles": True})
    expect(page.locator("form [data-no-photo]")).to_contain_text("相册")
    fill(page, "没有定位", [])
    send(page)
    at_the_case(page)
    assert arrived() == {"没有定位": 0}


def test_where_the_microphone_is_refused_one_writes(phone: Open, cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    refuse = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));"
    page.evaluate(f"() => {{ {refuse} }}")
    page.locator("[data-voice]").click()
    expect(page.locator("[data-voice]")).to_contain_text("未允许使用麦克风")
    expect(page.locator("[data-voice-file]")).to_be_visible()


def test_without_script_it_is_a_form(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker, script=False)
    page.goto("/m/report/")
    page.locator("input[name=photos]").first.set_input_files(photo(1))
    page.locator("[name=text]").fill("没有脚本")
    page.locator("[name=category]").select_option("0602")
    send(page)
    at_the_case(page)
    assert arrived() == {"没有脚本": 1}


def test_without_a_store_words_are_kept_and_sent_once(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = phone(user=cast.worker)
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined });")
    opened(page)
    page.locator("[name=text]").fill("没有数据库")
    page.locator("[name=category]").select_option("0602")
    expect(page.locator("form.report [data-plain]")).to_contain_text("需要网络")
    page.reload()
    expect(page.locator("[name=text]")).to_have_value("没有数据库")
    # It arrives, and its answer does not; whoever sends it again sends the same.
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/m/report/", lose)
    send(page)
    page.wait_for_url("chrome-error://chromewebdata/")
    page.goto("/m/report/")
    expect(page.locator("[name=text]")).to_have_value("没有数据库")
    send(page)
    at_the_case(page)
    assert (lost, arrived()) == ([302], {"没有数据库": 0})
    page.goto("/m/report/")
    expect(page.locator("[name=text]")).to_have_value("")
    heard(browser_errors, "ERR_")


def test_a_device_without_room_sends_at_once(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    page.evaluate("() => { OutboxStore.put = () => Promise.reject(new Error('QuotaExceededError')); }")
    fill(page, "手机存满", [1, 2])
    page.context.set_offline(True)
    send(page)
    expect(page.locator("[data-news]")).to_contain_text("没有网络")
    expect(page.locator("[data-shots=photos] img")).to_have_count(2)
    page.context.set_offline(False)
    send(page)
    at_the_case(page)
    assert arrived() == {"手机存满": 2}
    heard(browser_errors, "ERR_")


def test_a_slow_network_loses_nothing(phone: Open, cast: Cast) -> None:
    page = opened(phone(user=cast.worker))
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    speed = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    slow.send("Network.emulateNetworkConditions", {"offline": False, **speed})
    fill(page, "网络很慢", [1, 2])
    send(page)
    expect(page.locator("#unsent")).to_be_visible()
    expect(page.locator("#unsent")).to_be_hidden(timeout=60_000)
    assert arrived() == {"网络很慢": 2}
