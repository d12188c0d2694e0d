"""The case list in a real browser: chosen by keys, looked at, done; and taken along as a file with progress."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actions import downloads, make_download
from accounts.models import Download
from cases.models import Order
from tests.cases.desk import report, walk
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
LIST = "/admin/cases/case/"


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


@pytest.mark.usefixtures("browser_errors")
def test_choose_by_keys_preview_run(desk: Open, cast: Cast) -> None:
    ready, sent = walk(cast, "accepted"), walk(cast, "dispatched")
    page = desk(user=cast.lead)
    page.goto(LIST)
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator(".gg-chosen")).to_contain_text("2")
    page.locator(".gg-bulkbar [formaction$='/dispatch/']").click()
    page.locator("[name=to]").select_option(f"unit:{cast.unit.pk}")
    page.locator("[name=look]").click()
    expect(page.locator(".gg-will")).to_have_text(f"→ {cast.unit.name}")
    expect(page.locator(".gg-cannot")).to_contain_text(sent.no)
    assert not Order.objects.filter(case=ready).exists()
    page.locator("[name=run]").click()
    page.wait_for_url("**/bulk/*/")
    expect(page.locator(".gg-bulklines")).to_contain_text(ready.no)
    assert Order.objects.get(case=ready).unit == cast.unit


@pytest.mark.usefixtures("browser_errors")
def test_a_large_file_shows_how_far_it_is_and_is_taken(desk: Open, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PART", 2)
    for _n in range(3):
        report(cast)
    page = desk(user=cast.street)
    page.goto(LIST)
    page.locator(".gg-listtools summary").last.click()
    page.locator("[name=format][value=xlsx]").click()
    page.wait_for_url("**/accounts/download/")
    bar = page.locator("progress[data-download]")
    expect(bar).to_have_attribute("max", "3")
    row = Download.objects.get()
    make_download(download=row.pk, by=cast.street, at=timezone.now())
    expect(bar).to_have_attribute("value", "2")
    make_download(download=row.pk, by=cast.street, at=timezone.now())
    with page.expect_download() as taken:
        page.locator("a.gg-button", has_text="下载").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert taken.value.path().stat().st_size == Download.objects.get().bytes
