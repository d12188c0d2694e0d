"""The big button: for every state and every hand the one thing that is sensible next, or none."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.models import Application, Case
from grids.choices import PostKind
from tests.cases.desk import STEPS, desk, page_of, verb_of, walk
from tests.factories import Cast, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
PEOPLE = ("street", "lead", "unit_staff", "worker")
# Who has which big button while a case that went to a unit stands there.
TABLE = {
    "submitted": ("accept", "accept", None, ""),
    "accepted": ("dispatch", "dispatch", None, ""),
    "dispatched": ("", "", "sign-in", ""),
    "handling": ("", "", "complete", ""),
    "completed": ("verify", "verify", "", ""),
    "verified": ("close", "close", "", ""),
    "closed": ("rate", "rate", "", ""),
}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def big(case: Case, by: User) -> str | None:
    """The name of the big button; "" for none, None where the case is not seen."""
    answer: Any = desk(by).get(page_of(case))
    if answer.status_code == 404:
        return None
    found = [button.verb.name for button in answer.context["buttons"] if button.primary]
    assert len(found) <= 1
    assert answer.content.decode().count('class="gg-button gg-primary gg-big"') == len(found)
    return found[0] if found else ""


def extension(case: Case, by: User) -> Application:
    made: Application = actions.ask(
        case=case.pk, kind="extension", reason="等待备件", value=1, unit="natural_day", by=by, at=timezone.now()
    )
    return made


@pytest.mark.parametrize("state", STEPS)
def test_each_hand_has_its_next_step(cast: Cast, state: str) -> None:
    case = walk(cast, state)
    assert tuple(big(case, getattr(cast, name)) for name in PEOPLE) == TABLE[state]


def test_a_decision_that_waits_comes_first_for_whoever_may_make_it(cast: Cast) -> None:
    case = walk(cast, "handling")
    row = extension(case, cast.unit_staff)
    seen = {name: big(case, getattr(cast, name)) for name in PEOPLE}
    assert seen == {"street": "approve", "lead": "approve", "unit_staff": "complete", "worker": ""}
    answer: Any = desk(cast.lead).get(page_of(case))
    button = answer.context["buttons"][0]
    assert (str(button.verb.label), button.url) == ("同意 · 延期", f"/admin/cases/application/{row.pk}/do/approve/")


def test_whoever_decides_on_the_page_of_the_case_stays_there(cast: Cast) -> None:
    case = walk(cast, "handling")
    row, client = extension(case, cast.unit_staff), desk(cast.lead)
    url, form = f"/admin/cases/application/{row.pk}/do/approve/", {"note": "同意"}
    here = client.post(url, form, headers={"x-fragment": "1", "referer": f"http://testserver{page_of(case)}"})
    assert (here.status_code, here["X-Go"]) == (204, page_of(case))
    row.refresh_from_db()
    assert row.state == "approved"
    assert big(case, cast.lead) == ""


def test_whoever_decides_elsewhere_stays_with_the_application(cast: Cast) -> None:
    case = walk(cast, "handling")
    row, client = extension(case, cast.unit_staff), desk(cast.lead)
    url = f"/admin/cases/application/{row.pk}/do/refuse/"
    there = client.post(url, {"note": "不同意"}, headers={"referer": "http://evil.example/admin/"})
    assert (there.status_code, there["Location"]) == (302, f"/admin/cases/application/{row.pk}/change/")


def test_a_supervision_is_answered_before_anything_else(cast: Cast) -> None:
    case = walk(cast, "handling")
    actions.supervise_case(case=case.pk, text="请说明进展", by=cast.street, at=timezone.now())
    assert big(case, cast.unit_staff) == "answer"
    assert desk(cast.unit_staff).post(verb_of(case, "answer"), {"reply": "配件明日到，后天办结"}).status_code == 302
    assert big(case, cast.unit_staff) == "complete"


def test_a_parked_case_is_looked_at_on_its_day(cast: Cast) -> None:
    case = walk(cast, "handling")
    Case.objects.filter(pk=case.pk).update(hold="parked", hold_until=timezone.now() + dt.timedelta(days=1))
    assert big(case, cast.street) == ""
    Case.objects.filter(pk=case.pk).update(hold_until=timezone.now() - dt.timedelta(minutes=1))
    assert big(case, cast.street) == "review"


def test_whoever_was_whistled_for_reports_in(cast: Cast) -> None:
    case, unit = walk(cast, "handling"), make_unit("消防救援站")
    helper = make_user(Role.UNIT_STAFF)
    give(helper, PostKind.UNIT_STAFF, unit)
    assert big(case, helper) is None
    actions.call_for_help(case=case.pk, units=[unit.pk], note="请到场", by=cast.lead, at=timezone.now())
    assert (big(case, helper), big(case, cast.unit_staff)) == ("report-in", "complete")


def test_no_letter_stands_for_two_moves(cast: Cast) -> None:
    for state in STEPS:
        case = walk(cast, state)
        for name in PEOPLE:
            answer: Any = desk(getattr(cast, name)).get(page_of(case))
            if answer.status_code == 200:
                letters = [b.verb.key for b in answer.context["buttons"] if b.verb.key and not b.primary] + list(
                    "sjkcb?"
                )
                assert len(letters) == len(set(letters)), (state, name, letters)
