"""Cases lived on telephones: lead, unit and worker, each with one hand; only the extension is decided at a desk."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from cases import actions
from cases.choices import Ask, AskState, CaseState, PhotoKind
from cases.models import Application, Case, Photo
from tests.cases.desk import report, walk
from tests.factories import Cast, make_cast
from tests.front.telephone import photo, unsent

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def state_of(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def enter(page: Page, case: Case) -> None:
    """From today's list to the case, as a thumb goes."""
    page.goto("/m/")
    page.locator(f"a.line[href='/m/cases/{case.pk}/']").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(case.no)


def next_step(page: Page) -> Locator:
    """The big button."""
    return page.locator(".stick > a.big, .stick > form > button.big")


def step(page: Page, label: str) -> None:
    expect(next_step(page)).to_have_text(label)
    next_step(page).tap()


def other(page: Page, verb: str) -> None:
    """A move of the sheet below the big button."""
    page.locator(".stick summary").tap()
    page.locator(f".stick a[href$='/do/{verb}/']").tap()


def send(page: Page, **given: str) -> None:
    for name, text in given.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("form.sheet .stick button").tap()


def took_photo(page: Page, seed: int) -> None:
    page.locator("input[name=photos]").first.set_input_files(photo(seed))
    expect(page.locator("[data-shots=photos] figure")).to_have_count(1)
    expect(page.locator("form[aria-busy]")).to_have_count(0)


def test_a_case_goes_through_three_telephones(phone: Open, desk: Open, browser_errors: list[str], cast: Cast) -> None:
    case = report(cast)
    lead = phone(user=cast.lead)
    enter(lead, case)
    step(lead, "受理")
    send(lead)
    expect(next_step(lead)).to_have_text("派遣")
    next_step(lead).tap()
    lead.locator("main [name=to]").select_option(f"unit:{cast.unit.pk}")
    send(lead)
    expect(lead.locator(".news")).to_be_visible()
    assert state_of(case) == CaseState.DISPATCHED

    unit = phone(user=cast.unit_staff)
    enter(unit, case)
    step(unit, "签收")
    expect(next_step(unit)).to_have_text("办结")
    other(unit, "ask-extension")
    send(unit, value="1", reason="等配件")
    expect(unit.locator(".news")).to_be_visible()
    asked = Application.objects.get(case=case)
    office = desk(user=cast.total_lead)
    office.goto(f"/admin/cases/application/{asked.pk}/do/approve/")
    office.locator(".gg-verb button[type=submit]").click()
    expect(office.locator(".gg-verb")).to_have_count(0)
    asked.refresh_from_db()
    assert (asked.kind, asked.state) == (Ask.EXTENSION, AskState.APPROVED)

    # Without a signal: kept on the phone, sent once when it is back.
    enter(unit, case)
    step(unit, "办结")
    took_photo(unit, 1)
    unit.context.set_offline(True)
    send(unit, result="已清理")
    expect(unsent(unit)).to_have_text("1")
    assert state_of(case) == CaseState.HANDLING
    unit.context.set_offline(False)
    expect(unsent(unit)).to_be_hidden()
    assert state_of(case) == CaseState.COMPLETED
    assert [one.kind for one in Photo.objects.filter(case=case)] == [PhotoKind.AFTER]
    browser_errors[:] = [error for error in browser_errors if "ERR_INTERNET_DISCONNECTED" not in error]

    enter(lead, case)
    step(lead, "核查通过")
    send(lead)
    expect(next_step(lead)).to_have_text("结案")
    assert state_of(case) == CaseState.VERIFIED
    unit.goto("/m/cases/?tab=done")
    expect(unit.locator("a.line")).to_have_count(1)


def test_what_is_not_theirs_goes_back_with_its_reason(phone: Open, browser_errors: list[str], cast: Cast) -> None:
    case = walk(cast, "dispatched")
    unit = phone(user=cast.unit_staff)
    enter(unit, case)
    other(unit, "return")
    send(unit, whose="街道城管办", contact="李科长", basis="权责清单第12条")
    # What is missing is said at its field, and what was typed is still there.
    expect(unit.locator(".fault")).to_have_count(1)
    expect(unit.locator("[name=whose]")).to_have_value("街道城管办")
    assert not Application.objects.exists()
    assert [error for error in browser_errors if "400" not in error] == []
    browser_errors.clear()
    send(unit, reason="不属于供水")
    expect(unit.locator(".news")).to_be_visible()
    row: Any = Application.objects.get()
    assert (row.case, row.kind, row.reason, row.data["whose"]) == (case, Ask.RETURN, "不属于供水", "街道城管办")


def test_a_worker_does_the_own_small_matter(phone: Open, cast: Cast) -> None:
    case = walk(cast, "accepted")
    actions.dispatch_case(case=case.pk, grid=cast.place.micros[0].code, by=cast.lead, at=case.reported_at)
    worker = phone(user=cast.worker)
    enter(worker, case)
    step(worker, "签收")
    other(worker, "progress")
    send(worker, note="已联系物业")
    expect(next_step(worker)).to_have_text("办结")
    next_step(worker).tap()
    took_photo(worker, 2)
    send(worker, result="已搬走")
    expect(worker.locator("main")).to_contain_text("待核查")
    assert (state_of(case), case.photos.count()) == (CaseState.COMPLETED, 1)
    worker.goto("/m/")
    expect(worker.locator("a.line")).to_have_count(0)
    expect(worker.locator(".empty.done")).to_be_visible()
