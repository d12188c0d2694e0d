"""Fixtures for every room. The engines are started earlier, by the plugin tests/engines.py."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_now
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django.utils import timezone, translation
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from redis import Redis
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from cases.reports.learned import forget
from gridgov.core import counts
from integrations.actions.hooks.queueing import listening
from tests import migrated
from tests.browsing import cookies_of
from tests.openapi import CheckedClient, checked, client_of

NO_BROWSER = "There is no browser for this test. Get one with: apt-get install chromium fonts-noto-cjk"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OpenPage = Callable[..., Page]


def find_browser() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Every test client builds the middleware anew, and WhiteNoise would look at all static files each time: 20 ms and more."""
    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(self: WhiteNoiseMiddleware) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files = found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """By the house's own hasher in a thousand rounds instead of a million, which take a fifth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
        yield


# Of tables into which migrations put rows: which ones are not those.
NOT_THE_HOUSES = {"volunteers_pointsrule": "made_by_id IS NOT NULL OR street_id IS NOT NULL"}


@pytest.fixture(scope="session", autouse=True)
def tables_emptied_quickly() -> Iterator[None]:
    """After each test with real transactions Django truncates all tables, most of which are empty: half a second. Deleting
    what there is does the same, past the triggers that keep records from being changed."""

    def delete(self: Any, style: Any, tables: list[str], **_options: Any) -> list[str]:
        rows = [f"{self.quote_name(name)} WHERE {NOT_THE_HOUSES.get(name, 'true')}" for name in tables]
        each = "".join(f"IF EXISTS (SELECT FROM {of}) THEN DELETE FROM {of}; END IF; " for of in rows)
        return ["SET LOCAL session_replication_role = replica", f"DO $$ BEGIN {each}END $$"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete)
        yield


@pytest.fixture(scope="session", autouse=True)
def answers_are_as_promised() -> Iterator[None]:
    """What any test client is answered under /api/v1/ must be what openapi.yaml says, whatever the test is about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", checked(Client.request))
        yield


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What drives the system's Chromium, once a process: each test has a context of its own (open_page). Without one the
    test fails: a browser test that is skipped tests nothing.

    Playwright keeps an event loop running in this thread, at which Django refuses every query. Neither the house nor its
    tests are asynchronous, so Django is told.
    """
    if find_browser() is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def own_media(settings: Any, tmp_path: Path) -> None:
    """Photos and downloads lie in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(scope="session")
def valkey() -> Iterator[Redis]:
    with Redis.from_url(settings_now.REDIS_URL) as valkey:
        yield valkey


@pytest.fixture(autouse=True)
def nothing_counted(valkey: Redis) -> None:
    """No tries, looks or reports that other tests have left: all tests come from one address."""
    counts._own.clear()
    valkey.flushdb()


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted by the minute falls into one, half of which is over."""
    now = timezone.now().replace(second=30)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def without_valkey(settings: Any) -> Iterator[None]:
    """Nobody answers where the counts are kept."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    counts._valkey.cache_clear()
    yield
    counts._valkey.cache_clear()
    counts._failed["at"] = float("-inf")


@pytest.fixture
def browser_errors() -> Iterator[list[str]]:
    """What pages complained of: uncaught exceptions and console errors. A test that expects one takes it out."""
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def open_page(browser: Browser, browser_errors: list[str], live_server: Any) -> Iterator[OpenPage]:
    """open_page(width=…, height=…, user=…): a page of its own browser context, signed in as USER if one is given, without
    scripts if SCRIPT is false; FRESH, each address is loaded as on the first visit.

    `page.goto("/path/")` goes to the live server.
    """
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # The browser asks for this icon by itself; no page names it.
        if message.type == "error" and not address.endswith("/favicon.ico"):
            browser_errors.append(f"{message.text} ({address})")

    def open_one(
        *, width: int, height: int, touch: bool = False, user: Any = None, script: bool = True, fresh: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block" if fresh else "allow",
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies(cookies_of(user, live_server.url))
        page = context.new_page()
        if fresh:
            context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("console", heard)
        page.on("pageerror", lambda error: browser_errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_page: OpenPage) -> OpenPage:
    """phone(user=…): a page as wide as a patrol's telephone."""
    return lambda **more: open_page(width=390, height=844, touch=True, **more)


@pytest.fixture
def desk(open_page: OpenPage) -> OpenPage:
    """desk(user=…): a page as wide as an office screen."""
    return lambda **more: open_page(width=1440, height=900, **more)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Each worker's database begins as a copy of the migrated one."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated.wait()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A throw-away server takes its databases along: nothing has to be dropped, whoever is still connected."""
    return migrated.wait() is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests with real transactions clean up by TRUNCATE, which the record table refuses: here, and only here, it may.
    tests/core/test_records.py puts the guard back to show that it holds."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER core_record_no_truncate ON core_record")
        listening()


@pytest.fixture
def api() -> Callable[[User], CheckedClient]:
    """api(user): a client signed in by token, whose answers are held against openapi.yaml (tests/openapi.py)."""
    return client_of


@pytest.fixture(autouse=True)
def house_language() -> Iterator[None]:
    """A request leaves the language it was answered in behind; the next test begins with the house's own."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_kept_in_mind() -> Iterator[None]:
    """A process keeps for a minute what the suggestions have learned; the next test has another database."""
    yield
    forget()
