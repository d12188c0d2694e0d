"""What every address of the API does alike: names that it knows, fields, tags, pages, and one shape of refusals."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from cases.api.views import CategoryViewSet
from cases.models import Case
from gridgov.core.api import Api
from gridgov.core.conditional import Changed, insist_on, tag_of
from gridgov.core.deprecation import Deprecation
from gridgov.core.models import Record
from gridgov.core.schema import Schema
from tests.cases.desk import report
from tests.factories import Cast, make_cast
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def code_of(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/json"
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("stat=new", "unknown_parameter"), ("format=api", "unknown_parameter"), ("fields=no,secret", "unknown_field"),
        ("ordering=text", "unknown_ordering"), ("page_size=0", "bad_page_size"), ("page_size=²", "bad_page_size"),
        ("page_size=201", "bad_page_size"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused(cast: Cast, asked: str, code: str) -> None:
    assert code_of(client_of(cast.street).get(f"{CASES}?{asked}")) == (400, code)


def test_fields_leave_out_the_rest(cast: Cast) -> None:
    case, client = report(cast), client_of(cast.street)
    assert client.get(f"{CASES}?fields=id,no").json()["results"] == [{"id": case.pk, "no": case.no}]
    assert client.get(f"{CASES}{case.pk}/?fields=no").json() == {"no": case.no}
    units = client.get("/api/v1/units/?fields=name").json()["results"]
    assert units == [{"name": cast.unit.name}]


def test_a_tag_spares_a_second_answer(cast: Cast) -> None:
    case, client = report(cast), client_of(cast.street)
    url = f"{CASES}{case.pk}/"
    tag = client.get(url)["ETag"]
    again = client.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


def test_a_verb_upon_what_was_read(cast: Cast) -> None:
    case, client = report(cast), client_of(cast.lead)
    url = f"{CASES}{case.pk}/"
    tag = client.get(url)["ETag"]
    assert client.post(f"{url}accept/", {}, headers={"If-Match": tag}).status_code == 200
    before = Record.objects.count()
    late = client.post(f"{url}progress/", {"note": "已到现场"}, headers={"If-Match": tag})
    assert code_of(late) == (412, "changed_meanwhile")
    assert Record.objects.count() == before


def test_an_answer_under_a_key_comes_before_the_tag(cast: Cast) -> None:
    """Whoever was cut off sends the same again: the row has changed by then, by that very request."""
    case, client = report(cast), client_of(cast.lead)
    sent = {"If-Match": client.get(f"{CASES}{case.pk}/")["ETag"], "Idempotency-Key": "one-and-the-same"}
    first, again = (client.post(f"{CASES}{case.pk}/accept/", {}, headers=sent) for _n in range(2))
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())


def test_an_empty_answer_is_kept_under_its_key(cast: Cast) -> None:
    client, day = client_of(cast.street), {"scope": cast.place.street.code, "date": "2026-09-07", "kind": "work"}
    made = client.post("/api/v1/calendar-days/", day).json()
    drop = f"/api/v1/calendar-days/{made['id']}/drop/"
    answers = [client.post(drop, headers={"Idempotency-Key": "dropped-once"}) for _n in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]


def test_what_changes_by_itself_is_new_to_a_reader_and_no_change_to_a_writer() -> None:
    row = {"no": "A1", "photos": [{"id": 1, "link": "/files/one/"}]}
    later = {"no": "A1", "photos": [{"id": 1, "link": "/files/two/"}]}
    moved = {"no": "A2", "photos": row["photos"]}
    tag, tag_later, tag_moved = (tag_of(data, {"link"}) for data in (row, later, moved))
    assert tag != tag_later
    insist_on(f'W/"other", W/{tag}', tag_later)
    insist_on("*", tag_moved)
    with pytest.raises(Changed):
        insist_on(tag, tag_moved)


def test_if_match_of_another_street_is_no_way_in(cast: Cast) -> None:
    case = report(cast)
    answer = client_of(cast.outsider).post(f"{CASES}{case.pk}/accept/", {}, headers={"If-Match": "*"})
    assert code_of(answer) == (404, "not_found")
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize(
    ("method", "url", "sent", "told"),
    [
        ("get", "/api/v1/nowhere/", {}, (404, "not_found")),
        ("get", "/api/", {}, (404, "not_found")),
        ("put", CASES, {}, (405, "method_not_allowed")),
        ("get", CASES, {"headers": {"Accept": "text/html"}}, (406, "not_acceptable")),
        ("post", CASES, {"data": "text=1", "content_type": "text/plain"}, (415, "unsupported_media_type")),
        ("post", CASES, {"data": "{", "content_type": "application/json"}, (400, "parse_error")),
        ("get", f"{CASES}?q=%00", {}, (400, "invalid")),
        ("get", "/api/v1/patrols/?since=8564-05-07T09:51:53-19:42", {}, (400, "invalid")),
    ],
)
def test_every_refusal_has_one_shape(cast: Cast, method: str, url: str, sent: Any, told: Any) -> None:
    assert code_of(getattr(client_of(cast.street), method)(url, **sent)) == told


def test_an_address_goes_out_of_service_in_a_year_at_the_earliest() -> None:
    leaving = Deprecation(dt.date(2026, 9, 1), dt.date(2027, 9, 1), instead="/api/v1/cases/")
    assert leaving.headers == {
        "Deprecation": "@1788192000",
        "Sunset": "Tue, 31 Aug 2027 16:00:00 GMT",
        "Link": '</api/v1/cases/>; rel="successor-version"',
    }
    with pytest.raises(ValueError, match="less than a year"):
        Deprecation(dt.date(2026, 9, 1), dt.date(2027, 8, 31))


def test_answers_and_refusals_say_that_an_address_leaves() -> None:
    class Leaving(Api):
        permission_classes = ()
        query_params = ("day",)
        deprecated = {"get": Deprecation(dt.date(2026, 9, 1), dt.date(2027, 9, 1))}

        def get(self, request: Any) -> Response:
            return Response({})

        def post(self, request: Any) -> Response:
            return Response({})

    ask, asked = Leaving.as_view(), APIRequestFactory()
    answers = [ask(asked.get("/?day=1")), ask(asked.get("/?dya=1")), ask(asked.post("/"))]
    assert [answer.status_code for answer in answers] == [200, 400, 200]
    assert [answer.get("Deprecation") for answer in answers] == ["@1788192000", "@1788192000", None]


def test_the_schema_says_what_leaves() -> None:
    view = CategoryViewSet(request=None, action="list", action_map={"get": "list"})
    view.deprecated = {"list": Deprecation(dt.date(2026, 9, 1), dt.date(2027, 9, 1))}
    inspector = Schema()
    inspector.view, inspector.method = view, "GET"
    assert inspector.is_deprecated()
    view.action = "retrieve"
    assert not inspector.is_deprecated()
