"""Mediation in real browsers, as party, mediator and director: a link is opened and answered, two write the same record at once, it is
signed by link and on the screen, and the draft of a record outlives a broken network."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from mediation.actions.links import make_link
from mediation.models import Attendance, Mediation, Party, Session
from tests.factories import make_cast
from tests.front.eyes import WIDER
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


def draw(page: Page, canvas: Locator) -> None:
    """A name, with the mouse."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 20)
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

    signs_on_the_screen(mediator, session, other)
    resident.reload()
    expect(resident.locator("main")).to_contain_text("双方同意分期维修")
    resident.get_by_text("读完全文后签名").tap()
    resident.get_by_role("button", name="签名", exact=True).tap()
    expect(resident.get_by_text("请先签名")).to_be_visible()
    draw(resident, resident.locator(".signing canvas"))
    resident.get_by_role("button", name="签名", exact=True).tap()
    expect(resident.get_by_text("您已签名")).to_be_visible()
    assert resident.evaluate(WIDER) <= 0
    signed = file.signatures.order_by("pk").values_list("party", "how", "session")
    assert list(signed) == [(other.pk, "screen", session.pk), (one.pk, "link", session.pk)]


def answers_by_link(page: Page, file: Mediation, party: Party) -> None:
    """The digits open it; rights are read, mediation is wanted."""
    _link, key = make_link(party=party, by=director_of(file.committee), at=timezone.now())
    page.goto(f"/t/{key}/")
    page.locator("#digits").fill(party.phone[-4:])
    page.get_by_role("button", name="打开").tap()
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


def signs_on_the_screen(page: Page, session: Session, party: Party) -> None:
    page.goto(f"/m/mediation/sessions/{session.pk}/sign/")
    page.get_by_text(party.name).last.tap()
    draw(page, page.locator(".sign canvas"))
    page.get_by_role("button", name="签名", exact=True).tap()
    expect(page.locator(".news")).to_be_visible()
