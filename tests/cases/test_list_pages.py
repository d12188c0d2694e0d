"""The case list page by page, counted to a bound; and found by the ends of numbers and phones."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import Role
from cases import rules
from cases.admin import CaseAdmin
from cases.models import Case
from gridgov.core import admin_keyset
from gridgov.core.models import Record
from tests.cases.desk import desk, report, walk
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/case/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CaseAdmin, "list_per_page", 2)


def page(user: Any, query: str = "") -> Any:
    answer = desk(user).get(LIST + query)
    assert answer.status_code == 200
    return answer.context["cl"]


def numbers(cl: Any) -> list[str]:
    return [case.no for case in cl.result_list]


@pytest.mark.usefixtures("pages_of_two")
def test_forwards_and_back_with_filter_and_search(cast: Cast) -> None:
    found = [report(cast, text="纸箱") for _n in range(5)][::-1]
    report(cast, text="路灯")
    first = page(cast.street, "?q=纸箱&state=submitted")
    assert numbers(first) == [case.no for case in found[:2]]
    assert (first.first_url, first.previous_url) == ("", "")
    second = page(cast.street, first.next_url)
    assert numbers(second) == [case.no for case in found[2:4]]
    third = page(cast.street, second.next_url)
    assert (numbers(third), third.next_url) == ([found[4].no], "")
    assert numbers(page(cast.street, third.previous_url)) == numbers(second)
    assert page(cast.street, second.first_url).get_query_string() == first.get_query_string()
    for cl in (second, third):
        assert (cl.query, cl.filter_params) == ("纸箱", {"q": ["纸箱"], "state": ["submitted"]})


@pytest.mark.usefixtures("pages_of_two")
def test_a_report_that_comes_in_moves_no_page(cast: Cast) -> None:
    old = [report(cast) for _n in range(4)][::-1]
    first = page(cast.street)
    new = report(cast)
    assert numbers(page(cast.street, first.next_url)) == [case.no for case in old[2:]]
    assert numbers(page(cast.street)) == [new.no, old[0].no]


@pytest.mark.usefixtures("pages_of_two")
def test_the_least_time_left_first_over_several_pages(cast: Cast) -> None:
    now = timezone.now()
    cases = [walk(cast, "handling", at=now - dt.timedelta(hours=hours)) for hours in (5, 9, 7, 3)]
    first = page(cast.unit_staff, "?queue=handling")
    assert numbers(first) == [cases[1].no, cases[2].no]
    assert numbers(page(cast.unit_staff, first.next_url)) == [cases[0].no, cases[3].no]


@pytest.mark.usefixtures("pages_of_two")
def test_the_count_is_exact_to_a_bound_and_a_plus_beyond(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_keyset, "COUNTED", 3)
    for count, shown in ((1, "1 案件"), (2, "2 案件"), (3, "3 案件"), (4, "3+ 案件"), (5, "3+ 案件")):
        report(cast)
        answer = desk(cast.street).get(LIST)
        assert answer.context["cl"].paginator.count == min(count, 4)
        assert f'<span class="gg-count">{shown}</span>' in answer.content.decode()


@pytest.mark.usefixtures("pages_of_two")
def test_nothing_counts_or_skips_the_whole_table(cast: Cast) -> None:
    for _n in range(5):
        report(cast)
    with CaptureQueriesContext(connection) as queries:
        page(cast.street, page(cast.street).next_url)
    asked = [query["sql"] for query in queries if "cases_case" in query["sql"]]
    assert [sql for sql in asked if "OFFSET" in sql] == []
    assert all("LIMIT 1001" in sql for sql in asked if "COUNT(" in sql)


@pytest.mark.parametrize("mark", ["after=x", "before=²", "after=" + "9" * 900, "before=W10&after=W10"])
def test_a_mark_that_is_none_shows_the_first_page(cast: Cast, mark: str) -> None:
    case = report(cast)
    assert numbers(page(cast.street, f"?{mark}")) == [case.no]


def test_the_records_are_paged_the_same_way(cast: Cast) -> None:
    report(cast)
    answer = desk(make_user(Role.AUDITOR)).get("/admin/core/record/?after=x")
    assert isinstance(answer.context["cl"], admin_keyset.KeysetList)


# --- search ----------------------------------------------------------------------------------------------------------


def test_a_case_is_found_by_the_end_of_its_number(cast: Cast) -> None:
    one = report(cast)
    Case.objects.filter(pk=one.pk).update(no="20260907123456")
    two = report(cast, text="门牌3456的纸箱")
    assert numbers(page(cast.street, "?q=3456")) == [two.no, "20260907123456"]
    assert numbers(page(cast.street, "?q=23456")) == numbers(page(cast.street, "?q=２３４５６")) == ["20260907123456"]
    assert numbers(page(cast.street, "?q=23456+纸箱")) == ["20260907123456"]
    assert numbers(page(cast.street, "?q=456")) == []
    assert numbers(page(cast.street, "?q=1234")) == []


def test_a_phone_is_found_by_its_end_and_the_look_is_recorded(cast: Cast) -> None:
    case = report(cast, reporter_name="王小明", reporter_phone="13912345678")
    report(cast, reporter_phone="13912340000")
    for query, tail in (("*5678", "****5678"), ("＊１２３４５６７８", "****5678"), ("*13912345678 纸箱", "****5678")):
        assert numbers(page(cast.street, f"?q={query}")) == [case.no]
        seen = Record.objects.filter(verb="cases.phone_searched").order_by("-id").first()
        assert seen is not None
        assert (seen.actor, seen.subject_id, seen.data) == (cast.street, cast.street.pk, {"phone": tail})
    assert Record.objects.filter(verb="cases.phone_searched").count() == 3
    assert numbers(page(cast.outsider, "?q=*5678")) == []
    assert numbers(page(cast.other_worker, "?q=*5678")) == []


def test_without_the_star_no_phone_is_found_and_nothing_recorded(cast: Cast) -> None:
    report(cast, reporter_phone="13912345678")
    assert numbers(page(cast.street, "?q=5678")) == []
    assert not Record.objects.filter(verb="cases.phone_searched").exists()


@pytest.mark.parametrize("tail", ["*", "*567", "*123456789012", "*56a8", "**5678"])
def test_too_few_digits_find_nobody_and_say_so(cast: Cast, tail: str) -> None:
    report(cast, reporter_phone="13912345678")
    answer = desk(cast.street).get(LIST, {"q": tail})
    assert numbers(answer.context["cl"]) == []
    with override("zh-hans"):
        assert str(rules.can_look_for_phone(cast.street, "").refusal) in answer.content.decode()
    assert not Record.objects.filter(verb="cases.phone_searched").exists()


def test_whoever_may_not_reveal_may_not_look() -> None:
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR):
        assert not rules.can_look_for_phone(make_user(role), "5678")


def test_ends_are_looked_up_in_their_indexes(cast: Cast) -> None:
    report(cast, reporter_phone="13912345678")
    with CaptureQueriesContext(connection) as caught:
        assert Case.objects.of_phone("5678").exists()
    # Phones are sealed: the drawer of a tail is looked up, and opened here.
    (drawer,) = [query["sql"] for query in caught if 'FROM "cases_reporter"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Case.objects.search("3456").order_by().explain()
        assert re.search(r"Index.*case_no_end", plan), plan
        cursor.execute(f"EXPLAIN {drawer}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        for index in ("reporter_phone_tail", "reporter_phone_clear"):
            assert re.search(rf"Index.*{index}", plan), plan
