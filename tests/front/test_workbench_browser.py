"""The workbench in a real browser: it keeps itself up to date, is worked by keys, and says when it can't."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.choices import Role
from cases import actions
from cases.models import Case
from tests.browsing import settled
from tests.cases.desk import report, walk
from tests.factories import Cast, make_cast, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
LINE = "[data-role=line]"


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def opened(page: Page, tab: str = "") -> Page:
    settled(page, f"/admin/?tab={tab}" if tab else "/admin/")
    return page


def test_a_case_that_somebody_else_reports_appears_by_itself(desk: Open, cast: Cast) -> None:
    first = report(cast)
    page = desk(user=cast.lead)
    page.clock.install()
    opened(page)
    expect(page).to_have_title("(1) 工作台 | 街道网格治理平台")
    page.locator(LINE).first.focus()
    second = report(cast, by=cast.worker, text="井盖破损")
    # No reload, no click: the page asks by itself.
    page.clock.fast_forward(30_000)
    expect(page.locator(f"[data-key=case-{second.pk}]")).to_be_visible()
    expect(page).to_have_title("(2) 工作台 | 街道网格治理平台")
    expect(page.locator("[data-queue=mine]")).to_have_text("2")
    expect(page.locator("[data-say]")).to_have_text("新增1件待您办理。")
    expect(page.locator(f"[data-key=case-{first.pk}] {LINE}")).to_be_focused()
    expect(page.locator("[data-live]")).to_contain_text("已更新")


def test_the_day_is_worked_by_keys(desk: Open, cast: Cast) -> None:
    cases = [walk(cast, "dispatched") for _ in range(3)]
    page = opened(desk(user=cast.unit_staff))
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    for key, number in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(page.locator(LINE).nth(number)).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator("#verb-dialog button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
    # It is done without leaving the page, which says so and stands where one was.
    expect(page.locator("#verb-dialog")).not_to_be_visible()
    expect(page.locator("[data-say]")).to_contain_text("已签收")
    expect(page.locator("[data-queue=handling]")).to_have_text("1")
    assert page.url.endswith("/admin/")
    assert sorted(Case.objects.values_list("state", flat=True)) == ["dispatched", "dispatched", "handling"]
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.locator("[aria-current=true]")).to_have_attribute("data-tab", "handling")
    expect(page.locator(LINE)).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    page.go_back()
    page.keyboard.press("/")
    page.keyboard.type(cases[0].no)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/admin/cases/case/?q={cases[0].no}")


def test_a_lost_connection_is_said_and_mends_itself(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = opened(desk(user=cast.lead))
    broken = True

    def answer(route: Route) -> None:
        route.abort() if broken else route.continue_()

    page.route("**/admin/live/**", answer)
    page.keyboard.press("r")
    expect(page.locator("[data-live=lost]")).to_contain_text("连接中断")
    expect(page.locator("[data-say]")).to_contain_text("连接中断")
    broken = False
    case = report(cast)
    page.keyboard.press("r")
    expect(page.locator("[data-live=fresh]")).to_be_visible()
    expect(page.locator(f"[data-key=case-{case.pk}]")).to_be_visible()
    assert all("ERR_FAILED" in error for error in browser_errors)
    browser_errors.clear()


def test_whoever_is_signed_out_is_told(desk: Open, cast: Cast) -> None:
    page = opened(desk(user=cast.lead))
    page.context.clear_cookies()
    page.keyboard.press("r")
    expect(page.locator("[data-live=lost]")).to_contain_text("您已退出登录")


def test_a_tab_is_an_address(desk: Open, cast: Cast) -> None:
    case = walk(cast, "completed")
    page = opened(desk(user=cast.lead))
    page.locator("[data-tab=to-verify]").click()
    expect(page).to_have_url(re.compile(r"/admin/\?tab=to-verify$"))
    expect(page.locator("[data-tab=to-verify]")).to_be_focused()
    page.reload()
    expect(page.locator("[data-tab=to-verify]")).to_have_attribute("aria-current", "true")
    page.locator("[data-tab=to-accept]").click()
    expect(page.locator(LINE)).to_have_count(0)
    page.go_back()
    expect(page.locator(f"[data-key=case-{case.pk}]")).to_be_visible()


def test_the_hint_of_the_first_visit_goes_for_good(desk: Open, cast: Cast) -> None:
    page = opened(desk(user=cast.lead))
    page.locator("[data-first] button").click()
    expect(page.locator("[data-first]")).to_be_hidden()
    opened(page)
    expect(page.locator("[data-first]")).to_be_hidden()


def test_paper_holds_the_lines_and_no_buttons(desk: Open, cast: Cast) -> None:
    walk(cast, "completed")
    page = opened(desk(user=cast.lead))
    page.emulate_media(media="print")
    expect(page.locator(LINE)).to_be_visible()
    for hidden in ("#nav-sidebar", ".gg-next", ".gg-search"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_step_is_refused_in_the_dialog_when_somebody_was_quicker(
    desk: Open, browser_errors: list[str], cast: Cast
) -> None:
    case = walk(cast, "dispatched")
    page = opened(desk(user=cast.unit_staff))
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=case.reported_at)
    page.locator("[data-role=next]").click()
    expect(page.locator("#verb-dialog [role=alert]")).to_contain_text(case.no)
    assert len(browser_errors) == 1 and "409" in browser_errors[0]
    browser_errors.clear()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN])
def test_the_hands_have_a_page_that_lives_too(desk: Open, cast: Cast, role: str) -> None:
    page = opened(desk(user=make_user(role)))
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(page.locator("[data-live=fresh]")).to_be_visible()
    expect(page.locator("[data-keys]")).to_have_count(1 if role == Role.SYSTEM_ADMIN else 0)
