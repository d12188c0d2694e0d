"""The exchange at the desk: entering a partner, its secret, its codes, what waits, and passing a case up."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import Role
from cases.models import Case
from gridgov.core.secrets import unseal
from integrations.models import Inbound, Partner, PartnerCode, PartnerOrder
from tests.cases.desk import desk, report
from tests.factories import Cast, make_cast, make_client, make_user
from tests.integrations.platforms import Platform, make_partner, order, settle

pytestmark = pytest.mark.django_db
ROOM = "/admin/integrations"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_the_system_hand_enters_a_partner_and_sees_its_secret_once(cast: Cast) -> None:
    client, _key = make_client(scopes=["hotline:exchange"], grid=cast.place.street)
    keeper = desk(make_user(Role.SYSTEM_ADMIN))
    given: dict[str, Any] = {
        "code": "city", "name": "市12345", "kind": "hotline_12345", "ground": cast.place.street.pk, "account": client.user_id,
        "address": "https://hotline.example/api/", "sources": "10.0.0.0/8\n",
    }  # fmt: skip
    for change, field in (
        ({"sources": "ten"}, "sources"),
        ({"account": cast.street.pk}, "account"),
        ({"code": "ci ty"}, "code"),
    ):
        page = keeper.post(f"{ROOM}/partner/add/", given | change)
        assert (page.status_code, Partner.objects.count()) == (200, 0), field
    assert keeper.post(f"{ROOM}/partner/add/", given).status_code == 302
    row = Partner.objects.get()
    assert (row.sources, row.address, row.is_active) == (["10.0.0.0/8"], "https://hotline.example/api", False)
    assert keeper.post(f"{ROOM}/partner/{row.pk}/do/on/", {}).status_code in {302, 409}
    row.refresh_from_db()
    assert not row.is_active  # not before it has a secret
    page = keeper.post(f"{ROOM}/partner/{row.pk}/do/secret/", {"secret": ""}).content.decode()
    row.refresh_from_db()
    secret = unseal(row.secret, of=row.sealed_for)
    assert secret in page and secret not in row.secret
    assert secret not in keeper.get(f"{ROOM}/partner/{row.pk}/change/").content.decode()
    keeper.post(f"{ROOM}/partner/{row.pk}/do/on/", {})
    row.refresh_from_db()
    assert row.is_active
    assert desk(cast.street).post(f"{ROOM}/partner/{row.pk}/do/off/", {}).status_code in {302, 403}
    assert desk(cast.street).get(f"{ROOM}/partner/add/").status_code == 403


def test_a_profile_that_cannot_be_read_is_refused(cast: Cast) -> None:
    row = make_partner(cast)
    keeper = desk(row.made_by)
    for text in ("no json", "[]", "{}", '{"signature": 1}', '{"signature": {"of": ["body"], "headers": {}}}'):
        page = keeper.post(f"{ROOM}/partner/{row.pk}/do/profile/", {"profile": text})
        assert page.status_code == 400, text
    assert Partner.objects.get().profile == row.profile


def test_codes_go_out_and_come_in_as_a_table(cast: Cast) -> None:
    row = make_partner(cast)
    hotline = Platform(row)
    hotline.send("orders", order(urgency="特急", lead_unit="D-1"))
    settle()
    assert Inbound.objects.get().state == "review"
    street = desk(cast.street)
    sheet = street.get(f"{ROOM}/partner/{row.pk}/codes.csv").content.decode("utf-8-sig")
    assert sheet.splitlines() == ["list,theirs,ours", "unit,D-1,"]
    bad = SimpleUploadedFile("codes.csv", "list,theirs,ours\nunit,D-1,没有这个单位\n".encode())
    assert street.post(f"{ROOM}/partner/{row.pk}/do/codes/", {"file": bad}).status_code == 400
    assert PartnerCode.objects.get().ours == ""
    table = f"list,theirs,ours\nunit,D-1,{cast.unit.name}\nurgency,特急,urgent\n".encode()
    assert (
        street.post(f"{ROOM}/partner/{row.pk}/do/codes/", {"file": SimpleUploadedFile("c.csv", table)}).status_code
        == 302
    )
    settle()
    case = Case.objects.get()
    assert (case.urgency, PartnerOrder.objects.get().unit) == ("urgent", cast.unit)


def test_what_waits_is_mapped_shown_and_put_aside(cast: Cast) -> None:
    hotline = Platform(make_partner(cast))
    hotline.send("orders", order(urgency="特急"))
    hotline.send("orders", order("2", content=""))
    settle()
    street = desk(cast.street)
    assert "特急" in street.get(f"{ROOM}/inbound/?state__exact=review").content.decode()
    first, second = Inbound.objects.order_by("pk")
    page = street.get(f"{ROOM}/inbound/{first.pk}/change/").content.decode()
    assert "13800001234" not in page
    page = street.post(f"{ROOM}/inbound/{first.pk}/do/look/", {"reason": "核对代码"}).content.decode()
    assert "13800001234" in page
    code = PartnerCode.objects.get()
    assert street.post(f"{ROOM}/partnercode/{code.pk}/do/map/", {"ours": "urgent"}).status_code == 302
    settle()
    assert Case.objects.get().urgency == "urgent"
    assert street.post(f"{ROOM}/inbound/{second.pk}/do/drop/", {"reason": "空单"}).status_code == 302
    second.refresh_from_db()
    assert second.state == "dropped"


def test_a_case_is_passed_up(cast: Cast) -> None:
    partner = make_partner(cast, address="https://hotline.example")
    case = report(cast)
    street = desk(cast.street)
    given = {"case": case.no, "partner": partner.pk, "reason": "需市级协调"}
    for person in (cast.lead, cast.unit_staff):
        assert desk(person).post(f"{ROOM}/partnerorder/add/", given).status_code == 403
    assert desk(cast.outsider).post(f"{ROOM}/partnerorder/add/", given).status_code == 200
    assert street.post(f"{ROOM}/partnerorder/add/", given | {"case": "1\x00"}).status_code == 200
    assert not PartnerOrder.objects.exists()
    assert street.post(f"{ROOM}/partnerorder/add/", given).status_code == 302
    assert PartnerOrder.objects.get().case == case
    page = street.get(f"/admin/cases/case/{case.pk}/change/").content.decode()
    assert f"G{case.no}" in page
