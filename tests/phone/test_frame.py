"""The phone's frame: who comes in, where they are sent, the inbox, how the pages look, what may be kept."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from gridgov.core.errors import Conflict
from gridgov.core.models import Record
from gridgov.core.phone import phone_page
from gridgov.phone.look import Look
from tests.factories import MONDAY, make_user

pytestmark = pytest.mark.django_db
ANDROID = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/96.0 Mobile Safari/537.36"
JSON = {"Accept": "application/json"}
PASSWORD = "correct-horse-7"


def phone_of(user: User) -> Client:
    client = Client(headers={"User-Agent": ANDROID})
    client.force_login(user)
    return client


def with_password(role: str = Role.WORKER, **more: Any) -> User:
    user = make_user(role, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


def tell(user: User, count: int) -> list[Notice]:
    actions.notify(
        [
            Notice(user=user, kind=NoticeKind.SYSTEM, key=f"k{n}", text=f"word {n}", at=MONDAY, urgent=True)
            for n in range(count)
        ],
        at=MONDAY,
    )
    return list(Notice.objects.filter(user=user).order_by("-id"))


# --- signing in ------------------------------------------------------------------------------------------------------


def test_who_is_not_signed_in_comes_back_to_where_they_wanted_to_go() -> None:
    user = with_password()
    client = Client()
    sent = client.get("/m/inbox/?after=x")
    assert (sent.status_code, sent["Location"]) == (302, "/m/login/?next=%2Fm%2Finbox%2F%3Fafter%3Dx")
    answer = client.post("/m/login/", {"username": user.username, "password": PASSWORD, "next": "/m/inbox/?after=x"})
    assert (answer.status_code, answer["Location"]) == (302, "/m/inbox/?after=x")
    assert Record.objects.filter(verb="accounts.signed_in", actor=user).count() == 1
    assert client.get("/m/login/?next=/m/me/")["Location"] == "/m/me/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_signing_in_leads_to_no_other_house(elsewhere: str) -> None:
    user = with_password()
    answer = Client().post("/m/login/", {"username": user.username, "password": PASSWORD, "next": elsewhere})
    assert (answer.status_code, answer["Location"]) == (302, "/m/")


def test_a_wrong_password_and_a_locked_account_are_told_the_same() -> None:
    locked, open_ = with_password(is_active=False), with_password()
    told = set()
    for username, password in ((locked.username, PASSWORD), (open_.username, "wrong"), ("nobody", PASSWORD)):
        client = Client()
        answer = client.post("/m/login/", {"username": username, "password": password})
        assert answer.status_code == 400
        assert "_auth_user_id" not in client.session
        told.add(str(answer.context["form"].non_field_errors()))
    assert len(told) == 1


def test_an_account_that_is_locked_later_is_out_at_once() -> None:
    user = make_user(Role.WORKER)
    client = phone_of(user)
    assert client.get("/m/me/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/m/me/")["Location"].startswith("/m/login/")


def test_tries_are_limited(settings: Any, one_minute: None) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    answers = [Client(REMOTE_ADDR="10.1.2.3").post("/m/login/", {"username": "a", "password": "b"}) for _ in range(21)]
    assert {answer.status_code for answer in answers[:20]} == {400}
    assert answers[20].status_code == 429
    assert 1 <= int(answers[20]["Retry-After"]) <= 60
    assert "尝试次数过多" in answers[20].content.decode()


def test_signing_out_asks_first() -> None:
    client = phone_of(make_user(Role.WORKER))
    assert "data-unsent-warning" in client.get("/m/logout/").content.decode()
    assert "_auth_user_id" in client.session
    assert client.post("/m/logout/")["Location"] == "/m/login/"
    assert "_auth_user_id" not in client.session
    assert client.get("/m/logout/")["Location"] == "/m/login/"


@pytest.mark.parametrize(
    ("role", "agent", "place"),
    [
        (Role.WORKER, ANDROID, "/m/"), (Role.UNIT_STAFF, ANDROID, "/m/"), (None, ANDROID, "/m/"),
        (Role.COMPREHENSIVE_LEAD, ANDROID, "/admin/"), (Role.STREET, ANDROID, "/admin/"),
        (Role.WORKER, "Mozilla/5.0 (X11)", "/admin/"), (None, "", "/admin/"),
    ],
)  # fmt: skip
def test_the_entrance_knows_a_phone(role: str | None, agent: str, place: str) -> None:
    client = Client(headers={"User-Agent": agent})
    if role:
        client.force_login(make_user(role))
    assert client.get("/")["Location"] == place


# --- phone_page ------------------------------------------------------------------------------------------------------


def ask(user: User | None, view: Any, *, headers: dict[str, str] | None = None, method: str = "get") -> Any:
    request = getattr(RequestFactory(), method)("/m/x/?a=1", headers=headers or {})
    request.user = user or AnonymousUser()
    return view(request)


def test_a_page_for_some_roles_is_no_page_for_others() -> None:
    view = phone_page(roles={Role.WORKER})(lambda request: HttpResponse("in"))
    worker, auditor = make_user(Role.WORKER), make_user(Role.AUDITOR)
    answer = ask(worker, view)
    assert (answer.content, answer["Cache-Control"]) == (b"in", "no-store")
    assert "X-Offline" not in answer
    refused = ask(auditor, view, headers=JSON)
    assert refused.status_code == 403
    out = ask(None, view, headers=JSON)
    assert out.status_code == 401
    assert b'"code": "not_authenticated"' in out.content
    assert ask(None, view)["Location"] == "/m/login/?next=%2Fm%2Fx%2F%3Fa%3D1"


def test_only_a_form_that_was_shown_may_be_kept() -> None:
    view = phone_page(offline=True)(lambda request: HttpResponse(str(request.phone_shell)))
    worker = make_user(Role.WORKER)
    shown = ask(worker, view)
    assert (shown["X-Offline"], shown["Cache-Control"], shown.content) == ("shell", "no-store", b"True")
    assert "X-Offline" not in ask(worker, view, method="post")
    assert "X-Offline" not in ask(None, view)


def test_a_refusal_is_told_to_a_script_in_the_shape_of_the_api() -> None:
    def view(request: Any) -> Any:
        raise Conflict("moved on")

    answer = ask(make_user(Role.WORKER), phone_page()(view), headers=JSON)
    assert answer.status_code == 409
    assert b'"detail": "moved on"' in answer.content
    with pytest.raises(Conflict):
        ask(make_user(Role.WORKER), phone_page()(view))


def test_what_is_not_there_is_told_in_the_look_of_the_phone() -> None:
    answer = phone_of(make_user(Role.WORKER)).get("/m/nothing/")
    assert answer.status_code == 404
    assert 'class="bottom"' in answer.content.decode()
    assert 'class="bottom"' not in Client().get("/nothing/").content.decode()


# --- the inbox -------------------------------------------------------------------------------------------------------


def test_the_inbox_is_the_own_one() -> None:
    user, other = make_user(Role.WORKER), make_user(Role.WORKER)
    tell(user, 2)
    (foreign,) = tell(other, 1)
    client = phone_of(user)
    page = client.get("/m/inbox/").content.decode()
    assert "word 0" in page and "word 1" in page
    assert [row.user for row in client.get("/m/inbox/").context["page"].rows] == [user, user]
    assert client.post(f"/m/inbox/{foreign.pk}/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None
    client.post("/m/inbox/read/")
    assert Notice.objects.filter(read_at=None).get() == foreign


def test_a_notice_that_is_opened_is_read() -> None:
    user = make_user(Role.WORKER)
    first, second = tell(user, 2)
    client = phone_of(user)
    assert client.get(f"/m/inbox/{first.pk}/").status_code == 405
    assert client.post(f"/m/inbox/{first.pk}/")["Location"] == "/m/inbox/"
    assert [Notice.objects.get(pk=row.pk).read_at is None for row in (first, second)] == [False, True]


def test_the_inbox_is_read_page_by_page_and_is_flat() -> None:
    user = make_user(Role.WORKER)
    client = phone_of(user)
    tell(user, 1)
    client.get("/m/inbox/")
    with CaptureQueriesContext(connection) as one:
        client.get("/m/inbox/")
    rows = tell(user, 25)
    with CaptureQueriesContext(connection) as many:
        first = client.get("/m/inbox/").context["page"]
    assert len(many) == len(one)
    second = client.get("/m/inbox/", {"after": first.after}).context["page"]
    assert [row.pk for row in (*first.rows, *second.rows)] == [row.pk for row in rows]
    for odd in ("²", "x" * 300, "eyJ", "\0"):
        assert client.get("/m/inbox/", {"after": odd}).status_code in {200, 400}


# --- how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["", "s", "x.y.z", "xl.elder.sun", "l.sun", "\0", "s.elder.elder.sun"])
def test_a_look_is_what_the_cookie_says_or_the_usual_one(said: str) -> None:
    look = Look.read(said)
    assert Look.read(str(look)) == look
    assert look.classes.startswith("type-")


def test_the_server_draws_the_look_on_every_page() -> None:
    client = Client()
    answer = client.post("/m/look/", {"type": "xl", "elder": "on", "next": "/m/login/"})
    assert (answer.status_code, answer["Location"]) == (302, "/m/login/")
    assert answer.cookies["gridgov_look"].value == "xl.elder"
    for page in ("/m/login/", "/m/offline/", "/m/nothing/"):
        assert 'class="type-xl elder"' in client.get(page).content.decode()
    client.post("/m/look/", {"toggle": "elder"})
    assert 'class="type-xl"' in client.get("/m/login/").content.decode()
    assert client.post("/m/look/", {"type": "huge", "next": "https://evil.example/"})["Location"] == "/m/me/"
    assert 'class="type-xl"' in client.get("/m/login/").content.decode()


# --- without a network -----------------------------------------------------------------------------------------------


def test_the_worker_is_asked_for_anew_each_time() -> None:
    answer = Client().get("/sw.js")
    assert answer["Content-Type"] == "application/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert '"/m/offline/"' in answer.content.decode()


def test_the_app_can_be_installed() -> None:
    told = Client().get("/m/manifest.webmanifest").json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/m/", "/m/", "standalone")
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512"]


def test_a_page_that_is_kept_says_nothing_about_anybody() -> None:
    user = make_user(Role.WORKER, full_name="王小明")
    tell(user, 3)
    answer = phone_of(user).get("/m/offline/")
    assert answer["X-Offline"] == "shell"
    words = answer.content.decode()
    assert "王小明" not in words and "data-unread" not in words
