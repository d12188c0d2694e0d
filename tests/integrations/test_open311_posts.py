"""Reports by other apps: who may, what is kept of them, once each, and pictures that were only named."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Category, Photo, Reporter
from door.models import Slip
from gridgov.core import errands
from gridgov.core.geodesy import Outline
from gridgov.core.models import Job, KeptAnswer, Record
from grids.models import Grid
from tests.cases.test_api import jpeg, upload
from tests.factories import Cast, make_cast, make_category, make_client, make_street
from tests.integrations.georeport import ID, ROOT, errors, get, open_all, open_jurisdiction, read_xml
from tests.openapi import client_of
from tests.receivers import receiving

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limit(settings: Any) -> None:
    settings.OPEN311_LIMITS = {"reads": 10**6}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    open_all(cast)
    return cast


@pytest.fixture
def key(cast: Cast) -> str:
    return make_client(["open311:report"], grid=cast.place.street, name="随手拍")[1]


def post(form: str = "json", where: str = "requests", headers: dict[str, str] | None = None, **said: Any) -> Any:
    return Client().post(f"{ROOT}{where}.{form}", said, headers=headers)


def place(cast: Cast) -> dict[str, str]:
    """An address that is the code of the first micro-grid."""
    return {"service_code": cast.category.code, "address_id": cast.place.micros[0].code}


def test_a_report_becomes_a_case_and_its_id_is_told_in_both_formats(cast: Cast, key: str) -> None:
    told = {**place(cast), "api_key": key, "jurisdiction_id": ID, "description": "楼道里\n堆满纸箱"}
    answer = post(**told)
    assert answer.status_code == 200
    case = Case.objects.get()
    (made,) = answer.json()
    assert list(made) == ["service_request_id", "service_notice", "account_id"]
    assert (made["service_request_id"], made["account_id"]) == (case.no, None)
    assert (case.channel, case.text, case.grid, case.state) == (
        "open311",
        "楼道里\n堆满纸箱",
        cast.place.micros[0],
        "submitted",
    )
    assert case.reported_by == User.objects.door()
    record = Record.objects.get(verb="integrations.open311_taken")
    assert (record.data["case"], record.data["client"]) == (case.no, "随手拍")
    assert client_of(cast.street).get(f"/api/v1/cases/{case.pk}/").json()["channel"] == "open311"
    # Who reported follows it at the door by number and code.
    (code,) = re.findall(r"[2-9A-Z]{5}-[2-9A-Z]{5}", made["service_notice"])
    slip = Slip.objects.held_by(case.no, code)
    assert slip is not None and slip.case_id == case.pk
    assert get(f"tokens/{case.no}")[0]["service_request_id"] == case.no
    assert get(f"requests/{case.no}")[0]["status"] == "open"
    second = post("xml", **{**told, "description": "另一件"})
    assert second["Content-Type"] == "text/xml; charset=utf-8"
    (said,) = read_xml(second.content)
    assert said["service_request_id"] == Case.objects.latest("pk").no != case.no


def test_contact_is_kept_with_consent_or_not_at_all_and_never_shown(cast: Cast, key: str) -> None:
    told = {
        **place(cast), "api_key": key, "first_name": "大妈", "last_name": "王", "phone": "(010) 8888-0001",
        "email": "wang@example.org", "device_id": "dev-1", "account_id": "acc-1",
    }  # fmt: skip
    no = post(**told).json()[0]["service_request_id"]
    assert Reporter.objects.filter(case__no=no).values_list("name", "phone", "anonymous").get() == ("", "", True)
    answer = post(**told, **{"attribute[contact_consent]": "yes"})
    no = answer.json()[0]["service_request_id"]
    assert Reporter.objects.filter(case__no=no).values_list("name", "phone", "anonymous").get() == (
        "王大妈",
        "01088880001",
        False,
    )
    assert Slip.objects.get(case__no=no).consent
    for told_to_all in (answer, Client().get(f"{ROOT}requests.json"), Client().get(f"{ROOT}requests/{no}.xml")):
        for secret in ("王大妈", "8888", "wang@", "dev-1", "acc-1"):
            assert secret not in told_to_all.content.decode()
    kept = [str(row) for row in (*Record.objects.values("data"), *KeptAnswer.objects.values("body"))]
    assert not any("王大妈" in row or "88880001" in row or "wang@" in row for row in kept)
    assert post(**{**told, "phone": "12", "attribute[contact_consent]": "yes"}).status_code == 400


def test_place_by_point_by_address_and_by_the_clients_ground(cast: Cast, key: str) -> None:
    micro, (lng, lat) = cast.place.micros[1], (118.005, 31.005)
    west, south, east, north = 118.0, 31.0, 118.01, 31.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = Outline.read({"type": "Polygon", "coordinates": [ring]})
    Grid.objects.filter(pk=micro.pk).update(border=outline.geojson, shape=outline.wkb, box=outline.bounds)
    service = {"service_code": cast.category.code, "api_key": key}
    post(**service, lat=lat, long=lng, address_string="花园路18号")
    case = Case.objects.get()
    assert (case.grid, case.place, case.lng, case.lat, case.source_crs) == (micro, "花园路18号", lng, lat, "WGS84")
    post(**service, address_string=f"{micro.name}北门")
    assert Case.objects.latest("pk").grid in {micro, cast.place.street}
    _client, below = make_client(["open311:report"], grid=micro)
    post(service_code=cast.category.code, api_key=below, address_string="某处")
    # A worker's own report would be accepted at once; this one is nobody's of the office.
    latest = Case.objects.latest("pk")
    assert (latest.grid, latest.text, latest.state) == (micro, cast.category.name, "submitted")
    before = Case.objects.count()
    outside = post(**{**service, "api_key": below}, address_id=cast.place.micros[0].code)
    assert (outside.status_code, outside.json()[0]["code"]) == (403, 403)
    elsewhere = make_street("990101003")
    assert post(**service, address_id=elsewhere.micros[0].code).status_code == 400
    open_jurisdiction(elsewhere.street, "other.example.gov.cn")
    there = {**service, "address_id": elsewhere.micros[0].code}
    assert post(**there).status_code == 400  # which one?
    assert post(**there, jurisdiction_id="other.example.gov.cn").status_code == 403
    assert post(**there, jurisdiction_id="nobody").status_code == 404
    assert Case.objects.count() == before


REFUSED: list[tuple[dict[str, Any], int]] = [
    ({"api_key": ""}, 403), ({"api_key": "nobody.knows"}, 403), ({"api_key": "\x00²"}, 403),
    ({"service_code": ""}, 400), ({"service_code": "9999"}, 404), ({"service_code": "²"}, 404), ({"service_code": "\x00"}, 404),
    ({"address_id": ""}, 400), ({"address_id": "999999999"}, 400), ({"address_id": "²"}, 400),
    ({"address_id": "", "lat": "31"}, 400), ({"lat": "x", "long": "118"}, 400), ({"lat": "131", "long": "118"}, 400),
    ({"lat": "nan", "long": "118"}, 400), ({"lat": "1", "long": "1"}, 400), ({"description": "x" * 4001}, 400),
    ({"description": "a\x00b"}, 400), ({"phone": "1" * 41}, 400), ({"address_string": "x" * 201}, 400),
    ({"jurisdiction_id": "\x00"}, 404), ({"jurisdiction_id": "²"}, 404), ({"media": b"GIF89a<script>"}, 400),
]  # fmt: skip


def test_what_can_not_be_taken_in_is_refused_in_the_standards_shape(cast: Cast, key: str) -> None:
    for changed, status in REFUSED:
        said = {"api_key": key, **place(cast), **changed}
        answer = post("xml", **{name: upload(what) if isinstance(what, bytes) else what for name, what in said.items()})
        assert answer.status_code == status, (changed, answer.content.decode())
        errors(answer)
    assert Client().post(f"{ROOT}requests.json", "{}", content_type="application/json").status_code == 403
    broken = Client().post(f"{ROOT}requests.xml", b"--x", content_type="multipart/form-data; boundary=y")
    assert broken.status_code in {400, 403}
    assert not Case.objects.exists()
    assert not Job.objects.filter(kind="integrations.open311_media").exists()


def test_only_a_key_for_it_reports_and_only_public_services(cast: Cast, key: str) -> None:
    for scopes in ([], ["cases:write"]):
        assert post(api_key=make_client(scopes, grid=cast.place.street)[1], **place(cast)).status_code == 403
    private = make_category("1003", "B", public=True, sensitive=True)
    hidden = make_category("0801", "B")
    for row in (private, hidden):
        assert post(api_key=key, **{**place(cast), "service_code": row.code}).status_code == 404
    limited = make_client(["open311:report"], grid=cast.place.street, per_minute=1)[1]
    assert post(api_key=limited, **place(cast)).status_code == 200
    refused = [post("xml", api_key=limited, **place(cast)) for _ in range(3)][-1]
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert Case.objects.count() == 1


def test_the_same_twice_is_one_report(cast: Cast, key: str) -> None:
    told = {"api_key": key, **place(cast), "description": "两次"}
    first, again = post(**told), post(**told)
    assert first.json() == again.json()
    assert Case.objects.count() == 1
    post(**{**told, "description": "三次"})
    assert Case.objects.count() == 2
    KeptAnswer.objects.update(at=timezone.now() - dt.timedelta(minutes=11))
    third = post(**told).json()
    assert (Case.objects.count(), third == first.json()) == (3, False)
    other = make_client(["open311:report"], grid=cast.place.street)[1]
    post(**{**told, "api_key": other})  # another system's word is its own
    assert Case.objects.count() == 4
    named = {"Idempotency-Key": "app-0001-0001"}
    one, two = post(headers=named, **told), post(headers=named, **told)
    assert (one.json(), Case.objects.count()) == (two.json(), 5)
    changed = post(headers=named, **{**told, "description": "别的"})
    assert (changed.status_code, Case.objects.count()) == (400, 5)
    # Some clients write everything into the address.
    asked = {"api_key": key, "service_code": cast.category.code, "address_id": cast.place.micros[0].code}
    answers = [Client().post(f"{ROOT}requests.json", query_params=asked) for _ in range(2)]
    assert (answers[0].json(), Case.objects.count()) == (answers[1].json(), 6)


def test_pictures_are_made_anew_and_named_ones_fetched(cast: Cast, key: str, settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    asked = {"api_key": key, **place(cast)}
    sent = {"media": upload(jpeg((64, 48), exif=b"Exif\x00\x00secret")), "media[]": upload(jpeg((65, 48)))}
    no = post(**asked, **sent).json()[0]["service_request_id"]
    assert Photo.objects.filter(case__no=no, kind="before").count() == 2
    with receiving() as receiver:
        receiver.answer = lambda got: (
            (200, {"Content-Type": "image/jpeg"}, jpeg((900, 700), quality=95) + b"\0" * 200_000)
            if "good" in got.path
            else (404, {}, b"")
        )
        urls = [f"{receiver.url}/good.jpg", f"{receiver.url}/gone.jpg", "http://169.254.169.254/latest", "no address"]
        no = post(**asked, media_url=urls).json()[0]["service_request_id"]
        case = Case.objects.get(no=no)
        assert not case.photos.exists()
        assert Job.objects.filter(kind="integrations.open311_media").count() == 4
        while errands.run_next():
            pass
    assert case.photos.count() == 1
    missed = Record.objects.filter(verb="integrations.open311_media_missed", data__case=case.no)
    assert client_of(cast.street).get(f"/api/v1/cases/{case.pk}/").status_code == 200
    assert missed.count() == 3
    assert all(row.data["why"] and "127.0.0.1" not in row.data["why"] for row in missed)
    assert not Job.objects.filter(kind="integrations.open311_media", done_at=None).exists()


def test_the_list_of_services_says_what_may_be_reported(cast: Cast, key: str) -> None:
    Category.objects.filter(pk=cast.category.pk).update(urgency="emergency")
    (made,) = post(api_key=key, **place(cast)).json()
    assert "119" in made["service_notice"]
