"""The page of a case in a real browser: two people at once, the photo viewer, the blur, keys."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from cases import actions
from cases.models import Case, Order, Photo
from gridgov.core.models import Record
from tests.cases.desk import page_of, walk
from tests.cases.test_admin_page import picture
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def test_the_second_of_two_is_told_and_loses_nothing(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    case = walk(cast, "handling")
    first, second = desk(user=cast.lead), desk(user=cast.unit_staff)
    second.goto(page_of(case))
    second.locator(".gg-big").click()
    dialog = second.locator("#verb-dialog")
    dialog.locator("[name=result]").fill("清理了三车纸箱")
    photo = picture().read()
    dialog.locator("[name=photos]").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}])

    first.goto(page_of(case))
    urge = "a[data-verb][href$='/do/urge/']"
    first.locator(f"details.gg-menu:has({urge}) summary").click()
    first.locator(urge).click()
    first.locator("#verb-dialog textarea").first.fill("请今天办完")
    first.locator("#verb-dialog button[type=submit]").click()
    expect(first.locator("#verb-dialog")).to_be_hidden()

    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".gg-news li")).to_contain_text(str(cast.lead))
    expect(dialog.locator("[name=result]")).to_have_value("清理了三车纸箱")
    assert Case.objects.get().state == "handling"
    browser_errors.clear()  # the 409
    dialog.locator("button[type=submit]").click()
    expect(second.locator(".gg-state-completed")).to_be_visible()
    case.refresh_from_db()
    assert (case.result, case.photos.count()) == ("清理了三车纸箱", 1)
    second.goto("about:blank")  # its photo is not asked for when the test is over


def test_what_was_typed_stays_when_the_case_has_gone_elsewhere(
    desk: Open, browser_errors: list[str], cast: Cast
) -> None:
    case = walk(cast, "handling")
    page = desk(user=cast.unit_staff)
    page.goto(page_of(case))
    page.locator(".gg-big").click()
    dialog = page.locator("#verb-dialog")
    dialog.locator("[name=result]").fill("清理了三车纸箱")
    Order.objects.all().update(unit=None, grid=cast.place.micros[0])
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("[data-complaint]")).to_contain_text("可以复制")
    expect(dialog.locator("[name=result]")).to_have_value("清理了三车纸箱")
    browser_errors.clear()  # the 404
    page.keyboard.press("Escape")
    expect(dialog.locator("[data-complaint]")).to_contain_text("再按一次")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    case.refresh_from_db()
    assert case.state == "handling"


def photo_of(case: Case, kind: str, colour: str, by: Any) -> Photo:
    out = io.BytesIO()
    image = Image.new("RGB", (1200, 900), colour)
    ImageDraw.Draw(image).rectangle((500, 300, 700, 600), fill="white")
    image.save(out, "JPEG")
    upload = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    return actions.add_photo(case=case.pk, kind=kind, upload=upload, by=by, at=timezone.now())


def test_photos_are_looked_at_by_keys(desk: Open, cast: Cast) -> None:
    case = walk(cast, "handling")
    for kind, colour in (("before", "red"), ("before", "green"), ("after", "blue")):
        photo_of(case, kind, colour, cast.unit_staff)
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    viewer, first = page.locator("#photo-viewer"), page.locator("[data-pane=one] img")
    page.locator("a[data-photo]").first.focus()
    page.keyboard.press("Enter")
    expect(viewer).to_be_visible()
    expect(viewer.locator("[data-count]")).to_have_text("1 / 3")
    expect(viewer.locator("[data-caption-text]")).to_contain_text(f"处置前 · {cast.unit_staff}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(viewer.locator("[data-count]")).to_have_text("3 / 3")
    expect(viewer.locator("[data-caption-text]")).to_contain_text("处置后")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(viewer.locator("[data-count]")).to_have_text("3 / 3")
    fitting = first.bounding_box()
    assert fitting is not None and fitting["width"] < 1200
    page.keyboard.press("z")
    expect(viewer.locator("[data-do=zoom]")).to_have_attribute("aria-pressed", "true")
    real = first.bounding_box()
    assert real is not None and real["width"] == 1200
    page.keyboard.press("z")
    page.keyboard.press("c")
    captions = page.locator("#photo-viewer figcaption")
    expect(captions.nth(0)).to_contain_text("处置前")
    expect(captions.nth(1)).to_contain_text("处置后")
    expect(page.locator("[data-pane=two] img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(page.locator("a[data-photo]").nth(2)).to_be_focused()


def test_a_swipe_turns_to_the_next(phone: Open, cast: Cast) -> None:
    case = walk(cast, "handling")
    for kind, colour in (("before", "red"), ("after", "blue")):
        photo_of(case, kind, colour, cast.unit_staff)
    page = phone(user=cast.unit_staff)
    page.goto(page_of(case))
    page.locator("a[data-photo]").first.tap()
    viewer = page.locator("#photo-viewer")
    expect(viewer.locator("[data-count]")).to_have_text("1 / 2")
    assert page.evaluate("document.getElementById('photo-viewer').scrollWidth - window.innerWidth") <= 0
    stage = viewer.locator("[data-stage]")
    for kind, x in (("touchstart", 300), ("touchend", 100)):
        page.evaluate(
            """([kind, x]) => {
              const target = document.querySelector("[data-stage]");
              const touch = new Touch({ identifier: 1, target, clientX: x, clientY: 300 });
              const touches = kind === "touchend" ? [] : [touch];
              target.dispatchEvent(new TouchEvent(kind, { bubbles: true, touches, changedTouches: [touch] }));
            }""",
            [kind, x],
        )
    expect(viewer.locator("[data-count]")).to_have_text("2 / 2")
    expect(stage).to_be_visible()


def test_a_face_is_covered_with_the_mouse_and_another_by_keys(desk: Open, cast: Cast) -> None:
    case = walk(cast, "handling")
    photo = photo_of(case, "before", "red", cast.unit_staff)
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    page.locator("a[data-photo]").click()
    page.keyboard.press("b")
    box = page.locator("[data-pane=one] img").bounding_box()
    assert box is not None
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    page.mouse.move(*at(0.4, 0.3))
    page.mouse.down()
    page.mouse.move(*at(0.5, 0.5))
    page.mouse.move(*at(0.6, 0.7))
    page.mouse.up()
    expect(page.locator(".gg-area")).to_have_count(1)
    page.locator("[data-do=area]").click()
    expect(page.locator(".gg-area").nth(1)).to_be_focused()
    for _step in range(10):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Escape")  # leaves the drawing, not the viewer
    expect(page.locator(".gg-area")).to_have_count(0)
    expect(page.locator("#photo-viewer")).to_be_visible()

    page.keyboard.press("b")
    page.locator("[data-do=save]").click()
    expect(page.locator(".gg-viewer-error")).to_have_text("请至少标出一处。")
    page.locator("[data-do=area]").click()
    for _step in range(10):
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowDown")
    page.locator("[data-do=save]").click()
    expect(page.locator("[data-do=original]")).to_be_visible()  # loaded anew, with this photo open
    photo.refresh_from_db()
    assert photo.areas == [[0.3, 0.4, 0.2, 0.3]]

    page.locator("[data-do=original]").click()
    page.locator("#photo-why").fill("核实车牌号")
    page.keyboard.press("Enter")
    expect(page.locator("[data-pane=one] img")).to_have_attribute("src", re.compile("^blob:"))
    page.keyboard.press("Escape")
    assert Record.objects.get(verb="cases.photo_revealed").data["note"] == "核实车牌号"


def test_letters_do_the_moves_and_a_list_names_them(desk: Open, cast: Cast) -> None:
    first, second = walk(cast, "submitted"), walk(cast, "accepted")
    page = desk(user=cast.lead)
    page.goto("/admin/cases/case/")
    page.locator(".field-number a", has_text=second.no).click()
    page.wait_for_url("**/change/**")
    page.keyboard.press("?")
    letters = page.locator("#letters-dialog")
    expect(letters).to_contain_text("派遣")
    expect(letters).to_contain_text("打印电子档案")
    page.keyboard.press("Escape")
    expect(letters).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("#verb-dialog [name=note]")).to_be_visible()
    page.locator("#verb-dialog [name=note]").fill("jkj")  # typing is no key
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#verb-dialog")).to_be_hidden()
    expect(page.locator("#verb-dialog form")).to_have_count(0)  # gone, and the keys with it
    page.keyboard.press("j")
    expect(page.locator(".gg-casehead .gg-no")).to_have_text(first.no)
    page.keyboard.press("k")
    expect(page.locator(".gg-casehead .gg-no")).to_have_text(second.no)
    expect(page.locator("[data-trail=before]")).to_be_hidden()
