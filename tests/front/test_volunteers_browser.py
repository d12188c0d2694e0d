"""Volunteering in real browsers, from a sign-up to a certificate that anybody can check: two want the last place, one checks
in by the code, the organiser confirms and corrects the hours, residents say how it was, the panel scores."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import Cast, make_cast
from tests.front.eyes import WIDER
from tests.volunteers.people import make_project, make_shift, make_volunteer
from tests.volunteers.test_honours import issuer
from volunteers.actions import panels
from volunteers.models import Certificate, Feedback, HoursEntry, Panel, Shift, SignUp, Volunteer

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def cast(own_media: None) -> Cast:
    cast = make_cast()
    issuer(cast)
    return cast


def do(page: Page, address: str, **given: str) -> None:
    """A verb's page of the desk, filled in and sent."""
    page.goto(address)
    for name, value in given.items():
        page.locator(f".gg-verb [name={name}]").fill(value)
    page.locator(".gg-verb button[type=submit]").click()
    page.wait_for_url("**/change/")


def test_from_a_sign_up_to_a_certificate(phone: Open, desk: Open, cast: Cast, one_minute: None) -> None:
    micro, now = cast.place.micros[0], timezone.now()
    one, other = (make_volunteer(micro, nickname=name, name="李志愿") for name in ("小甲", "小乙"))
    project = make_project(micro, cast.lead, title="助老义诊")
    shift = make_shift(project, now + 20 * MINUTE, capacity=1)
    first, second = phone(user=one.user), phone(user=other.user)
    want_the_last_place(first, second, shift)
    assert dict(SignUp.objects.values_list("volunteer", "state")) == {one.pk: "booked", other.pk: "waiting"}

    # The code at the door leads here; reading it changes nothing, the button does.
    first.goto(f"/m/volunteer/here/{shift.key}/")
    first.get_by_role("button", name="签到").tap()
    expect(first.get_by_text("已签到", exact=True)).to_be_visible()
    Shift.objects.filter(pk=shift.pk).update(starts_at=now - 125 * MINUTE, ends_at=now - 5 * MINUTE)
    SignUp.objects.filter(volunteer=one).update(arrived_at=now - 125 * MINUTE)
    organiser = desk(user=cast.lead)
    organiser.goto(f"/admin/volunteers/shift/{shift.pk}/change/")
    organiser.locator("a[data-verb][href$='/do/close/']").click()
    organiser.locator("#verb-dialog button[type=submit]").click()
    expect(organiser.get_by_text("时长和积分已入账")).to_be_visible()
    entry = HoursEntry.objects.get(volunteer=one)
    assert entry.minutes == 120
    do(organiser, f"/admin/volunteers/hoursentry/{entry.pk}/do/correct/", minutes="90", reason="提前半小时结束")
    first.goto("/m/volunteer/hours/")
    expect(first.get_by_text("1.5 小时").first).to_be_visible()

    resident = phone()
    resident.goto(f"/v/f/{project.key}/")
    resident.locator(".stars label").first.tap()
    resident.get_by_role("button", name="提交").tap()
    expect(resident.get_by_text("谢谢您的评价")).to_be_visible()
    assert Feedback.objects.get(project=project).stars == 5

    is_scored(desk, cast, one)
    first.goto("/m/volunteer/honours/")
    expect(first.get_by_text("我的评议结果：88分")).to_be_visible()
    # By itself it begins with the year, which may be younger than the shift.
    first.locator("[name=first]").fill(str(timezone.localdate(now - DAY)))
    first.get_by_role("button", name="立即出具").tap()
    expect(first.get_by_text("证明已出具")).to_be_visible()
    with first.expect_download() as file:
        first.get_by_role("link", name="下载（PDF）").tap()
    row = Certificate.objects.get(volunteer=one)
    assert file.value.suggested_filename == f"{row.no}.pdf" and row.said["minutes"] == 90
    resident.goto(f"/v/c/{row.code}/")
    expect(resident.get_by_text("该证明真实有效。")).to_be_visible()
    expect(resident.locator("main")).to_contain_text("1.5")
    assert "李志愿" not in resident.content() and resident.evaluate(WIDER) <= 0


def want_the_last_place(first: Page, second: Page, shift: Shift) -> None:
    """Both see it free; the one gets it, the other reads that it waits."""
    for page in (first, second):
        page.goto(f"/m/volunteer/shifts/{shift.pk}/")
        expect(page.get_by_role("button", name="报名")).to_be_visible()
    for page in (first, second):
        page.get_by_role("button", name="报名").tap()
        page.wait_for_load_state()
    expect(first.get_by_text("已报名", exact=True)).to_be_visible()
    expect(second.get_by_text("候补", exact=True).first).to_be_visible()


def is_scored(desk: Open, cast: Cast, volunteer: Volunteer) -> None:
    """A social worker of a panel scores VOLUNTEER, and the office closes it."""
    today, office = timezone.localdate(), {"by": cast.street, "at": timezone.now()}
    days = {"first": today - dt.timedelta(days=1), "last": today}
    panel = panels.open_panel(grid=cast.place.street, title="月度评议", **days, **office)
    panels.seat_member(panel=panel, user=cast.worker, part="social_worker", **office)
    panels.put_forward(panel=panel, volunteers=[volunteer], **office)
    scorer = desk(user=cast.worker)
    scorer.goto(f"/admin/volunteers/panel/{panel.pk}/change/")
    scorer.locator("table a[href*='candidate=']").click()
    scorer.locator(".gg-verb [name=points]").fill("88")
    scorer.locator(".gg-verb button[type=submit]").click()
    scorer.wait_for_url("**/change/")
    expect(scorer.locator("table")).to_contain_text("88")
    panels.close_panel(panel=panel, **office)
    assert Panel.objects.get().candidates.get().result == 8800
