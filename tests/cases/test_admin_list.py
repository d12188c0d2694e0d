"""The list of cases: whose, which, how many queries, and what a line says."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import Role
from cases import actions
from cases.admin import looks
from cases.models import Case
from cases.reports import time_words
from cases.reports.queues import survey
from tests.cases.desk import desk, report, walk
from tests.factories import MONDAY, Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/case/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def shown(user: object, query: str = "") -> list[str]:
    answer = desk(user).get(LIST + query)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return [case.no for case in answer.context["cl"].result_list]


def test_everybody_sees_the_own_scope_and_no_more(cast: Cast) -> None:
    near = report(cast)
    far = report(cast, grid=cast.place.micros[1].code)
    sent = walk(cast, "dispatched")
    everything = [sent.no, far.no, near.no]
    assert shown(cast.street) == shown(cast.total_lead) == shown(cast.lead) == everything
    assert shown(cast.worker) == [sent.no, near.no]
    assert shown(cast.other_worker) == [far.no]
    assert shown(cast.unit_staff) == [sent.no]
    assert shown(cast.outsider) == []


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_administrator_hands_see_no_case(role: str) -> None:
    assert desk(make_user(role)).get(LIST).status_code == 403


def test_the_list_is_flat(cast: Cast) -> None:
    """One row and three, the same number of queries, with and without a filter."""
    client = desk(cast.lead)
    costs = []
    for _round in range(2):
        walk(cast, "handling")
        client.get(LIST)
        with CaptureQueriesContext(connection) as plain:
            client.get(LIST)
        with CaptureQueriesContext(connection) as filtered:
            client.get(f"{LIST}?queue=near&state=open&q=纸箱")
        costs.append((len(plain), len(filtered)))
        walk(cast, "submitted")
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 9


def test_search_looks_into_number_title_text_and_place(cast: Cast) -> None:
    boxes = report(cast, text="楼道里堆了很多纸箱", place="滨河路18号")
    lamp = report(cast, text="路灯不亮", place="望江路3号")
    assert shown(cast.street, "?q=纸箱") == [boxes.no]
    assert shown(cast.street, "?q=望江路") == [lamp.no]
    assert shown(cast.street, f"?q={boxes.no}") == [boxes.no]
    assert shown(cast.street, "?q=垃圾") == []


def test_filters(cast: Cast) -> None:
    waiting, handling, closed = report(cast, urgency="urgent"), walk(cast, "handling"), walk(cast, "closed")
    assert shown(cast.street, "?state=open") == [handling.no, waiting.no]
    assert shown(cast.street, "?state=closed") == [closed.no]
    assert shown(cast.street, "?tier__exact=B") == [closed.no, handling.no, waiting.no]
    assert shown(cast.street, "?tier__exact=C") == []
    assert shown(cast.street, "?urgency__exact=urgent") == [waiting.no]
    assert shown(cast.street, f"?community={cast.place.totals[0].code}") == [closed.no, handling.no, waiting.no]
    assert shown(cast.street, "?community=990101009001000") == []


def test_a_list_about_running_clocks_shows_the_least_time_first(cast: Cast) -> None:
    now = timezone.now()
    later = walk(cast, "handling", at=now - dt.timedelta(days=1))
    sooner = walk(cast, "handling", at=now - dt.timedelta(days=2.7))
    latest = walk(cast, "handling", at=now - dt.timedelta(days=9))
    assert shown(cast.unit_staff, "?queue=handling") == [latest.no, sooner.no, later.no]
    assert shown(cast.unit_staff, "?queue=near") == [sooner.no]
    assert shown(cast.unit_staff, "?queue=late") == [latest.no]


def test_numbers_and_lists_of_the_queues_agree(cast: Cast) -> None:
    now = timezone.now()
    for state in ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"):
        for age in (0.1, 2.7, 9):
            walk(cast, state, at=now - dt.timedelta(days=age))
    walk(cast, "completed", grid=cast.place.micros[1].code)
    for user in (cast.street, cast.total_lead, cast.lead, cast.worker, cast.unit_staff, cast.outsider):
        for name, count in survey(user, timezone.now()).counts.items():
            assert count == len(shown(user, f"?queue={name}")), (user.username, name)
    case = walk(cast, "handling", at=now - dt.timedelta(days=0.1))
    actions.supervise_case(case=case, text="请说明", by=cast.lead, at=now)
    for user, name in ((cast.unit_staff, "to-answer"), (cast.lead, "supervised")):
        assert shown(user, f"?queue={name}") == [case.no]
    assert survey(cast.unit_staff, timezone.now()).counts == {
        "mine": 7, "to-sign-in": 3, "handling": 4, "to-answer": 1, "near": 2, "late": 2, "yellow": 0, "red": 0,
    }  # fmt: skip


def test_nobody_is_asked_to_verify_the_own_work(cast: Cast) -> None:
    case = walk(cast, "completed")
    assert shown(cast.lead, "?queue=to-verify") == [case.no]
    Case.objects.filter(pk=case.pk).update(completed_by=cast.lead)
    assert shown(cast.lead, "?queue=to-verify") == []
    assert shown(cast.total_lead, "?queue=to-verify") == [case.no]


def test_a_community_lead_is_not_asked_to_dispatch_tier_c(cast: Cast) -> None:
    case = walk(cast, "accepted")
    Case.objects.filter(pk=case.pk).update(tier="C")
    assert shown(cast.lead, "?queue=to-dispatch") == []
    assert shown(cast.street, "?queue=to-dispatch") == [case.no]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (dt.timedelta(days=2, hours=3, minutes=59), "2d 3h"),
        (dt.timedelta(hours=5, minutes=20), "5h 20min"),
        (dt.timedelta(minutes=12, seconds=59), "12min"),
        (-dt.timedelta(days=1), "1d 0h"),
    ],
)
def test_time_in_words(length: dt.timedelta, words: str) -> None:
    with override("en"):
        assert time_words.span(length) == words


def test_what_a_line_says_of_the_clock(cast: Cast) -> None:
    at = MONDAY
    with override("en"):
        case = Case(state="handling", started_at=at, due_at=at + dt.timedelta(days=3), reported_at=at)
        assert time_words.time_left(case, at + dt.timedelta(hours=21)) == "2d 3h left"
        assert time_words.time_left(case, at + dt.timedelta(days=3, hours=1)) == "1h 0min over"
        assert "gg-light-calm" in looks.light_chip(case, at) and "in time" in looks.light_chip(case, at)
        assert "gg-light-near" in looks.light_chip(case, at + dt.timedelta(days=2.5))
        late = looks.light_chip(case, at + dt.timedelta(days=4))
        assert "gg-light-late" in late and "overdue" in late
        case.completed_at = at + dt.timedelta(days=1)
        assert time_words.time_left(case, at + dt.timedelta(days=9)) == "2d 0h early"
        assert "gg-light-done" in looks.light_chip(case, at + dt.timedelta(days=9))
        case.completed_at = at + dt.timedelta(days=4)
        assert time_words.time_left(case, at + dt.timedelta(days=9)) == "1d 0h late"
        waiting = Case(state="submitted", reported_at=at)
        assert time_words.time_left(waiting, at + dt.timedelta(hours=2)) == "waiting for 2h 0min"
        assert "clock not started" in looks.light_chip(waiting, at)


def test_an_empty_list_says_so_in_a_sentence(cast: Cast) -> None:
    client = desk(cast.outsider)
    client.cookies["django_language"] = "en"
    assert b"No case in your scope yet." in client.get(LIST).content
    assert b"Nothing fits this search." in client.get(f"{LIST}?q=nothing").content
