"""Merging in the API and on the pages."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from tests.cases.desk import desk, page_of, verb_of
from tests.cases.merging import HOUR, WHY, finish, fresh, merge, report, snapshot, walk
from tests.factories import MONDAY, Cast, make_cast, make_category
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def test_the_api_merges_by_number_or_id_and_shows_the_leading_case(cast: Cast) -> None:
    lead, unit = client_of(cast.lead), client_of(cast.unit_staff)
    leading = walk(cast, "handling", reporter_name="王小明", reporter_phone="13800000001", channel="phone")
    case, third = report(cast, MONDAY + HOUR, by=cast.worker), report(cast, MONDAY + HOUR)
    url = f"/api/v1/cases/{case.pk}/"
    wrong = lead.post(f"{url}merge/", {"leading": "20990101000000", "reason": WHY})
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "leading")
    answer = lead.post(f"{url}merge/", {"leading": leading.no, "reason": WHY})
    assert (answer.status_code, answer.json()["state"]) == (200, "merged")
    assert lead.post(f"/api/v1/cases/{third.pk}/merge/", {"leading": str(leading.pk), "reason": WHY}).status_code == 200
    assert lead.post(f"/api/v1/cases/{third.pk}/unmerge/", {"reason": "两回事"}).json()["state"] == "submitted"
    finish(cast, leading, MONDAY + 5 * HOUR, "您反映的纸箱已全部清走。")
    found = client_of(cast.worker).get(url).json()
    assert (found["state"], found["merged_into"], found["reply"]) == ("merged", leading.no, "")
    assert (found["leading"]["no"], found["leading"]["state"]) == (leading.no, "closed")
    assert found["leading"]["reply"] == "您反映的纸箱已全部清走。"
    assert [bool(step["done_at"]) for step in found["leading"]["steps"]] == [True] * 5
    detail = unit.get(f"/api/v1/cases/{leading.pk}/").json()
    assert [(row["id"], row["no"]) for row in detail["merged"]] == [(case.pk, case.no)]
    assert (detail["leading"], detail["merged_into"]) == (None, None)
    assert unit.get(url).status_code == 404
    listed = {row["no"]: row["merged_into"] for row in lead.get(f"/api/v1/cases/?q={case.no}").json()["results"]}
    assert listed == {case.no: leading.no}


@pytest.mark.parametrize(
    ("verb", "body"),
    [("merge", {"leading": "1", "reason": "x"}), ("unmerge", {"reason": "x"}), ("reply", {"reply": "x"}),
     ("call-back", {"reached": False})],
)  # fmt: skip
def test_an_outsider_gets_404_or_is_told_nothing(cast: Cast, verb: str, body: dict[str, Any]) -> None:
    case = report(cast)
    if verb == "merge":
        body["leading"] = str(report(cast).pk)
    before = snapshot()
    answer = client_of(cast.outsider).post(f"/api/v1/cases/{case.pk}/{verb}/", body)
    # A leading case out of sight is told first, as one that does not exist.
    assert answer.status_code == (400 if verb == "merge" else 404)
    assert snapshot() == before


def test_the_page_offers_candidates_and_takes_a_number(cast: Cast) -> None:
    make_category("0603", "B")
    leading, case = walk(cast, "handling"), report(cast, MONDAY + HOUR)
    later, other = report(cast, MONDAY + 2 * HOUR), report(cast, category="0603")
    client = desk(cast.lead)
    assert verb_of(case, "merge") in client.get(page_of(case)).content.decode()
    form = client.get(verb_of(case, "merge")).context["form"]
    assert [key for key, _text in form.fields["pick"].choices] == ["", str(leading.pk)]
    for given, field in (({"reason": WHY}, "__all__"), ({"reason": WHY, "number": "123"}, "number"),
                         ({"pick": leading.pk}, "reason"), ({"reason": WHY, "pick": other.pk}, "pick"),
                         ({"reason": WHY, "number": later.no}, "__all__")):  # fmt: skip
        before = snapshot()
        answer = client.post(verb_of(case, "merge"), given)
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field]), given
        assert snapshot() == before
    answer = client.post(verb_of(case, "merge"), {"reason": WHY, "number": leading.no})
    assert (answer.status_code, fresh(case).leading_id) == (302, leading.pk)
    assert desk(cast.worker).get(verb_of(later, "merge")).status_code == 403


def test_the_pages_of_both_tell_of_each_other(cast: Cast) -> None:
    leading = walk(cast, "handling")
    case = report(cast, MONDAY + HOUR, by=cast.worker, reporter_name="王小明", reporter_phone="13912345678")
    merge(cast, case, leading)
    finish(cast, leading, MONDAY + 5 * HOUR, "纸箱已经清走。")
    child = desk(cast.lead).get(page_of(case))
    assert leading.no in child.content.decode() and "纸箱已经清走。" in child.content.decode()
    assert [bool(view.done_at) for view, _icon in child.context["steps"]] == [True] * 5
    page = desk(cast.lead).get(page_of(leading)).content.decode()
    assert case.no in page and verb_of(case, "unmerge") in page
    # The unit reads the number and nothing else.
    seen = desk(cast.unit_staff).get(page_of(leading)).content.decode()
    assert case.no in seen and page_of(case) not in seen and verb_of(case, "unmerge") not in seen
    assert "13912345678" not in seen and "王小明" not in seen
    listing = desk(cast.lead).get(f"/admin/cases/case/?q={case.no}").content.decode()
    assert leading.no in listing
    answer = desk(cast.lead).post(verb_of(case, "unmerge"), {"reason": "两回事"})
    assert (answer.status_code, fresh(case).state) == (302, "accepted")


def test_the_pages_are_flat_in_merged_cases_and_calls(cast: Cast) -> None:
    leading = walk(cast, "handling")
    urls = (page_of(leading), f"/api/v1/cases/{leading.pk}/")
    hands = (desk(cast.lead), client_of(cast.lead))
    actions.complete_case(case=leading.pk, result="好了", by=cast.unit_staff, at=MONDAY + HOUR)

    def costs() -> list[int]:
        found = []
        for client, url in zip(hands, urls, strict=True):
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            found.append(len(caught))
        return found

    merge(cast, report(cast, MONDAY + HOUR), leading)
    actions.call_back(case=leading.pk, reached=False, by=cast.lead, at=MONDAY + 2 * HOUR)
    few = costs()
    for _ in range(3):
        merge(cast, report(cast, MONDAY + HOUR), leading)
        actions.call_back(case=leading.pk, reached=False, by=cast.lead, at=MONDAY + 2 * HOUR)
    assert costs() == few
    assert few[1] <= 8
