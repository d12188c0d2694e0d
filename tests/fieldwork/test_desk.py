"""The desk's pages of the worker's day: who has given the report, figures of grids, looks with a reason, answers."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Delegation, User
from fieldwork import actions, rules
from fieldwork.choices import DailyState
from fieldwork.models import NeedlessWork, Patrol, TrailLook
from fieldwork.reports import daily_lines, grid_figures
from gridgov.core.models import CalendarDay, DayKind, Record
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, at, give, make_cast, make_user

pytestmark = pytest.mark.django_db
EVENING = at("2026-09-07 18:00")
DAY = "/admin/fieldwork/dailyreport/day/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def browser_of(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user)
    return client


def walked(cast: Cast, user: User, micro: int, minutes: int = 60, start: dt.datetime = MONDAY) -> Patrol:
    patrol = actions.start_patrol(grid=cast.place.micros[micro], by=user, at=start)
    return actions.stop_patrol(patrol=patrol, by=user, at=start + dt.timedelta(minutes=minutes))


def states(cast: Cast, moment: dt.datetime = EVENING) -> dict[str, DailyState]:
    return {line.name: line.state for line in daily_lines(cast.place.street, MONDAY.date(), moment)}


def test_a_day_says_who_gave_the_report(cast: Cast) -> None:
    away, member = make_user(), make_user()
    give(away, PostKind.GRID_WORKER_PT, cast.place.micros[1])
    give(member, PostKind.MICRO_GRID_WORKER, cast.place.micros[1])
    day = MONDAY.date()
    Delegation.objects.create(user=away, deputy=cast.worker, valid_from=day, valid_to=day, made_by=away, made_at=MONDAY)
    actions.give_daily(grid=cast.place.micros[0], kind="zero", by=cast.worker, at=EVENING)
    name = {user: user.full_name for user in (cast.worker, cast.other_worker, away)}
    wanted = {name[cast.worker]: "zero", name[cast.other_worker]: "missing", name[away]: "away"}
    assert states(cast) == wanted, "members are volunteers: nobody misses theirs"
    assert states(cast, at("2026-09-07 11:00"))[name[cast.other_worker]] == "not_yet"
    actions.give_daily(grid=cast.place.micros[1], kind="ordinary", note="停水", by=member, at=EVENING)
    assert states(cast)[member.full_name] == "ordinary"
    CalendarDay.objects.create(scope=cast.place.street.code, date=day, kind=DayKind.REST)
    assert states(cast)[name[cast.other_worker]] == "free"


def test_lines_are_flat_and_stand_by_grid(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            lines = daily_lines(cast.place.street, MONDAY.date(), EVENING)
        assert [line.code for line in lines] == sorted(line.code for line in lines)
        return len(caught)

    few = queries()
    for user in [make_user() for _ in range(3)]:
        give(user, PostKind.GRID_WORKER_FT, cast.place.micros[0])
        actions.give_daily(grid=cast.place.micros[0], kind="zero", by=user, at=EVENING)
    assert queries() == few <= 5


def test_figures_are_of_grids(cast: Cast) -> None:
    walked(cast, cast.worker, 0, 40)
    walked(cast, cast.other_worker, 1, 20)
    walked(cast, cast.worker, 0, 30, MONDAY - 24 * HOUR)
    forgotten = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY + 3 * HOUR)
    actions.end_forgotten(patrol=forgotten.pk, by=User.objects.system(), at=MONDAY + 8 * HOUR)
    for kind in ("visit", "visit", "serve"):
        actions.log_visit(grid=cast.place.micros[0], place="3号楼", kind=kind, by=cast.worker, at=MONDAY)
    today = MONDAY.date()
    (community,) = grid_figures(cast.place.street, today, today)
    assert (community.code, community.patrols, community.minutes) == (cast.place.totals[0].code, 3, 60)
    first, second = grid_figures(cast.place.totals[0], today, today)
    assert (first.minutes, second.minutes, first.visited) == (40, 20, 3)
    assert {kind.value: n for kind, n in first.visits.items() if n} == {"visit": 2, "serve": 1}
    with CaptureQueriesContext(connection) as caught:
        grid_figures(cast.place.street, today, today)
    assert len(caught) == 3


def test_each_sees_the_own_scope(cast: Cast) -> None:
    now = timezone.now()
    said = actions.give_daily(grid=cast.place.micros[0], kind="ordinary", note="唯一的备注", by=cast.worker, at=now)
    pages = (f"{DAY}?on={said.day}", "/admin/fieldwork/dailyreport/")
    for page in pages:
        for user in (cast.street, cast.total_lead, cast.lead):
            assert "唯一的备注" in browser_of(user).get(page).content.decode(), (page, user.role)
        for user in (cast.outsider, cast.other_worker, cast.unit_staff, make_user("auditor")):
            assert "唯一的备注" not in browser_of(user).get(page).content.decode(), (page, user.role)
    for user in (cast.worker, cast.unit_staff):
        assert browser_of(user).get(DAY).status_code == 403
        assert browser_of(user).get("/admin/fieldwork/patrol/figures/").status_code == 403
    elsewhere = cast.place.street.code
    assert browser_of(cast.outsider).get(f"{DAY}?at={elsewhere}").status_code == 404


@pytest.mark.parametrize(
    "asked", ["?at=%00", "?at=²", "?on=99999-99-99", "?on=2026-02-31", "?state=%00", "?at=9" + "9" * 40]
)
def test_odd_addresses(cast: Cast, asked: str) -> None:
    client = browser_of(cast.street)
    for page in (DAY, "/admin/fieldwork/patrol/figures/", "/admin/fieldwork/patrol/", "/admin/fieldwork/visit/"):
        assert client.get(page + asked).status_code in {200, 302, 400, 404}, page
    for page in (
        "patrol/?days=%00",
        "patrol/?days=7%27",
        "visit/?at=x",
        "needlesswork/?state=²",
        "patrol/figures/?days=0",
    ):
        assert client.get(f"/admin/fieldwork/{page}").status_code in {200, 302, 400}, page


def test_a_day_as_a_sheet(cast: Cast, own_media: None) -> None:
    today = timezone.localdate()
    actions.give_daily(grid=cast.place.micros[0], kind="zero", by=cast.worker, at=timezone.now())
    client = browser_of(cast.lead)
    answer: Any = client.post(f"{DAY}?on={today}&state=zero", {"format": "csv"}, follow=True)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert cast.lead.full_name in lines[0], "for whom it was made"
    assert len(lines) == 3
    assert cast.worker.full_name in lines[2] and "零报告" in lines[2]
    assert Record.objects.filter(verb="accounts.download_asked", actor=cast.lead).count() == 1
    assert browser_of(cast.worker).post(DAY, {"format": "csv"}).status_code == 403


def test_the_desk_shows_a_trail_once_and_with_a_reason(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PATROL_FROM", dt.time(0))
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(23, 59, 59))
    patrol = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=timezone.now())
    url = f"/admin/fieldwork/patrol/{patrol.pk}/do/look/"
    Patrol.objects.filter(pk=patrol.pk).update(ended_at=timezone.now(), ending="self")
    reading = actions.Reading(patrol.started_at, 115.03, 35.76)
    actions.add_points(patrol=patrol, readings=[reading], by=cast.worker, at=timezone.now())
    for user in (cast.lead, cast.total_lead, cast.worker):
        answer = browser_of(user).post(url, {"reason": "核实到岗情况"})
        assert answer.status_code in {302, 403} and "data-way" not in answer.content.decode(), user.role
        page = browser_of(user).get(f"/admin/fieldwork/patrol/{patrol.pk}/change/")
        assert (
            page.status_code == 200
            and "data-way" not in page.content.decode()
            and "115.03" not in page.content.decode()
        )
    assert not TrailLook.objects.exists()
    client = browser_of(cast.street)
    assert "data-way" not in client.get(url).content.decode()
    assert client.post(url, {"reason": "看看"}).status_code == 400
    assert "data-way" in client.post(url, {"reason": "核实到岗情况"}).content.decode()
    assert TrailLook.objects.count() == 1
    assert "核实到岗情况" in client.get(f"/admin/fieldwork/patrol/{patrol.pk}/change/").content.decode()


def test_the_street_answers_at_the_desk(cast: Cast) -> None:
    said = actions.say_needless(street=cast.place.street, words="重复填表", anonymous=True, by=cast.worker, at=MONDAY)
    named = actions.say_needless(street=cast.place.street, words="重复拍照", by=cast.worker, at=MONDAY)
    actions.answer_needless(said=named, answer="取消", by=cast.street, at=MONDAY)
    lists = {
        user: browser_of(user).get("/admin/fieldwork/needlesswork/").content.decode()
        for user in (cast.street, cast.lead)
    }
    assert cast.worker.full_name in lists[cast.street] and "重复填表" in lists[cast.street]
    assert cast.worker.full_name not in lists[cast.lead] and "重复填表" not in lists[cast.lead]
    assert "重复拍照" in lists[cast.lead]
    answer = browser_of(cast.street).post(f"/admin/fieldwork/needlesswork/{said.pk}/do/answer/", {"answer": "下月合并"})
    assert answer.status_code == 302
    assert NeedlessWork.objects.get(pk=said.pk).answer == "下月合并"
