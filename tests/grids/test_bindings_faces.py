"""Bound professional workers on the desk, in lists, and over HTTP."""

import datetime as dt
import io

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions
from grids.actions import BadRows, BindingLine, Bound
from grids.choices import PostKind
from grids.forms.roster import COLUMNS, codes, read_roster, template, write_roster
from grids.models import Binding, Post
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.grids.test_bindings import specialist, tie
from tests.grids.test_tree_races import at_once
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
API = "/api/v1/bindings/"
HEAD = ",".join(heading for heading, _more in COLUMNS.values())


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def water(cast):
    return make_unit("供水公司", area_prefix="990101", aliases=["自来水公司"])


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, *args) -> str:
    return reverse(f"admin:grids_binding_{name}", args=args)


def written() -> list:
    return [Binding.objects.count(), Record.objects.filter(verb__startswith="bindings.").count()]


# --- lists -----------------------------------------------------------------------------------------------------------


def take_in(content: bytes, name="list.csv", *, by, **more) -> Bound:
    sheet = read_roster(content, name)
    return actions.import_bindings(rows=sheet.rows, faults=sheet.faults, by=by, at=MONDAY, **more)


def roster(cast, post, other) -> str:
    total, micro = cast.place.totals[0].code, cast.place.micros[0].code
    return (
        f"{HEAD}\n"
        f"{post.user.username},供水公司,{total},0501、0502,2026-01-01,\n"
        f"{other.user.full_name},自来水公司,{micro},,2026/2/1,2026年12月31日\n"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_is_checked_then_taken_in_then_known(cast, water, encoding):
    post, other = specialist(water), specialist(water, full_name="王水生")
    content = roster(cast, post, other).encode(encoding)
    assert take_in(content, by=cast.street, dry_run=True) == Bound(2, 0)
    assert written() == [0, 0]
    assert take_in(content, by=cast.street) == Bound(2, 0)
    assert list(Binding.objects.order_by("pk").values_list("post", "grid", "matters", "valid_from", "valid_to")) == [
        (post.pk, cast.place.totals[0].pk, ["0501", "0502"], dt.date(2026, 1, 1), None),
        (other.pk, cast.place.micros[0].pk, [], dt.date(2026, 2, 1), dt.date(2026, 12, 31)),
    ]
    assert Record.objects.get(verb="bindings.imported").data == {"bound": 2, "unchanged": 0}
    assert take_in(content, by=cast.street) == Bound(0, 2)
    assert Binding.objects.count() == 2
    rows = Binding.objects.for_list().order_by("pk")
    for ending in ("csv", "xlsx"):
        assert take_in(write_roster(rows, ending), f"list.{ending}", by=cast.street) == Bound(0, 2)


def test_every_fault_of_a_list_is_told_and_nothing_taken(cast, water):
    power = make_unit("供电公司", area_prefix="990101")
    post = specialist(water, full_name="张三")
    specialist(power, full_name="张三")
    code = cast.place.totals[0].code
    give(make_user(Role.UNIT_STAFF, full_name="李四"), PostKind.UNIT_STAFF, water)
    bad = [
        HEAD,
        f"张三,,{code},,2026-01-01,",  # of two units
        f"张三,供水公司,{code},05,2026-01-01,",
        f"{post.user.username},供水公司,{code},05,2026-03-01,",  # the same again
        f"李四,供水公司,{code},,2026-01-01,",  # holds another post
        f"{post.user.username},供电公司,{code},,2026-01-01,",
        "张三,供水公司,9.90101E+14,,2026-01-01,",
        "张三,供水公司,123,事项,昨天,",
    ]
    sheet = read_roster("\n".join(bad).encode(), "list.csv")
    with pytest.raises(BadRows) as refused:
        actions.import_bindings(rows=sheet.rows, faults=sheet.faults, by=cast.street, at=MONDAY)
    assert [(sheet.lines[f.row], f.field) for f in refused.value.rows] == [
        (2, "person"), (4, "grid"), (5, "person"), (6, "person"), (7, "grid"), (8, "valid_from"), (8, "grid"),
    ]  # fmt: skip
    assert sheet.told(refused.value.rows)[0].startswith("Line 2, 账号或姓名: Several professional workers")
    assert written() == [0, 0]


def test_who_may_take_a_list_in(cast, water):
    line = BindingLine(specialist(water).user.username, "", cast.place.totals[0].code)
    for by in (cast.unit_staff, cast.lead, make_user(Role.SYSTEM_ADMIN)):
        with pytest.raises(Forbidden):
            actions.import_bindings(rows=[line], by=by, at=MONDAY)
    assert written() == [0, 0]
    assert actions.import_bindings(rows=[line], by=cast.street, at=MONDAY) == Bound(1, 0)
    assert Binding.objects.get().valid_from == MONDAY.date()


def test_what_is_no_list():
    for content, name in ((b"a,b\n1,2\n", "list.csv"), (f"{HEAD}\n".encode(), "list.csv"), (b"x", "list.pdf")):
        with pytest.raises(Invalid):
            read_roster(content, name)
    assert len(read_roster(template("xlsx"), "list.xlsx").rows) == 2
    assert codes("0501, 06;07、08 09/10,11") == ("0501", "06", "07", "08", "09", "10", "11")


# --- the desk --------------------------------------------------------------------------------------------------------


def test_the_list_and_its_filters(cast, water):
    place, post = cast.place, specialist(water)
    rows = [tie(post, place.totals[0]), tie(specialist(cast.unit), place.micros[0]), tie(post, place.street)]
    tie(specialist(water), place.totals[0], valid_to=LONG_AGO)

    def found(user, query=""):
        return [row.pk for row in sign_in(user).get(page("changelist") + query).context["cl"].result_list]

    assert found(cast.street, f"?in_force=1&unit={water.pk}") == [rows[2].pk, rows[0].pk]
    assert found(cast.street, f"?in_force=1&community={place.totals[0].code}") == [rows[1].pk, rows[0].pk]
    assert found(cast.street, "?in_force=0") == [rows[2].pk + 1]
    assert found(cast.unit_staff) == [rows[1].pk]
    assert found(cast.unit_staff, f"?community={place.totals[0].code}") == [rows[1].pk]
    assert found(cast.unit_staff, f"?unit={water.pk}") == found(cast.outsider) == []
    assert found(cast.street, f"?q={post.user.full_name}") == [rows[2].pk, rows[0].pk]
    for user, status in ((make_user(Role.AUDITOR), 403), (make_user(Role.SECURITY_ADMIN), 200), (cast.worker, 200)):
        assert sign_in(user).get(page("changelist")).status_code == status


def test_the_list_is_flat(cast, water):
    office = sign_in(cast.street)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            office.get(page("changelist"))
        assert not any('"grids_grid"."border"' in query["sql"] for query in queries)
        return len(queries)

    tie(specialist(water), cast.place.totals[0])
    few = cost()
    for _ in range(3):
        tie(specialist(water), cast.place.totals[0])
    assert cost() == few


def test_binding_and_ending_on_the_desk(cast, water):
    office, post = sign_in(cast.street), specialist(water)
    sent = {"post": post.pk, "grid": cast.place.totals[0].pk, "matters": "05、0601", "valid_from": "2026-09-07"}
    assert office.post(page("add"), sent).status_code == 302
    binding = Binding.objects.get()
    assert (binding.post, binding.grid, binding.matters) == (post, cast.place.totals[0], ["05", "0601"])
    before = written()
    answer = office.post(page("add"), sent)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["grid"]
    staff = Post.objects.get(user=cast.unit_staff)
    assert "post" in office.post(page("add"), {**sent, "post": staff.pk}).context["adminform"].form.errors
    assert sign_in(cast.lead).post(page("add"), sent).status_code == 403
    assert written() == before
    end = page("do", binding.pk, "end")
    assert sign_in(cast.lead).post(end, {"valid_to": "2026-09-08"}).status_code == 403
    assert sign_in(cast.outsider).post(end, {"valid_to": "2026-09-08"}).status_code == 404
    assert office.post(end, {"valid_to": "2026-09-01"}).status_code == 400
    assert written() == before
    assert "/do/end/" in office.get(page("change", binding.pk)).content.decode()
    assert "/do/end/" not in sign_in(cast.lead).get(page("change", binding.pk)).content.decode()
    assert office.post(end, {"valid_to": "2026-09-08"}).status_code == 302
    binding.refresh_from_db()
    assert binding.valid_to == dt.date(2026, 9, 8)


def test_only_professional_workers_are_offered(cast, water):
    post = specialist(water)
    asked = {"app_label": "grids", "model_name": "binding", "field_name": "post"}
    answer = sign_in(cast.street).get(reverse("admin:autocomplete"), asked).json()
    assert [row["id"] for row in answer["results"]] == [str(post.pk)]
    assert answer["results"][0]["text"].endswith(" · 供水公司")


def test_importing_on_the_desk(cast, water):
    office = sign_in(cast.street)
    content = roster(cast, specialist(water), specialist(water, full_name="王水生"))

    def upload(client, text, **more):
        return client.post(page("take_in"), {"file": SimpleUploadedFile("list.csv", text.encode()), **more})

    assert office.get(page("take_in")).status_code == 200
    assert upload(office, content, dry_run="on").status_code == 200
    assert Binding.objects.count() == 0
    bad = upload(office, content.replace("供水公司,99", "供水公司,88"))
    assert (bad.status_code, bad.context["count"], Binding.objects.count()) == (400, 1, 0)
    assert upload(office, content).status_code == 302
    assert Binding.objects.count() == 2
    assert upload(sign_in(cast.lead), content).status_code == 403
    table = tablib.Dataset().load(io.BytesIO(office.get(page("write_out")).content), format="xlsx")
    assert sorted(table["网格编码"]) == sorted([cast.place.totals[0].code, cast.place.micros[0].code])
    assert office.get(page("give_template")).content.startswith(b"PK")


def test_a_grid_names_whom_it_can_call(cast, water):
    near, far = specialist(water, full_name="近水人"), specialist(water, full_name="远水人")
    tie(far, cast.place.street)
    tie(near, cast.place.micros[0], "0501")
    tie(specialist(water, full_name="邻水人"), cast.place.micros[1])
    tie(specialist(water, full_name="旧水人"), cast.place.micros[0], valid_to=LONG_AGO)
    grid_page = reverse("admin:grids_grid_change", args=[cast.place.micros[0].pk])
    for user in (cast.street, cast.worker):
        html = sign_in(user).get(grid_page).content.decode()
        assert html.index("近水人") < html.index("远水人")
        assert "邻水人" not in html
        assert "旧水人" not in html


# --- over HTTP -------------------------------------------------------------------------------------------------------


def test_reading_by_every_filter(cast, water):
    place = cast.place
    up = tie(specialist(water), place.street, "05")
    mid = tie(specialist(cast.unit), place.totals[0])
    low = tie(specialist(water), place.micros[0], "0601")
    old = tie(specialist(water), place.micros[1], valid_to=LONG_AGO)
    office = client_of(cast.street)

    def found(query="", by=office):
        answer = by.get(API + query)
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert found() == [old.pk, low.pk, mid.pk, up.pk]
    assert found("?current=true") == [low.pk, mid.pk, up.pk]
    assert found(f"?unit={water.pk}") == [old.pk, low.pk, up.pk]
    assert found(f"?user={low.post.user_id}") == [low.pk]
    assert found(f"?grid={place.totals[0].code}") == [old.pk, low.pk, mid.pk]
    assert found(f"?serves={place.micros[0].code}") == [low.pk, mid.pk, up.pk]
    assert found("?grid=1") == found("?serves=1") == []
    assert found("?matter=0501&current=true") == [mid.pk, up.pk]
    assert found("?matter=0601&current=true") == [low.pk, mid.pk]
    assert found(by=client_of(cast.worker)) == [low.pk, mid.pk, up.pk]
    assert found(by=client_of(cast.unit_staff)) == [mid.pk]
    assert found(by=client_of(cast.outsider)) == []
    assert client_of(cast.outsider).get(f"{API}{mid.pk}/").status_code == 404


def test_one_binding(cast, water):
    post = specialist(water)
    User.objects.filter(pk=post.user_id).update(phone="13800001234")
    binding = tie(post, cast.place.totals[0], "05")
    office = client_of(cast.street)
    assert office.get(f"{API}{binding.pk}/").json() == {
        "id": binding.pk, "post": post.pk, "user": {"id": post.user_id, "full_name": post.user.full_name},
        "unit": {"id": water.pk, "name": "供水公司", "phone": ""}, "phone": "138****1234", "is_public_contact": False,
        "grid": {
            "id": cast.place.totals[0].pk, "code": cast.place.totals[0].code, "kind": "total",
            "name": cast.place.totals[0].name,
        },
        "matters": ["05"], "valid_from": "2020-01-01", "valid_to": None,
    }  # fmt: skip
    Post.objects.filter(pk=post.pk).update(is_public_contact=True)
    assert office.get(f"{API}{binding.pk}/").json()["phone"] == "13800001234"


def test_binding_and_ending_over_http(cast, water):
    office, today = client_of(cast.street), timezone.localdate()
    sent = {"post": specialist(water).pk, "grid": cast.place.totals[0].pk, "matters": ["05"]}
    made = office.post(f"{API}bind/", sent)
    assert (made.status_code, made.json()["valid_from"]) == (201, today.isoformat())
    before = written()
    assert office.post(f"{API}bind/", sent).status_code == 409
    staff = Post.objects.get(user=cast.unit_staff)
    for change, status in (
        ({"post": staff.pk}, 400), ({"grid": 0}, 400), ({"matters": ["!"]}, 400), ({"valid_to": "2020-01-01"}, 400),
    ):  # fmt: skip
        assert office.post(f"{API}bind/", {**sent, **change}).status_code == status
    for user in (cast.outsider, cast.unit_staff, cast.worker):
        # What the caller doesn't see doesn't exist; who sees both may still not bind.
        assert client_of(user).post(f"{API}bind/", sent).status_code in {400, 403}
    at = f"{API}{made.json()['id']}/end/"
    assert client_of(cast.worker).post(at, {"valid_to": today.isoformat()}).status_code == 403
    assert client_of(cast.outsider).post(at, {"valid_to": today.isoformat()}).status_code == 404
    assert office.post(at, {"valid_to": "2020-01-01"}).status_code == 400
    assert written() == before
    assert office.post(at, {"valid_to": today.isoformat()}).json()["valid_to"] == today.isoformat()


# --- at once ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_hands_binding_one_pair_at_once():
    cast = make_cast()
    post, outcomes = specialist(cast.unit), []

    def bind() -> None:
        try:
            grid, by = cast.place.totals[0], User.objects.get(pk=cast.street.pk)
            actions.bind_specialist(post=post, grid=grid, by=by, at=MONDAY)
            outcomes.append("bound")
        except Conflict as refusal:
            outcomes.append(f"refused: {refusal.code}")

    at_once(*[bind] * 4)
    assert sorted(outcomes) == ["bound"] + ["refused: bound"] * 3
    assert Binding.objects.count() == 1
