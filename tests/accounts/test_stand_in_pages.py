"""Stand-ins and digests as people meet them: on the desk's pages and in the API."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import gather_notices, notify
from accounts.choices import ADMIN_HANDS, CASE_ROLES, Role
from accounts.models import Delegation, Notice, User
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.factories import at, make_user

pytestmark = pytest.mark.django_db
LIST, INBOX, API = "/admin/accounts/delegation/", "/admin/accounts/notice/", "/api/v1/delegations/"
NIGHT, MORNING = at("2026-09-07 23:00"), at("2026-09-08 08:30")


def day(n: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=n)


def stand_in(user: User, deputy: User, first: int = 0, last: int = 0) -> Delegation:
    return Delegation.objects.create(
        user=user, deputy=deputy, valid_from=day(first), valid_to=day(last), made_by=user, made_at=timezone.now()
    )


# --- the desk --------------------------------------------------------------------------------------------------------


def test_everybody_who_works_with_cases_has_the_page() -> None:
    for role in CASE_ROLES | {Role.SYSTEM_ADMIN}:
        assert desk(make_user(role)).get(LIST).status_code == 200, role
        assert desk(make_user(role)).get(f"{LIST}add/").status_code == 200, role
    for role in ADMIN_HANDS - {Role.SYSTEM_ADMIN}:
        assert desk(make_user(role)).get(LIST).status_code == 403, role


def test_one_names_the_own_stand_in_by_name() -> None:
    away, deputy = make_user(username="away"), make_user(full_name="李四")
    page = desk(away).get(f"{LIST}add/")
    assert list(page.context["adminform"].form.fields) == ["deputy", "valid_from", "valid_to", "reason"]
    given = {"deputy": "李四", "valid_from": day(1), "valid_to": day(2), "reason": "休假"}
    answer = desk(away).post(f"{LIST}add/", given)
    row = Delegation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert (row.user, row.deputy, row.valid_from, row.valid_to, row.made_by) == (away, deputy, day(1), day(2), away)
    # Whoever adds another person to the form names that one's stand-in all the same not.
    desk(away).post(f"{LIST}add/", {**given, "user": deputy.username, "deputy": make_user().username,
                                    "valid_from": day(5), "valid_to": day(5)})  # fmt: skip
    assert set(Delegation.objects.values_list("user", flat=True)) == {away.pk}


def test_what_is_wrong_comes_back_in_the_form() -> None:
    away, twin = make_user(), make_user(full_name="同名")
    make_user(full_name="同名")
    good = {"deputy": twin.username, "valid_from": day(), "valid_to": day(), "reason": ""}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"deputy": "同名"}, "deputy"), ({"deputy": "无此人"}, "deputy"), ({"deputy": away.username}, "deputy"),
        ({"deputy": make_user(Role.UNIT_STAFF).username}, "deputy"), ({"valid_from": day(-1)}, "valid_from"),
        ({"valid_to": day(-1)}, "valid_to"), ({"valid_from": ""}, "valid_from"),
    ]  # fmt: skip
    for values, field in wrong:
        answer = desk(away).post(f"{LIST}add/", {**good, **values})
        assert answer.status_code == 200
        assert list(answer.context["adminform"].form.errors) == [field], values
    assert (Delegation.objects.count(), Record.objects.exclude(verb="accounts.signed_in").count()) == (0, 0)
    assert desk(away).post(f"{LIST}add/", good).status_code == 302
    again = desk(away).post(f"{LIST}add/", good)
    assert list(again.context["adminform"].form.errors) == ["__all__"]


def test_the_system_hand_enters_it_for_somebody() -> None:
    hand, away, deputy = make_user(Role.SYSTEM_ADMIN), make_user(), make_user()
    given = {"user": away.username, "deputy": deputy.username, "valid_from": day(), "valid_to": day(), "reason": ""}
    answer = desk(hand).post(f"{LIST}add/", given)
    assert list(answer.context["adminform"].form.errors) == ["reason"]
    assert desk(hand).post(f"{LIST}add/", {**given, "reason": "住院"}).status_code == 302
    row = Delegation.objects.get()
    assert (row.user, row.deputy, row.made_by, row.reason) == (away, deputy, hand, "住院")


def test_the_own_ones_are_listed_and_ended_from_their_page() -> None:
    away, deputy, hand = make_user(), make_user(), make_user(Role.SYSTEM_ADMIN)
    row, far = stand_in(away, deputy), stand_in(make_user(), make_user(), 1, 2)
    assert [list(desk(user).get(LIST).context["cl"].result_list) for user in (away, deputy, hand)] == [
        [row], [row], [far, row],
    ]  # fmt: skip
    end = f"{LIST}{row.pk}/do/end/"
    assert end in desk(away).get(f"{LIST}{row.pk}/change/").content.decode()
    assert end not in desk(deputy).get(f"{LIST}{row.pk}/change/").content.decode()
    assert desk(make_user()).post(end).status_code == 404
    assert desk(deputy).post(end).status_code == 403
    assert Delegation.objects.filter(ended_at=None).count() == 2
    assert desk(away).post(end).status_code == 302
    assert desk(away).post(end).status_code == 409
    assert Record.objects.filter(verb="accounts.delegation_ended").count() == 1
    assert list(desk(hand).get(f"{LIST}?standing=1").context["cl"].result_list) == [far]


def test_the_list_is_flat() -> None:
    client = desk(make_user(Role.SYSTEM_ADMIN))
    stand_in(make_user(), make_user())
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    stand_in(make_user(), make_user()), stand_in(make_user(), make_user())
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)


# --- the API ---------------------------------------------------------------------------------------------------------


def test_the_api_enters_lists_and_ends(api: Any) -> None:
    away, deputy = make_user(full_name="张三"), make_user(full_name="李四")
    body = {"deputy": deputy.username, "valid_from": day().isoformat(), "valid_to": day(3).isoformat()}
    made = api(away).post(API, body)
    assert made.status_code == 201
    row = made.json()
    assert (row["user"], row["user_name"], row["deputy"], row["deputy_name"]) == (away.pk, "张三", deputy.pk, "李四")
    assert (row["valid_from"], row["valid_to"], row["ended_at"]) == (body["valid_from"], body["valid_to"], None)
    assert api(away).post(API, body).status_code == 409
    assert [api(user).get(f"{API}?standing=true").json()["results"] for user in (away, deputy)] == [[row], [row]]
    assert api(make_user()).get(API).json()["results"] == []
    assert api(deputy).post(f"{API}{row['id']}/end/").status_code == 403
    ended = api(away).post(f"{API}{row['id']}/end/")
    assert (ended.status_code, ended.json()["ended_by"]) == (200, away.pk)
    assert api(away).get(f"{API}?standing=true").json()["results"] == []
    assert api(away).get(f"{API}{row['id']}/").json() == ended.json()


def test_the_api_refuses_as_the_rules_do(api: Any) -> None:
    away, deputy, hand = make_user(), make_user(), make_user(Role.SYSTEM_ADMIN)
    body = {"deputy": deputy.username, "valid_from": day().isoformat(), "valid_to": day().isoformat()}
    for user, values, status, field in [
        (away, {"deputy": "nobody"}, 400, "deputy"), (away, {"deputy": away.username}, 400, "deputy"),
        (away, {"valid_to": day(-1).isoformat()}, 400, "valid_to"), (deputy, {"user": away.username}, 403, None),
        (hand, {"user": away.username}, 400, "reason"), (hand, {}, 403, None),
        (make_user(Role.AUDITOR), {}, 403, None),
    ]:  # fmt: skip
        answer = api(user).post(API, {**body, **values})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (status, field), values
    assert Delegation.objects.count() == 0
    assert api(hand).post(API, {**body, "user": away.username, "reason": "住院"}).status_code == 201


def test_naming_a_stand_in_tells_nobody_what_accounts_there_are(api: Any) -> None:
    away, others = make_user(), [make_user(Role.AUDITOR), make_user(Role.UNIT_STAFF), make_user(is_active=False)]
    body = {"valid_from": day().isoformat(), "valid_to": day().isoformat()}
    names = ["nobody-of-that-name", *(one.username for one in others), others[0].full_name]
    told = {
        api(away).post(API, {**body, "deputy": name}).json()["errors"][0]["detail"].replace(name, "") for name in names
    }
    assert len(told) == 1
    # Nor does naming who is away, for whoever may not.
    for name in (others[0].username, "nobody-of-that-name"):
        assert api(away).post(API, {**body, "user": name, "deputy": name}).status_code == 403
    # Ten in vain, and no more for an hour, not even a good one.
    answers = [api(away).post(API, {**body, "deputy": name}).status_code for name in [*names, make_user().username]]
    assert answers == [400] * 5 + [409]


# --- the inbox -------------------------------------------------------------------------------------------------------


def told(user: User, *keys: str, **values: Any) -> None:
    given = {
        "kind": "order",
        "text": "Case %(no)s",
        "at": NIGHT,
        "subject_type": "cases.case",
        "subject_id": 7,
        **values,
    }
    notify([Notice(user=user, key=key, params={"no": key}, **given) for key in keys], at=NIGHT)


def gathered(user: User, *keys: str) -> Notice:
    told(user, *keys)
    gather_notices(at=MORNING)
    return Notice.objects.visible_to(user).filter(kind="digest").get()


def badge(client: Client) -> Any:
    groups = client.get(INBOX).context["sidebar_navigation"]
    return next(item for group in groups for item in group["items"] if item["link"] == INBOX).get("badge")


def test_a_digest_opens_on_a_page_of_its_lines() -> None:
    user = make_user()
    client = desk(user)
    told(user, "a", "b")
    assert (list(client.get(INBOX).context["cl"].result_list), badge(client)) == ([], None)
    digest = gathered(user, "c")
    assert (list(client.get(INBOX).context["cl"].result_list), badge(client)) == ([digest], "1")
    page = f"{INBOX}{digest.pk}/change/"
    answer = client.post(f"{INBOX}{digest.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert badge(client) is None
    shown = client.get(page)
    assert [str(line) for line, _url in shown.context["lines"]] == ["Case a", "Case b", "Case c"]
    assert shown.content.decode().count('href="/admin/cases/case/7/change/"') == 3
    assert desk(make_user()).get(page)["Location"] == INBOX
    assert client.get(f"{INBOX}{digest.lines.all()[0].pk}/change/")["Location"] == INBOX


def test_the_digests_page_is_flat() -> None:
    away, other, user = make_user(), make_user(), make_user()
    for absent in (away, other):
        Delegation.objects.create(
            user=absent, deputy=user, valid_from=MORNING.date(), valid_to=MORNING.date(), made_by=user, made_at=NIGHT
        )
    client = desk(user)
    told(away, "x")
    digest = gathered(user, "a")
    client.get(f"{INBOX}{digest.pk}/change/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{INBOX}{digest.pk}/change/")
    told(other, "y"), told(away, "z")
    digest = gathered(user, "b", "c")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(f"{INBOX}{digest.pk}/change/").context["lines"]) == 6
    assert len(few) == len(many)


def test_the_stand_in_sees_for_whom_and_the_absent_one_what(api: Any) -> None:
    away, deputy = make_user(full_name="张三"), make_user(full_name="李四")
    Delegation.objects.create(
        user=away, deputy=deputy, valid_from=NIGHT.date(), valid_to=MORNING.date(), made_by=away, made_at=NIGHT
    )
    told(away, "a", urgent=True)
    told(away, "b", "c")
    own = desk(deputy).get(INBOX)
    assert [str(row) for row in own.context["cl"].result_list] == ["Case a"]
    assert "代张三" in own.content.decode()
    assert "代张三" in desk(deputy).get("/admin/").content.decode()
    assert list(desk(away).get(INBOX).context["cl"].result_list) == []
    gather_notices(at=MORNING)
    page = desk(away).get(f"{INBOX}?handed=1")
    assert [str(row) for row in page.context["cl"].result_list] == ["Case c", "Case b", "Case a"]
    assert "已转李四" in page.content.decode() and "/open/" not in page.content.decode()
    assert list(desk(deputy).get(f"{INBOX}?handed=1").context["cl"].result_list) == []
    # Looking doesn't mark what the stand-in has not read.
    assert desk(away).post(f"{INBOX}read-all/").status_code == 302
    assert Notice.objects.visible_to(deputy).unread().count() == 2

    rows = api(away).get("/api/v1/notices/handed-on/").json()["results"]
    assert [(row["text"], row["told"], row["instead_of"]) for row in rows] == [
        (f"Case {key}", "李四", "张三") for key in ("c", "b", "a")
    ]
    assert api(away).get("/api/v1/notices/").json()["results"] == []
    digest, alone = api(deputy).get("/api/v1/notices/").json()["results"]
    assert (digest["kind"], digest["instead_of"], alone["instead_of"], alone["urgent"]) == (
        "digest",
        None,
        "张三",
        True,
    )
    assert api(deputy).post("/api/v1/notices/read/").json() == {"marked": 2}
