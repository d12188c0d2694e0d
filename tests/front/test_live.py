"""The address that open desks ask again and again: cheap, true, and only about the own."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import ADMIN_HANDS, Role
from accounts.models import User
from cases import actions
from cases.models import Case
from tests.cases.desk import desk, report, verb_of, walk
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
LIVE = "/admin/live/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def since(client: Client, tag: str = "", tab: str = "") -> Any:
    return client.get(f"{LIVE}?tab={tab}", headers={"if-none-match": tag} if tag else {})


def again(client: Client) -> Any:
    """What whoever has just asked is answered; asked anew where the minute turned in between."""
    for _ in range(2):
        tag = since(client)["ETag"]
        answer = since(client, tag)
        if answer["ETag"].rpartition(".")[0] == tag.rpartition(".")[0]:
            return answer
    raise AssertionError("two minutes turned within four requests")


def changed(client: Client, change: Any) -> bool:
    """Whether CHANGE is news to the desk of CLIENT."""
    tag = since(client)["ETag"]
    change()
    return bool(since(client, tag).status_code == 200)


def test_nothing_new_costs_next_to_nothing(cast: Cast) -> None:
    walk(cast, "handling")
    for user in (cast.street, cast.worker, cast.unit_staff, *(make_user(Role(role)) for role in ADMIN_HANDS)):
        client = desk(user)
        answer = again(client)
        assert (answer.status_code, answer.content) == (304, b""), user.role
        with CaptureQueriesContext(connection) as caught:
            again(client)
        asked = [query["sql"] for query in caught]
        assert len(asked[-4:]) == 4 and not any('"cases_' in sql for sql in asked[-4:]), user.role


def test_it_is_the_live_part_of_the_page(cast: Cast) -> None:
    walk(cast, "handling")
    for tab in ("", "handling", "late"):
        client = desk(cast.unit_staff)
        page, part = client.get(f"/admin/?tab={tab}"), since(client, tab=tab)
        for name in ("tabs", "tab", "waits", "unread"):
            assert page.context[name] == part.context[name]
        assert [line.key for line in page.context["lines"]] == [line.key for line in part.context["lines"]]
        assert part["X-Fragment"] == "workbench" and "no-store" in part["Cache-Control"]


def test_what_was_recorded_in_the_own_street_is_news(cast: Cast) -> None:
    clients = [desk(user) for user in (cast.street, cast.lead, cast.worker, cast.unit_staff)]
    assert [changed(client, lambda: report(cast)) for client in clients] == [True] * 4


def test_another_street_is_no_news(cast: Cast) -> None:
    client = desk(cast.outsider)
    assert again(client).status_code == 304
    tag = since(client)["ETag"]
    report(cast)
    answer = since(client, tag)
    assert answer.status_code == 304 or answer["ETag"].split(".")[3] != tag.split(".")[3]


@pytest.mark.parametrize("odd", ["", "x", '"', "²", "1.2.3", "W/", "…"])
def test_odd_versions_are_answered_in_full(cast: Cast, odd: str) -> None:
    client = desk(cast.street)
    tag = since(client)["ETag"].strip('"')
    view = tag.rpartition(".")[0]
    for given in (odd, f'"{view}.{odd}"', f'"{view}.{"9" * 40}"', f'"{view}.-1"'):
        assert since(client, given).status_code == 200, given


def test_a_version_is_of_one_desk_one_tab_and_one_language(cast: Cast) -> None:
    client = desk(cast.street)
    tag = since(client)["ETag"]
    assert since(client, tag, "late").status_code == 200
    assert since(desk(cast.lead), tag).status_code == 200
    client.post("/i18n/setlang/", {"language": "en"})
    assert "What comes in appears by itself" in since(client, tag, "late").content.decode()


def test_a_stranger_gets_nothing(cast: Cast) -> None:
    case = report(cast)
    answer = Client().get(LIVE)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={LIVE}")
    for user in (cast.outsider, *(make_user(Role(role)) for role in ADMIN_HANDS)):
        assert case.no not in since(desk(user)).content.decode()


def test_what_a_step_from_here_says_is_said_here(cast: Cast) -> None:
    case, client = walk(cast, "dispatched"), desk(cast.unit_staff)
    done = client.post(verb_of(case, "sign-in"), headers={"x-fragment": "1"})
    assert (done.status_code, Case.objects.get(pk=case.pk).state) == (204, "handling")
    assert "data-said" in since(client).content.decode()
    assert "data-said" not in since(client).content.decode()


def test_a_full_answer_is_flat(cast: Cast) -> None:
    def cost(user: User) -> int:
        client = desk(user)
        with CaptureQueriesContext(connection) as caught:
            since(client)
        return len(caught)

    people = (cast.street, cast.lead, cast.worker, cast.unit_staff)
    now = timezone.now()
    cases = [walk(cast, state) for state in ("submitted", "accepted", "handling", "completed")]
    actions.supervise_case(case=cases[2].pk, text="请说明", by=cast.street, at=now)
    few = [cost(user) for user in people]
    for _ in range(3):
        for state in ("submitted", "accepted", "dispatched", "handling", "completed", "verified"):
            walk(cast, state)
    assert [cost(user) for user in people] == few
    assert max(few) <= 12
