"""Sessions: how long they last, who ends them, and what they cost."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token

from accounts import actions
from accounts.choices import Role
from accounts.choices.signing import KEPT, Ended
from accounts.models import Session, User
from gridgov.core.errors import Conflict, Forbidden
from grids.choices import PostKind
from tests.factories import MONDAY, give, make_street, make_user
from tests.openapi import client_of
from tests.signing import PASSWORD, at_door, code_now, give_factor, make_person

pytestmark = pytest.mark.django_db
OWN, LEFT = "/m/me/sign-in/", "/admin/in/left/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


def signed_in(user: User, door: str = "/m/login/", **more: Any) -> Client:
    client = Client(headers={"User-Agent": CHROME}, **more)
    assert at_door(door, user, client).status_code == 302
    return client


def why(client: Client, url: str = "/m/me/") -> str:
    """Why CLIENT is out: what the page says to which its next request leads; '' where it is in."""
    page: Any = client.get(url, follow=True)
    return "".join(str(one) for one in page.context["messages"]) if page.redirect_chain else ""


@pytest.mark.parametrize(
    ("role", "door", "minutes"),
    [
        (Role.WORKER, "/m/login/", 240), (Role.WORKER, "/admin/login/", 30), (Role.VOLUNTEER, "/m/login/", 240),
        (Role.STREET, "/m/login/", 30), (Role.UNIT_STAFF, "/admin/login/", 30), (Role.AUDITOR, "/m/login/", 15),
        (Role.SYSTEM_ADMIN, "/admin/login/", 15),
    ],
)  # fmt: skip
def test_without_use_a_session_ends(clock: Any, role: str, door: str, minutes: int) -> None:
    client = signed_in(make_person(role), door)
    # Each use counts from its own minute.
    clock(minutes=minutes - 1)
    assert client.get("/m/me/").status_code == 200
    clock(minutes=minutes, seconds=-1)
    assert client.get("/m/me/").status_code == 200
    # Whoever asks how long it goes on may stay, as long as it lasts.
    assert client.post(LEFT).json() == {"left": minutes * 60}
    clock(minutes=minutes)
    assert "长时间未操作" in why(client)
    assert client.get("/m/me/")["Location"] == "/m/login/?next=%2Fm%2Fme%2F"


def test_after_twelve_hours_it_ends_however_busy(clock: Any) -> None:
    client = signed_in(make_person())
    for _hour in range(11):
        clock(hours=1)
        assert client.get("/m/me/").status_code == 200
    clock(minutes=59, seconds=59)
    assert client.get("/m/me/").status_code == 200
    clock(seconds=1)
    assert "最长时限" in why(client)


def test_a_page_that_asks_by_itself_is_no_use_but_the_wall_goes_on(clock: Any) -> None:
    place, user = make_street(), make_person(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    client, wall = signed_in(user, "/admin/login/"), signed_in(user, "/admin/login/")
    for _quarter in range(2):
        clock(minutes=14)
        assert client.get("/admin/live/").status_code == 200
        assert client.get("/admin/accounts/download/progress/").status_code == 200
        assert wall.get("/admin/wall/data/").status_code == 200
        assert client.get(LEFT).json()["left"] in {16 * 60, 2 * 60}
    clock(minutes=2)
    assert client.get(LEFT).json() == {"left": 0}
    assert client.get("/admin/live/")["Location"].startswith("/admin/login/")
    # It takes away no cookie: the next page says why.
    assert "长时间未操作" in why(client, "/admin/")
    # The screen shows its numbers for the rest of the twelve hours, and opens nothing else.
    clock(hours=5)
    assert wall.get("/admin/wall/data/").status_code == 200
    assert "长时间未操作" in why(wall, "/admin/")
    assert wall.get("/admin/wall/data/").status_code == 302


def test_one_look_a_request_and_one_write_a_minute(clock: Any) -> None:
    client = signed_in(make_person())
    client.get("/m/me/")
    with CaptureQueriesContext(connection) as fresh:
        client.get("/m/me/")
    clock(minutes=1)
    with CaptureQueriesContext(connection) as later:
        client.get("/m/me/")
    with CaptureQueriesContext(connection) as again:
        client.get("/m/me/")
    touched = [query["sql"] for query in fresh if "accounts_session" in query["sql"]]
    assert len(touched) == 1 and touched[0].startswith("SELECT")
    assert (len(later), len(again)) == (len(fresh) + 1, len(fresh))


def test_what_the_cookie_says_stands_in_no_table() -> None:
    user = make_person()
    client = signed_in(user, REMOTE_ADDR="10.20.30.40")
    row = Session.objects.get(user=user)
    assert client.cookies["sessionid"].value not in str(vars(row))
    assert (row.device, row.address) == ("Chrome, Windows", "10.20.30.40")


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.STREET])
def test_an_administrator_is_in_one_place(role: str) -> None:
    user = make_person(role)
    first, second = signed_in(user), signed_in(user)
    assert second.get("/m/me/").status_code == 200
    if role == Role.STREET:
        assert first.get("/m/me/").status_code == 200
    else:
        assert "已在别处登录" in why(first)


def test_who_knows_the_password_alone_puts_nobody_out(strict: Any, clock: Any) -> None:
    user = make_person(Role.AUDITOR)
    secret, _codes = give_factor(user)
    clock(minutes=1)
    first, thief = signed_in(user), signed_in(user)
    for client in (first, thief):
        assert client.get("/m/me/").status_code == 302
    first.post("/admin/in/code/", {"code": code_now(secret, clock.now)})
    signed_in(user)
    assert first.get("/m/me/").status_code == 200
    # The key of the session is another one since the code.
    assert Session.objects.filter(user=user, began_at__isnull=False).count() == 1


@pytest.mark.parametrize("what", ["password", "role", "switch", "factor"])
def test_what_changes_who_somebody_is_ends_sessions_and_token(what: str) -> None:
    user = make_person()
    guard, system = make_user(Role.SECURITY_ADMIN), make_user(Role.SYSTEM_ADMIN)
    client, api = signed_in(user), client_of(user)
    assert api.get("/api/v1/me/").status_code == 200
    if what == "password":
        actions.set_password(user=user, password="Sechs-Linden-1", by=system, at=MONDAY)
    elif what == "role":
        actions.grant_role(user=user, role=Role.STREET, by=guard, at=MONDAY)
    elif what == "switch":
        actions.switch_account(user=user, active=False, by=guard, at=MONDAY)
    else:
        give_factor(user)
        actions.reset_factor(user=user, by=guard, at=MONDAY)
    assert client.get("/m/me/").status_code == 302
    assert api.get("/api/v1/me/").status_code == 401
    row = Session.objects.get(user=user)
    assert row.data == "" and row.ended_why == {"switch": Ended.SWITCHED}.get(what, what)


def test_the_own_sessions_are_seen_and_ended(clock: Any) -> None:
    user = make_person()
    here, there, elsewhere = (signed_in(user, REMOTE_ADDR=f"10.0.0.{n}") for n in (1, 2, 3))
    stranger = signed_in(make_person())
    Token.objects.create(user=user)
    rows = {row.address: row.pk for row in Session.objects.filter(user=user)}
    for url in (OWN, "/admin/me/sign-in/"):
        page = here.get(url).content.decode()
        assert all(address in page for address in rows) and "Chrome, Windows" in page and "接口令牌" in page
    assert stranger.post(f"{OWN}sessions/{rows['10.0.0.2']}/end/").status_code == 404
    assert there.get("/m/me/").status_code == 200
    assert here.post(f"{OWN}sessions/{rows['10.0.0.2']}/end/")["Location"] == OWN
    assert "您在别处结束了" in why(there)
    assert here.post(f"{OWN}others/")["Location"] == OWN
    assert here.get("/m/me/").status_code == 200
    assert "您在别处结束了" in why(elsewhere) and not Token.objects.exists()
    assert stranger.get("/m/me/").status_code == 200


def test_the_security_hand_ends_others_and_nobody_else_does() -> None:
    user, guard = make_person(), make_user(Role.SECURITY_ADMIN)
    client = signed_in(user)
    row = Session.objects.get(user=user)
    for other in (make_user(Role.AUDITOR), make_user(Role.SYSTEM_ADMIN), make_user(Role.STREET)):
        with pytest.raises(Forbidden):
            actions.end_session(session=row, by=other, at=MONDAY)
    desk = Client()
    desk.force_login(guard)
    assert "Chrome, Windows" in desk.get("/admin/accounts/session/").content.decode()
    assert desk.post(f"/admin/accounts/session/{row.pk}/do/end/").status_code == 302
    assert "安全管理员结束了" in why(client)
    with pytest.raises(Conflict):
        actions.end_session(session=row, by=guard, at=MONDAY)
    again = signed_in(user)
    assert desk.post(f"/admin/accounts/user/{user.pk}/do/sessions/").status_code == 302
    assert again.get("/m/me/").status_code == 302


def test_the_own_password_ends_the_others_and_not_this_one() -> None:
    user = make_person()
    here, there = signed_in(user), signed_in(user)
    new = {"new_password1": "Sechs-Linden-1", "new_password2": "Sechs-Linden-1"}
    assert here.post("/m/me/password/", {"old_password": PASSWORD, **new})["Location"] == "/m/me/"
    assert here.get("/m/me/").status_code == 200
    assert "密码已修改" in why(there)


def test_tokens_hold_no_longer_than_is_said(clock: Any) -> None:
    for role, hours in ((Role.WORKER, 90 * 24), (Role.SYSTEM_ADMIN, 12)):
        user = make_person(role)
        token = at_door("/api/v1/token/", user).json()["token"]
        assert at_door("/api/v1/token/", user).json()["token"] == token
        client = Client(headers={"Authorization": f"Token {token}"})
        clock(hours=hours, seconds=-1)
        assert client.get("/api/v1/me/").status_code == 200
        clock(seconds=1)
        told = client.get("/api/v1/me/")
        assert (told.status_code, told.json()["errors"][0]["code"]) == (401, "token_expired")
        assert at_door("/api/v1/token/", user).json()["token"] != token


def test_the_log_of_who_came_in_is_kept_half_a_year(clock: Any) -> None:
    user = make_person()
    client = signed_in(user)
    client.post("/m/logout/")
    Client().get("/sso/oidc/")
    row = Session.objects.get()
    assert (row.ended_why, row.data) == (Ended.SIGNED_OUT, "")
    actions.drop_sessions(at=row.expires_at + KEPT)
    assert Session.objects.exists()
    actions.drop_sessions(at=row.expires_at + KEPT + dt.timedelta(seconds=1))
    assert not Session.objects.exists()
