"""The workbench: made for the role, true to the lists behind, and cheap."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import ADMIN_HANDS, Role
from accounts.models import Notice, User
from cases import actions
from cases.choices import Ask, CardLevel, Clock, Part, PauseReason
from cases.models import Application, Case, Deadline
from cases.reports.queues import BY_NAME
from gridgov.core.models import CalendarDay, Job
from grids.choices import PostKind
from grids.models import Grid, Post
from tests.cases.asking import DAY, approve, ask, more
from tests.cases.desk import desk, walk
from tests.factories import Cast, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
CASE_PEOPLE = ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "helper", "outsider")
HANDS = tuple(sorted(ADMIN_HANDS))
SHOWN = 12


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def busy(cast: Cast) -> None:
    now = timezone.now()
    for state in ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"):
        for age in (0.1, 2.7, 9):
            walk(cast, state, at=now - dt.timedelta(days=age))
    walk(cast, "handling", grid=cast.place.micros[1].code)


def troubled(cast: Cast) -> User:
    """What else may wait: help called, a supervision with its card, an application, a case that stands still, a reporter to
    call, a stuck job. Answers somebody of the unit that was called."""
    now, unit = timezone.now(), make_unit("城管局")
    helper = make_user(Role.UNIT_STAFF)
    give(helper, PostKind.UNIT_STAFF, unit)
    helped, held, asked, waits, taken = (walk(cast, "handling") for _ in range(5))
    for case in (helped, taken):
        actions.call_for_help(case=case.pk, units=[unit.pk], whistle=True, note="请到场", by=cast.lead, at=now)
    actions.report_in(case=taken.pk, order=taken.orders.get(unit=unit).pk, by=helper, at=now)
    actions.supervise_case(case=asked.pk, text="请说明", level=CardLevel.YELLOW, by=cast.street, at=now)
    wanted = {"until": now + 6 * DAY, "cause": PauseReason.WAITS_FOR_MATERIAL}
    approve(ask(held, Ask.SUSPENSION, cast.unit_staff, now, **wanted), cast.total_lead, now)
    more(waits, cast.unit_staff, now)
    walk(cast, "completed", reporter_name="王小明", reporter_phone="13912345678")
    Case.objects.filter(pk=walk(cast, "dispatched").pk).update(card=CardLevel.RED)
    Job.objects.create(kind="core.react", key="1", due_at=now, run_at=now, stuck_at=now, last_error="T\nValueError: x")
    return helper


def everybody(cast: Cast) -> Iterator[tuple[str, User]]:
    """Each role, before a street that is busy and troubled."""
    busy(cast)
    helper = troubled(cast)
    for name in CASE_PEOPLE:
        yield name, User.objects.get(pk=(helper if name == "helper" else getattr(cast, name)).pk)
    for role in HANDS:
        yield role, make_user(Role(role))


def first_page(user: User, tab: str = "") -> Any:
    answer = desk(user).get(f"/admin/?tab={tab}" if tab else "/admin/")
    assert answer.status_code == 200
    return answer


def counts(user: User) -> dict[str, int]:
    return {tab.name: tab.count for tab in first_page(user).context["tabs"]}


def test_each_number_and_each_line_is_of_the_list_behind_it(cast: Cast) -> None:
    kinds, seen = {"to-decide": "application", "stuck": "job"}, set()
    for name, user in everybody(cast):
        client = desk(user)
        for tab in client.get("/admin/").context["tabs"]:
            kind, where = kinds.get(tab.name, "case"), (name, tab.name)
            behind = {f"{kind}-{row.pk}" for row in client.get(tab.url).context["cl"].result_list}
            keys = [line.key for line in client.get(f"/admin/?tab={tab.name}").context["lines"]]
            assert tab.count == len(behind), where
            assert len(keys) == min(tab.count, SHOWN) and set(keys) <= behind, where
            due = [_due(key, tab.name) for key in keys]
            running = [at for at in due if at]
            assert running == sorted(running) and due[: len(running)] == running, where
            seen |= {tab.name} if tab.count else set()
    # Each tab had something in it for somebody.
    assert seen == {*BY_NAME, "to-decide", "stuck"}


def _due(key: str, tab: str) -> dt.datetime | None:
    """When the thing of a line runs out, read from its rows."""
    kind, _dash, pk = key.partition("-")
    if kind == "job":
        return Job.objects.get(pk=pk).stuck_at
    if kind == "application":
        return Application.objects.get(pk=pk).lapses_at
    clocks = BY_NAME[tab].clocks
    if clocks == ("case",):
        return Case.objects.get(pk=pk).due_at
    running = Deadline.objects.running().filter(case=pk, paused_at=None)
    found = running.filter(clock__in=clocks) if clocks else running
    return min((row.due_at for row in found), default=None)


def test_each_next_step_can_be_done(cast: Cast) -> None:
    """Its form opens for whoever it is offered to; whoever has something to do is offered it."""
    offered: set[str] = set()
    for name, user in everybody(cast):
        client = desk(user)
        for tab in client.get("/admin/").context["tabs"]:
            for line in client.get(f"/admin/?tab={tab.name}").context["lines"]:
                if line.next is None:
                    assert tab.name in {"supervised", "near", "late", "yellow", "red"}, (name, tab.name)
                    continue
                answer = client.get(line.next.url)
                assert answer.status_code == 200, (name, tab.name, line.next.url)
                offered.add(line.next.url.strip("/").rpartition("/")[2])
    assert offered == {
        "accept", "dispatch", "sign-in", "report-in", "complete", "finish-assist", "verify", "close", "answer", "call-back",
        "urge", "retry", "change",
    }  # fmt: skip


def test_a_line_tells_the_time_of_the_clock_it_is_sorted_by(cast: Cast) -> None:
    helper = troubled(cast)
    (line,) = first_page(helper, "handling").context["lines"]
    case = Case.objects.get(pk=line.key.removeprefix("case-"))
    # The step ends with the case, so that the case's own time is told …
    step = case.deadlines.get(clock=Clock.HANDLE, order__part=Part.ASSIST)
    assert step.due_at == case.due_at and line.left.startswith("剩余")
    # … until it ends before.
    Deadline.objects.filter(pk=step.pk).update(due_at=timezone.now() + dt.timedelta(minutes=90))
    (line,) = first_page(helper, "handling").context["lines"]
    assert line.left.startswith(f"{Clock.HANDLE.label} 剩余1小时")


def test_what_stands_still_waits_for_nobody(cast: Cast) -> None:
    busy(cast)
    before = counts(cast.unit_staff)
    case, now = walk(cast, "handling"), timezone.now()
    assert counts(cast.unit_staff) == before | {"mine": before["mine"] + 1, "handling": before["handling"] + 1}
    wanted = {"until": now + 6 * DAY, "cause": PauseReason.WAITS_FOR_MATERIAL}
    approve(ask(case, Ask.SUSPENSION, cast.unit_staff, now, **wanted), cast.total_lead, now)
    assert counts(cast.unit_staff) == before


def test_a_call_is_due_until_somebody_was_reached(cast: Cast) -> None:
    walk(cast, "completed")
    case, now = walk(cast, "completed", reporter_phone="13912345678"), timezone.now()
    people = (cast.street, cast.lead, cast.worker)
    assert [counts(user)["to-call"] for user in people] == [1, 1, 1]
    assert "to-call" not in counts(cast.unit_staff)
    actions.call_back(case=case.pk, reached=False, by=cast.worker, at=now)
    assert [counts(user)["to-call"] for user in people] == [1, 1, 1]
    actions.call_back(case=case.pk, reached=True, solved=True, by=cast.worker, at=now)
    assert [counts(user)["to-call"] for user in people] == [0, 0, 0]


def test_the_numbers_of_a_street_that_is_busy(cast: Cast) -> None:
    busy(cast)
    assert counts(cast.street) == {
        "mine": 12, "to-decide": 0, "to-accept": 3, "to-dispatch": 3, "to-sign-in": 0, "handling": 0, "to-verify": 3,
        "to-close": 3, "to-answer": 0, "to-call": 0, "supervised": 0, "near": 3, "late": 3, "yellow": 0, "red": 0, "stuck": 0,
    }  # fmt: skip
    assert not any(counts(cast.outsider).values())
    page = first_page(cast.street)
    assert page.context["waits"] == 12
    assert "<title> (12) 工作台" in page.content.decode()


def test_communities_agree_with_their_lists(cast: Cast) -> None:
    busy(cast)
    (row,) = first_page(cast.street).context["communities"]
    assert (row["code"], row["open"], row["late"]) == (cast.place.totals[0].code, 19, 3)
    for number, url in ((row["open"], row["open_url"]), (row["late"], row["late_url"])):
        assert desk(cast.street).get(url).context["cl"].result_count == number


VACANT, UNHANDY = "/admin/grids/grid/?standing=vacant", "/admin/grids/grid/?standing=unhandy"


def test_micro_grids_of_an_unhandy_size_open_their_list(cast: Cast) -> None:
    few, right = cast.place.micros
    Grid.objects.filter(pk=few.pk).update(households=29)
    Grid.objects.filter(pk=right.pk).update(households=50)
    page = first_page(cast.street)
    assert page.context["unhandy"] == 1 and UNHANDY in page.content.decode()
    assert [grid.code for grid in desk(cast.street).get(UNHANDY).context["cl"].result_list] == [few.code]
    assert list(desk(cast.outsider).get(UNHANDY).context["cl"].result_list) != [few]


def test_the_ground_at_a_glance(cast: Cast) -> None:
    context = first_page(cast.street).context
    assert [(kind, count) for kind, _label, count in context["kinds"]] == [
        ("total", 1), ("comprehensive", 1), ("dedicated", 0), ("micro", 2),
    ]  # fmt: skip
    assert context["posts"] == {"posts": 5, "people": 5, "staffed": 5}
    behind = desk(cast.street).get(VACANT).context["cl"].result_list
    assert (context["vacant"], [grid.code for grid in behind]) == (0, [])
    Post.objects.filter(grid=cast.place.micros[1]).delete()
    context = first_page(cast.street).context
    behind = desk(cast.street).get(VACANT).context["cl"].result_list
    assert (context["vacant"], [grid.code for grid in behind]) == (1, [cast.place.micros[1].code])
    assert "kinds" not in first_page(cast.unit_staff).context


def test_the_map_lets_the_communities_answer_the_pointer(cast: Cast) -> None:
    busy(cast)
    drawn = first_page(cast.street).context["street_map"]
    assert drawn["kinds"] == ["micro", "street", "dedicated", "comprehensive", "total"]
    (note,) = drawn["notes"].values()
    assert "19" in note["text"] and "3" in note["text"] and note["style"]["fillColor"] == "#dc2626"


def test_the_first_page_costs_the_same_for_one_case_and_for_many(cast: Cast) -> None:
    walk(cast, "handling")
    people = [getattr(cast, name) for name in CASE_PEOPLE if name != "helper"] + [
        make_user(Role(role)) for role in HANDS
    ]

    def cost(user: User) -> int:
        client = desk(user)
        client.get("/admin/")
        with CaptureQueriesContext(connection) as caught:
            client.get("/admin/")
        return len(caught)

    few = [cost(user) for user in people]
    busy(cast)
    troubled(cast)
    many = [cost(user) for user in people]
    assert max(many) <= 15
    # A tab with nothing in it isn't asked for its lines (two queries).
    assert all(after - before in {0, 1, 2} for before, after in zip(few, many, strict=True)), (few, many)
    for _ in range(3):
        busy(cast)
    assert [cost(user) for user in people] == many


def test_counting_is_one_pass_over_the_open_cases(cast: Cast) -> None:
    busy(cast)
    with CaptureQueriesContext(connection) as queries:
        first_page(cast.street)
    counting = [q["sql"] for q in queries if re.search("COUNT\\(|ARRAY_AGG", q["sql"]) and '"cases_case"' in q["sql"]]
    applications = [sql for sql in counting if '"cases_application"' in sql]
    assert len(applications) == 1 and "\"state\" = 'pending'" in applications[0]
    (cases,) = [sql for sql in counting if sql not in applications]
    assert '"cases_case"."state" IN' in cases


@pytest.mark.parametrize("tab", ["²", "late'", "9" * 400, "mine&tab=x", "to-accept"])
def test_an_odd_tab_is_the_first_one(cast: Cast, tab: str) -> None:
    assert first_page(cast.unit_staff, tab).context["tab"].name == "mine"


def test_an_empty_tab_says_so(cast: Cast) -> None:
    assert "没有待您办理的事项" in first_page(cast.worker).content.decode()
    assert "有新的会自动出现" in first_page(cast.worker, "late").content.decode()
    walk(cast, "completed", reporter_phone="13912345678")  # a call to make
    page = first_page(cast.worker).content.decode()
    assert ("没有待您办理的事项" in page, "除上方计数的事项外，没有其他待办。" in page) == (False, True)


def test_the_hands_see_the_house_and_no_case(cast: Cast) -> None:
    busy(cast)
    Job.objects.create(
        kind="core.react", key="1", due_at=timezone.now(), run_at=timezone.now(), stuck_at=timezone.now()
    )
    for role in ADMIN_HANDS:
        answer = first_page(make_user(role))
        assert {tab.name for tab in answer.context["tabs"]} <= {"stuck"}
        assert not any(no in answer.content.decode() for no in Case.objects.values_list("no", flat=True))
    system = first_page(make_user(Role.SYSTEM_ADMIN)).context
    assert [(tab.name, tab.count) for tab in system["tabs"]] == [("stuck", 1)]
    assert [line.title for line in system["lines"]] == ["core.react 1"]
    assert system["calendar"]["until"] is None
    auditor = first_page(make_user(Role.AUDITOR)).context
    assert len(auditor["records"]) == 10 and auditor["records"][0].verb == "accounts.signed_in"


def test_the_calendar_is_warned_of_to_those_who_can_load_it(cast: Cast) -> None:
    assert first_page(cast.street).context["calendar"] is not None
    assert "calendar" not in first_page(cast.lead).context
    ahead = [timezone.localdate() + dt.timedelta(days=n) for n in range(91)]
    CalendarDay.objects.bulk_create(CalendarDay(date=date, kind="work") for date in ahead)
    assert first_page(cast.street).context["calendar"] is None


def test_unread_notices_are_on_the_first_page_and_open_from_there(cast: Cast) -> None:
    yesterday = timezone.localtime().replace(hour=10) - dt.timedelta(days=1)
    case = walk(cast, "dispatched", at=yesterday)
    page = first_page(cast.unit_staff).content.decode()
    notice = Notice.objects.get(user=cast.unit_staff)
    assert f'formaction="/admin/accounts/notice/{notice.pk}/open/"' in page
    answer = desk(cast.unit_staff).post(f"/admin/accounts/notice/{notice.pk}/open/")
    assert answer["Location"] == f"/admin/cases/case/{case.pk}/change/"
