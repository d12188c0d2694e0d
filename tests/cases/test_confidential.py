"""保密件: who reported in confidence is known to those who are entrusted with it, and to nobody else, by no way."""

import io
from typing import Any

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import User
from cases import actions, rules
from cases.models import Case, Reporter
from cases.reports.queues import survey
from gridgov.core.errors import Conflict, Forbidden
from gridgov.core.models import Record
from tests.cases.desk import MINUTE
from tests.cases.test_evidence import WEBM
from tests.factories import MONDAY, Cast, entrust, make_cast, make_client, make_user
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db
NAME, PHONE = "欧阳知秋", "13912345678"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def reported(cast: Cast, **values: Any) -> Case:
    said: dict[str, Any] = {
        "category": cast.category.code, "channel": "phone", "grid": cast.place.micros[0].code, "confidential": True,
        "title": f"{NAME}反映", "text": f"{NAME}({PHONE})说楼道堵了", "place": "3号楼", "reporter_name": NAME, "reporter_phone": PHONE,
    }  # fmt: skip
    return actions.report_case(report=actions.Report(**said | values), by=cast.street, at=MONDAY)


def browser(user: User) -> Client:
    found = Client(headers={"accept-language": "zh-CN"})
    found.force_login(user)
    return found


def handed_out(cast: Cast) -> Case:
    """A confidential case in the hands of a unit."""
    case = reported(cast)
    actions.accept_case(case=case, by=cast.street, at=MONDAY)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.street, at=MONDAY)
    return actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)


def test_no_page_no_answer_and_no_sheet_tells_who_it_was(cast: Cast) -> None:
    case = handed_out(cast)
    _client, raw = make_client(
        ["cases:read", "cases:personal", "feed:read"], grid=cast.place.street, purposes=["handling"]
    )
    pages = [
        f"/admin/cases/case/{case.pk}/change/",
        f"/m/cases/{case.pk}/",
        "/admin/cases/case/",
        f"/admin/cases/case/{case.pk}/do/reveal/",
    ]
    seen = [
        browser(who).get(page).content.decode() for who in (cast.street, cast.worker, cast.unit_staff) for page in pages
    ]
    key = CheckedClient(headers={"X-Purpose": "handling"})
    key.credentials(HTTP_AUTHORIZATION=f"Api-Key {raw}")
    shown = key.get(f"/api/v1/cases/{case.pk}/")
    assert shown.json()["reporter"] == {"name": "", "phone": "", "anonymous": False, "confidential": True}
    seen += [
        shown.content.decode(),
        key.get("/api/v1/feed/cases/changes/").content.decode(),
        str(list(Record.objects.values_list("data"))),
    ]
    for text in seen:
        assert NAME not in text and PHONE not in text and "139****5678" not in text and "欧***" not in text
    assert "保密" in seen[0] and "保密" in seen[1]
    # Nor does asking for it, whoever asks: people and systems, entrusted or not.
    for asking in (key, *(CheckedClient(headers={"Authorization": f"Token {Token.objects.create(user=who).key}"})
                          for who in (entrust(cast.street), cast.worker, cast.unit_staff))):  # fmt: skip
        answer = asking.post(f"/api/v1/cases/{case.pk}/reveal/", {"reason": "回访"}, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "confidential")
    assert not Case.objects.of_phone("5678").exists()
    assert not Record.objects.filter(verb="cases.revealed").exists()


def test_only_who_is_entrusted_sees_it_and_it_is_recorded(cast: Cast) -> None:
    case = handed_out(cast)
    for who in (cast.street, cast.lead, cast.worker, cast.unit_staff):
        assert browser(who).post(f"/admin/cases/case/{case.pk}/do/reveal/", {"reason": "回访"}).status_code in {
            403,
            404,
        }
    with pytest.raises(Forbidden):
        accounts.entrust_confidential(user=cast.street, entrusted=True, by=cast.street, at=MONDAY)
    hand = make_user(Role.SECURITY_ADMIN)
    for wrong in (cast.worker, cast.unit_staff, make_client(grid=cast.place.street)[0].user):
        with pytest.raises((Conflict, Forbidden)):
            accounts.entrust_confidential(user=wrong, entrusted=True, by=hand, at=MONDAY)
    assert not User.objects.filter(keeps_confidential=True).exists()
    assert browser(hand).post(f"/admin/accounts/user/{cast.street.pk}/do/entrust/").status_code == 302
    found = browser(cast.street).post(f"/admin/cases/case/{case.pk}/do/reveal/", {"reason": "回访核实"})
    assert NAME in found.content.decode() and PHONE in found.content.decode()
    looks = list(Record.objects.filter(verb="cases.revealed").values_list("actor", "data"))
    assert looks == [(cast.street.pk, {"note": "回访核实"})]
    # Another role, and it is over.
    accounts.grant_role(user=cast.street, role=Role.TOTAL_LEAD, by=hand, at=MONDAY)
    accounts.grant_role(user=cast.street, role=Role.STREET, by=hand, at=MONDAY)
    with pytest.raises(Forbidden):
        actions.reveal_reporter(case=case, reason="回访核实", by=User.objects.get(pk=cast.street.pk), at=MONDAY)


def test_calls_go_to_those_who_may_know_the_number(cast: Cast) -> None:
    case = handed_out(cast)
    actions.complete_case(case=case, result="已清理", outcome="solved", by=cast.unit_staff, at=MONDAY + MINUTE)
    calls = {"reached": True, "solved": True, "by": cast.street, "at": MONDAY + 2 * MINUTE}

    def to_make(user: User) -> int:
        return len(survey(user, MONDAY + 2 * MINUTE).cases["to-call"])

    assert to_make(cast.street) == 0
    with pytest.raises(Forbidden):
        actions.call_back(case=case, **calls)
    entrust(cast.street)
    assert to_make(cast.street) == 1
    actions.call_back(case=case, **calls)


def test_it_can_be_marked_afterwards_and_never_unmarked(cast: Cast) -> None:
    case = reported(cast, confidential=False)
    assert NAME in case.text and rules.can_see_reporter(cast.worker, case.reporter, "回访")
    page = browser(cast.street)
    with pytest.raises(Case.DoesNotExist):
        actions.keep_confidential(case=case, by=cast.unit_staff, at=MONDAY)
    assert page.post(f"/admin/cases/case/{case.pk}/do/confidential/").status_code == 302
    case = Case.objects.get(pk=case.pk)
    assert (case.title, case.text) == ("****反映", "****(***********)说楼道堵了")
    assert not rules.can_see_reporter(cast.worker, Reporter.objects.get(), "回访")
    assert page.post(f"/admin/cases/case/{case.pk}/do/confidential/").status_code == 409
    assert Record.objects.filter(verb="cases.kept_confidential").count() == 1


def test_a_voice_that_may_tell_is_heard_by_whoever_recorded_it_and_the_entrusted(cast: Cast) -> None:
    said = actions.Report(
        category=cast.category.code, text="楼道堵了", grid=cast.place.micros[0].code, reporter_name=NAME
    )
    case = actions.report_case(report=said, voice=io.BytesIO(WEBM), by=cast.worker, at=MONDAY)
    url, page = f"/api/v1/voices/{case.voices.get().pk}/", f"/admin/cases/case/{case.pk}/change/"
    assert [browser(user).get(url).status_code for user in (cast.worker, cast.lead, cast.street)] == [200, 200, 200]
    actions.keep_confidential(case=case, by=cast.street, at=MONDAY)
    _client, raw = make_client(["cases:read", "voices:personal"], grid=cast.place.street, purposes=["handling"])
    system = CheckedClient(headers={"authorization": f"Api-Key {raw}", "x-purpose": "handling"})
    assert system.get(url).json()["errors"][0]["code"] == "confidential"
    assert system.get(f"/api/v1/cases/{case.pk}/").json()["voices"][0]["url"] is None
    for user, heard in ((cast.worker, True), (cast.lead, False), (cast.street, False), (cast.street, True)):
        if user == cast.street and heard:
            entrust(user)
        assert browser(user).get(url).status_code == (200 if heard else 403)
        assert (f'src="{url}"' in browser(user).get(page).content.decode()) is heard
