"""The workbench and the sidebar: made for the role, true to the lists behind, and cheap."""

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import ADMIN_HANDS, Role
from accounts.models import Notice, User
from cases.models import Case
from gridgov import words
from gridgov.core.models import CalendarDay, Job
from tests.cases.desk import desk, walk
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
CASE_PEOPLE = ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "outsider")


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def busy(cast: Cast) -> None:
    now = timezone.now()
    for state in ("submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"):
        for age in (0.1, 2.7, 9):
            walk(cast, state, at=now - dt.timedelta(days=age))
    walk(cast, "handling", grid=cast.place.micros[1].code)


def first_page(user: User) -> Any:
    answer = desk(user).get("/admin/")
    assert answer.status_code == 200
    return answer


def test_each_number_is_the_list_behind_its_link(cast: Cast) -> None:
    busy(cast)
    for name in CASE_PEOPLE:
        user = getattr(cast, name)
        for tile in first_page(user).context["tiles"]:
            behind = desk(user).get(tile["url"]).context["cl"].result_count
            assert tile["count"] == behind, (name, tile["name"])


def test_the_numbers_of_a_street_that_is_busy(cast: Cast) -> None:
    busy(cast)
    tiles = {tile["name"]: tile["count"] for tile in first_page(cast.street).context["tiles"]}
    assert tiles == {
        "to-accept": 3, "to-dispatch": 3, "to-sign-in": 0, "handling": 0, "to-verify": 3, "to-close": 3, "near": 3, "late": 3,
        "to-answer": 0, "supervised": 0, "to-decide": 0,
    }  # fmt: skip
    assert all(tile["count"] == 0 for tile in first_page(cast.outsider).context["tiles"])


def test_communities_agree_with_their_lists(cast: Cast) -> None:
    busy(cast)
    (row,) = first_page(cast.street).context["communities"]
    assert (row["code"], row["open"], row["late"]) == (cast.place.totals[0].code, 19, 3)
    for number, url in ((row["open"], row["open_url"]), (row["late"], row["late_url"])):
        assert desk(cast.street).get(url).context["cl"].result_count == number


def test_the_next_cases_are_those_with_the_least_time_left(cast: Cast) -> None:
    busy(cast)
    for name in ("street", "unit_staff"):
        cases = [line["case"] for line in first_page(getattr(cast, name)).context["lines"]]
        assert [case.due_at for case in cases] == sorted(case.due_at for case in cases)
        assert all(case.state in {"accepted", "dispatched", "handling"} for case in cases)
        assert 0 < len(cases) <= 10
    assert [line["case"].state for line in first_page(cast.worker).context["lines"]] == []


def test_the_ground_at_a_glance(cast: Cast) -> None:
    context = first_page(cast.street).context
    assert [(kind, count) for kind, _label, count in context["kinds"]] == [
        ("total", 1), ("comprehensive", 1), ("dedicated", 0), ("micro", 2),
    ]  # fmt: skip
    assert context["posts"] == {"posts": 5, "people": 5, "grids": 5}
    assert context["vacant"] == 0
    assert "kinds" not in first_page(cast.unit_staff).context


def test_the_map_lets_the_communities_answer_the_pointer(cast: Cast) -> None:
    busy(cast)
    drawn = first_page(cast.street).context["street_map"]
    assert drawn["kinds"] == ["micro", "street", "dedicated", "comprehensive", "total"]
    (note,) = drawn["notes"].values()
    assert "19" in note["text"] and "3" in note["text"] and note["style"]["fillColor"] == "#dc2626"


@pytest.mark.parametrize("name", ["street", "lead", "worker", "unit_staff"])
def test_the_first_page_costs_the_same_for_one_case_and_for_many(cast: Cast, name: str) -> None:
    client = desk(getattr(cast, name))
    walk(cast, "handling")
    client.get("/admin/")
    with CaptureQueriesContext(connection) as one:
        client.get("/admin/")
    busy(cast)
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/")
    assert len(one) == len(many) <= 16


def test_counting_looks_at_open_cases_only(cast: Cast) -> None:
    busy(cast)
    with CaptureQueriesContext(connection) as queries:
        first_page(cast.street)
    counting = [q["sql"] for q in queries if "COUNT(" in q["sql"].upper() and '"cases_case"' in q["sql"]]
    # Applications are counted off those that are pending, up to a hundred.
    applications = [sql for sql in counting if '"cases_application"' in sql]
    assert len(applications) == 1 and "\"state\" = 'pending'" in applications[0] and "LIMIT 100" in applications[0]
    counting = [sql for sql in counting if sql not in applications]
    assert len(counting) == 2
    assert all('"cases_case"."state" IN' in sql for sql in counting)


def test_each_role_has_its_own_sidebar(cast: Cast) -> None:
    def pages(user: User) -> list[str]:
        groups = first_page(user).context["sidebar_navigation"]
        return [urlsplit(item["link"]).path.removeprefix("/admin/") for group in groups for item in group["items"]]

    both = ["", "accounts/notice/"]
    cases = ["accounts/delegation/", "cases/case/add/", "cases/case/", "cases/application/", "cases/pause/"]
    figures, kept = ["cases/frozenfigures/live/"], ["cases/category/", "cases/policy/", "cases/approvalrule/"]
    assert pages(cast.worker) == [*both, *cases, *kept, "grids/grid/", "grids/post/", "grids/binding/", "grids/unit/"]
    assert pages(cast.street) == [
        *both, *cases, *figures, *kept, "grids/grid/", "grids/post/", "grids/binding/", "grids/partyorg/", "grids/unit/",
        "doctor/", "core/calendarday/year/", "core/job/",
    ]  # fmt: skip
    assert pages(make_user(Role.AUDITOR)) == [*both, "accounts/user/", "core/record/"]
    assert pages(make_user(Role.SECURITY_ADMIN)) == [*both, "grids/post/", "grids/binding/", "accounts/user/"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_every_page_of_the_sidebar_opens(role: str) -> None:
    client = desk(make_user(role))
    for group in client.get("/admin/").context["sidebar_navigation"]:
        for item in group["items"]:
            assert client.get(item["link"]).status_code == 200, item["link"]
            here = [
                other["link"] for every in client.get(item["link"]).context["sidebar_navigation"]
                for other in every["items"] if other["active"]
            ]  # fmt: skip
            assert here == [item["link"]]


def test_the_hands_see_the_house_and_no_case(cast: Cast) -> None:
    busy(cast)
    Job.objects.create(
        kind="core.react", key="1", due_at=timezone.now(), run_at=timezone.now(), stuck_at=timezone.now()
    )
    for role in ADMIN_HANDS:
        answer = first_page(make_user(role))
        assert "tiles" not in answer.context
        assert not any(no in answer.content.decode() for no in Case.objects.values_list("no", flat=True))
    system = first_page(make_user(Role.SYSTEM_ADMIN)).context
    assert (system["jobs"]["stuck"], system["calendar"]["until"]) == (1, None)
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


def test_strangers_are_sent_to_the_entrance_which_speaks_both_languages() -> None:
    client = Client()
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")
    page = client.get("/admin/login/").content.decode()
    assert re.search(r'<html lang="zh-hans"', page)
    assert re.findall(r'name="language" value="([a-z-]+)"', page) == ["zh-hans", "en"]
    changed = client.post("/i18n/setlang/", {"language": "en", "next": "/admin/login/"}, follow=True)
    assert '<html lang="en"' in changed.content.decode()
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/admin/"]


def test_every_recorded_verb_has_a_name(cast: Cast) -> None:
    from pathlib import Path

    root = Path(words.__file__).parent.parent
    written = set()
    for room in ("accounts", "cases", "grids", "gridgov/core"):
        for path in [
            *root.glob(f"{room}/actions/*.py"),
            *root.glob(f"{room}/actions.py"),
            *root.glob(f"{room}/records.py"),
        ]:
            found = re.findall(
                r'"((?:accounts|bindings|calendar|cases|core|grids|jobs|party|posts|units)\.[a-z_]+)"', path.read_text()
            )
            written |= set(found)
    subjects = {
        "accounts.delegation",
        "cases.case",
        "cases.catalogue",
        "cases.application",
        "cases.deadline",
        "cases.team_review",
        "cases.pause",
        "cases.tally",
        "core.calendar",
        "core.job",
        "core.react",
        "core.seal",
        "core.verification",
        "core.verify",
        "cases.figures",
    }
    assert written - subjects - {
        "grids.import",
        "grids.tree",
        "grids.grid",
        "bindings.import",
        "core.tidy",
        "core.sweep",
    } == set(words.VERBS)
