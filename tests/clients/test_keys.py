"""Other systems: which keys let them in, from where, how often."""

import datetime as dt
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts import actions
from accounts.choices import Role
from accounts.jobs import add_up_calls, tidy_calls
from accounts.models import ApiClient, ApiKey, ClientCalls, User
from accounts.reports import page_of
from accounts.rules.clients import can_come_in
from gridgov.core.doctor import State, ask
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.actions import open_client, place_client
from tests.clients.kit import CALLER, CASES, asker, code_of
from tests.factories import MONDAY, Cast, make_client, make_key, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def test_a_key_lets_its_client_in_and_says_who_it_is(cast: Cast) -> None:
    client, raw = make_client(["cases:read"], grid=cast.place.street)
    said = asker(raw).get(CALLER).json()
    assert said == {
        "name": client.name, "role": "street", "scopes": ["cases:read"], "purposes": [], "per_minute": 6000,
        "expires_on": None, "key": raw.partition(".")[0], "key_expires_at": None,
    }  # fmt: skip
    assert asker(raw).get("/api/v1/me/").json()["id"] == client.pk
    assert asker(raw).get(CASES).json()["results"] == []
    used = ApiKey.objects.get().last_used
    assert used and used.second == used.microsecond == 0 and timezone.now() - used < dt.timedelta(minutes=2)


def test_a_person_is_no_client(cast: Cast) -> None:
    asking = Client(headers={"Authorization": f"Token {Token.objects.create(user=cast.street).key}"})
    assert code_of(asking.get(CALLER)) == (403, "no_client")


@pytest.mark.parametrize("raw", ["", "x", "abcdefgh.0", "ä", "a" * 500, "\x7f.\x7f"])
def test_who_has_no_key_stays_out(cast: Cast, raw: str) -> None:
    make_client(["cases:read"], grid=cast.place.street)
    answer = asker(raw.encode().decode("latin-1")).get(CASES)
    assert code_of(answer) == (401, "key_unknown")
    assert "Token" in answer["WWW-Authenticate"] or "Api-Key" in answer["WWW-Authenticate"]


def test_the_prefix_alone_is_no_key(cast: Cast) -> None:
    _client, raw = make_client(["cases:read"], grid=cast.place.street)
    prefix, _dot, secret = raw.partition(".")
    for wrong in (f"{prefix}.{secret[:-1]}", f"{prefix}.", prefix, f"{prefix}.{secret}x", f"{secret}.{prefix}"):
        assert code_of(asker(wrong).get(CASES)) == (401, "key_unknown")
    assert not ApiKey.objects.filter(hashed_key__contains=secret).exists()


def test_what_shuts_a_client_out(cast: Cast, admin: User) -> None:
    client, raw = make_client(["cases:read"], grid=cast.place.street)
    by: Any = {"by": admin, "at": timezone.now()}
    actions.switch_client(client=client, active=False, **by)
    assert code_of(asker(raw).get(CASES)) == (401, "client_off")
    actions.switch_client(client=client, active=True, **by)
    ApiClient.objects.update(expires_on=timezone.localdate() - DAY)
    assert code_of(asker(raw).get(CASES)) == (401, "client_expired")
    ApiClient.objects.update(expires_on=timezone.localdate() + DAY)
    assert asker(raw).get(CASES).status_code == 200
    ApiKey.objects.update(expiry_date=timezone.now() - SECOND)
    assert code_of(asker(raw).get(CASES)) == (401, "key_expired")
    ApiKey.objects.update(expiry_date=None)
    actions.revoke_key(key=ApiKey.objects.get(), **by)
    assert code_of(asker(raw).get(CASES)) == (401, "key_revoked")


def test_a_key_ends_at_its_moment(cast: Cast) -> None:
    make_client(grid=cast.place.street)
    ApiKey.objects.update(expiry_date=MONDAY)
    key = ApiKey.objects.select_related("client").get()
    assert can_come_in(key, "10.0.0.1", MONDAY - SECOND)
    refused = can_come_in(key, "10.0.0.1", MONDAY).refusal
    assert refused and refused.code == "key_expired"
    assert not ApiKey.objects.live(MONDAY).exists()
    assert ApiKey.objects.live(MONDAY - SECOND).exists()


def test_the_last_day_of_a_client_counts(cast: Cast) -> None:
    client, _raw = make_client(grid=cast.place.street, expires_on=MONDAY.date())
    key = client.keys.get()
    assert can_come_in(key, "", MONDAY.replace(hour=23, minute=59))
    assert not can_come_in(key, "", MONDAY.replace(hour=0) + DAY)


def test_two_keys_hold_while_the_system_changes_over(cast: Cast, admin: User) -> None:
    client, first = make_client(["cases:read"], grid=cast.place.street)
    now = timezone.now()
    by: Any = {"by": admin, "at": now}
    second, raw = actions.issue_key(client=client, name="备用", ends=now + DAY, **by)
    assert [asker(one).get(CASES).status_code for one in (first, raw)] == [200, 200]
    with pytest.raises(Conflict) as third:
        actions.issue_key(client=client, name="多余", ends=now + DAY, **by)
    assert third.value.code == "two_keys" and client.keys.count() == 2
    actions.revoke_key(key=client.keys.exclude(pk=second.pk).get(), **by)
    assert code_of(asker(first).get(CASES)) == (401, "key_revoked")
    assert asker(raw).get(CASES).status_code == 200
    # One that has ended makes room as well.
    ApiKey.objects.filter(pk=second.pk).update(expiry_date=now)
    for name in ("甲", "乙"):
        actions.issue_key(client=client, name=name, ends=None, **by)
    said = [row.data.get("prefix") for row in Record.objects.filter(verb="accounts.client_key_issued").order_by("pk")]
    assert said[0] == second.prefix and len(said) == 3
    assert raw.partition(".")[2] not in str([row.data for row in Record.objects.all()])


def test_only_the_system_hand_makes_keys(cast: Cast) -> None:
    client, _raw = make_client(grid=cast.place.street)
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR, Role.STREET):
        with pytest.raises(Forbidden):
            actions.issue_key(client=client, name="x", ends=None, by=make_user(role), at=MONDAY)
    with pytest.raises(Invalid):
        actions.issue_key(client=client, name="x", ends=MONDAY, by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    assert client.keys.count() == 1 and Record.objects.count() == 0
    actions.switch_client(client=client, active=False, by=make_user(Role.SECURITY_ADMIN), at=MONDAY)
    with pytest.raises(Forbidden):
        actions.switch_client(client=client, active=True, by=make_user(Role.SECURITY_ADMIN), at=MONDAY)


# --- from where ------------------------------------------------------------------------------------------------------


def test_it_comes_from_its_networks(cast: Cast, settings: Any) -> None:
    _client, raw = make_client(["cases:read"], grid=cast.place.street, networks=["10.20.0.0/16", "2001:db8::/32"])
    settings.PROXIES = 0
    tried = {
        "10.20.3.4": 200,
        "::ffff:10.20.3.4": 200,
        "2001:db8::7": 200,
        "10.21.0.1": 403,
        "2001:db9::1": 403,
        "": 403,
        "x": 403,
    }
    for address, status in tried.items():
        assert asker(raw).get(CASES, REMOTE_ADDR=address).status_code == status, address
    assert code_of(asker(raw).get(CASES, REMOTE_ADDR="10.21.0.1")) == (403, "address_refused")


def test_a_forged_address_does_not_help(cast: Cast, settings: Any) -> None:
    """Only what our own proxies wrote counts, from the end of the header."""
    _client, raw = make_client(["cases:read"], grid=cast.place.street, networks=["10.20.0.0/16"])
    settings.PROXIES = 0
    forged = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "10.20.0.1"}
    assert asker(raw).get(CASES, **forged).status_code == 403
    settings.PROXIES = 1
    for passed, status in (("10.20.0.1, 203.0.113.9", 403), ("203.0.113.9, 10.20.0.1", 200), ("10.20.0.1", 200)):
        answer = asker(raw).get(CASES, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=passed)
        assert answer.status_code == status, passed
    settings.PROXIES = 2
    answer = asker(raw).get(CASES, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.20.0.1, 203.0.113.9, 10.0.0.1")
    assert answer.status_code == 403


# --- how often -------------------------------------------------------------------------------------------------------

_OTHER_PROCESS = """
import datetime as dt, sys, django; django.setup()
from django.utils import timezone
from gridgov.core.counts import hit
for minute in (0, 1, 2):
    for _time in range(3):
        hit("client", sys.argv[1], within=dt.timedelta(minutes=1), at=timezone.now() + dt.timedelta(minutes=minute))
"""


def test_all_processes_count_together(cast: Cast) -> None:
    client, raw = make_client(["cases:read"], grid=cast.place.street, per_minute=4)
    subprocess.run([sys.executable, "-c", _OTHER_PROCESS, str(client.pk)], check=True, timeout=60)
    answers = [asker(raw).get(CASES) for _time in range(3)]
    assert {answer.status_code for answer in answers[1:]} <= {200, 429} and answers[0].status_code == 200
    last = next(answer for answer in answers if answer.status_code == 429)
    assert code_of(last) == (429, "throttled")
    assert (last["X-RateLimit-Limit"], last["X-RateLimit-Remaining"]) == ("4", "0")
    assert 1 <= int(last["Retry-After"]) <= 60
    assert 0 <= int(last["X-RateLimit-Reset"]) - timezone.now().timestamp() + 60 <= 121
    assert answers[0]["X-RateLimit-Remaining"] in {"0", "1"}


def test_without_valkey_each_process_counts_alone(cast: Cast, without_valkey: None, one_minute: None) -> None:
    _client, raw = make_client(["cases:read"], grid=cast.place.street, per_minute=2)
    answers = [asker(raw).get(CASES) for _time in range(3)]
    assert [(a.status_code, a["X-RateLimit-Remaining"]) for a in answers] == [(200, "1"), (200, "0"), (429, "0")]


def test_whoever_tries_keys_waits(cast: Cast) -> None:
    tried = [asker("nosuch.key").get(CASES, REMOTE_ADDR="203.0.113.77").status_code for _time in range(130)]
    assert set(tried) == {401, 429} and tried[:60] == [401] * 60


def test_calls_are_added_up_and_shown(cast: Cast, admin: User) -> None:
    client, raw = make_client(["cases:read"], grid=cast.place.street)
    for _time in range(2):
        asker(raw).get(CASES)
    asker(raw).get(f"{CASES}12/")
    asker(raw).get("/api/v1/units/")
    for _time in range(2):
        add_up_calls([], timezone.now())
    asker(raw).get(CASES)
    add_up_calls([], timezone.now())
    found = sorted(ClientCalls.objects.filter(client=client).values_list("operation", "status", "code", "count"))
    assert found == [
        ("GET /api/v1/cases/", 200, "", 3),
        ("GET /api/v1/cases/{pk}/", 404, "not_found", 1),
        ("GET /api/v1/units/", 403, "scope_missing", 1),
    ]
    page = page_of(client, timezone.now())
    assert [(tally.calls, tally.refused) for _day, tally in page.days if tally.calls] in ([(5, 2)], [(1, 0), (4, 2)])
    assert page.operations[0][0] == "GET /api/v1/cases/"
    desk = Client()
    desk.force_login(admin)
    shown = desk.get(f"/admin/accounts/apiclient/{client.pk}/change/")
    assert shown.status_code == 200
    assert "scope_missing × 1" in shown.content.decode()
    tidy_calls([], timezone.now() + 401 * DAY)
    assert not ClientCalls.objects.exists()


# --- entering and placing --------------------------------------------------------------------------------------------


def opened(admin: User, **values: Any) -> ApiClient:
    said: dict[str, Any] = {
        "name": "数据仓库", "purpose": "汇总", "scopes": ["cases:read"], "purposes": [], "networks": [], "per_minute": 60,
        "expires_on": None, "grid": None, "unit": None,
    }  # fmt: skip
    return open_client(**{**said, **values}, by=admin, at=MONDAY)


def test_a_client_acts_as_whoever_is_in_charge_of_its_ground(cast: Cast, admin: User) -> None:
    place = cast.place
    grounds: list[tuple[Any, str]] = [
        ({"grid": place.street}, "street"), ({"grid": place.totals[0]}, "total_lead"),
        ({"grid": place.comprehensives[0]}, "comprehensive_lead"), ({"grid": place.micros[0]}, "worker"),
        ({"unit": cast.unit}, "unit_staff"),
    ]  # fmt: skip
    for number, (ground, role) in enumerate(grounds):
        client = opened(admin, name=f"系统{number}", **ground)
        assert (client.user.role, client.user.is_active, client.user.is_client) == (role, False, True)
        assert not client.user.has_usable_password()
    place_client(client=client, grid=place.street, unit=None, by=admin, at=MONDAY)
    assert User.objects.get(pk=client.pk).role == "street"
    verbs = list(Record.objects.filter(subject_id=client.pk, subject_type="accounts.apiclient").order_by("seq"))
    assert [row.verb for row in verbs] == [
        "accounts.client_added", "grids.client_placed", "accounts.client_changed", "grids.client_placed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"scopes": ["cases:everything"]}, "scopes"),
        ({"scopes": ["cases:personal"]}, "purposes"),
        ({"purposes": ["curiosity"]}, "purposes"),
        ({"networks": ["10.20.0.0/99"]}, "networks"),
        ({"networks": ["10.0.0.1"] * 21}, "networks"),
        ({"per_minute": 0}, "per_minute"),
        ({"grid": None}, "grid"),
    ],
)
def test_what_a_client_can_not_be(cast: Cast, admin: User, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(admin, **{"grid": cast.place.street, **wrong})
    assert refused.value.field == field
    assert not ApiClient.objects.exists() and not User.objects.filter(is_client=True).exists()


def test_a_name_is_taken_once_and_changes_with_the_account(cast: Cast, admin: User) -> None:
    client = opened(admin, grid=cast.place.street)
    with pytest.raises(Invalid):
        opened(admin, grid=cast.place.street)
    said: dict[str, Any] = {
        "scopes": ["units:read"],
        "purposes": [],
        "networks": [],
        "per_minute": 9,
        "expires_on": None,
    }
    actions.change_client(client=client, name="新名", purpose="x", **said, by=admin, at=MONDAY)
    assert str(User.objects.get(pk=client.pk)) == "新名"
    with pytest.raises(Forbidden):
        actions.change_client(client=client, name="别名", purpose="x", **said, by=cast.street, at=MONDAY)


# --- the doctor ------------------------------------------------------------------------------------------------------


def test_the_doctor_tells_of_keys_that_end(cast: Cast) -> None:
    now = timezone.now()
    assert ask("keys", at=now).state == State.OK
    client, _raw = make_client(grid=cast.place.street, name="数仓")
    assert ask("keys", at=now).state == State.OK
    ApiKey.objects.update(expiry_date=now + 13 * DAY)
    told = ask("keys", at=now)
    assert told.state == State.WARN and "数仓" in told.said
    make_key(client, expiry_date=now + 100 * DAY)
    assert ask("keys", at=now).state == State.OK
    ApiKey.objects.update(revoked=True, revoked_at=now)
    assert "数仓" in ask("keys", at=now).said
    ApiClient.objects.update(is_active=False)
    assert ask("keys", at=now).state == State.OK


def test_the_wider_ground_never_leaks_through_a_moved_client(cast: Cast, admin: User) -> None:
    elsewhere, unit = make_street("990101003"), make_unit()
    client = opened(admin, grid=elsewhere.street, scopes=["grids:read"])
    _key, raw = actions.issue_key(client=client, name="主用", ends=None, by=admin, at=timezone.now())
    codes = {row["code"] for row in asker(raw).get("/api/v1/grids/").json()["results"]}
    assert codes and all(code.startswith("990101003") for code in codes)
    place_client(client=client, grid=None, unit=unit, by=admin, at=MONDAY)
    assert asker(raw).get("/api/v1/grids/").json()["results"] == []
