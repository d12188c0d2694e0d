"""What waits today, and the own cases: the same numbers as at the desk, nobody else's cases, few queries."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import CASE_ROLES, Role
from accounts.models import User
from cases import actions
from cases.choices import CardLevel, Light
from cases.forms.verbs import BY_VERB
from cases.models import Case, Order
from cases.reports.queues import MINE, QUEUES, survey
from cases.views.phone.listed import PAGE
from fieldwork.actions import give_daily, start_patrol
from fieldwork.choices import DailyKind
from fieldwork.models import DailyReport, Patrol
from gridgov.phone.today import COLOURS, LINES, TOLD
from grids.choices import PostKind
from tests.cases.desk import report, walk
from tests.factories import MONDAY, Cast, give, make_cast, make_user
from tests.phone.test_frame import phone_of

pytestmark = pytest.mark.django_db
TODAY, CASES = "/m/", "/m/cases/"
PEOPLE = ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "outsider")


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def busy(cast: Cast) -> None:
    """Cases in every state, in time and late, one of them with a card and one sent to the worker's own grid."""
    now = timezone.now()
    for state in ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"):
        for age in (0.1, 3, 9):
            walk(cast, state, at=now - dt.timedelta(days=age))
    Case.objects.filter(pk=walk(cast, "dispatched").pk).update(card=CardLevel.RED)
    own = walk(cast, "accepted")
    actions.dispatch_case(case=own.pk, grid=cast.place.micros[0].code, by=cast.lead, at=now)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def ids(page: Any) -> list[int]:
    return [line.case.pk for line in page.context["lines"]]


@pytest.mark.parametrize("name", PEOPLE)
def test_the_phone_tells_the_desks_numbers(cast: Cast, name: str) -> None:
    busy(cast)
    user = getattr(cast, name)
    found = survey(fresh(user), timezone.now())
    page = phone_of(user).get(TODAY)
    told = {one.url.rpartition("=")[2]: one.count for one in page.context["counts"]}
    assert page.context["waits"] == found.counts[MINE]
    assert told == {name: count for name, count in found.counts.items() if count and name in TOLD}
    for queue, count in told.items():
        listed, mark, client = [], f"?queue={queue}", phone_of(user)
        while mark:
            part = client.get(CASES + mark)
            listed += ids(part)
            mark = part.context["older"]
        assert sorted(listed) == sorted(found.cases[queue])
        assert len(listed) == count


def test_every_count_has_a_queue_and_every_colour_a_light() -> None:
    names = {queue.name: queue for queue in QUEUES}
    assert set(TOLD) == set(names) - {MINE, "supervised"}
    assert {names[name].warns for name in TOLD} == {"", *COLOURS}


def test_the_least_time_left_comes_first_with_its_light_and_the_next_step(cast: Cast) -> None:
    now = timezone.now()
    calm, near, late = (walk(cast, "dispatched") for _ in range(3))
    spans = {calm: (1, 23), near: (23, 1), late: (30, -2)}
    for case, (before, left) in spans.items():
        moved = {"started_at": now - dt.timedelta(hours=before), "due_at": now + dt.timedelta(hours=left)}
        case.deadlines.filter(met_at=None).update(**moved)
        Case.objects.filter(pk=case.pk).update(**moved)
    page = phone_of(cast.unit_staff).get(TODAY)
    assert ids(page) == [late.pk, near.pk, calm.pk]
    assert [line.light for line in page.context["lines"]] == [Light.LATE, Light.NEAR, Light.CALM]
    assert {line.next for line in page.context["lines"]} == {BY_VERB["sign-in"].label}
    assert page.content.decode().count("chip light light-red") == 1
    assert page.content.decode().count(f"<span>{late.get_tier_display()}</span>") == 3


def test_what_came_back_and_was_urged_says_so(cast: Cast) -> None:
    case, now = walk(cast, "completed"), timezone.now()
    client = phone_of(cast.unit_staff)
    client.cookies["django_language"] = "en"
    assert "reworked" not in client.get(f"{CASES}?tab=open").content.decode()
    actions.rework_case(case=case.pk, reason="还有一处没清", by=cast.lead, at=now)
    actions.urge_case(case=case.pk, note="", by=cast.lead, at=now)
    text = client.get(TODAY).content.decode()
    assert (text.count("reworked 1×"), text.count("urged 1×")) == (1, 1)


def test_a_day_without_work_is_told_kindly(cast: Cast) -> None:
    walk(cast, "handling")
    page = phone_of(cast.other_worker).get(TODAY)
    assert (page.context["waits"], page.context["lines"], page.context["counts"]) == (0, [], [])
    assert 'class="card empty done"' in page.content.decode()
    # Nor is everything done while somebody waits to be called.
    walk(cast, "completed", reporter_phone="13912345678")
    page = phone_of(cast.worker).get(TODAY)
    assert (page.context["waits"], [one.count for one in page.context["counts"]]) == (0, [1])
    assert 'class="card empty done"' not in page.content.decode()
    assert "除上方计数的事项外，没有其他待办。" in page.content.decode()


def test_a_patrol_that_runs_is_told_to_its_walker_only(cast: Cast) -> None:
    start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY)
    told = {user: phone_of(user).get(TODAY).context["running"] for user in (cast.worker, cast.lead)}
    assert told == {cast.worker: Patrol.objects.get(), cast.lead: None}


def test_the_daily_report_is_told_as_given_or_not_to_whom_it_is_asked_of(cast: Cast) -> None:
    now, grid = timezone.now(), cast.place.micros[0]
    give_daily(
        grid=grid,
        kind=DailyKind.ORDINARY,
        note="巡查",
        day=timezone.localdate(now) - dt.timedelta(days=1),
        by=cast.worker,
        at=now,
    )
    client = phone_of(cast.worker)
    before = client.get(TODAY)
    assert (before.context["daily"], "尚未提交" in before.content.decode()) == (None, True)
    given = give_daily(grid=grid, kind=DailyKind.ZERO, by=cast.worker, at=now)
    after, words = client.get(TODAY), given.get_kind_display()
    assert after.context["daily"] == DailyReport.objects.get(pk=given.pk)
    assert (f"✓ {words}" in after.content.decode(), "尚未提交" in after.content.decode()) == (True, False)
    assert phone_of(cast.lead).get(TODAY).context["daily"] is None
    for stranger in (cast.unit_staff, cast.street):
        assert 'href="/m/daily/"' not in phone_of(stranger).get(TODAY).content.decode()


@pytest.mark.parametrize("role", sorted(set(Role.values) - CASE_ROLES - {Role.SYSTEM}))
def test_whoever_sees_no_case_begins_with_the_own_page(role: str) -> None:
    client = phone_of(make_user(role))
    own = {Role.VOLUNTEER: "/m/volunteer/", Role.MEDIATOR: "/m/mediation/"}.get(Role(role), "/m/me/")
    assert (client.get(TODAY).status_code, client.get(TODAY)["Location"]) == (302, own)
    assert client.get(CASES).status_code == 403


@pytest.mark.parametrize("name", ["worker", "lead", "unit_staff"])
def test_ten_queries_at_most_however_much_waits(cast: Cast, name: str) -> None:
    user = getattr(cast, name)
    counted = {}
    for path in (TODAY, f"{CASES}?tab=open", CASES, f"{CASES}?queue=near"):
        for more in (1, 3):
            for _turn in range(more):
                walk(cast, "dispatched")
                walk(cast, "completed")
            client = phone_of(user)
            client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get(path)
            counted.setdefault(path, []).append(len(found))
    assert all(first == second for first, second in counted.values()), counted
    assert all(number <= 10 for number, _same in counted.values()), counted


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_tabs_are_what_waits_what_is_open_and_what_was_done(cast: Cast) -> None:
    waits, open_, done = walk(cast, "dispatched"), walk(cast, "completed"), walk(cast, "closed")
    client = phone_of(cast.unit_staff)
    assert ids(client.get(CASES)) == [waits.pk]
    assert sorted(ids(client.get(f"{CASES}?tab=open"))) == [waits.pk, open_.pk]
    assert ids(client.get(f"{CASES}?tab=done")) == [done.pk, open_.pk]
    # A part of a case is done as well: the colleague who led it signs for it, and whoever was called for the part.
    colleague = make_user(Role.UNIT_STAFF)
    give(colleague, PostKind.UNIT_STAFF, cast.unit)
    Order.objects.filter(case=done).update(handler=colleague)
    assert ids(phone_of(colleague).get(f"{CASES}?tab=done")) == [done.pk]


def test_a_page_ends_where_the_next_begins(cast: Cast) -> None:
    made = [report(cast, by=cast.worker).pk for _ in range(PAGE + 3)]
    client = phone_of(cast.worker)
    first = client.get(f"{CASES}?tab=open")
    second = client.get(CASES + first.context["older"])
    assert (len(ids(first)), len(ids(second))) == (PAGE, 3)
    assert sorted(ids(first) + ids(second)) == sorted(made)
    assert (second.context["older"], ids(client.get(CASES + second.context["newer"]))) == ("", ids(first))
    assert first.context["older"] in first.content.decode().replace("&amp;", "&")


def test_at_most_twenty_are_told_today_and_the_way_to_all_of_them(cast: Cast) -> None:
    for _turn in range(LINES + 1):
        report(cast)
    page = phone_of(cast.lead).get(TODAY)
    assert (page.context["waits"], len(page.context["lines"]), page.context["more"]) == (LINES + 1, LINES, 1)
    assert f'href="{CASES}?tab=waiting"' in page.content.decode()


def test_words_and_the_end_of_a_number_find_own_cases_only(cast: Cast) -> None:
    case = report(cast, text="井盖破损，有人绊倒")
    client, tail = phone_of(cast.worker), case.no[-6:]
    assert ids(client.get(CASES, {"q": tail})) == [case.pk]
    assert ids(client.get(CASES, {"q": "井盖"})) == [case.pk]
    assert ids(client.get(CASES, {"q": "井盖", "tab": "waiting"})) == []
    for stranger in (cast.other_worker, cast.outsider, cast.unit_staff):
        assert ids(phone_of(stranger).get(CASES, {"q": tail})) == []


@pytest.mark.parametrize(
    "asked", ["q=" + "9" * 5000, "q=%25_%5C'", "tab=%C2%B2", "queue=nothing", "after=x", "q=%F0%9F%98%80"]
)  # fmt: skip
def test_odd_addresses_are_answered(cast: Cast, asked: str) -> None:
    report(cast)
    assert phone_of(cast.worker).get(f"{CASES}?{asked}").status_code == 200


def test_a_null_character_is_refused(cast: Cast) -> None:
    assert phone_of(cast.worker).get(f"{CASES}?q=%00").status_code == 400
