"""Every door: wrong tries and the lock, the second factor, a password of one's own."""

import datetime as dt
from base64 import b32decode
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import actions
from accounts.choices import Role
from accounts.models import Factor, Notice, PastPassword, RecoveryCode, Session, Tries, User
from accounts.rules.signing import code_at
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.factories import MONDAY, give, make_street, make_user
from tests.signing import PASSWORD, at_door, code_now, give_factor, make_person, post

pytestmark = pytest.mark.django_db
DESK, PHONE, TOKEN = "/admin/login/", "/m/login/", "/api/v1/token/"
LOCKED = "尝试错误次数过多"
MINUTE = dt.timedelta(minutes=1)


def told(answer: Any) -> str:
    return str(answer.content.decode())


def verbs(user: User) -> list[str]:
    rows = Record.objects.filter(subject_type="accounts.user", subject_id=user.pk).order_by("pk")
    return [verb.removeprefix("accounts.") for verb in rows.values_list("verb", flat=True)]


# --- wrong tries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [DESK, PHONE, TOKEN])
def test_five_wrong_tries_lock_a_name_at_every_door(clock: Any, without_valkey: None, door: str) -> None:
    user = make_person()
    names = (user.username, "nobody-of-that-name")
    answers = {name: [_tried(name, "falsch", door) for _try in range(6)] for name in names}
    # Whoever knows no account learns of none: the same six answers, but for the name in the form.
    known, unknown = ([told(one).replace(name, "") for one in answers[name]] for name in names)
    assert [LOCKED in one for one in known] == [LOCKED in one for one in unknown] == [False] * 5 + [True]
    assert {one.status_code for one in answers[names[0]]} == {one.status_code for one in answers[names[1]]}
    # The right password doesn't open it, here or at another door, until the quarter of an hour is over.
    for other in (DESK, PHONE, TOKEN):
        assert LOCKED in told(_tried(user.username, PASSWORD, other))
    clock(minutes=14, seconds=59)
    assert LOCKED in told(_tried(user.username, PASSWORD, door))
    clock(seconds=1)
    assert _tried(user.username, PASSWORD, door).status_code in {200, 302}
    assert not Tries.objects.filter(failures__gt=0, locked_until=None).exists()
    assert verbs(user)[:6] == ["sign_in_failed"] * 5 + ["sign_in_locked"]
    notice = Notice.objects.get(user=user)
    assert "2026-09-07 09:15" in str(notice) and notice.held_until is None


def _tried(name: str, password: str, door: str) -> Any:
    return post(Client(), door, {"username": name, "password": password})


def test_a_right_password_begins_the_count_anew_and_so_does_a_pause(clock: Any) -> None:
    user = make_person()
    for _round in range(2):
        for _try in range(4):
            assert LOCKED not in told(at_door(PHONE, user, password="falsch"))
        assert at_door(PHONE, user).status_code == 302
    for _try in range(4):
        at_door(PHONE, user, password="falsch")
    clock(minutes=15)
    assert LOCKED not in told(at_door(PHONE, user, password="falsch"))
    assert Tries.objects.get().failures == 1


def test_the_security_hand_ends_a_lock_and_nobody_else(clock: Any) -> None:
    user, guard = make_person(), make_user(Role.SECURITY_ADMIN)
    for _try in range(5):
        at_door(PHONE, user, password="falsch")
    for other in (make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR), user):
        with pytest.raises(Forbidden):
            actions.release_account(user=user, by=other, at=MONDAY)
    assert LOCKED in told(at_door(PHONE, user))
    client = Client()
    client.force_login(guard)
    assert client.post(f"/admin/accounts/user/{user.pk}/do/release/").status_code == 302
    assert at_door(PHONE, user).status_code == 302


def test_the_old_password_is_no_way_to_guess(clock: Any) -> None:
    user, client = make_person(), Client()
    client.force_login(user)
    given = {"new_password1": "Vier-Linden-8", "new_password2": "Vier-Linden-8"}
    for url in (
        "/m/me/password/",
        "/admin/password_change/",
        "/m/me/password/",
        "/admin/password_change/",
        "/m/me/password/",
    ):
        assert LOCKED not in told(client.post(url, {"old_password": "falsch", **given}))
    for url in ("/m/me/password/", "/admin/password_change/"):
        assert LOCKED in told(client.post(url, {"old_password": PASSWORD, **given}))
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_judged_five_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted before they are judged: whoever sends many at once has no more tries."""
    user, judged = make_person(), []
    right = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: (self.pk and judged.append(raw)) or right(self, raw))
    _at_once(20, lambda number: at_door(PHONE, user, password=f"falsch-{number}", address=f"10.0.0.{number}"))
    assert (len(judged), Tries.objects.get().failures) == (5, 5)
    assert verbs(user).count("sign_in_locked") == 1


def _at_once(count: int, act: Any) -> list[Any]:
    gate, found = Barrier(count), []

    def one(number: int) -> None:
        gate.wait(20)
        try:
            found.append(act(number))
        except Invalid as refusal:
            found.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


# --- the second factor -----------------------------------------------------------------------------------------------


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six digits."""
    secret = b"12345678901234567890"
    wanted = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {second: code_at(secret, second // 30) for second in wanted} == wanted


def test_a_code_is_good_for_a_step_either_way_and_once() -> None:
    user = make_person()
    secret, _codes = give_factor(user)
    assert PASSWORD not in Factor.objects.get().secret and Factor.objects.get().secret.count(".") == 1
    noon = MONDAY + dt.timedelta(hours=3)
    for later, good in ((-2, False), (2, False), (-1, True), (-1, False), (1, True), (0, False), (1, False)):
        if good:
            assert actions.check_code(user=user, code=code_now(secret, noon, later), at=noon) is False
        else:
            with pytest.raises(Invalid):
                actions.check_code(user=user, code=code_now(secret, noon, later), at=noon)
    # The clock was set back: what was shown before it is no good.
    with pytest.raises(Invalid):
        actions.check_code(user=user, code=code_now(secret, noon - MINUTE), at=noon - MINUTE)
    assert actions.check_code(user=user, code=code_now(secret, noon + MINUTE), at=noon + MINUTE) is False


@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_code_one_comes_in() -> None:
    user = make_person()
    secret, codes = give_factor(user)
    later = MONDAY + MINUTE
    for code, kind in ((code_now(secret, later), False), (codes[0], True)):
        found = _at_once(2, lambda _number, code=code: actions.check_code(user=user, code=code, at=later))
        assert sorted(map(str, found)) == sorted([str(kind), "wrong_code"])


def test_a_recovery_code_opens_once_and_wrong_codes_lock(clock: Any, strict: Any) -> None:
    user = make_person(Role.SYSTEM_ADMIN)
    secret, codes = give_factor(user)
    assert len(set(codes)) == 10 and not RecoveryCode.objects.filter(digest__in=codes).exists()
    client = Client()
    assert at_door(DESK, user, client)["Location"] == "/admin/in/code/"
    assert client.post("/admin/in/code/", {"code": codes[3].lower().replace("-", " ")})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert "recovery_code_used" in verbs(user)
    again = Client()
    at_door(DESK, user, again)
    answers = [again.post("/admin/in/code/", {"code": codes[3]}) for _try in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [409]
    # Not the right one either, nor with a fresh password.
    clock(minutes=2)
    fresh = Client()
    at_door(DESK, user, fresh)
    assert fresh.post("/admin/in/code/", {"code": code_now(secret, clock.now)}).status_code == 409
    assert fresh.get("/admin/").status_code == 302
    assert verbs(user).count("sign_in_locked") == 1


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_an_administrator_sets_up_the_factor_before_anything_else(strict: Any, clock: Any, role: str) -> None:
    user, client = make_person(role), Client()
    assert at_door(PHONE, user, client, next="/admin/accounts/user/")["Location"] == "/admin/in/factor/"
    for url in ("/admin/", "/admin/accounts/user/", "/m/me/", "/admin/in/code/", "/admin/in/password/"):
        assert client.get(url).status_code == 302, url
    assert client.get("/api/v1/me/").status_code == 401
    refused = at_door(TOKEN, user)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "must_factor")
    page = client.get("/admin/in/factor/")
    typed = page.context["secret"].replace(" ", "")
    assert typed in told(page).replace(" ", "") and page.context["picture"].startswith("data:image/svg+xml")
    assert client.get("/admin/login/")["Location"] == "/admin/in/factor/"
    assert verbs(user) == ["half_in", "factor_begun"]
    assert client.post("/admin/in/factor/", {"code": "000000"}).status_code == 400
    shown = client.post("/admin/in/factor/", {"code": code_now(b32decode(typed), clock.now)})
    assert verbs(user)[-2:] == ["factor_confirmed", "signed_in"]
    assert shown.context["onward"] == "/admin/accounts/user/" and len(shown.context["codes"]) == 10
    assert client.get("/admin/").status_code == 200
    # The next time the code is asked for, at the API too.
    clock(minutes=1)
    missing = at_door(TOKEN, user)
    assert (missing.status_code, missing.json()["errors"][0]["code"]) == (400, "code_missing")
    code = code_now(b32decode(typed), clock.now)
    assert at_door(TOKEN, user, code=code).status_code == 200


def test_others_may_have_a_factor_take_it_off_and_come_in_by_a_link_with_it(clock: Any, strict: Any) -> None:
    user, client = make_person(), Client()
    client.force_login(user)
    begun = client.post("/m/me/sign-in/begin/", {"password": "falsch"}, follow=True)
    assert "这不是您的密码" in told(begun) and not Factor.objects.exists()
    page = client.post("/m/me/sign-in/begin/", {"password": PASSWORD}, follow=True)
    secret = b32decode(page.context["secret"].replace(" ", ""))
    assert client.post("/m/me/sign-in/factor/", {"code": code_now(secret, clock.now)}).status_code == 200
    clock(minutes=1)
    other = Client()
    assert at_door(PHONE, user, other)["Location"] == "/m/in/code/"
    assert other.get("/m/").status_code == 302
    assert other.post("/m/in/leave/")["Location"] == "/m/login/"
    # Setting it up anew asks for the present code, and the present one goes on until the new one is confirmed.
    assert "验证码不对" in told(client.post("/m/me/sign-in/begin/", {"code": "123"}, follow=True))
    clock(minutes=1)
    assert (
        client.post("/m/me/sign-in/begin/", {"code": code_now(secret, clock.now)})["Location"]
        == "/m/me/sign-in/factor/"
    )
    clock(minutes=1)
    client.post("/m/me/sign-in/drop/", {"code": code_now(secret, clock.now)})
    assert not Factor.objects.exists()
    assert at_door(PHONE, user)["Location"] == "/m/"


def test_a_lost_factor_is_taken_off_by_another_security_hand(strict: Any) -> None:
    guard, other = make_person(Role.SECURITY_ADMIN), make_person(Role.SECURITY_ADMIN)
    give_factor(guard)
    for by in (guard, make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR)):
        with pytest.raises(Forbidden):
            actions.reset_factor(user=guard, by=by, at=MONDAY)
    with pytest.raises(Forbidden):
        actions.drop_factor(user=guard, by=guard, at=MONDAY)
    with pytest.raises(Conflict):
        actions.reset_factor(user=other, by=guard, at=MONDAY)
    assert Factor.objects.count() == 1
    actions.reset_factor(user=guard, by=other, at=MONDAY)
    assert not Factor.objects.exists()
    assert other.full_name in str(Notice.objects.get(user=guard))
    client = Client()
    at_door(DESK, guard, client)
    assert client.get("/admin/login/")["Location"] == "/admin/in/factor/"


def test_whoever_is_half_in_is_nobody_and_not_for_long(clock: Any) -> None:
    user, client = make_person(), Client()
    secret, _codes = give_factor(user)
    at_door(PHONE, user, client)
    assert Session.objects.visible_to(user).count() == 0
    clock(minutes=15)
    assert client.post("/m/in/code/", {"code": code_now(secret, clock.now)})["Location"] == "/m/login/"
    assert client.get("/m/").status_code == 302


# --- passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "password", "good"),
    [
        (Role.WORKER, "Abc-123", False), (Role.WORKER, "Abcd-123", True), (Role.WORKER, "abcdefgh-ijk", False),
        (Role.WORKER, "四字以上 abc 12", True), (Role.WORKER, "x-Wangmin7-y", False), (Role.WORKER, "Tel-13912345678", False),
        (Role.AUDITOR, "Abcd-123", False), (Role.AUDITOR, "Abcd-1234567", True), (Role.WORKER, "Strasse12", True),
        (Role.WORKER, "A1-" + "x" * 126, False), (Role.WORKER, "P@ssw0rd", False),
    ],
)  # fmt: skip
def test_what_a_password_must_be(role: str, password: str, good: bool) -> None:
    user, by = make_user(role, username="wangmin7", phone="13912345678"), make_user(Role.SYSTEM_ADMIN)
    if good:
        assert actions.set_password(user=user, password=password, by=by, at=MONDAY).check_password(password)
        return
    with pytest.raises(Faults) as refused:
        actions.set_password(user=user, password=password, by=by, at=MONDAY)
    assert list(refused.value.faults) == ["password"]
    user.refresh_from_db()
    assert not user.has_usable_password() and not PastPassword.objects.exists()


def test_the_last_five_don_t_come_again() -> None:
    user = make_user()
    passwords = [f"Linde-{number}-oben" for number in range(7)]
    for one in passwords[:6]:
        actions.set_password(user=user, password=one, by=user, at=MONDAY)
    for again in passwords[1:6]:
        with pytest.raises(Faults):
            actions.set_password(user=user, password=again, by=user, at=MONDAY)
    assert PastPassword.objects.filter(user=user).count() == 5
    actions.set_password(user=user, password=passwords[0], by=user, at=MONDAY)


@pytest.mark.parametrize(("door", "step"), [(DESK, "/admin/in/password/"), (PHONE, "/m/in/password/")])
def test_a_given_password_is_changed_first(strict: Any, clock: Any, door: str, step: str) -> None:
    user, system, client = make_user(), make_user(Role.SYSTEM_ADMIN), Client()
    actions.set_password(user=user, password=PASSWORD, by=system, at=clock.now)
    assert at_door(door, user, client)["Location"] == step
    assert client.get("/m/me/").status_code == 302
    assert at_door(TOKEN, user).json()["errors"][0]["code"] == "must_password"
    for new in (PASSWORD, "kurz"):
        assert client.post(step, {"new_password1": new, "new_password2": new}).status_code == 400
    new = "Fuenf-Linden-9"
    assert client.post(step, {"new_password1": new, "new_password2": new}).status_code == 302
    assert client.get("/m/me/").status_code == 200
    assert at_door(door, user, password=new)["Location"] != step


def test_an_administrator_s_password_is_changed_every_ninety_days(strict: Any, clock: Any) -> None:
    user, worker = make_person(Role.AUDITOR), make_person()
    give_factor(user)
    clock(days=89, hours=23)
    client = Client()
    at_door(DESK, user, client)
    assert client.session["must"] == ["code"]
    clock(hours=1)
    at_door(DESK, user, client)
    assert client.session["must"] == ["code", "password"]
    assert at_door(PHONE, worker)["Location"] == "/m/"
    strict.SIGN_IN = {**strict.SIGN_IN, "password_days": 30}
    assert at_door(PHONE, worker)["Location"] == "/m/in/password/"


# --- three hands, three persons --------------------------------------------------------------------------------------


def test_nobody_holds_two_hands_by_two_accounts() -> None:
    system, guard = User.objects.system(), make_user(Role.SECURITY_ADMIN)
    first = {"full_name": "王敏", "phone": "139 1234 5678", "password": None, "by": system, "at": MONDAY}
    actions.open_account(username="wang1", role=Role.SYSTEM_ADMIN, **first)
    for again in ({"full_name": "王敏", "phone": ""}, {"full_name": "王小敏", "phone": "+86 13912345678"}):
        with pytest.raises(Conflict) as refused:
            actions.open_account(username="wang2", role=Role.AUDITOR, **{**first, **again})
        assert refused.value.code == "two_hands"
    other = make_user(full_name="王敏")
    with pytest.raises(Conflict):
        actions.grant_role(user=other, role=Role.AUDITOR, by=guard, at=MONDAY)
    # Nor past the rules: the table refuses it.
    for values in ({"full_name": "王敏"}, {"hand_of": User.objects.get(username="wang1").hand_of}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=other.pk).update(full_name="别人", role=Role.AUDITOR)
            User.objects.filter(pk=other.pk).update(**values)
    assert User.objects.filter(role=Role.AUDITOR).count() == 0


def test_administrators_have_nothing_to_do_with_cases() -> None:
    place, guard, hand = make_street(), make_user(Role.SECURITY_ADMIN), make_user(Role.AUDITOR)
    worker = make_user()
    give(worker, PostKind.GRID_WORKER_PT, place.micros[0])
    with pytest.raises(Conflict) as refused:
        actions.grant_role(user=worker, role=Role.AUDITOR, by=guard, at=MONDAY)
    assert refused.value.code == "posted"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=worker.pk).update(role=Role.AUDITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        give(hand, PostKind.GRID_WORKER_PT, place.micros[0])
