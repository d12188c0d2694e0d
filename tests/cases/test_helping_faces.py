"""Co-handling, special teams and the ledger of parked cases, as people and other systems meet them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.choices import CaseState, OrderState, Part
from cases.models import Case, Order, Pause, Team
from cases.reports.queues import survey, waiting
from grids.choices import PostKind
from grids.models import Binding, Unit
from tests.cases.desk import MINUTE, desk, page_of, verb_of, walk
from tests.cases.test_actions import snapshot
from tests.factories import LONG_AGO, Cast, give, make_cast, make_unit, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture
def unit() -> Unit:
    return make_unit("城管局")


@pytest.fixture
def staff(unit: Unit) -> User:
    user = make_user(Role.UNIT_STAFF, full_name="李协办")
    give(user, PostKind.UNIT_STAFF, unit)
    return user


@pytest.fixture
def specialist(cast: Cast, unit: Unit) -> User:
    user = make_user(Role.UNIT_STAFF, full_name="王专业", phone="13800000009")
    post = give(user, PostKind.SPECIALIST_WORKER, unit)
    Binding.objects.create(post=post, grid=cast.place.totals[0], valid_from=LONG_AGO)
    return user


def call(case: Case, cast: Cast, unit: Unit, **values: Any) -> Order:
    asked = {"units": [unit.pk], "whistle": True, "note": "请到场", "by": cast.lead, "at": timezone.now() - MINUTE}
    actions.call_for_help(case=case, **{**asked, **values})
    found: Order = case.orders.get(part=Part.ASSIST, unit=unit)
    return found


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_person_is_called_by_a_tick_and_the_unit_does_its_part(
    cast: Cast, unit: Unit, staff: User, specialist: User
) -> None:
    case = walk(cast, "handling")
    worker = desk(cast.worker)
    assert verb_of(case, "call") in worker.get(page_of(case)).content.decode()
    form = worker.get(verb_of(case, "call")).content.decode()
    assert f'value="{unit.pk}:{specialist.pk}"' in form and "王专业 · 城管局" in form
    given = {"whistle": "yes", "people": [f"{unit.pk}:{specialist.pk}"], "note": "请到3号楼"}
    assert worker.post(verb_of(case, "call"), given).status_code == 302
    order = case.orders.get(part=Part.ASSIST)
    assert (order.unit, order.called, order.whistled) == (unit, specialist, True)
    # The unit's page: the big button is theirs, and nothing of the lead's is.
    page = desk(staff).get(page_of(case))
    first = page.context["buttons"][0]
    assert (first.verb.name, first.primary) == ("report-in", True)
    names = {b.verb.name for b in page.context["buttons"] if not b.verb.name.startswith("ask-")}
    assert names == {"report-in", "progress", "photo"}
    assert "王专业" in page.content.decode()
    assert desk(staff).post(verb_of(case, "report-in"), {"order": order.pk}).status_code == 302
    page = desk(staff).get(page_of(case))
    assert page.context["buttons"][0].verb.name == "finish-assist"
    assert desk(staff).post(verb_of(case, "progress"), {"note": "正在拖车"}).status_code == 302
    answer = desk(staff).post(verb_of(case, "finish-assist"), {"order": order.pk, "result": "已拖走"})
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, order.handler, order.result) == (OrderState.DONE, staff, "已拖走")


def test_the_form_of_a_call_says_what_is_wrong(cast: Cast, unit: Unit, staff: User, specialist: User) -> None:
    case, worker = walk(cast, "handling"), desk(cast.worker)
    second = make_user(Role.UNIT_STAFF)
    post = give(second, PostKind.SPECIALIST_WORKER, unit)
    Binding.objects.create(post=post, grid=cast.place.totals[0], valid_from=LONG_AGO)
    before = snapshot(case)
    two = [f"{unit.pk}:{specialist.pk}", f"{unit.pk}:{second.pk}"]
    for given in ({"people": two}, {}, {"units": ["0"]}, {"people": ["a:b"]}):
        answer = worker.post(verb_of(case, "call"), {"whistle": "yes", "note": "请到场", **given})
        assert (answer.status_code, answer.context["form"].is_valid()) == (400, False), given
    assert snapshot(case) == before


def test_completing_names_whoever_is_still_at_it(cast: Cast, unit: Unit, staff: User) -> None:
    case = walk(cast, "handling")
    order = call(case, cast, unit)
    client = desk(cast.unit_staff)
    assert "城管局" in client.get(verb_of(case, "complete")).content.decode()
    answer = client.post(verb_of(case, "complete"), {"result": "好了", "outcome": "solved"})
    assert answer.status_code == 409
    assert "城管局" in answer.content.decode()
    page = client.get(page_of(case)).content.decode()
    assert f"{verb_of(case, 'excuse')}?order={order.pk}" in page
    form = client.get(f"{verb_of(case, 'excuse')}?order={order.pk}")
    assert f'name="order" value="{order.pk}"' in form.content.decode()
    assert client.post(verb_of(case, "excuse"), {"order": order.pk, "reason": "不需要"}).status_code == 302
    assert client.post(verb_of(case, "complete"), {"result": "好了", "outcome": "solved"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == CaseState.COMPLETED


def test_of_several_orders_the_button_means_the_one_beside_it(cast: Cast, unit: Unit, staff: User) -> None:
    case, other = walk(cast, "handling"), make_unit("燃气公司")
    give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, other)
    call(case, cast, unit)
    second = call(case, cast, other)
    client = desk(cast.lead)
    form = client.get(f"{verb_of(case, 'excuse')}?order={second.pk}").context["form"]
    assert form["order"].value() == str(second.pk)
    assert client.post(verb_of(case, "excuse"), {"order": second.pk + 99, "reason": "不需要"}).status_code == 400
    assert client.post(verb_of(case, "excuse"), {"order": second.pk, "reason": "不需要"}).status_code == 302
    second.refresh_from_db()
    assert second.state == OrderState.EXCUSED


@pytest.mark.parametrize("who", ["lead", "unit_staff", "worker", "street"])
def test_only_the_unit_called_has_its_buttons(cast: Cast, unit: Unit, staff: User, who: str) -> None:
    case = walk(cast, "handling")
    order, client = call(case, cast, unit), desk(getattr(cast, who))
    own, outsider = desk(staff), desk(cast.outsider)
    before = snapshot(case)
    assert client.post(verb_of(case, "report-in"), {"order": order.pk}).status_code == 403
    assert client.post(verb_of(case, "finish-assist"), {"order": order.pk, "result": "好"}).status_code == 403
    assert own.post(verb_of(case, "excuse"), {"order": order.pk, "reason": "不是我们的"}).status_code == 403
    assert outsider.post(verb_of(case, "report-in"), {"order": order.pk}).status_code == 404
    assert snapshot(case) == before


def test_queues_hold_the_orders_of_helpers(cast: Cast, unit: Unit, staff: User) -> None:
    case = walk(cast, "handling")
    order, now = call(case, cast, unit), timezone.now()

    def counts(user: User) -> dict[str, int]:
        return {name: count for name, count in survey(User.objects.get(pk=user.pk), now).counts.items() if count}

    assert counts(staff) == {"mine": 1, "to-sign-in": 1}
    assert list(waiting(staff, "to-sign-in", now)) == list(waiting(staff, "mine", now)) == [case]
    assert counts(cast.unit_staff) == {"mine": 1, "handling": 1}
    actions.report_in(case=case, order=order.pk, by=staff, at=now)
    assert counts(staff) == {"mine": 1, "handling": 1}
    actions.finish_assist(case=case, order=order.pk, result="好了", by=staff, at=now)
    assert counts(staff) == {}
    assert list(waiting(staff, "mine", now)) == []


def test_who_helped_is_not_asked_to_verify(cast: Cast, unit: Unit, staff: User) -> None:
    case = walk(cast, "handling")
    order, now = call(case, cast, unit), timezone.now()
    give(cast.total_lead, PostKind.UNIT_STAFF, unit)
    actions.report_in(case=case, order=order.pk, by=cast.total_lead, at=now)
    actions.finish_assist(case=case, order=order.pk, result="好了", by=cast.total_lead, at=now)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=now)
    assert [list(waiting(user, "to-verify", now)) for user in (cast.total_lead, cast.lead)] == [[], [case]]


def test_the_page_of_a_case_stays_flat_with_helpers_and_a_team(cast: Cast) -> None:
    client, counts = desk(cast.lead), []
    for many in (1, 4):
        case = walk(cast, "handling")
        for _ in range(many):
            unit = make_unit()
            give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, unit)
            call(case, cast, unit)
        members = [(make_user(Role.WORKER).pk, "") for _ in range(many)]
        days = [timezone.localdate() + dt.timedelta(days=n) for n in range(many)]
        asked = {"lead": cast.total_lead.pk, "members": members, "plan": "方案", "review_days": days}
        actions.form_team(case=case, **asked, by=cast.street, at=timezone.now())
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page_of(case)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_a_team_is_formed_changed_reviewed_and_ended_on_the_page(cast: Cast, unit: Unit, staff: User) -> None:
    case, client = walk(cast, "handling"), desk(cast.total_lead)
    today = timezone.localdate()
    given = {
        "lead": cast.total_lead.pk, "members": [cast.worker.pk, staff.pk], "tasks": f"李协办:清运\n{cast.worker}: 盯现场",
        "plan": "分三步走", "review_days": f"{today}、{today + dt.timedelta(days=7)}",
    }  # fmt: skip
    before = snapshot(case)
    for wrong in ({"review_days": "明天"}, {"tasks": "没有冒号"}, {"tasks": "路人:看热闹"}, {"lead": ""}):
        assert client.post(verb_of(case, "form-team"), {**given, **wrong}).status_code == 400, wrong
    assert snapshot(case) == before
    assert client.post(verb_of(case, "form-team"), given).status_code == 302
    team = Team.objects.get()
    assert {one.user: one.task for one in team.members.all()} == {
        cast.total_lead: "",
        cast.worker: "盯现场",
        staff: "清运",
    }
    page = client.get(page_of(case))
    names = {button.verb.name for button in page.context["buttons"]}
    assert {"team-review", "change-team", "end-team"} <= names and "form-team" not in names
    assert "分三步走" in page.content.decode()
    form = client.get(verb_of(case, "change-team")).context["form"]
    assert form["tasks"].value() == f"{cast.worker}:盯现场\n李协办:清运"
    changed = {**given, "members": [staff.pk], "tasks": "", "plan": "改为两步", "review_days": ""}
    assert client.post(verb_of(case, "change-team"), changed).status_code == 302
    team.refresh_from_db()
    assert (team.plan, team.members.count()) == ("改为两步", 2)
    review = team.reviews.first()
    assert review is not None
    assert client.post(verb_of(case, "team-review"), {"review": review.pk, "note": "已清一半"}).status_code == 302
    assert "已清一半" in client.get(page_of(case)).content.decode()
    assert desk(cast.worker).post(verb_of(case, "end-team"), {"summary": "好了"}).status_code == 403
    assert client.post(verb_of(case, "end-team"), {"summary": "好了"}).status_code == 302
    team.refresh_from_db()
    assert team.summary == "好了"


def park(cast: Cast, until: dt.timedelta, plan: str = "等待产权单位") -> Case:
    case, now = walk(cast, "handling"), timezone.now()
    case.change(hold="parked", hold_until=now + until)
    rest = {
        "kind": "parked",
        "cause": "hard_case",
        "plan": plan,
        "by": cast.street,
        "started_at": now - dt.timedelta(days=20),
    }
    Pause.objects.create(case=case, until=now + until, **rest)
    return case


def test_the_ledger_of_parked_cases(cast: Cast) -> None:
    later, late = park(cast, dt.timedelta(days=5)), park(cast, dt.timedelta(days=-2))
    walk(cast, "handling")
    ended = park(cast, dt.timedelta(days=1))
    ended.pauses.update(ended_at=timezone.now())
    asked = {"lead": cast.total_lead.pk, "members": [], "plan": "方案", "review_days": []}
    actions.form_team(case=late, **asked, by=cast.street, at=timezone.now())
    page = desk(cast.street).get("/admin/cases/pause/")
    rows = page.context["cl"].result_list
    assert [row.case for row in rows] == [late, later]
    text = page.content.decode()
    assert (text.count("gg-light-late"), text.count(page_of(late)) > 0) == (1, True)
    assert text.count(str(cast.total_lead)) == 1
    assert ">20<" in text
    shown = desk(cast.street).get("/admin/cases/pause/?review=late").context["cl"].result_list
    assert [row.case for row in shown] == [late]
    shown = desk(cast.street).get("/admin/cases/pause/?review=week").context["cl"].result_list
    assert [row.case for row in shown] == [later]
    assert list(desk(cast.outsider).get("/admin/cases/pause/").context["cl"].result_list) == []
    listed = desk(cast.street).get("/admin/cases/case/?hold=parked").context["cl"].result_list
    assert set(listed) == {later, late, ended}


def test_the_ledger_is_flat(cast: Cast) -> None:
    client, counts = desk(cast.street), []
    for _ in range(2):
        case = park(cast, dt.timedelta(days=5))
        asked = {"lead": cast.total_lead.pk, "members": [], "plan": "方案", "review_days": []}
        actions.form_team(case=case, **asked, by=cast.street, at=timezone.now())
        with CaptureQueriesContext(connection) as caught:
            client.get("/admin/cases/pause/")
        counts.append(len(caught))
    assert counts[0] == counts[1]


# --- API -------------------------------------------------------------------------------------------------------------


def api(user: User) -> APIClient:
    return client_of(user)


def test_a_helper_by_api(cast: Cast, unit: Unit, staff: User, specialist: User) -> None:
    case = walk(cast, "handling")
    url, lead, helper = f"/api/v1/cases/{case.pk}/", api(cast.lead), api(staff)
    (found,) = [row for row in lead.get(f"{url}helpers/").json() if row["people"]]
    assert (found["unit"], found["usual"], [p["name"] for p in found["people"]]) == (unit.pk, False, ["王专业"])
    assert found["people"][0]["phone"] == "138****0009"
    asked = {"helpers": [{"unit": unit.pk, "person": specialist.pk}], "whistle": True, "note": "请到场"}
    assert lead.post(f"{url}call/", asked, format="json").status_code == 200
    order = case.orders.get(part=Part.ASSIST)
    assert lead.post(f"{url}call/", asked, format="json").json()["errors"][0]["code"] == "called_already"
    mine = f"{url}orders/{order.pk}/"
    assert lead.post(f"{mine}report-in/").status_code == 403
    assert api(cast.outsider).post(f"{mine}report-in/").status_code == 404
    assert helper.post(f"{url}orders/{order.pk + 99}/report-in/").status_code == 404
    assert helper.post(f"{mine}report-in/").status_code == 200
    assert helper.post(f"{mine}finish/", {"result": ""}).status_code == 400
    assert helper.post(f"{mine}finish/", {"result": "已拖走"}).status_code == 200
    assert lead.post(f"{mine}excuse/", {"reason": "晚了"}).status_code == 409
    shown = helper.get(url).json()["orders"][-1]
    assert (shown["part"], shown["whistled"], shown["called"], shown["state"], shown["result"]) == (
        "assist", True, "王专业", "done", "已拖走",
    )  # fmt: skip
    assert shown["report_in_seconds"] >= 0


def test_a_team_by_api(cast: Cast, staff: User) -> None:
    case = walk(cast, "handling")
    lead = api(cast.total_lead)
    day = timezone.localdate().isoformat()
    asked = {
        "lead": cast.total_lead.pk,
        "members": [{"user": staff.pk, "task": "清运"}],
        "plan": "方案",
        "review_days": [day],
    }
    made = lead.post(f"/api/v1/cases/{case.pk}/team/", asked, format="json")
    assert (made.status_code, made.json()["case"]["no"]) == (201, case.no)
    url = f"/api/v1/teams/{made.json()['id']}/"
    assert [(m["user"], m["task"]) for m in made.json()["members"]] == [(cast.total_lead.pk, ""), (staff.pk, "清运")]
    assert api(staff).get(url).status_code == 200
    assert api(cast.outsider).get(url).status_code == 404
    assert api(cast.outsider).post(f"{url}end/", {"summary": "好"}).status_code == 404
    assert lead.post(f"{url}change/", {"plan": "改了"}, format="json").json()["plan"] == "改了"
    review = made.json()["reviews"][0]["id"]
    assert lead.post(f"{url}reviews/{review}/hold/", {"note": "看过"}).json()["reviews"][0]["note"] == "看过"
    assert lead.post(f"{url}reviews/{review + 99}/hold/", {"note": "看过"}).status_code == 404
    assert lead.post(f"{url}end/", {"summary": "好"}).json()["summary"] == "好"
    assert lead.get("/api/v1/teams/?ended_at__isnull=true").json()["results"] == []
    assert [row["id"] for row in lead.get(f"/api/v1/teams/?case={case.pk}").json()["results"]] == [made.json()["id"]]


def test_cases_that_stand_still_by_api(cast: Cast) -> None:
    parked = park(cast, dt.timedelta(days=5))
    walk(cast, "handling")
    assert [row["id"] for row in api(cast.lead).get("/api/v1/cases/?hold=parked").json()["results"]] == [parked.pk]
    assert api(cast.lead).get("/api/v1/cases/?hold=x").status_code == 400
