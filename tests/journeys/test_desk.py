"""One case from the call to the archive, at the desks of four people, in the browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.choices import Role
from cases.models import Application, Case
from gridgov.core.models import Record
from tests.cases.desk import page_of, report
from tests.factories import Cast, make_cast, make_user

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def do(page: Page, verb: str, **filled: str) -> None:
    """Choose VERB on the page of a case, in its menu if it stands in one, fill its form and send it."""
    link = page.locator(f"a[data-verb][href$='/do/{verb}/'], form[action$='/do/{verb}/'] button").first
    menu = page.locator("details.gg-menu", has=link)
    if not link.is_visible() and menu.count():
        menu.locator("summary").first.click()
    at_a_click = link.evaluate("button => button.tagName") == "BUTTON"
    link.click()
    if at_a_click:
        return
    dialog = page.locator("#verb-dialog")
    dialog.locator("form").first.wait_for()
    for name, value in filled.items():
        field = dialog.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.locator("button[type=submit]").first.click()


def shows(page: Page, state: str) -> None:
    expect(page.locator(f".gg-state-{state}").first).to_be_visible()


def test_from_the_call_to_the_archive(desk: Open, cast: Cast) -> None:
    clerk, lead, unit, chief = (desk(user=user) for user in (cast.street, cast.lead, cast.unit_staff, cast.total_lead))
    clerk.goto("/admin/cases/case/add/")
    clerk.locator("[name=category]").select_option(cast.category.code)
    clerk.locator("[name=text]").fill("幸福路 12 号门口井盖破损")
    clerk.locator("[name=grid]").fill(cast.place.micros[0].code)
    clerk.locator("[name=reporter_name]").fill("王小明")
    clerk.locator("[name=reporter_phone]").fill("13912345678")
    clerk.locator("form button.gg-big").click()
    clerk.wait_for_url("**/change/")
    case = Case.objects.get()
    address = f"/admin/cases/case/{case.pk}/change/"
    do(clerk, "accept")
    shows(clerk, "accepted")

    chief.goto(address)
    do(chief, "dispatch", to=f"unit:{cast.unit.pk}", note="请今天到场")
    shows(chief, "dispatched")
    unit.goto(address)
    do(unit, "sign-in")
    shows(unit, "handling")

    clerk.goto(address)
    do(clerk, "supervise", text="请说明何时修好")
    expect(clerk.get_by_text("请说明何时修好").first).to_be_visible()
    unit.goto(address)
    expect(unit.get_by_text("请说明何时修好").first).to_be_visible()
    do(unit, "ask-extension", value="1", unit="natural_day", reason="等井盖到货")
    expect(unit.get_by_text("等井盖到货").first).to_be_visible()
    due = Case.objects.get().due_at

    row = Application.objects.get()
    chief.goto(f"/admin/cases/application/{row.pk}/change/")
    do(chief, "approve")
    expect(chief.locator("a[href$='/do/approve/']")).to_have_count(0)
    case.refresh_from_db()
    assert (case.extended, case.due_at > due) == (1, True)

    unit.goto(address)
    do(unit, "complete", result="已换新井盖", reply="井盖已换好。")
    shows(unit, "completed")
    lead.goto(address)
    do(lead, "verify")
    shows(lead, "verified")
    clerk.goto(address)
    do(clerk, "close", reply="井盖已换好，谢谢您的反映。")
    shows(clerk, "closed")
    words = ["reported", "accepted", "dispatched", "signed_in", "supervised", "asked", "extended", "completed",
             "verified", "closed"]  # fmt: skip
    found = list(Record.objects.filter(subject_id=case.pk).order_by("seq").values_list("verb", flat=True))
    assert [verb.removeprefix("cases.") for verb in found if verb.removeprefix("cases.") in words] == words


def test_a_look_at_a_phone_number_is_found_by_the_auditor(desk: Open, cast: Cast) -> None:
    case = report(cast, reporter_name="王小明", reporter_phone="13912345678")
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    expect(page.locator("body")).not_to_contain_text("13912345678")
    do(page, "reveal", reason="回访核实地址")
    expect(page.locator("#verb-dialog")).to_contain_text("13912345678")
    audit = desk(user=make_user(Role.AUDITOR))
    audit.goto("/admin/core/record/")
    expect(audit.locator("#result_list, table").first).to_contain_text(cast.lead.full_name)
    row = Record.objects.get(verb="cases.revealed")
    audit.goto(f"/admin/core/record/{row.pk}/change/")
    expect(audit.locator("body")).to_contain_text("回访核实地址")
    expect(audit.locator("body")).not_to_contain_text("13912345678")
