"""Every page of the phone in a real browser: small screens, large type, bright sun; light to load; and without a network."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases import actions
from fieldwork.forms.phone import VisitForm
from gridgov.core.phone import SHELL_HEADER
from gridgov.phone import worker
from gridgov.phone.urls import urlpatterns
from tests.cases.desk import walk
from tests.factories import Cast, make_cast
from tests.front.eyes import visit
from tests.front.telephone import arrived, kept, photo, unsent

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
# Those that are no pages, or none of their own: they answer scripts, lead on, or do something.
NO_PAGES = {"m-report-ground", "m-logout", "m-entry", "m-manifest", "m-login"}
PUBLIC = ("/r/", "/r/report/", "/r/follow/", "/r/privacy/", "/results/")
PAGES = sorted({str(one.name) for one in urlpatterns if "<" not in str(one.pattern)} - NO_PAGES)


@pytest.fixture
def cast(own_media: None) -> Cast:
    cast = make_cast("B")
    walk(cast, "dispatched")
    walk(cast, "submitted")
    return cast


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages_of(user: Any) -> list[str]:
    """The addresses that show USER a page: others are for other roles, or do something. With those for everybody."""
    client = signed_in(user)
    answers = {reverse(name): client.get(reverse(name)) for name in PAGES}
    words = {address: answer for address, answer in answers.items() if answer["Content-Type"].startswith("text/html")}
    return [*(address for address, answer in words.items() if answer.status_code == 200), *PUBLIC]


@pytest.mark.parametrize("who", ["worker", "unit_staff"])
def test_every_page_is_light_and_fits_every_screen_and_eye(phone: Open, cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    # What the worker's telephone has shown is the same page.
    everybodys = {*pages_of(cast.worker), "/m/logout/"} - {"/m/", "/m/cases/"} if who == "unit_staff" else set()
    page = phone(user=user, fresh=True)
    found = {address: visit(page, address) for address in ("/m/logout/", *pages_of(user)) if address not in everybodys}
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_there_are_pages_to_look_at(cast: Cast) -> None:
    assert {"/m/", "/m/cases/", "/m/report/", "/m/me/", "/m/inbox/", "/m/offline/", "/m/grid/", "/m/field/"} <= set(
        pages_of(cast.worker)
    )


@pytest.mark.parametrize("who", ["worker", "unit_staff", "lead", "street"])
def test_nothing_is_written_into_a_page(cast: Cast, who: str) -> None:
    """The content policy would keep it from running; here is said where it stands."""
    client = signed_in(getattr(cast, who))
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:"
    )
    addresses = (*pages_of(getattr(cast, who)), "/m/logout/", "/m/nothing/", "/nothing/")
    found = {address: inline.findall(client.get(address).content.decode()) for address in addresses}
    assert {address: what for address, what in found.items() if what} == {}


# --- without a network -----------------------------------------------------------------------------------------------


def kept_by(page: Page) -> dict[str, list[str]]:
    """What the device keeps: cache → paths."""
    found: dict[str, list[str]] = page.evaluate(
        """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
             [name.replace(/-[0-9a-f]+$/, ""), (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)])))"""
    )
    return found


def until(page: Page, what: str, *args: Any) -> None:
    """Wait for WHAT, an async function; Playwright's own way of waiting needs an eval that the content policy forbids."""
    page.evaluate(
        f"""async (args) => {{ const what = {what};
             for (let n = 0; !(await what(...args)); n += 1) {{
               if (n > 100) throw new Error("waited in vain");
               await new Promise((done) => setTimeout(done, 100));
             }} }}""",
        list(args),
    )


def versions(page: Page) -> set[str]:
    """Of which versions the device keeps pages."""
    found: list[str] = page.evaluate("caches.keys()")
    return {name.removeprefix("gridgov-pages-") for name in found if name.startswith("gridgov-pages-")}


def is_kept(page: Page, *addresses: str, words: str = "", version: str = "") -> None:
    """Wait until the device keeps the forms at ADDRESSES, with WORDS in them."""
    until(
        page,
        """async (wanted, words, version) => { const name = (await caches.keys()).find((one) => one.startsWith("gridgov-pages-" + version));
             const pages = name && await caches.open(name);
             const kept = await Promise.all(wanted.map(async (one) => pages && pages.match(one).then((found) => found && found.text())));
             return kept.every((text) => text && text.includes(words)); }""",
        list(addresses), words, version,
    )  # fmt: skip


def installed(page: Page) -> None:
    page.goto("/m/me/")
    until(page, "async () => navigator.serviceWorker.controller !== null")
    is_kept(page, "/m/offline/")


def test_forms_open_without_a_network_and_other_pages_say_why_not(
    phone: Open, cast: Cast, browser_errors: list[str]
) -> None:
    """The own open orders are carried along as bare facts, and can be signed in and completed."""
    order = walk(cast, "accepted")
    actions.dispatch_case(case=order.pk, grid=cast.place.micros[0].code, by=cast.lead, at=timezone.now())
    page = phone(user=cast.worker)
    installed(page)
    page.goto("/m/")
    expect(page.locator("[data-carried-from]")).to_have_attribute("data-carried", "done")
    shells = [address for address in pages_of(cast.worker) if SHELL_HEADER in signed_in(cast.worker).get(address)]
    assert {"/m/offline/", reverse("m-visit")} <= set(shells)
    is_kept(page, *shells)
    kept = kept_by(page)
    assert not {"/m/me/", "/m/inbox/", "/m/grid/"} & set(kept["gridgov-pages"])
    page.context.set_offline(True)
    page.goto("/m/inbox/")
    expect(page.locator("h1")).to_have_text("无网络")
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator(f"a[href='{reverse('m-visit')}']")).to_be_visible()
    for shell in set(shells) - {"/m/offline/", "/m/carried/"}:
        page.goto(shell)
        full = "form:visible, [data-outbox-empty]:visible, [data-notes] [data-empty]:visible"
        expect(page.locator(full).first).to_be_visible()
        assert page.locator("main").evaluate("(main) => getComputedStyle(main).display") == "grid"
    page.goto("/m/")
    expect(page.locator("[data-as-of]")).to_contain_text("截至")
    expect(page.locator("[data-lines] li")).to_have_count(1)
    page.locator("[data-lines] a").tap()
    expect(page).to_have_url(re.compile(f"/m/cases/{order.pk}/$"))
    expect(page.locator("[data-facts]")).to_contain_text(order.no)
    assert order.text not in page.locator("main").inner_text()
    page.get_by_role("button", name="签收").tap()
    expect(page.locator("[data-unsent-of]")).to_contain_text("签收")
    page.locator("summary", has_text="办结").tap()
    page.locator("details[open] [name=result]").fill("清走了")
    page.locator("details[open] input[name=photos]").first.set_input_files(photo(1))
    expect(page.locator("details[open] figure")).to_have_count(1)
    page.locator("details[open] button[type=submit]").tap()
    expect(page.locator("[data-unsent-of]")).to_contain_text("签收、办结")
    page.context.set_offline(False)
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    order.refresh_from_db()
    assert (order.state, order.result, order.photos.get().kind) == ("completed", "清走了", "after")
    page.goto("/m/inbox/")
    expect(page.locator("h1")).to_have_text("收件箱")
    browser_errors.clear()  # what could not be fetched is what was tried


def opened_until_taken_over(page: Page) -> None:
    """Each page that is opened asks the worker that waits to take over; one that has work in hand lets it wait longer."""
    for _page in range(5):
        page.goto("/m/me/")
        taken = page.evaluate("""async () => {
            for (let n = 0; n < 30; n += 1) {
              const found = await navigator.serviceWorker.ready;
              if (!found.waiting && found.active.state === "activated") return true;
              await new Promise((done) => setTimeout(done, 100));
            }
            return false; }""")
        if taken:
            return
    raise AssertionError("the new worker waits for ever")


def test_a_new_version_takes_over_and_loses_nothing(
    phone: Open, cast: Cast, browser_errors: list[str], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed while the house answers badly: reports wait on, and each form opens in the newest whole version there is."""
    page = phone(user=cast.worker)
    installed(page)
    is_kept(page, "/m/report/", reverse("m-visit"))
    (first,) = versions(page)
    media, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "broken"
    settings.MEDIA_ROOT.write_text("no folder: nothing can be taken in")
    page.goto("/m/report/")
    kept(page, "换版之前", [1])
    with monkeypatch.context() as broken:
        broken.setattr(worker, "version", lambda: "beef")
        broken.setattr(VisitForm, "__init__", None)
        page.goto("/m/me/")
        until(page, "async () => Boolean((await navigator.serviceWorker.ready).waiting)")
        opened_until_taken_over(page)
        is_kept(page, "/m/report/", version="beef")
        assert versions(page) == {first, "beef"}
        page.context.set_offline(True)
        for address in ("/m/report/", reverse("m-visit")):
            page.goto(address)
            expect(page.locator("form[data-outbox]:visible").first).to_be_visible()
            expect(unsent(page)).to_have_text("1")
        page.context.set_offline(False)
    monkeypatch.setattr(worker, "version", lambda: "beef")
    settings.MEDIA_ROOT = media
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.postMessage('fill'))")
    until(page, "async (old) => !(await caches.keys()).includes('gridgov-pages-' + old)", first)
    is_kept(page, "/m/report/", reverse("m-visit"), version="beef")
    # Every file that a page names is kept with it, under the same version.
    assert (
        page.evaluate("""async () => {
        const pages = await caches.open("gridgov-pages-beef"), files = await caches.open("gridgov-files-beef"), lost = [];
        for (const one of await pages.keys()) {
          const text = await (await pages.match(one)).text();
          for (const [, name] of text.matchAll(/(?:src|href)="(\\/static\\/[^"]+)/g)) if (!(await files.match(name))) lost.push(name);
        }
        return lost; }""")
        == []
    )
    page.goto("/m/outbox/")
    empty, at_once = page.locator("[data-outbox-empty]:visible"), page.locator("[data-outbox-all]")
    expect(empty.or_(at_once).locator("visible=true")).to_be_visible()
    # After so many failures it would rest for a minute. It may go by itself meanwhile: there is nothing to tap then.
    at_once.dispatch_event("click")
    expect(empty).to_be_visible()
    assert arrived()["换版之前"] == 1
    browser_errors.clear()  # what the house could not do


def test_signing_out_forgets_the_pages(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    installed(page)
    page.evaluate("(async () => (await caches.open('other-people')).put('/x', new Response('x')))()")
    page.goto("/m/")
    expect(page.locator("[data-carried-from]")).to_have_attribute("data-carried", "done")
    assert (
        page.evaluate(f"OutboxStore.draft('carried:{cast.worker.pk}').then((found) => found.words.orders.length)") == 0
    )
    page.goto("/m/logout/")
    page.locator("button.danger").tap()
    expect(page).to_have_url(re.compile("/m/login/$"))
    drafts = """new Promise((done) => { indexedDB.open('gridgov-outbox').onsuccess = (event) => {
        const drafts = event.target.result.transaction('drafts').objectStore('drafts');
        drafts.getAllKeys().onsuccess = (found) => done(found.target.result); }; })"""
    assert page.evaluate(drafts) == []
    kept = kept_by(page)
    assert set(kept.get("gridgov-pages", [])) <= {"/m/offline/"}
    assert kept["other-people"] == ["/x"]


def test_a_report_that_waits_is_spoken_of_before_one_leaves(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    page.goto("/m/logout/")
    expect(page.locator("[data-unsent-warning]")).to_be_hidden()
    page.evaluate("document.getElementById('unsent').hidden = false")
    expect(page.locator("[data-unsent-warning]")).to_be_visible()


def test_a_form_is_kept_in_the_look_it_was_last_seen_in(phone: Open, cast: Cast) -> None:
    page = phone(user=cast.worker)
    installed(page)
    page.locator("label", has_text="长辈模式").tap()
    expect(page.locator("html")).to_have_class(re.compile("elder"))
    is_kept(page, "/m/offline/", reverse("m-visit"), words="type-s elder")
