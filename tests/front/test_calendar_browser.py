"""The year at a glance in a real browser: by mouse, by keys, on the phone and on paper."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from gridgov.core.actions import change_day, load_official_year
from gridgov.core.models import CalendarDay
from tests.factories import MONDAY, Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
STREET = "990101001"
YEAR = f"/admin/core/calendarday/year/?year=2026&scope={STREET}"


@pytest.fixture
def cast() -> Cast:
    load_official_year(year=2026, by=User.objects.system(), at=MONDAY)
    return make_cast()


def day_of(page: Page, date: str) -> Locator:
    return page.locator(f"[data-day][href*='date={date}']")


def test_a_day_is_changed_in_a_dialog_and_taken_back(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto(YEAR)
    day_of(page, "2026-09-08").click()
    dialog = page.locator("#verb-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[name=kind]").select_option("rest")
    dialog.locator("[name=windows]").fill("12-8")
    dialog.locator("button[type=submit]").first.click()
    expect(dialog.locator(".errors [name=windows]")).to_have_value("12-8")
    browser_errors.clear()  # the 400
    dialog.locator("[name=windows]").fill("")
    dialog.locator("[name=name]").fill("停电")
    dialog.locator("button[type=submit]").first.click()
    page.wait_for_url("**day=2026-09-08")
    changed = day_of(page, "2026-09-08")
    expect(changed).to_be_focused()
    expect(changed).to_have_class(re.compile(r"gg-day-local"))
    expect(changed).to_contain_text("停电")
    assert CalendarDay.objects.get(scope=STREET).kind == "rest"
    changed.click()
    dialog.locator(".gg-cal-drop button").click()
    expect(day_of(page, "2026-09-08")).not_to_have_class(re.compile(r"gg-day-local"))
    assert not CalendarDay.objects.exclude(scope="").exists()


def test_keys_go_from_day_to_day(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto(f"{YEAR}&day=2026-01-31")
    expect(day_of(page, "2026-01-31")).to_be_focused()
    assert page.locator("[data-day][tabindex='0']").count() == 1
    for key, date in (
        ("ArrowRight", "2026-02-01"), ("ArrowDown", "2026-02-08"), ("ArrowUp", "2026-02-01"), ("ArrowLeft", "2026-01-31"),
        ("PageDown", "2026-02-01"), ("PageUp", "2026-01-01"), ("ArrowLeft", "2026-01-01"), ("End", "2026-12-31"),
        ("Home", "2026-01-01"),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(day_of(page, date)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verb-dialog [name=kind]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(day_of(page, "2026-01-01")).to_be_focused()


def test_months_stand_one_below_the_other_on_the_phone_and_days_fit_a_thumb(phone: Open, cast: Cast) -> None:
    change_day(
        date=dt.date(2026, 9, 8), kind="rest", name="很长很长的停电检修通知", scope=STREET, by=cast.street, at=MONDAY
    )
    page = phone(user=cast.street)
    page.goto(YEAR)
    boxes = [month.bounding_box() for month in page.locator(".gg-cal-month").all()]
    assert len({box["x"] for box in boxes if box}) == 1
    box = day_of(page, "2026-09-08").bounding_box()
    assert box is not None and box["width"] >= 40 and box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    day_of(page, "2026-09-08").tap()
    expect(page.locator("#verb-dialog")).to_be_visible()


def test_the_year_fits_one_sheet_of_paper(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto(YEAR)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert re.search(rb"/MediaBox\s*\[0 0 84[12][.\d]* 59[45][.\d]*\]", paper)


def test_a_file_is_looked_at_and_taken_in(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/core/calendarday/import/")
    text = f"日期,性质,名称,工作时间,适用范围\n2026-12-24,休息日,停电,,{STREET}\n"
    page.locator("input[type=file]").set_input_files(
        [{"name": "x.csv", "mimeType": "text/csv", "buffer": text.encode()}]
    )
    page.locator("form[enctype] button.gg-button").click()
    expect(page.locator(".gg-cal-changes tbody tr")).to_have_count(1)
    assert not CalendarDay.objects.exclude(scope="").exists()
    page.locator("button.gg-primary").click()
    page.wait_for_url("**/year/**")
    assert CalendarDay.objects.get(scope=STREET).name == "停电"
