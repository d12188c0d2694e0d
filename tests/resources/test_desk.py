"""The library at the desk: lists near a place, forms, verbs, lists that come and go, the month; odd addresses, strangers."""

import re
from typing import Any

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gridgov.core.models import Record
from resources.admin.library import ResourceAdmin
from resources.forms.sheet import COLUMNS, read_resources, template
from resources.models import Resource, Service
from tests.cases.desk import desk
from tests.factories import Cast
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.resources.stock import LAT, LNG, make_resource, make_service

pytestmark = pytest.mark.django_db
LIST, SERVICES = "/admin/resources/resource/", "/admin/resources/service/"
MONTH = f"{SERVICES}month/"


def names(client: Client, asked: dict[str, Any]) -> list[str]:
    return [row.name for row in client.get(LIST, asked).context["cl"].result_list]


def page(row: Resource) -> str:
    return f"{LIST}{row.pk}/change/"


def test_it_is_found_by_words_kind_and_place(cast: Cast) -> None:
    grid = cast.place.micros[0]
    draw(grid, square(104.0, 30.0))
    make_resource(grid, "活动室", offers="会议室、投影", lng=LNG, lat=LAT)
    make_resource(grid, "理发店", "shop", lng=104.012, lat=LAT, place="和平路")
    make_resource(grid, "远处的厂", "enterprise", lng=104.05, lat=LAT)
    client = desk(cast.street)
    assert names(client, {}) == ["远处的厂", "理发店", "活动室"]
    assert names(client, {"q": "投影"}) == ["活动室"]
    assert names(client, {"q": "和平"}) == ["理发店"]
    assert names(client, {"kind__exact": "shop"}) == ["理发店"]
    for near in (grid.code, f"{LNG},{LAT}"):
        assert names(client, {"near": near, "within": "1000"}) == ["活动室", "理发店"]
    shown = client.get(LIST, {"near": grid.code, "within": "500", "kind__exact": "shop"}).content.decode()
    assert "193 m" in shown and f'value="{grid.code}"' in shown and 'name="kind__exact" value="shop"' in shown
    for odd in ("²", "x", "1,2,3", "nan,nan", "9" * 60, cast.place.micros[1].code):
        answer = client.get(LIST, {"near": odd, "within": "²" if odd == "x" else "500"})
        assert (answer.status_code, list(answer.context["cl"].result_list)) == (200, []), odd
    assert list(desk(cast.outsider).get(LIST, {"near": f"{LNG},{LAT}"}).context["cl"].result_list) == []


def test_the_list_is_flat_and_pages_by_the_way(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client, asked = desk(cast.street), {"near": f"{LNG},{LAT}"}

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST, asked).status_code == 200
        return len(caught)

    rows = [make_resource(cast.place.micros[0], "店0", "shop", lng=LNG, lat=LAT)]
    queries()
    few = queries()
    rows += [make_resource(cast.place.micros[0], f"店{i}", "shop", lng=LNG + i / 1000, lat=LAT) for i in (1, 2, 3, 4)]
    assert queries() == few
    monkeypatch.setattr(ResourceAdmin, "list_per_page", 2)
    url, found = f"?near={LNG},{LAT}", []
    while url:
        cl = client.get(LIST + url).context["cl"]
        found += [row.name for row in cl.result_list]
        url = cl.next_url
    assert found == [row.name for row in rows]


def test_it_is_entered_and_changed_by_forms(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.lead)
    draw(micro, square(104.0, 30.0))
    given = {
        "kind": "shop",
        "name": "理发店",
        "lng": LNG,
        "lat": LAT,
        "contact_phone": "0510-80000001",
        "is_contact_open": "on",
    }
    assert client.post(f"{LIST}add/", given).status_code == 302
    row = Resource.objects.get()
    assert (row.grid, row.contact_phone, row.made_by) == (micro, "051080000001", cast.lead)
    shown = client.get(page(row))
    assert 'name="contact_phone"' in shown.content.decode()
    answer = client.post(page(row), {**given, "grid": micro.pk, "lng": "104.015", "hours": "每天"}, follow=True)
    assert [str(m.level_tag) for m in answer.context["messages"]] == ["warning", "success"]
    row.refresh_from_db()
    assert (row.hours, row.lng) == ("每天", 104.015)
    # Refusals come back in the form, and change nothing.
    for odd in (
        {"lat": ""},
        {"lng": "²"},
        {"lng": "9e999"},
        {"name": ""},
        {"name": "a\0b"},
        {"kind": "x"},
        {"grid": "²"},
    ):
        answer = client.post(page(row), {**given, "grid": micro.pk, **odd})
        assert (answer.status_code, bool(answer.context["adminform"].form.errors)) == (200, True), odd
    assert client.post(f"{LIST}add/", {**given, "lng": "", "lat": ""}).status_code == 200
    assert Resource.objects.count() == 1
    do = f"{LIST}{row.pk}/do/"
    assert client.post(f"{do}service/", {"what": "免费理发", "weekday": "1", "week": "5"}).status_code == 302
    assert client.post(f"{do}service/", {"what": "免费理发", "weekday": "1", "month_day": "3"}).status_code == 400
    service = Service.objects.get()
    assert "每月最后一个星期一" in client.get(page(row)).content.decode()
    assert client.get(f"{SERVICES}{service.pk}/change/").status_code == 200
    assert client.post(f"{SERVICES}{service.pk}/do/end/").status_code == 302
    assert client.post(f"{do}end/", {"reason": "搬走了"}).status_code == 302
    assert client.post(f"{do}take-up/").status_code == 302
    row.refresh_from_db()
    assert row.is_in_use


def test_a_talents_contact_is_masked_until_somebody_says_why(cast: Cast) -> None:
    row = make_resource(cast.place.micros[0], "李师傅", "talent", contact_name="李四光", contact_phone="13900001234")
    make_resource(cast.place.micros[0], "药房", "shop", contact_phone="051081234567", is_contact_open=True)
    for reader in (cast.lead, cast.worker):
        for address in (LIST, page(row)):
            said = desk(reader).get(address).content.decode()
            assert "139****1234" in said
            assert "13900001234" not in said and "李四光" not in said
        assert "051081234567" in desk(reader).get(LIST).content.decode()
    do, client = f"{LIST}{row.pk}/do/", desk(cast.lead)
    file = client.get(f"{LIST}export/?format=csv").content.decode()
    assert "139****1234" in file and "13900001234" not in file and "李四光" not in file
    assert client.post(f"{do}reveal/", {"reason": ""}).status_code == 400
    assert not Record.objects.filter(verb="resources.revealed").exists()
    assert "13900001234" in client.post(f"{do}reveal/", {"reason": "请来授课"}).content.decode()
    assert Record.objects.get(verb="resources.revealed").actor == cast.lead
    assert client.post(f"{do}contact/", {"contact_name": "", "contact_phone": "13900005678"}).status_code == 302
    row.refresh_from_db()
    assert (row.contact_name, row.contact_phone) == ("", "13900005678")


def test_strangers_find_nothing_and_workers_only_read(cast: Cast) -> None:
    row = make_resource(cast.place.micros[0])
    service = make_service(row)
    verbs = ("service", "reveal", "contact", "end", "take-up")
    stranger, worker = desk(cast.outsider), desk(cast.worker)
    assert names(stranger, {}) == [] and names(worker, {}) == ["邻里活动室"]
    assert stranger.get(page(row)).status_code == 302
    assert list(stranger.get(SERVICES).context["cl"].result_list) == [] and stranger.get(MONTH).context["count"] == 0
    assert worker.get(page(row)).status_code == 200 and 'name="name"' not in worker.get(page(row)).content.decode()
    for verb in verbs:
        assert (
            stranger.post(f"{LIST}{row.pk}/do/{verb}/", {"reason": "x", "what": "x", "weekday": 1}).status_code == 404
        )
        assert worker.post(f"{LIST}{row.pk}/do/{verb}/", {"reason": "x", "what": "x", "weekday": 1}).status_code in {
            400,
            403,
        }
    assert stranger.post(f"{SERVICES}{service.pk}/do/end/").status_code == 404
    assert worker.post(f"{SERVICES}{service.pk}/do/end/").status_code == 403
    for address in (f"{LIST}add/", f"{LIST}import/", f"{LIST}export/", f"{LIST}template/"):
        assert worker.get(address).status_code == 403, address
    for client in (desk(cast.unit_staff), Client()):
        for address in (LIST, page(row), f"{LIST}export/", SERVICES, MONTH):
            assert client.get(address).status_code in {302, 403}, address
    assert Record.objects.filter(verb__startswith="resources.").count() == 0


# --- lists that come and go


def upload(client: Client, lines: list[dict[str, Any]], **more: Any) -> Any:
    table = tablib.Dataset(headers=[heading for heading, _also in COLUMNS.values()])
    for line in lines:
        table.append([line.get(name, "") for name in COLUMNS])
    file = SimpleUploadedFile("资源.xlsx", table.export("xlsx"))
    return client.post(f"{LIST}import/", {"file": file, **more}, follow=True)


def test_a_list_is_tried_then_taken_in(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.street)
    draw(micro, square(104.0, 30.0))
    standing = make_resource(micro, "药房", "shop", hours="每天", contact_phone="13900001234")
    lines = [
        {"kind": "场所", "name": "活动室", "lng": LNG, "lat": LAT, "offers": "会议室"},
        {"kind": "商铺", "name": "药房", "grid": micro.code, "offers": "测血压", "contact_phone": "139****1234"},
        {
            "kind": "能人",
            "name": "李师傅",
            "grid": micro.code,
            "consented_on": "2026-01-15",
            "contact_phone": "13900000009",
        },
    ]
    answer = upload(client, lines, dry_run="on")
    assert [str(said) for said in answer.context["messages"]] == ["没有错误：将新增2条，修改1条，0条不变。"]
    assert (Resource.objects.count(), Record.objects.filter(verb__startswith="resources.").count()) == (1, 0)
    upload(client, lines)
    standing.refresh_from_db()
    # What a line leaves empty stays, and so does what comes back masked.
    assert (standing.offers, standing.hours, standing.contact_phone) == ("测血压", "每天", "13900001234")
    assert Resource.objects.get(name="活动室").grid == micro
    told = Record.objects.filter(verb__startswith="resources.").order_by("pk").values_list("verb", "data")
    assert [verb for verb, _data in told] == ["resources.added"] * 2 + ["resources.changed", "resources.imported"]
    assert [data["name"] for verb, data in told if verb == "resources.added"] == ["活动室", "李**"]
    # What goes out comes in again without a change.
    out = client.get(f"{LIST}export/?format=csv").content
    assert len(read_resources(out, "x.csv").rows) == 3
    again = client.post(f"{LIST}import/", {"file": SimpleUploadedFile("x.csv", out)}, follow=True)
    assert again.status_code == 200 and Record.objects.filter(verb="resources.changed").count() == 1
    assert len(read_resources(template("xlsx"), "x.xlsx").rows) == 2


def test_one_faulty_line_and_nothing_is_taken(cast: Cast) -> None:
    micro, client = cast.place.micros[0], desk(cast.street)
    foreign = cast.outsider.posts.get().grid
    good = {"kind": "场所", "name": "活动室", "grid": micro.code}
    answer = upload(client, [
        good, good, {"kind": "龙", "name": "x", "grid": micro.code}, {"kind": "能人", "name": "李师傅", "grid": micro.code},
        {"kind": "场所", "name": "x", "grid": foreign.code}, {"kind": "场所", "name": "x", "grid": "²"},
        {"kind": "场所", "name": "x", "lng": "东", "lat": "1"}, {"kind": "场所", "name": "y", "grid": micro.code, "is_public": "也许"},
    ])  # fmt: skip
    assert answer.status_code == 400
    assert [re.match(r"第(\d+)行", fault)[1] for fault in answer.context["faults"]] == [
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "8",
        "9",
    ]
    assert not Resource.objects.exists()
    assert client.post(f"{LIST}import/", {"file": SimpleUploadedFile("x.csv", b"\x00\xff")}).status_code == 400


# --- the month


def test_the_month_and_odd_months(cast: Cast) -> None:
    row = make_resource(cast.place.micros[0])
    make_service(row, "免费理发", month_day=15, time="9:00—11:00")
    client, today = desk(cast.worker), timezone.localdate()
    answer = client.get(MONTH)
    assert (answer.context["count"], answer.context["first"]) == (1, today.replace(day=1))
    assert "免费理发" in answer.content.decode()
    assert client.get(MONTH, {"month": "2026-05", "at": cast.place.totals[0].code}).context["days"][0].date.day == 15
    foreign = cast.outsider.posts.get().grid
    assert client.get(MONTH, {"month": "2026-05", "at": foreign.code}).context["count"] == 0
    for odd in ("x", "²", "2026-13", "0001-01", "9999-12", "\0", "2026-05-01"):
        assert client.get(MONTH, {"month": odd}).status_code == 400, odd
