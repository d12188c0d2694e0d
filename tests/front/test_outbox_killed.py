"""The outbox on a telephone whose battery gives out: nothing is lost, and nothing arrives twice."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from cases.models import Case, Photo, VoiceNote
from fieldwork import rules
from fieldwork.models import Patrol, TrailPoint
from gridgov.core.models import KeptAnswer
from tests.factories import Cast, make_cast
from tests.front.telephone import Telephone, arrived, at_the_case, fill, kept, send, sign_in, unsent

# The report's page and the patrol's are in the worker's keeping.
KEPT = """async () => await caches.match('/m/report/', { ignoreVary: true })
    && Boolean(await caches.match('/m/field/walk/', { ignoreVary: true }))"""
# All that is filled in is on the disk.
DRAFTED = """async (key) => {
    const draft = await OutboxStore.draft(key), said = draft.words ? draft.words.fields.map((pair) => pair[1]) : [];
    return draft.files.length === 2 && said.includes("写到一半") && said.includes("0602"); }"""
TEN_MINUTES_AGO = "() => { const now = Date.now; Date.now = () => now() - 600000; }"
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(own_media: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """At whatever hour of the night this runs."""
    monkeypatch.setattr(rules, "PATROL_FROM", dt.time(0))
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(23, 59, 59))
    return make_cast("A")


@pytest.fixture
def telephone(driver: Playwright, live_server: Any, tmp_path: Path) -> Iterator[Telephone]:
    found = Telephone(driver, tmp_path / "profile", live_server.url)
    yield found
    found.switch_off()


def stand(telephone: Telephone, lng: float) -> None:
    assert telephone.context is not None
    telephone.context.grant_permissions(["geolocation"])
    telephone.context.set_geolocation({"longitude": lng, "latitude": 35.76, "accuracy": 8})


def test_five_reports_and_a_patrol_without_a_network_survive_a_killed_browser(telephone: Telephone, cast: Cast) -> None:
    page = telephone.switch_on()
    assert telephone.context is not None
    # The door is where the service worker comes from.
    page.goto("/m/login/", wait_until="networkidle")
    sign_in(telephone.context, telephone.url, cast.worker)
    page.goto("/m/report/", wait_until="networkidle")
    page.wait_for_function(KEPT)
    telephone.context.set_offline(True)
    for number in range(5):
        kept(page, f"第{number}件", [number * 2, number * 2 + 1])
        expect(unsent(page)).to_have_text(str(number + 1))
    stand(telephone, 115.032)
    page.goto("/m/field/patrol/")
    page.evaluate(TEN_MINUTES_AGO)
    page.get_by_role("button", name="开始巡查").tap()
    expect(page.locator("[data-shown-points]")).to_have_text("1")
    expect(unsent(page)).to_have_text("6")
    telephone.kill()
    assert Case.objects.count() == 0

    page = telephone.switch_on()
    telephone.context.set_offline(True)
    stand(telephone, 115.036)
    page.goto("/m/field/patrol/")
    expect(page.locator("[data-shown-points]")).to_have_text("2")
    page.locator("[name=note]").fill("一切正常")
    page.get_by_role("button", name="结束巡查").tap()
    expect(page.locator("[data-news]")).to_contain_text("自动提交")
    expect(unsent(page)).to_have_text("6")
    sign_in(telephone.context, telephone.url, cast.worker)
    telephone.context.set_offline(False)
    page.goto("/m/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible(timeout=60_000)
    assert arrived() == {f"第{number}件": 2 for number in range(5)}
    assert KeptAnswer.objects.count() == 6
    walked = Patrol.objects.get()
    assert (walked.user, walked.ending, walked.note) == (cast.worker, "self", "一切正常")
    assert walked.ended_at is not None and walked.ended_at - walked.started_at > dt.timedelta(minutes=10)
    assert list(TrailPoint.objects.order_by("taken_at").values_list("patrol", "lng")) == [
        (walked.pk, 115.032), (walked.pk, 115.036),
    ]  # fmt: skip
    assert Photo.objects.count() == 10
    assert set(Case.objects.values_list("reported_by", flat=True)) == {cast.worker.pk}
    assert all(case.occurred_at is not None and case.occurred_at <= case.reported_at for case in Case.objects.all())


def test_what_was_being_filled_in_comes_back_after_a_kill(telephone: Telephone, cast: Cast) -> None:
    page = telephone.switch_on()
    assert telephone.context is not None
    sign_in(telephone.context, telephone.url, cast.worker)
    page.goto("/m/report/", wait_until="networkidle")
    fill(page, "写到一半", [1, 2])
    page.wait_for_function(DRAFTED, arg=f"draft:{cast.worker.pk}:/m/report/")
    telephone.kill()
    page = telephone.switch_on()
    sign_in(telephone.context, telephone.url, cast.worker)
    page.goto("/m/report/")
    expect(page.locator("[name=text]")).to_have_value("写到一半")
    expect(page.locator("[name=category]")).to_have_value("0602")
    expect(page.locator("[data-shots=photos] img")).to_have_count(2)
    send(page)
    at_the_case(page)
    assert arrived() == {"写到一半": 2}


def test_a_voice_note_is_recorded_and_heard(telephone: Telephone, cast: Cast) -> None:
    page = telephone.switch_on()
    assert telephone.context is not None
    sign_in(telephone.context, telephone.url, cast.worker)
    page.goto("/m/report/", wait_until="networkidle")
    button = page.locator("[data-voice]")
    button.tap()
    expect(button).to_contain_text("正在录音")
    # The rest of the minute is told, a second later one less.
    said = button.inner_text()
    expect(button).not_to_have_text(said)
    button.tap()
    expect(page.locator("[data-shots=voice] audio")).to_have_count(1)
    fill(page, "有语音", [])
    send(page)
    at_the_case(page)
    note = VoiceNote.objects.get()
    assert (note.mime, note.case.text) == ("audio/webm", "有语音")
    assert note.bytes > 1000
    played = "audio => new Promise(done => { audio.onloadedmetadata = () => done(true); audio.onerror = () => done(false); audio.load(); })"
    assert page.locator("audio").evaluate(played) is True
