"""The library by API, on the phone and as a layer of the one map."""

import gzip
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids.actions import set_public_page
from resources.actions import end_resource
from resources.models import Resource
from tests.cases.desk import desk
from tests.clients.kit import asker
from tests.factories import MONDAY, Cast, make_client
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.openapi import client_of
from tests.resources.stock import LAT, LNG, make_resource, make_service

pytestmark = pytest.mark.django_db
API, SERVICES, PHONE, LAYER = (
    "/api/v1/resources/",
    "/api/v1/resource-services/",
    "/m/resources/",
    "/admin/map/places/resources/",
)


# --- API


def test_by_api_from_entering_to_the_month(cast: Cast) -> None:
    micro, api = cast.place.micros[0], client_of(cast.lead)
    draw(micro, square(104.0, 30.0))
    given = {
        "kind": "talent",
        "name": "李师傅",
        "lng": LNG,
        "lat": LAT,
        "contact_phone": "13900001234",
        "consented_on": "2026-01-15",
    }
    answer = api.post(API, given, "json")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["grid"], told["contact_phone"], told["state"]) == (micro.code, "139****1234", "in_use")
    row = f"{API}{told['id']}/"
    # What was read comes back: the masked phone is none.
    answer = api.post(f"{row}change/", {"offers": "剪纸", "contact_phone": told["contact_phone"]}, "json")
    assert answer.json()["offers"] == "剪纸"
    assert Resource.objects.get().contact_phone == "13900001234"
    answer = api.post(f"{row}add-service/", {"what": "剪纸课", "month_day": 31, "time": "14:00"}, "json")
    assert answer.status_code == 201
    month = api.get(f"{SERVICES}month/", {"month": "2028-02"}).json()
    assert [(day["date"], day["services"][0]["what"]) for day in month["days"]] == [("2028-02-29", "剪纸课")]
    assert len(api.get(SERVICES, {"standing": True, "resource": told["id"]}).json()["results"]) == 1
    assert api.post(f"{SERVICES}{answer.json()['id']}/end/").json()["ended_on"] == timezone.localdate().isoformat()
    assert api.post(f"{row}end/", {"reason": "本人要求"}, "json").json()["name"] == "李**"
    assert api.post(f"{row}take-up/").status_code == 409


def test_near_by_api(cast: Cast) -> None:
    micro, api = cast.place.micros[0], client_of(cast.worker)
    draw(micro, square(104.0, 30.0))
    make_resource(micro, "药房", "shop", lng=104.012, lat=LAT)
    make_resource(micro, "活动室", lng=LNG, lat=LAT)
    make_resource(micro, "关了", lng=LNG, lat=LAT, state="ended")
    told = api.get(f"{API}near/", {"near": micro.code, "within": 500}).json()
    assert [(one["name"], round(one["metres"])) for one in told["resources"]] == [("活动室", 0), ("药房", 193)]
    assert (told["name"], told["within"], told["more"]) == (micro.name, 500, False)
    assert [
        one["name"] for one in api.get(f"{API}near/", {"near": micro.code, "kind": "shop"}).json()["resources"]
    ] == ["药房"]
    assert [
        one["name"] for one in api.get(API, {"q": "活动", "state": "in_use", "grid": micro.code}).json()["results"]
    ] == ["活动室"]
    for odd in (
        {},
        {"near": "²"},
        {"near": "nan,1"},
        {"near": "1,2", "within": 3},
        {"near": "1,2", "x": "1"},
        {"near": "\0"},
    ):
        assert api.get(f"{API}near/", odd).status_code == 400, odd
    for odd in ("²", "0001-01", "\0", "2026-05-01"):
        assert api.get(f"{SERVICES}month/", {"month": odd}).status_code == 400, odd
    assert client_of(cast.outsider).get(f"{API}near/", {"near": f"{LNG},{LAT}"}).json()["resources"] == []


def test_strangers_and_keys_without_the_scope(cast: Cast) -> None:
    row = make_resource(cast.place.micros[0])
    service = make_service(row)
    posts = [
        (f"{API}{row.pk}/change/", {"name": "x"}), (f"{API}{row.pk}/end/", {"reason": "x"}), (f"{API}{row.pk}/take-up/", {}),
        (f"{API}{row.pk}/add-service/", {"what": "x", "weekday": 1}), (f"{SERVICES}{service.pk}/end/", {}),
    ]  # fmt: skip
    add = (API, {"kind": "shop", "name": "x", "grid": row.grid.code})
    for url, body in posts:
        assert client_of(cast.outsider).post(url, body, "json").status_code == 404, url
        assert client_of(cast.worker).post(url, body, "json").status_code == 403, url
    assert client_of(cast.outsider).post(*add, "json").status_code == 400
    assert client_of(cast.worker).post(*add, "json").status_code == 403
    _client, reads = make_client(["resources:read"], grid=cast.place.street)
    _client, none = make_client(["cases:read"], grid=cast.place.street)
    assert [one["name"] for one in asker(reads).get(API).json()["results"]] == ["邻里活动室"]
    assert asker(reads).post(*add, "json").status_code == 403
    assert asker(none).get(API).status_code == 403
    row.refresh_from_db()
    assert (row.name, Resource.objects.count()) == ("邻里活动室", 1)


# --- the phone


def test_the_phone_shows_what_is_near_and_calls_open_numbers(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.worker)
    make_resource(micro, "药房", "shop", lng=104.012, lat=LAT, contact_phone="051081234567", is_contact_open=True)
    make_resource(micro, "李师傅", "talent", lng=LNG, lat=LAT, contact_phone="13900001234")
    make_service(make_resource(micro, "活动室"), "合唱", month_day=timezone.localdate().day)
    # Without a border: the street's, the last first.
    assert [line["row"].name for line in client.get(PHONE).context["lines"]] == ["活动室", "李师傅", "药房"]
    draw(micro, square(104.0, 30.0))
    answer = client.get(PHONE, {"within": "500"})
    said = answer.content.decode()
    assert [line["row"].name for line in answer.context["lines"]] == ["李师傅", "药房"]
    assert 'href="tel:051081234567"' in said and "13900001234" not in said and "139****" not in said
    assert "合唱" in said
    assert [
        line["row"].name for line in client.get(PHONE, {"near": f"104.012,{LAT}", "kind": "shop"}).context["lines"]
    ] == ["药房"]
    for odd in ({"near": "²"}, {"near": "nan,1"}, {"within": "²"}, {"near": "\0"}, {"near": "9" * 60}):
        assert client.get(PHONE, odd).status_code == 400, odd
    assert client.get(PHONE, {"kind": "²"}).status_code == 200
    assert list(desk(cast.outsider).get(PHONE).context["lines"]) == []
    assert desk(cast.unit_staff).get(PHONE).status_code == 403
    assert Client().get(PHONE).status_code == 302


# --- the one map


def places(client: Client) -> list[dict[str, Any]]:
    return client.get(LAYER).json()["places"]


def test_the_layer_shows_what_is_in_use_and_is_kept_until_it_changes(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.worker)
    row = make_resource(
        micro, "药房", "shop", lng=LNG, lat=LAT, hours="每天", contact_phone="051081234567", is_contact_open=True
    )
    make_resource(micro, "李师傅", "talent", lng=LNG, lat=LAT, contact_phone="13900001234")
    make_resource(micro, "关了", lng=LNG, lat=LAT, state="ended")
    make_resource(micro, "没有位置")
    page = "/admin/resources/resource/{}/change/"
    assert places(client) == [
        {"at": [LNG, LAT], "kind": "shop", "name": "药房", "lines": ["每天", "051081234567"], "url": page.format(row.pk)},
        {"at": [LNG, LAT], "kind": "talent", "name": "李师傅", "lines": [], "url": page.format(row.pk + 1)},
    ]  # fmt: skip
    first = client.get(LAYER, headers={"accept-encoding": "gzip"})
    assert (first["Cache-Control"], first["Content-Encoding"]) == ("private, no-cache", "gzip")
    assert json.loads(gzip.decompress(first.content))["places"] == places(client)
    assert client.get(LAYER, headers={"if-none-match": first["ETag"]}).status_code == 304
    # Nobody else's: another street's stamp is another one, and its layer is empty.
    other = desk(cast.outsider).get(LAYER, headers={"if-none-match": first["ETag"]})
    assert (other.status_code, other.json()) == (200, {"places": []})
    end_resource(resource=row, reason="搬走", by=cast.street, at=timezone.now())
    again = client.get(LAYER, headers={"if-none-match": first["ETag"]})
    assert [one["name"] for one in again.json()["places"]] == ["李师傅"]
    for name in ("units", "posts", "party"):
        assert "no-store" in client.get(f"/admin/map/places/{name}/")["Cache-Control"]


def test_the_layer_is_flat_and_small_at_the_size_of_a_street(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.street)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LAYER).status_code == 200
        return len(caught)

    row = make_resource(micro, "药房0", "shop", lng=LNG, lat=LAT)
    queries()
    make_resource(micro, "另一家", "shop", lng=LNG, lat=LAT, changed_at=timezone.now())
    few = queries()
    Resource.objects.bulk_create(
        Resource(
            grid=micro, kind="shop", name=f"便民药房{i}号", offers="测血压血糖、送药上门", place=f"和平路{i}号", hours="每天7:30—21:00",
            lng=LNG + i / 1e5, lat=LAT, made_by=row.made_by, made_at=row.made_at, changed_at=timezone.now(),
        )
        for i in range(2200)
    )  # fmt: skip
    assert queries() == few <= 9
    answer = client.get(LAYER, headers={"accept-encoding": "gzip"})
    assert len(json.loads(gzip.decompress(answer.content))["places"]) == 2202
    assert len(answer.content) < 100_000


# --- residents


def test_residents_read_what_is_public_around_their_grid_and_nobodys_contact(cast: Cast) -> None:
    micro, page = cast.place.micros[0], f"/g/{cast.place.micros[0].code}/"
    make_resource(micro, "李小红", "talent", offers="李小红剪纸", place="和平路12号", contact_phone="13900001234")
    make_resource(
        cast.place.street,
        "街道会堂",
        hours="9:00—17:00",
        place="和平路1号",
        contact_phone="01080000000",
        is_contact_open=True,
    )
    make_resource(micro, "小卖部", "shop", offers="找老王13900005679", contact_phone="13900005678")
    make_resource(micro, "仓库", is_public=False)
    make_resource(micro, "旧会堂", state="ended")
    make_resource(cast.place.micros[-1], "别处会堂")
    assert Client().get(page).status_code == 404
    set_public_page(street=cast.place.street, is_open=True, phone="", words="", by=cast.street, at=MONDAY)
    told = Client().get(page).content.decode()
    assert all(
        words in told
        for words in ("李**", "剪纸", "街道会堂", "和平路1号", "9:00—17:00", 'href="tel:01080000000"', "小卖部")
    )
    hidden = ("李小红", "和平路12号", "13900001234", "13900005678", "13900005679", "仓库", "别处会堂", "旧会堂")
    assert not any(words in told for words in hidden)
    assert told.index("小卖部") < told.index("街道会堂")
