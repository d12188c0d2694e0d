"""People's data in the database: plain in Python, sealed in the column, found whole or by the end, never by a part."""

import io
from typing import Any

import pytest
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import DataError, connection, transaction
from django.db.models import F
from django.db.models.functions import JSONObject, Upper
from django.test import Client

from accounts.models import User
from cases.models import Case, Reporter
from gridgov.core.doctor import State, ask
from gridgov.core.models import Record
from gridgov.core.sealed import Unopened, is_sealed, opened
from gridgov.core.sealed_columns import AsItStands
from gridgov.core.sealing import standing
from tests.factories import MONDAY, Cast, make_cast
from tests.volunteers.people import make_volunteer
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.SECRET_KEYS = ["first phrase"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def raw(row: Any, name: str) -> str:
    """What stands in the column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", [row.pk])
        return str(cursor.fetchone()[0])


def put(row: Any, **values: str) -> None:
    """Write past the field, as a house did before its columns were sealed, or somebody who meddles with it."""
    with connection.cursor() as cursor:
        for name, text in values.items():
            sql = f"UPDATE {row._meta.db_table} SET {name} = %s WHERE {row._meta.pk.column} = %s"
            cursor.execute(sql, [text, row.pk])


def reporter(cast: Cast, phone: str, name: str = "王小明") -> Reporter:
    micro = cast.place.micros[0]
    above = {"street": cast.place.street, "total": cast.place.totals[0], "comprehensive": cast.place.comprehensives[0]}
    case = Case.objects.create(
        category=cast.category, tier="A", urgency="normal", channel="phone", title="x", text="x", grid=micro, **above,
        reported_by=cast.worker, reported_at=MONDAY,
    )  # fmt: skip
    return Reporter.objects.create(case=case, name=name, phone=phone)


def reseal() -> None:
    call_command("reseal", stdout=io.StringIO())


def test_plain_in_python_sealed_in_the_column(cast: Cast) -> None:
    first, second = reporter(cast, "138 0000-1234"), reporter(cast, "13800001234")
    texts = {raw(first, "phone"), raw(second, "phone")}
    assert len(texts) == 2 and all(is_sealed(text) and "0000" not in text for text in texts)
    assert "王" not in raw(first, "name")
    held = Reporter.objects.get(pk=first.pk)
    assert (held.phone, held.name) == ("138 0000-1234", "王小明")
    assert list(Reporter.objects.values_list("phone", flat=True).order_by("pk")) == ["138 0000-1234", "13800001234"]
    Reporter.objects.filter(pk=first.pk).update(phone="", name="")
    assert (raw(first, "phone"), Reporter.objects.get(pk=first.pk).name) == ("", "")
    with pytest.raises(DataError):
        Reporter.objects.filter(pk=second.pk).update(phone="1" * 21)


def test_found_whole_and_by_the_end_and_in_no_other_way(cast: Cast) -> None:
    one, two, none = reporter(cast, "138 0000-1234"), reporter(cast, "13900001234"), reporter(cast, "")
    rows = Reporter.objects
    for said in ("13800001234", "138 0000 1234", "+8613800001234", "１３８００００１２３４"):
        assert list(rows.filter(phone=said)) == list(rows.about_phone(said)) == [one], said
    assert set(rows.filter(phone__in=["13800001234", "13900001234"])) == {one, two}
    assert list(rows.filter(phone="")) == [none] and set(rows.exclude(phone="")) == {one, two}
    assert not rows.filter(phone="0001234").exists() and not rows.filter(phone__in=[]).exists()
    assert set(rows.ending_with("1234")) == {one.pk, two.pk} and rows.ending_with("800001234") == [one.pk]
    assert set(Case.objects.of_phone("1234")) == {one.case, two.case} and not Case.objects.of_phone("9999").exists()
    helper = make_volunteer(cast.place.micros[0], name="欧阳 Ann")
    assert list(Volunteer.objects.filter(name="欧阳ann")) == [helper]
    for impossible in (
        lambda: rows.filter(phone__icontains="138"), lambda: rows.filter(phone__startswith="138"), lambda: rows.order_by("phone"),
        lambda: Case.objects.order_by("-reporter__phone"), lambda: list(rows.filter(name="王小明")),
        lambda: list(Volunteer.objects.filter(phone__drawer="1234")), lambda: rows.filter(phone=User.objects.values("phone")),
    ):  # fmt: skip
        with pytest.raises(FieldError, match="sealed"):
            impossible()
    # Nor is the ciphertext taken for a text, unless somebody says so and opens it.
    for impossible in (
        lambda: list(rows.annotate(row=JSONObject(phone="phone"))), lambda: rows.aggregate(all=ArrayAgg("name")),
        lambda: list(rows.values("case").annotate(big=Upper("name"))), lambda: rows.update(name=F("phone")),
        lambda: list(Case.objects.annotate(row=JSONObject(phone="reporter__phone"))),
    ):  # fmt: skip
        with pytest.raises((FieldError, TypeError), match=r"(?i)sealed"), transaction.atomic():
            impossible()
    row = rows.filter(pk=one.pk).values_list(JSONObject(phone=AsItStands("phone")), flat=True).get()
    assert is_sealed(row["phone"]) and opened(Reporter, "phone", row["phone"]) == "138 0000-1234"
    assert set(Case.objects.annotate(said=F("reporter__name")).values_list("said", flat=True)) == {"王小明"}
    assert set(Case.objects.exclude(reporter__phone="")) == {one.case, two.case}
    assert not rows.filter(phone__isnull=True).exists()


def test_what_stands_in_clear_is_read_and_found_until_it_is_sealed(cast: Cast, settings: Any) -> None:
    one, two = reporter(cast, "x"), reporter(cast, "x")
    helper = make_volunteer(cast.place.micros[0])
    put(one, phone="13800001234", name="王小明")
    put(two, phone="010-6666 1234", name="~tilde")
    put(helper, phone="13500005678", guardian_phone="13500005678", name="钱多多")

    def stands() -> None:
        assert {row.phone for row in Reporter.objects.all()} == {"13800001234", "010-6666 1234"}
        assert {row.name for row in Reporter.objects.all()} == {"王小明", "~tilde"}
        assert list(Reporter.objects.about_phone("138 0000 1234")) == [one]
        assert set(Reporter.objects.ending_with("1234")) == {one.pk, two.pk}
        assert list(Volunteer.objects.about_phone("13500005678")) == [helper]
        assert list(Volunteer.objects.filter(name="钱多多")) == [helper]

    stands()
    assert ask("people", at=MONDAY).state == State.WARN and standing().clear == 7
    reseal()
    assert is_sealed(raw(one, "phone")) and is_sealed(raw(two, "name"))
    assert ask("people", at=MONDAY).state == State.OK and standing().clear == standing().older == 0
    stands()
    assert list(Reporter.objects.about_phone("01066661234")) == [two]

    settings.SECRET_KEYS = ["second phrase", "first phrase"]
    three = reporter(cast, "13800001234")
    assert set(Reporter.objects.about_phone("13800001234")) == {one, three}  # one under each key
    assert set(Reporter.objects.ending_with("1234")) == {one.pk, two.pk, three.pk}
    assert ask("people", at=MONDAY).state == State.WARN
    three.delete()
    reseal()
    settings.SECRET_KEYS = ["second phrase"]
    stands()
    told = Record.objects.filter(verb="secrets.people_resealed").order_by("pk").values_list("data", flat=True)
    assert list(told) == [{"rows": 3, "lost": 0, "held": 0}, {"rows": 3, "lost": 0, "held": 0}]
    settings.SECRET_KEYS = []
    assert standing().lost > 0 and ask("people", at=MONDAY).state == State.BAD


def test_without_the_key_it_is_said_and_nothing_is_lost(cast: Cast, settings: Any) -> None:
    one = reporter(cast, "13800001234")
    cast.street.change(phone="13800009999")
    before = raw(one, "phone"), raw(one, "name")
    settings.SECRET_KEYS = ["a wrong one"]
    held = Reporter.objects.get(pk=one.pk)
    with pytest.raises(Unopened):
        _ = held.phone
    held.expires_at = MONDAY
    held.save()
    assert (raw(one, "phone"), raw(one, "name")) == before
    desk = Client(raise_request_exception=False)
    desk.force_login(cast.street)  # whose own phone can't be opened either
    page = desk.get(f"/admin/cases/case/{one.pk}/change/")
    assert page.status_code == 503 and "密钥" in page.content.decode()
    told = desk.get(f"/api/v1/cases/{one.pk}/")
    assert (told.status_code, told.json()["errors"][0]["code"]) == (503, "sealed")
    assert desk.get("/admin/cases/case/").status_code == 200
    with pytest.raises(CommandError, match="2 rows can't be opened"):
        reseal()
    assert (raw(one, "phone"), raw(one, "name")) == before
    settings.SECRET_KEYS = ["first phrase"]
    assert Reporter.objects.get(pk=one.pk).phone == "13800001234"


def test_moved_or_changed_it_opens_nowhere(cast: Cast) -> None:
    one = reporter(cast, "13800001234")
    helper = make_volunteer(cast.place.micros[0])
    sealed = raw(one, "phone")
    put(helper, phone=sealed, guardian_phone=raw(helper, "phone"))
    put(one, name=sealed)
    head, index, body = sealed.split(".")
    other = reporter(cast, "13800001234")
    put(other, phone=f"{head}.{'A' * len(index)}.{body}")
    for row, name in ((helper, "phone"), (helper, "guardian_phone"), (one, "name"), (other, "phone")):
        with pytest.raises(Unopened):
            getattr(type(row).objects.get(pk=row.pk), name)
