"""Mediation in real browsers, as party, mediator and director: a link is opened and answered, two write the same record at once, it is
signed by link and on the screen, and the draft of a record outlives a broken network; an agreement is written, signed and sealed,
and its volume printed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from gridgov.core.errands import run_next
from mediation.actions.links import make_link
from mediation.models import Agreement, Attendance, Mediation, Party, Session
from tests.factories import make_cast
from tests.front.eyes import WIDER
from tests.mediation.agreed import Told, make_told
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_session

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session(own_media: None) -> Session:
    """One that goes on now, with both parties at the table."""
    grid, now = make_cast().place.comprehensives[0], timezone.now()
    mediator = make_mediator(grid)
    file = make_file(make_committee(grid), mediator, title="卫生间漏水", accepted_at=now, due_at=now + 30 * 24 * HOUR)
    Party.objects.update(consent="asked", consented_at=None, told_at=None)
    row = make_session(
        file, mediator, state="planned", record="", starts_at=now - HOUR, recorded_at=None, recorded_by=None
    )
    for party in file.parties.all():
        Attendance.objects.create(session=row, party=party)
    return row


@pytest.fixture
def told(own_media: None) -> Told:
    """Accepted just now; both parties want mediation."""
    now = timezone.now()
    return make_told(applied_at=now, accepted_at=now, due_at=now + 30 * 24 * HOUR)


def draw(page: Page, canvas: Locator) -> None:
    """A name, with the mouse."""
    # Below nothing that sticks to the screen's end.
    canvas.hover(position={"x": 30, "y": 20})
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 20 + 15 * (step % 3))
    page.mouse.up()


def test_party_mediator_and_director(phone: Open, desk: Open, session: Session, browser_errors: list[str]) -> None:
    file = session.mediation
    one, other = file.parties.order_by("pk")
    resident = phone()
    answers_by_link(resident, file, one)
    Party.objects.filter(pk=other.pk).update(consent="agreed", told_at=timezone.now())

    mediator, director = phone(user=file.assignments.get().mediator.user), phone(user=director_of(file.committee))
    two_write_at_once(mediator, director, session)
    # The network that broke, and the record that was refused.
    assert ["409" in message or "DISCONNECTED" in message for message in browser_errors] == [True, True]
    browser_errors.clear()

    mediator.goto(f"/m/mediation/sessions/{session.pk}/sign/")
    signs_on_the_screen(mediator, other.name)
    resident.reload()
    expect(resident.locator("main")).to_contain_text("双方同意分期维修")
    signs_by_link(resident)
    expect(resident.get_by_text("您已签名")).to_be_visible()
    assert resident.evaluate(WIDER) <= 0
    signed = file.signatures.order_by("pk").values_list("party", "how", "session")
    assert list(signed) == [(other.pk, "screen", session.pk), (one.pk, "link", session.pk)]


def test_an_agreement_is_written_signed_and_sealed(
    phone: Open, desk: Open, told: Told, browser_errors: list[str]
) -> None:
    file, (one, other) = told.file, told.parties
    writer, director = desk(user=told.by), desk(user=told.director)
    writes_the_agreement(writer, told)
    director.goto(page_of(file))
    director.locator("a[href$='who=seal']").click()
    director.locator("#verb-dialog button[type=submit]").click()
    refusal = director.locator("#verb-dialog .gg-errors")
    expect(refusal).to_contain_text("印章最后加盖")
    expect(refusal).to_be_in_viewport()
    # An agreement without a manner of performance, and a seal before the signatures.
    assert [("400" in message, "409" in message) for message in browser_errors] == [(True, False), (False, True)]
    browser_errors.clear()

    resident = phone()
    opens_the_link(resident, file, one)
    other_tab = resident.context.new_page()
    other_tab.goto(resident.url)
    for page in (resident, other_tab):
        expect(page.locator("main")).to_contain_text("修好防水层")
        signs_by_link(page)
    expect(resident.get_by_text("您已签名")).to_be_visible()
    expect(other_tab.get_by_role("alert")).to_contain_text("每一方只签署一次（《人民调解法》第二十九条）")

    mediator = phone(user=told.by)
    mediator.goto(f"/m/mediation/{file.pk}/")
    mediator.get_by_role("link", name="签署调解协议").tap()
    expect(mediator.locator("main")).to_contain_text("修好防水层")
    for name in (other.name, told.mediator.name):
        signs_on_the_screen(mediator, name)
    expect(mediator.get_by_text("需在本机签名的人员均已签名")).to_be_visible()
    assert not Agreement.objects.get().effective_on

    director.locator("#verb-dialog button[type=submit]").click()
    expect(director.locator("#after")).to_contain_text("司法确认")
    agreement, signed = Agreement.objects.get(), file.signatures.order_by("pk")
    assert [(row.by_whom, row.how, row.party) for row in signed] == [
        ("party", "link", one), ("party", "screen", other), ("mediator", "screen", None), ("seal", "screen", None),
    ]  # fmt: skip
    assert agreement.effective_on == max(row.signed_on for row in signed)
    assert agreement.confirm_by >= agreement.effective_on + dt.timedelta(days=30)
    expect(director.locator("#agreement")).to_contain_text(f"自{agreement.effective_on}起生效")
    expect(director.locator("#after")).to_contain_text(f"截至{agreement.confirm_by}")
    resident.reload()
    expect(resident.locator("main")).to_contain_text(f"自 {agreement.effective_on} 起生效")
    expect(resident.locator("main")).to_contain_text(f"最迟可在 {agreement.confirm_by} ")
    assert max(page.evaluate(WIDER) for page in (resident, mediator, director)) <= 0
    exports_the_volume(director)


def page_of(file: Mediation) -> str:
    return f"/admin/mediation/mediation/{file.pk}/change/"


def writes_the_agreement(page: Page, told: Told) -> None:
    """In the dialog, where what was typed stays when the law is not kept."""
    page.goto(page_of(told.file))
    page.get_by_role("link", name="拟定协议").click()
    dialog, day = page.locator("#verb-dialog"), (timezone.localdate() + dt.timedelta(days=14)).isoformat()
    expect(dialog.locator("[name=facts]")).to_have_value(told.file.facts)
    dialog.locator("[name=content]").fill("楼上修缮防水，费用由楼上承担。")
    dialog.locator("[name=deadline]").fill(day)
    dialog.locator("[name=tasks-party]").first.select_option(label=told.parties[1].name)
    dialog.locator("[name=tasks-what]").first.fill("修好防水层")
    dialog.locator("[name=tasks-due]").first.fill(day)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text("应写明履行方式（《人民调解法》第二十九条）")
    assert not Agreement.objects.exists()
    dialog.locator("[name=manner]").fill("自行联系施工，完工后双方验收。")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#agreement")).to_contain_text("还缺4个签署")


def exports_the_volume(page: Page) -> None:
    """It is under way until the courier has come by; the page finds that out by itself."""
    page.locator("summary", has_text="卷宗材料").click()
    page.get_by_role("link", name="导出全卷").click()
    page.locator("#verb-dialog button[type=submit]").click()
    expect(page.locator("progress[data-volume]")).to_be_visible()
    while run_next():
        pass
    address = page.get_by_role("link", name="下载全卷 PDF").get_attribute("href")
    assert page.request.get(f"{address}").body().startswith(b"%PDF-")


def opens_the_link(page: Page, file: Mediation, party: Party) -> None:
    """By the last digits of the phone."""
    _link, key = make_link(party=party, by=director_of(file.committee), at=timezone.now())
    page.goto(f"/t/{key}/")
    page.locator("#digits").fill(party.phone[-4:])
    page.get_by_role("button", name="打开").tap()
    page.wait_for_url(f"**/t/{key}/")


def signs_by_link(page: Page) -> None:
    """What isn't signed isn't sent."""
    page.get_by_text("读完全文后签名").click()
    page.get_by_role("button", name="签名", exact=True).click()
    expect(page.get_by_text("请先签名")).to_be_visible()
    draw(page, page.locator(".signing canvas"))
    page.get_by_role("button", name="签名", exact=True).click()


def answers_by_link(page: Page, file: Mediation, party: Party) -> None:
    """The digits open it; rights are read, mediation is wanted."""
    opens_the_link(page, file, party)
    page.get_by_role("button", name="我已阅读并理解").tap()
    page.get_by_role("button", name="我同意调解").tap()
    expect(page.get_by_text("已记录")).to_be_visible()
    party.refresh_from_db()
    assert (party.consent, bool(party.told_at)) == ("agreed", True)


def two_write_at_once(mediator: Page, director: Page, session: Session) -> None:
    """Both begin with an empty record. The mediator's network breaks, and what was typed is sent when it is back; the director, who
    comes second, reads what stands there and puts both together."""
    address = f"/m/mediation/sessions/{session.pk}/record/"
    for page, words in ((mediator, "双方同意分期维修。"), (director, "物业到场说明。")):
        page.goto(address)
        page.get_by_label("记录内容").fill(words)
        for box in page.locator("[name=came]").all():
            box.check()
    mediator.context.set_offline(True)
    mediator.get_by_role("button", name="保存记录").tap()
    expect(mediator.locator("[data-news]")).to_contain_text("自动提交")
    assert not Session.objects.get().record
    mediator.context.set_offline(False)
    expect(mediator.locator("#unsent")).to_be_hidden()
    assert Session.objects.get().record == "双方同意分期维修。"

    director.get_by_role("button", name="保存记录").tap()
    newer = director.locator("[data-newer]")
    expect(newer).to_contain_text("双方同意分期维修。")
    expect(director.get_by_label("记录内容")).to_have_value("物业到场说明。")
    director.get_by_label("记录内容").fill("双方同意分期维修。物业到场说明。")
    newer.get_by_role("button", name="已合并").tap()
    director.get_by_role("button", name="保存记录").tap()
    director.wait_for_url(f"**/sessions/{session.pk}/")
    assert Session.objects.get().record == "双方同意分期维修。物业到场说明。"


def signs_on_the_screen(page: Page, name: str) -> None:
    """Who signs is picked, then draws."""
    page.locator(".choices").get_by_text(name).tap()
    draw(page, page.locator(".sign canvas"))
    page.get_by_role("button", name="签名", exact=True).tap()
    expect(page.locator(".news")).to_be_visible()
    expect(page.locator(".choices").get_by_text(name)).to_have_count(0)
