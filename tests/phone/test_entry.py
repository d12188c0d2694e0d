"""Coming in from another app: once, in time, signed, from an app that is on; and in a frame only where it is allowed."""

import datetime as dt
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.actions import add_entry_app, renew_entry_secret, switch_entry_app
from accounts.choices import ADMIN_HANDS, CASE_ROLES, DESK_ROLES, Role
from accounts.choices.entry import EntryLink
from accounts.models import EntryApp, EntryPass, User
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from tests.factories import MONDAY, make_user

pytestmark = pytest.mark.django_db
ORIGIN = "https://app.example.cn"
CODES = "/api/v1/entry-codes/"


@pytest.fixture
def app() -> EntryApp:
    by = User.objects.system()
    made = add_entry_app(name="城市通", origins=[ORIGIN], expires_on=None, by=by, at=MONDAY)
    made = renew_entry_secret(app=made, by=by, at=MONDAY)
    return switch_entry_app(app=made, active=True, by=by, at=MONDAY)


@pytest.fixture
def worker() -> User:
    return make_user(Role.WORKER, full_name="王小明")


def link(of: EntryApp, user: User, *, secret: str = "", **other: str) -> dict[str, str]:
    said = {"app": of.key, "account": user.username, "at": str(int(time.time())), "nonce": "n" * 16, "to": "/m/inbox/"}
    said |= {name: value for name, value in other.items() if name in said}
    signed = EntryLink(**said, signature="").sign(secret or of.secret)
    return {**said, "signature": other.get("signature", signed)}


def reasons() -> list[str]:
    return list(
        Record.objects.filter(verb="accounts.entry_refused").order_by("pk").values_list("data__reason", flat=True)
    )


def test_a_signed_link_lets_in_once(app: EntryApp, worker: User) -> None:
    said, client = link(app, worker), Client()
    came = client.post("/m/entry/", said)
    assert (came.status_code, came["Location"]) == (302, "/m/inbox/")
    assert client.get("/m/inbox/").status_code == 200
    assert Record.objects.get(verb="accounts.entered").data == {"app": "城市通", "key": app.key}
    again = Client()
    assert again.post("/m/entry/", said).status_code == 403
    assert "_auth_user_id" not in again.session
    assert reasons() == ["used"]


def test_looking_at_a_link_or_a_code_uses_nothing_up(app: EntryApp, worker: User) -> None:
    """As previews, scanners and browsers that fetch ahead do, with what is wrong too."""
    code, looker = ask(app, worker).json()["code"], Client()
    for said in (link(app, worker), {"code": code}, link(app, worker, signature="0" * 64), {"code": "x"}, {}):
        page = looker.get("/m/entry/", said)
        assert (page.status_code, looker.head("/m/entry/", said).status_code) == (200, 200)
        assert "请点击按钮" in page.content.decode()
    assert (reasons(), EntryPass.objects.filter(used_at=None).count()) == ([], 1)
    assert "_auth_user_id" not in looker.session
    # The button of that page, in the same browser.
    tapper = Client(enforce_csrf_checks=True)
    page = tapper.get("/m/entry/", {"code": code}).content.decode()
    said = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    assert set(said) == {"csrfmiddlewaretoken", "code"}
    assert tapper.post("/m/entry/", {"code": code}).status_code == 403
    assert reasons() == []
    assert tapper.post("/m/entry/", said)["Location"] == "/m/me/"
    assert "王小明" in tapper.get("/m/entry/", {"code": code}).content.decode()


def test_a_link_of_signs_that_can_not_be_is_refused(app: EntryApp, worker: User) -> None:
    assert Client().post("/m/entry/", link(app, worker, nonce="n" * 15 + "\0", app="\0")).status_code == 403
    assert Client().post("/m/entry/", {"code": "\0"}).status_code == 403
    assert reasons() == ["no_app", "no_code"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"signature": "0" * 64}, "signature"), ({"secret": "guess"}, "signature"), ({"signature": "²"}, "signature"),
        ({"at": "1"}, "moment"), ({"at": "²"}, "moment"), ({"at": "9" * 30}, "moment"), ({"at": ""}, "moment"),
        ({"nonce": "short"}, "nonce"), ({"nonce": "n" * 65}, "nonce"), ({"to": "https://evil.example/"}, "to"),
        ({"to": "/admin/"}, "to"), ({"to": "/m/../admin/"}, "to"), ({"to": "/m/" + "x" * 300}, "to"),
        ({"account": "nobody"}, "account"), ({"app": "nothing"}, "no_app"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_link_stands_in_the_record_alone(
    app: EntryApp, worker: User, other: dict[str, str], reason: str
) -> None:
    client = Client()
    answer = client.post("/m/entry/", link(app, worker, **other))
    assert answer.status_code == 403
    assert "该入口已失效，请返回原应用重新打开。" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert reasons() == [reason]
    assert EntryPass.objects.count() == 0


@pytest.mark.parametrize("name", ["app", "account", "at", "nonce", "to"])
def test_every_word_of_a_link_is_signed(app: EntryApp, worker: User, name: str) -> None:
    said = link(app, worker)
    changed = {"app": app.key, "account": make_user(Role.STREET).username, "at": str(int(time.time()) + 9)}
    said[name] = changed.get(name, said[name] + "x")
    said["signature"] = said["signature"] if name != "app" else "0" * 64
    assert Client().post("/m/entry/", said).status_code == 403
    assert reasons() == ["signature"]


def test_a_link_holds_five_minutes_both_ways(app: EntryApp, worker: User) -> None:
    now = timezone.now().replace(microsecond=0)
    for n, (seconds, good) in enumerate(((-301, False), (-300, True), (300, True), (301, False))):
        at = now + dt.timedelta(seconds=seconds)
        said = EntryLink(**link(app, worker, at=str(int(at.timestamp())), nonce=f"{n:016}"))
        if good:
            assert actions.enter_by_link(link=said, at=now).user == worker
        else:
            with pytest.raises(Forbidden) as refused:
                actions.enter_by_link(link=said, at=now)
            assert refused.value.code == "moment"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
def test_administrators_come_in_by_their_password_alone(app: EntryApp, role: str) -> None:
    status = Client().post("/m/entry/", link(app, make_user(role))).status_code
    assert status == (302 if role in CASE_ROLES else 403)


def test_a_locked_account_stays_out(app: EntryApp) -> None:
    assert Client().post("/m/entry/", link(app, make_user(Role.WORKER, is_active=False))).status_code == 403
    assert reasons() == ["account"]


def test_whoever_was_signed_in_here_is_no_more(app: EntryApp, worker: User) -> None:
    client = Client()
    client.force_login(make_user(Role.STREET))
    client.post("/m/entry/", link(app, worker))
    assert int(client.session["_auth_user_id"]) == worker.pk


def test_an_app_that_is_off_or_over_lets_nobody_in(app: EntryApp, worker: User) -> None:
    by = User.objects.system()
    actions.change_entry_app(app=app, origins=[], expires_on=dt.date(2020, 1, 1), by=by, at=MONDAY)
    assert Client().post("/m/entry/", link(app, worker)).status_code == 403
    actions.change_entry_app(app=app, origins=[], expires_on=None, by=by, at=MONDAY)
    switch_entry_app(app=app, active=False, by=by, at=MONDAY)
    assert Client().post("/m/entry/", link(app, worker)).status_code == 403
    old = app.secret
    app = renew_entry_secret(app=switch_entry_app(app=app, active=True, by=by, at=MONDAY), by=by, at=MONDAY)
    assert Client().post("/m/entry/", link(app, worker, secret=old)).status_code == 403
    assert reasons() == ["expired_app", "off", "signature"]
    assert Client().post("/m/entry/", link(app, worker)).status_code == 302


# --- codes -----------------------------------------------------------------------------------------------------------


def ask(app: EntryApp, user: User, other: dict[str, Any] | None = None) -> Any:
    given = {"app": app.key, "secret": app.secret, "account": user.username, "to": "/m/me/", **(other or {})}
    return Client().post(CODES, given, content_type="application/json")


def test_a_code_lets_in_once(app: EntryApp, worker: User) -> None:
    told = ask(app, worker)
    assert told.status_code == 201
    code = told.json()["code"]
    assert not EntryPass.objects.filter(nonce=code).exists()
    client = Client()
    assert client.post("/m/entry/", {"code": code})["Location"] == "/m/me/"
    assert client.get("/m/me/").status_code == 200
    assert Client().post("/m/entry/", {"code": code}).status_code == 403
    assert reasons() == ["used"]


def test_a_code_holds_two_minutes(app: EntryApp, worker: User) -> None:
    given = {"key": app.key, "secret": app.secret, "account": worker.username, "to": ""}
    code, until = actions.issue_entry_code(**given, at=MONDAY)
    assert until == MONDAY + dt.timedelta(minutes=2)
    with pytest.raises(Forbidden) as refused:
        actions.enter_by_code(code=code, at=until)
    assert refused.value.code == "moment"
    assert actions.enter_by_code(code=code, at=until - dt.timedelta(seconds=1)).to == "/m/"


@pytest.mark.parametrize(
    ("other", "status", "reason"),
    [
        ({"secret": "guess"}, 403, ["secret"]), ({"app": "nothing"}, 403, ["no_app"]), ({"account": "x"}, 403, ["account"]),
        ({"to": "//evil.example"}, 403, ["to"]), ({"account": ""}, 400, []), ({"app": "\0"}, 400, []),
        ({"secret": ["x"]}, 400, []),
    ],
)  # fmt: skip
def test_a_code_is_for_the_app_alone(
    app: EntryApp, worker: User, other: dict[str, Any], status: int, reason: list[str]
) -> None:
    assert ask(app, worker, other).status_code == status
    assert reasons() == reason
    assert EntryPass.objects.count() == 0


def test_codes_that_nobody_issued_are_refused_and_counted(one_minute: None) -> None:
    answers = [Client(REMOTE_ADDR="10.9.9.9").post("/m/entry/", {"code": f"x{n}"}).status_code for n in range(22)]
    assert answers == [403] * 20 + [429] * 2
    assert reasons() == ["no_code"] * 20
    # All doors count together; somebody else's tries are their own.
    for door in ("/m/login/", "/admin/login/", "/api/v1/token/"):
        said = {"username": "x", "password": "y"}
        busy = Client(REMOTE_ADDR="10.9.9.9").post(door, said)
        assert (busy.status_code, int(busy["Retry-After"])) == (429, 30), door
        assert Client(REMOTE_ADDR="10.9.9.8").post(door, said).status_code in {200, 400, 415}, door


def test_what_can_be_used_no_more_is_forgotten(app: EntryApp, worker: User) -> None:
    now = timezone.now()
    actions.enter_by_link(link=EntryLink(**link(app, worker)), at=now)
    assert actions.drop_entry_passes(at=now + dt.timedelta(minutes=9)) == 0
    assert actions.drop_entry_passes(at=now + dt.timedelta(minutes=11)) == 1


# --- frames ----------------------------------------------------------------------------------------------------------


def test_a_frame_is_allowed_to_the_app_one_came_from(app: EntryApp, worker: User) -> None:
    client = Client()
    for said in (link(app, worker), {"code": ask(app, worker).json()["code"]}):
        door = client.get("/m/entry/", said, secure=True)
        assert f"frame-ancestors 'self' {ORIGIN};" in door["Content-Security-Policy"] + ";"
        assert "X-Frame-Options" not in door
        # The button's token goes into the frame as the session will.
        assert "SameSite=None" in (token := door.cookies["csrftoken"].OutputString()) and "Partitioned" in token
    assert client.get("/m/entry/", {"app": "x"}, secure=True)["X-Frame-Options"] == "DENY"
    client.post("/m/entry/", link(app, worker), secure=True)
    page = client.get("/m/me/", secure=True)
    assert f"frame-ancestors 'self' {ORIGIN};" in page["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in page
    assert client.get("/admin/", secure=True)["X-Frame-Options"] == "DENY"
    own = Client()
    own.force_login(worker)
    assert own.get("/m/me/")["X-Frame-Options"] == "DENY"
    assert ORIGIN not in own.get("/m/me/")["Content-Security-Policy"]
    switch_entry_app(app=app, active=False, by=User.objects.system(), at=MONDAY)
    assert client.get("/m/me/", secure=True)["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("secure", "samesite"), [(True, "None"), (False, "Lax")])
def test_cookies_go_into_a_frame_over_https_alone(app: EntryApp, worker: User, secure: bool, samesite: str) -> None:
    came = Client().post("/m/entry/", link(app, worker), secure=secure)
    assert came.cookies["sessionid"]["samesite"] == samesite
    assert bool(came.cookies["sessionid"]["secure"]) is secure
    assert ("Partitioned" in came.cookies["sessionid"].OutputString()) is secure


def test_an_app_that_frames_nothing_changes_no_cookie(app: EntryApp, worker: User) -> None:
    actions.change_entry_app(app=app, origins=[], expires_on=None, by=User.objects.system(), at=MONDAY)
    came = Client().post("/m/entry/", link(app, worker), secure=True)
    assert came.cookies["sessionid"]["samesite"] == "Lax"


# --- keeping them ----------------------------------------------------------------------------------------------------


def test_separate_hands_enter_an_app_and_switch_it_on() -> None:
    system, security = make_user(Role.SYSTEM_ADMIN), make_user(Role.SECURITY_ADMIN)
    given = {"name": "城市通", "origins": [ORIGIN], "expires_on": None}
    with pytest.raises(Forbidden):
        add_entry_app(**given, by=security, at=MONDAY)
    assert EntryApp.objects.count() == 0
    app = add_entry_app(**given, by=system, at=MONDAY)
    with pytest.raises(Conflict):  # without a secret
        switch_entry_app(app=app, active=True, by=security, at=MONDAY)
    app = renew_entry_secret(app=app, by=system, at=MONDAY)
    with pytest.raises(Forbidden):
        switch_entry_app(app=app, active=True, by=system, at=MONDAY)
    with pytest.raises(Forbidden):
        renew_entry_secret(app=app, by=security, at=MONDAY)
    assert switch_entry_app(app=app, active=True, by=security, at=MONDAY).is_active
    assert app.secret not in str(list(Record.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    "origin",
    ["http://a.cn", "https://a.cn/x", "https://", "*", "https://*.a.cn", "https://a.cn; x", "https://a.cn:99999999"],
)
def test_an_origin_is_what_a_browser_compares(origin: str) -> None:
    by = User.objects.system()
    with pytest.raises(Invalid):
        add_entry_app(name="城市通", origins=[origin], expires_on=None, by=by, at=MONDAY)
    assert EntryApp.objects.count() == 0


def test_the_desk_page() -> None:
    system, security = Client(), Client()
    system.force_login(make_user(Role.SYSTEM_ADMIN))
    security.force_login(make_user(Role.SECURITY_ADMIN))
    url = "/admin/accounts/entryapp/"
    made = system.post(f"{url}add/", {"name": "城市通", "origins": f"{ORIGIN}/\n\n", "expires_on": ""})
    app = EntryApp.objects.get()
    assert (made.status_code, app.origins) == (302, [ORIGIN])
    assert system.post(f"{url}{app.pk}/do/secret/").status_code == 400
    app.refresh_from_db()
    assert app.salt == ""
    shown = system.post(f"{url}{app.pk}/do/secret/", {"sure": "on"}).content.decode()
    app.refresh_from_db()
    assert app.secret in shown
    assert app.secret not in system.get(f"{url}{app.pk}/change/").content.decode()
    assert security.post(f"{url}{app.pk}/do/on/").status_code == 302
    app.refresh_from_db()
    assert app.is_active
    assert "城市通" in security.get(url).content.decode()
    twice = system.post(f"{url}add/", {"name": "城市通", "origins": "", "expires_on": ""})
    assert (twice.status_code, EntryApp.objects.count()) == (200, 1)


@pytest.mark.parametrize("role", sorted(DESK_ROLES - ADMIN_HANDS))
def test_the_desk_page_is_for_administrators(app: EntryApp, role: str) -> None:
    client = Client()
    client.force_login(make_user(role))
    assert client.get("/admin/accounts/entryapp/").status_code == 403
    assert client.get(f"/admin/accounts/entryapp/{app.pk}/change/").status_code == 403
    assert client.post(f"/admin/accounts/entryapp/{app.pk}/do/secret/").status_code == 403
