"""Enrolling at /v/join/, signing in by number or phone, and the own data on the phone."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from gridgov.core.models import KeptAnswer
from grids.models import PublicPage
from tests.factories import MONDAY, Cast
from tests.volunteers.people import make_volunteer
from volunteers import actions
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
PASSWORD = "peach-lane-blossom-7"
SAID = {
    "name": "李志愿", "phone": "139 0000 0001", "born_on": "1990-05-01", "kind": "resident", "nickname": "桃子",
    "skills": ["care", "repair"], "times": ["1m", "6e"], "password": PASSWORD, "again": PASSWORD, "consent": "1",
    "key": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
}  # fmt: skip


@pytest.fixture
def cast(cast: Cast) -> Cast:
    PublicPage.objects.create(street=cast.place.street, is_open=True)
    return cast


def post(client: Client, cast: Cast, **change: Any) -> Any:
    micro = cast.place.micros[0].code
    return client.post("/v/join/", {"grid": micro, "home": micro, "serves": [micro], **SAID, **change})


def sign_in(name: str, password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/m/login/", {"username": name, "password": password})


def test_from_the_qr_code_to_signing_in(cast: Cast) -> None:
    client = Client()
    micro = cast.place.micros[0]
    # The only street needs no choosing; its communities are links to the form.
    assert f"/v/join/?grid={cast.place.totals[0].code}" in client.get("/v/join/").content.decode()
    form = client.get("/v/join/", {"grid": micro.code}).content.decode()
    assert f'value="{micro.code}" selected' in form
    first = post(client, cast)
    row = Volunteer.objects.get()
    assert row.no in first.content.decode()
    assert (row.grid, row.skills, row.state, [one.code for one in row.serves.all()]) == (
        micro, ["care", "repair"], "applied", [micro.code]
    )  # fmt: skip
    # A second tap is the same one, whatever stands in the fields of the password; nothing keeps that.
    assert row.no in post(client, cast, password="another-word-9", again="another-word-9").content.decode()
    assert Volunteer.objects.count() == KeptAnswer.objects.count() == 1

    for name in (row.no, "139-0000-0001"):
        _client, answer = sign_in(name)
        assert answer.status_code == 400
        assert row.no in answer.content.decode() and "审核" in answer.content.decode()
    wrong = sign_in("13900000001", "wrong-password-1")[1].content.decode()
    assert "审核" not in wrong and row.no not in wrong
    actions.review_volunteer(volunteer=row, accepted=True, by=cast.lead, at=MONDAY)
    for name in (row.no, row.no.lower(), "139-0000-0001", "+8613900000001"):
        client, answer = sign_in(name)
        assert (answer.status_code, answer.url) == (302, "/m/")
    assert client.get("/admin/").status_code == 302
    assert row.no in client.get("/v/join/").content.decode()


def test_a_phone_that_two_have_lets_nobody_in(cast: Cast) -> None:
    one, other = (make_volunteer(cast.place.micros[0], phone="13900000009") for _ in range(2))
    for row in (one, other):
        assert row.user is not None
        row.user.set_password(PASSWORD)
        row.user.save()
    assert sign_in("13900000009")[1].status_code == 400
    assert sign_in(one.no)[1].status_code == 302
    assert sign_in("\0" * 9)[1].status_code == 400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"born_on": "2012-05-01"}, "监护人"),
        ({"born_on": "12.5.1990"}, "born_on"),
        ({"phone": "x"}, "电话号码"),
        ({"again": "another-password-9"}, "again"),
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"consent": ""}, "同意"),
        ({"skills": ["magic"]}, "skills"),
        ({"serves": ["990101001001001999"]}, "serves"),
        ({"site": "http://spam"}, "site"),
        ({"name": "李\0"}, "name"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(cast: Cast, change: dict[str, Any], said: str) -> None:
    answer = post(Client(), cast, **change)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Volunteer.objects.exists()
    assert not User.objects.filter(role="volunteer").exists()


def test_odd_places_and_floods(cast: Cast, settings: Any) -> None:
    client = Client()
    for code in ("²", "9" * 40, "x", cast.outsider.username, "990101002001001001"):
        assert client.get("/v/join/", {"grid": code}).status_code == 404, code
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "address": (1, 3)}
    assert post(client, cast, consent="").status_code == 400
    refused, shut = post(client, cast), [post(client, cast) for _ in range(2)][-1]
    assert (refused.status_code, "data-proof" in refused.content.decode()) == (429, True)
    assert (shut.status_code, "data-proof" in shut.content.decode()) == (429, False)
    assert not Volunteer.objects.exists()


def test_staff_enrol_with_their_account(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.worker)
    assert 'name="password"' not in client.get("/v/join/", {"grid": cast.place.micros[0].code}).content.decode()
    post(client, cast, password="", again="")
    assert Volunteer.objects.get().user == cast.worker


def test_the_own_data_on_the_phone(cast: Cast) -> None:
    row = make_volunteer(cast.place.micros[0], skills=["care"], times=["1m"])
    client = Client()
    client.force_login(row.user)
    page, micro = "/m/volunteer/profile/", cast.place.micros[1].code
    assert row.phone in client.get(page).content.decode()
    given = {"nickname": "老张", "phone": "13900000077", "skills": ["legal"], "times": ["7e"], "serves": [micro]}
    assert client.post(page, given).status_code == 302
    row.refresh_from_db()
    row.user.refresh_from_db()
    assert (row.public_name, row.phone, row.skills, row.times) == ("老张", "13900000077", ["legal"], ["7e"])
    assert (row.user.full_name, row.user.phone, row.serves.get().code) == ("老张", "13900000077", micro)
    for bad in ({"phone": "x"}, {"nickname": "13900000077"}, {"skills": ["magic"]}):
        assert client.post(page, {**given, **bad}).status_code == 400
    row.refresh_from_db()
    assert row.public_name == "老张"
    assert client.post(f"{page}pause/").status_code == 302
    assert Volunteer.objects.get(pk=row.pk).state == "paused"
    assert client.get(f"{page}resume/").status_code == 302  # a look changes nothing
    assert Volunteer.objects.get(pk=row.pk).state == "paused"
    client.post(f"{page}resume/")
    assert client.post(f"{page}fly/").status_code == 404

    new = "ein-neues-wort-7"
    row.user.set_password(PASSWORD)
    row.user.save()
    client.force_login(row.user)
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/m/me/password/", {**form, "old_password": "x"}).status_code == 400
    assert client.post("/m/me/password/", form).url == "/m/me/"
    assert "/admin/" not in client.get("/m/me/").content.decode()
    assert client.post(f"{page}leave/", {}).status_code == 400
    assert client.post(f"{page}leave/", {"sure": "1"}).status_code == 200
    assert Volunteer.objects.get(pk=row.pk).state == "left"
    assert client.get(page).status_code == 302
    client.force_login(cast.worker)
    assert client.get(page).status_code == 403
