"""The phone's pages in a frame of another app, in a real browser: shown where the office allows it, and nowhere else."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.actions import add_entry_app, renew_entry_secret, switch_entry_app
from accounts.choices import Role
from accounts.choices.entry import EntryLink
from accounts.models import EntryApp, User
from tests.factories import MONDAY, make_cast, make_user
from tests.front.telephone import arrived, photo

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
APP, OTHER = "https://app.example.cn", "https://other.example.cn"


@pytest.fixture
def app() -> EntryApp:
    by = User.objects.system()
    made = add_entry_app(name="城市通", origins=[APP], expires_on=None, by=by, at=MONDAY)
    made = renew_entry_secret(app=made, by=by, at=MONDAY)
    return switch_entry_app(app=made, active=True, by=by, at=MONDAY)


def way_in(app: EntryApp, user: User) -> str:
    said = {"app": app.key, "account": user.username, "at": str(int(time.time())), "nonce": "n" * 16, "to": "/m/me/"}
    return f"/m/entry/?{urlencode({**said, 'signature': EntryLink(**said, signature='').sign(app.secret)})}"


def framed(page: Page, origin: str, address: str) -> None:
    """A page of ORIGIN that shows ADDRESS of ours in a frame. The test's own server speaks http; before it stands, as in
    production, one that speaks https and says so."""
    # Chromium asks before a page of the internet opens one of this machine, as the test's server is.
    page.context.grant_permissions(["local-network-access"], origin=origin)
    page.context.route(
        f"{origin}/",
        lambda route: route.fulfill(
            content_type="text/html", body=f"<iframe src='{address}' height=700 allow='local-network-access *'>"
        ),
    )

    def as_https(route: Route) -> None:
        route.continue_(headers={**route.request.headers, "x-forwarded-proto": "https"})

    page.context.route("http://localhost:*/**", as_https)
    page.goto(f"{origin}/")


@pytest.fixture(autouse=True)
def behind_https(settings: Any, live_server: Any) -> None:
    # The browser's own word of where it stands does not go through that server.
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_an_app_shows_the_pages_in_its_frame(
    phone: Open, app: EntryApp, live_server: Any, own_media: None, browser_errors: list[str]
) -> None:
    page, worker = phone(), make_cast("A").worker
    framed(page, APP, live_server.url + way_in(app, worker))
    page.frame_locator("iframe").get_by_role("button", name="登录").tap()
    expect(page.frame_locator("iframe").locator("h2").first).to_have_text(worker.full_name)
    frame = page.frame_locator("iframe")
    frame.locator(".bell").tap()
    expect(frame.locator("h1")).to_have_text("收件箱")
    # This browser gives a foreign frame no store: a note says so, and forms are sent as forms, photos with them.
    frame.locator(".bottom a", has_text="上报").tap()
    expect(frame.locator("form.report [data-plain]")).to_contain_text("需要网络")
    frame.locator("input[name=photos]").nth(1).set_input_files(photo(1))
    frame.locator("[name=text]").fill("嵌入页面上报")
    frame.locator("[name=category]").select_option("0602")
    frame.locator(".stick button").tap()
    expect(frame.locator("h1")).to_contain_text(re.compile(r"\d{6}"))
    assert arrived() == {"嵌入页面上报": 1}
    # A frame that the app gives no place to: the page says so itself.
    assert all("Geolocation access has been blocked" in error for error in browser_errors)
    browser_errors.clear()


def test_nobody_else_does(phone: Open, app: EntryApp, live_server: Any, browser_errors: list[str]) -> None:
    page = phone()
    framed(page, OTHER, live_server.url + way_in(app, make_user(Role.WORKER)))
    expect(page.locator("iframe")).to_be_visible()
    deadline = time.monotonic() + 10
    while [frame.url for frame in page.frames[1:]] != ["chrome-error://chromewebdata/"]:
        assert time.monotonic() < deadline
        page.wait_for_function("true")
    assert any("frame-ancestors" in error for error in browser_errors)
    browser_errors.clear()
