"""Account pages: separate hands, each through its action; the inbox; the own password."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import ADMIN_HANDS, DESK_ROLES, Role
from accounts.models import Notice, User
from gridgov.core.models import Record
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST, INBOX = "/admin/accounts/user/", "/admin/accounts/notice/"
SECRET = "einmal-ist-keinmal-7"


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hands() -> dict[str, User]:
    return {role.value: make_user(role) for role in ADMIN_HANDS}


def page_of(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def verb_of(user: User, name: str) -> str:
    return f"{LIST}{user.pk}/do/{name}/"


def verbs() -> list[str]:
    """What was recorded besides sign-ins."""
    return list(Record.objects.exclude(verb="accounts.signed_in").order_by("pk").values_list("verb", flat=True))


def test_the_hands_see_all_accounts_and_nobody_else_any(client: Client) -> None:
    for role, user in hands().items():
        assert desk(user).get(LIST).status_code == 200, role
    for role in (Role.STREET, Role.TOTAL_LEAD, Role.COMPREHENSIVE_LEAD, Role.WORKER, Role.UNIT_STAFF):
        assert desk(make_user(role)).get(LIST).status_code == 403, role
    User.objects.system()
    shown = desk(make_user(Role.AUDITOR)).get(LIST).context["cl"].result_list
    assert Role.SYSTEM not in {row.role for row in shown}


def test_the_system_hand_opens_and_the_security_hand_grants() -> None:
    system, security = make_user(Role.SYSTEM_ADMIN), make_user(Role.SECURITY_ADMIN)
    given = {
        "username": "new", "full_name": "新人", "phone": "13912345678", "role": "worker", "password": SECRET,
    }  # fmt: skip
    assert desk(security).post(f"{LIST}add/", given).status_code == 403
    answer = desk(system).post(f"{LIST}add/", given)
    made = User.objects.get(username="new")
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert (made.role, made.is_active, made.check_password(SECRET)) == ("worker", False, True)
    assert not Client().login(username="new", password=SECRET)
    assert desk(system).post(verb_of(made, "grant"), {"role": "worker"}).status_code == 403
    assert desk(security).post(verb_of(made, "grant"), {"role": "comprehensive_lead"}).status_code == 302
    made.refresh_from_db()
    assert (made.role, made.is_active) == ("comprehensive_lead", True)
    assert Client().login(username="new", password=SECRET)
    assert verbs() == ["accounts.opened", "accounts.sign_in_failed", "accounts.role_granted"]
    assert "13912345678" not in str(list(Record.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "123"}, "password"), ({"username": "taken"}, "username"), ({"username": "a b"}, "username"),
        ({"role": "system"}, "role"), ({"full_name": ""}, "full_name"),
    ],
)  # fmt: skip
def test_a_wrong_account_comes_back_in_the_form(wrong: dict[str, str], field: str) -> None:
    make_user(username="taken")
    given = {"username": "new", "full_name": "新人", "role": "worker", "password": SECRET, **wrong}
    answer = desk(make_user(Role.SYSTEM_ADMIN)).post(f"{LIST}add/", given)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not User.objects.filter(full_name="新人").exists()
    assert verbs() == []


def test_locking_and_unlocking_is_for_the_security_hand() -> None:
    by, worker = hands(), make_user()
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        assert desk(by[role]).post(verb_of(worker, "lock")).status_code == 403
    security = desk(by[Role.SECURITY_ADMIN])
    page = security.get(page_of(worker)).content.decode()
    assert verb_of(worker, "lock") in page and verb_of(worker, "unlock") not in page
    assert security.post(verb_of(worker, "unlock")).status_code == 409
    assert security.post(verb_of(worker, "lock")).status_code == 302
    worker.refresh_from_db()
    assert worker.is_active is False
    assert security.post(verb_of(worker, "unlock")).status_code == 302
    worker.refresh_from_db()
    assert worker.is_active is True
    assert verbs() == ["accounts.switched", "accounts.switched"]
    assert security.post(verb_of(by[Role.SECURITY_ADMIN], "lock")).status_code == 403


def test_the_system_hand_sets_passwords() -> None:
    by, worker = hands(), make_user()
    given = {"password": SECRET, "again": SECRET}
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR):
        assert desk(by[role]).post(verb_of(worker, "password"), given).status_code == 403
    system = desk(by[Role.SYSTEM_ADMIN])
    other = system.post(verb_of(worker, "password"), {**given, "again": "anders"})
    assert (other.status_code, list(other.context["form"].errors)) == (400, ["again"])
    weak = system.post(verb_of(worker, "password"), {"password": "123", "again": "123"})
    assert (weak.status_code, list(weak.context["form"].errors)) == (400, ["password"])
    assert verbs() == []
    assert system.post(verb_of(worker, "password"), given).status_code == 302
    worker.refresh_from_db()
    assert worker.check_password(SECRET)
    assert verbs() == ["accounts.password_set"]


def test_an_account_is_never_edited_by_a_raw_form() -> None:
    worker = make_user()
    for user in hands().values():
        client = desk(user)
        assert client.get(page_of(worker)).status_code == 200
        assert client.post(page_of(worker), {"role": "street", "username": "x"}).status_code == 403
        assert client.post(f"{LIST}{worker.pk}/delete/", {"post": "yes"}).status_code == 403
    worker.refresh_from_db()
    assert worker.role == "worker"


def test_phones_are_masked() -> None:
    worker = make_user(phone="13912345678")
    client = desk(make_user(Role.AUDITOR))
    for url in (LIST, page_of(worker)):
        page = client.get(url).content.decode()
        assert "139****5678" in page and "13912345678" not in page


def test_the_list_is_flat() -> None:
    client = desk(make_user(Role.AUDITOR))
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    make_user(), make_user()
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)


# --- signing in, the own password ------------------------------------------------------------------------------------


def test_signing_in_is_recorded() -> None:
    worker = make_user(username="worker")
    worker.set_password(SECRET)
    worker.save()
    client = Client()
    wrong = client.post("/admin/login/", {"username": "worker", "password": "falsch"})
    assert wrong.status_code == 200 and verbs() == ["accounts.sign_in_failed"]
    right = client.post("/admin/login/", {"username": "worker", "password": SECRET})
    assert (right.status_code, right["Location"]) == (302, "/admin/")
    row = Record.objects.get(verb="accounts.signed_in")
    assert (row.verb, row.actor_id, row.subject_id, row.data) == ("accounts.signed_in", worker.pk, worker.pk, {})


def test_everybody_changes_the_own_password_and_stays_signed_in() -> None:
    worker = make_user(username="worker")
    worker.set_password(SECRET)
    worker.save()
    client = desk(worker)
    url, new = "/admin/password_change/", "zweimal-ist-immer-8"
    wrong = client.post(url, {"old_password": "falsch", "new_password1": new, "new_password2": new})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["old_password"])
    assert verbs() == ["accounts.sign_in_failed"]
    right = client.post(url, {"old_password": SECRET, "new_password1": new, "new_password2": new})
    assert right.status_code == 302
    worker.refresh_from_db()
    assert worker.check_password(new)
    assert verbs() == ["accounts.sign_in_failed", "accounts.password_set"]
    assert client.get("/admin/").status_code == 200


# --- the inbox -------------------------------------------------------------------------------------------------------


def put(user: User, number: int, **values: Any) -> Notice:
    at = timezone.now() - dt.timedelta(hours=10 - number)
    given = {"kind": "order", "key": f"k{number}", "text": "Case %(no)s", "params": {"no": str(number)}, "at": at}
    return Notice.objects.create(user=user, **{**given, **values})


def test_everybody_sees_the_own_inbox_unread_first_then_newest() -> None:
    for role in DESK_ROLES:
        assert desk(make_user(role)).get(INBOX).status_code == 200, role
    worker, other = make_user(), make_user()
    rows = [put(worker, 1), put(worker, 2), put(worker, 3, read_at=timezone.now())]
    put(other, 4)
    assert list(desk(worker).get(INBOX).context["cl"].result_list) == [rows[1], rows[0], rows[2]]
    assert list(desk(worker).get(f"{INBOX}?unread=1").context["cl"].result_list) == [rows[1], rows[0]]


def test_opening_marks_as_read_and_leads_to_the_case() -> None:
    worker, other = make_user(), make_user()
    mine = put(worker, 1, subject_type="cases.case", subject_id=7)
    theirs = put(other, 2)
    client = desk(worker)
    assert client.get(f"{INBOX}{mine.pk}/open/").status_code == 405
    answer = client.post(f"{INBOX}{mine.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/cases/case/7/change/")
    mine.refresh_from_db()
    assert mine.read_at is not None
    assert client.post(f"{INBOX}{theirs.pk}/open/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_notice_about_nothing_leads_back_to_the_inbox() -> None:
    worker = make_user()
    notice = put(worker, 1, subject_type="", subject_id=None)
    assert desk(worker).post(f"{INBOX}{notice.pk}/open/")["Location"] == INBOX
    assert desk(worker).get(f"{INBOX}{notice.pk}/change/")["Location"] == INBOX


def test_marking_all_marks_the_own_alone() -> None:
    worker, other = make_user(), make_user()
    put(worker, 1), put(worker, 2), put(other, 3)
    assert desk(worker).get(f"{INBOX}read-all/").status_code == 405
    assert desk(worker).post(f"{INBOX}read-all/")["Location"] == INBOX
    assert Notice.objects.filter(user=worker).unread().count() == 0
    assert Notice.objects.filter(user=other).unread().count() == 1


def test_the_sidebar_counts_the_unread() -> None:
    worker = make_user()

    def badge() -> Any:
        groups = desk(worker).get(INBOX).context["sidebar_navigation"]
        return next(item for group in groups for item in group["items"] if item["link"] == INBOX).get("badge")

    assert badge() is None
    put(worker, 1), put(worker, 2), put(worker, 3, read_at=timezone.now())
    assert badge() == "2"


def test_the_inbox_is_flat() -> None:
    worker = make_user()
    client = desk(worker)
    put(worker, 1)
    client.get(INBOX)
    with CaptureQueriesContext(connection) as one:
        client.get(INBOX)
    put(worker, 2), put(worker, 3)
    with CaptureQueriesContext(connection) as three:
        client.get(INBOX)
    assert len(one) == len(three) <= 6
