"""Both ledgers and the stations by API: people with their own, organisers and their systems with what is in scope."""

from typing import Any

import pytest
from django.utils import timezone

from tests.clients.kit import asker
from tests.factories import MONDAY, Cast, make_client, make_street
from tests.openapi import CheckedClient, client_of
from tests.volunteers.people import earn, make_good, make_sign_up
from volunteers.actions import book_hours, exchange_points
from volunteers.choices.ledger import DAY_FLAG
from volunteers.models import Balance, Good, HoursEntry, PointsEntry, PointsRule, Redemption, Station, Volunteer

pytestmark = pytest.mark.django_db
API = "/api/v1"
READ, WRITE = "volunteers:read", "volunteers:write"


def system(cast: Cast, *scopes: str) -> CheckedClient:
    return asker(make_client(list(scopes), grid=cast.place.street)[1])


def test_hours_are_read_corrected_and_looked_over_by_a_system_with_the_scope(cast: Cast, somebody: Volunteer) -> None:
    entry = book_hours(sign_up=make_sign_up(somebody, cast.street), minutes=DAY_FLAG + 60, by=cast.street, at=MONDAY)
    assert entry is not None
    reader, writer = system(cast, READ), system(cast, READ, WRITE)
    found = reader.get(f"{API}/hours/?to_look_at=true&since=2026-09-07&grid={cast.place.street.code}").json()["results"]
    assert [(row["id"], row["minutes"], row["stands"], row["volunteer_no"]) for row in found] == [
        (entry.pk, DAY_FLAG + 60, True, somebody.no)
    ]
    assert somebody.name not in str(found) and reader.get(f"{API}/hours/?to_look_at=false").json()["results"] == []
    page = f"{API}/hours/{entry.pk}"
    assert reader.post(f"{page}/look-over/", {"reason": "好"}).status_code == 403
    assert system(cast, "cases:read").get(f"{API}/hours/").status_code == 403
    stranger = asker(make_client([READ, WRITE], grid=make_street("990101009").street)[1])
    assert stranger.post(f"{page}/correct/", {"minutes": 1, "reason": "改"}).status_code == 404
    assert writer.post(f"{page}/look-over/", {"reason": "防汛值守"}).json()["to_look_at"] is False
    for wrong in (
        {"minutes": -1, "reason": "改"},
        {"minutes": 1441, "reason": "改"},
        {"minutes": 1},
        {"minutes": "²", "reason": "改"},
    ):
        assert writer.post(f"{page}/correct/", wrong).status_code == 400
    assert HoursEntry.objects.count() == 1
    assert writer.post(f"{page}/correct/", {"minutes": 120, "reason": "改"}).json()["stands"] is False
    assert Balance.objects.get(pk=somebody.pk).minutes == 120


def test_a_volunteer_appeals_and_is_answered(cast: Cast, somebody: Volunteer) -> None:
    row = make_sign_up(somebody, cast.street)
    mine = client_of(somebody.user)
    made = mine.post(f"{API}/hours-appeals/", {"sign_up": row.pk, "words": "少记了"})
    assert made.status_code == 201, made.content
    assert mine.post(f"{API}/hours-appeals/", {"sign_up": 2**61, "words": "少记了"}).status_code == 404
    page = f"{API}/hours-appeals/{made.json()['id']}/answer/"
    assert mine.post(page, {"answer": "同意", "minutes": 60}).status_code == 403
    told = client_of(cast.street).post(page, {"answer": "属实", "minutes": 60}).json()
    assert (told["state"], told["answer"]) == ("upheld", "属实")
    assert client_of(cast.street).post(page, {"answer": "又答"}).status_code == 409
    assert [line["minutes"] for line in mine.get(f"{API}/hours/").json()["results"]] == [60]


def test_points_rules_stations_and_goods(cast: Cast, somebody: Volunteer) -> None:
    writer = system(cast, READ, WRITE)
    entry = earn(somebody, 9, cast.street, source="case:77")
    listed = writer.get(f"{API}/points/?kind=earned").json()["results"]
    assert [row["points"] for row in listed] == [9] and "77" not in str(listed[0].get("source", ""))
    assert writer.post(f"{API}/points/{entry.pk}/take-back/", {"reason": "重复"}).json()["points"] == -9
    assert writer.post(f"{API}/points/{entry.pk}/take-back/", {"reason": "重复"}).status_code == 409
    rule = {"what": "help_given", "points": 3, "effective_from": timezone.localdate().isoformat()}
    assert writer.post(f"{API}/points-rules/", {**rule, "street": "990101777"}).status_code == 400
    made = writer.post(f"{API}/points-rules/", rule)
    assert made.status_code == 201 and made.json()["street_code"] == cast.place.street.code
    assert writer.post(f"{API}/points-rules/", rule).status_code == 409
    assert writer.post(f"{API}/points-rules/{made.json()['id']}/drop/").status_code == 409
    assert PointsRule.objects.filter(street=cast.place.street).count() == 1
    place = {"grid": cast.place.totals[0].code, "name": "爱心超市", "place": "一楼"}
    assert writer.post(f"{API}/stations/", {**place, "grid": "²"}).status_code == 400
    station = writer.post(f"{API}/stations/", place).json()
    good = writer.post(f"{API}/goods/", {"station": station["id"], "name": "牛奶", "points": 4, "stock": 1}).json()
    page = f"{API}/goods/{good['id']}"
    assert writer.post(f"{page}/restock/", {"count": -2, "reason": "坏"}).status_code == 400
    assert writer.post(f"{page}/restock/", {"count": 2, "reason": "到货"}).json()["stock"] == 3
    assert writer.post(f"{page}/change/", {"name": "纯牛奶", "points": 5}).json()["points"] == 5
    closed = {"name": "爱心超市", "place": "二楼", "is_open": False}
    assert writer.post(f"{API}/stations/{station['id']}/change/", closed).json()["is_open"] is False
    assert (Station.objects.get().place, Good.objects.get().stock) == ("二楼", 3)


def test_an_exchange_shows_its_code_to_whose_it_is(cast: Cast, somebody: Volunteer) -> None:
    earn(somebody, 12, cast.street)
    good = make_good(cast.place.totals[0])
    mine, office = client_of(somebody.user), client_of(cast.street)
    assert mine.post(f"{API}/redemptions/", {"good": good.pk, "count": 3}).status_code == 409
    assert mine.post(f"{API}/redemptions/", {"good": good.pk, "count": 21}).status_code == 400
    assert not Redemption.objects.exists()
    key: Any = {"Idempotency-Key": "exchange-0001"}
    first, second = (mine.post(f"{API}/redemptions/", {"good": good.pk}, headers=key).json() for _ in range(2))
    assert first == second and Redemption.objects.count() == 1
    page = f"{API}/redemptions/{first['id']}"
    assert office.get(f"{page}/").json()["code"] is None and len(first["code"]) == 6
    assert mine.post(f"{page}/hand-over/", {"code": first["code"]}).status_code == 403
    assert office.post(f"{page}/hand-over/", {"code": "ZZZZZZ"}).status_code == 400
    assert office.post(f"{page}/hand-over/", {"code": first["code"]}).json()["state"] == "handed_over"
    other = exchange_points(good=good, by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
    assert office.post(f"{API}/redemptions/{other.pk}/cancel/").status_code == 400
    assert mine.post(f"{API}/redemptions/{other.pk}/cancel/").json()["state"] == "cancelled"
    assert (Balance.objects.get().points, PointsEntry.objects.count()) == (7, 4)
