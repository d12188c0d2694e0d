"""What the office sees beside a case that came in at the door, and when contact data goes."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.actions import Report
from cases.choices import CONTACT_KEPT, Channel, Verb
from cases.models import Case, Reporter
from door.choices import CONTACT_AT_MOST
from door.models import Slip
from gridgov.core.doctor import State, ask
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.cases.merging import walk, work
from tests.door.residents import open_door, write
from tests.door.test_follow import Resident, end
from tests.factories import MONDAY, Cast, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
CONTACT = {"name": "王大爷", "phone": "13900001111", "consent": "1"}
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def page(cast: Cast, case: Case, who: str = "lead") -> str:
    answer = desk(getattr(cast, who)).get(f"/admin/cases/case/{case.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def join(cast: Cast, **more: Any) -> Slip:
    """Somebody else has it, too."""
    said = Client().get(f"/r/report/?g={cast.place.micros[0].code}&m=06").content.decode()
    ticket = re.search(r"/r/me-too/\?case=([^\"]+)\"", said)
    assert ticket
    asked = {"case": ticket[1].replace("%3A", ":"), "key": str(uuid.uuid4()), **more}
    assert Client().post("/r/me-too/", asked).status_code == 200
    return Slip.objects.latest("pk")


def test_the_case_page_tells_where_it_came_from_and_how_many_have_it(cast: Cast) -> None:
    resident = Resident(cast, **CONTACT)
    join(cast)
    join(cast, name="李阿姨", phone="13900002222", consent="1")
    resident.do("words", text="今天又多了两箱")
    said = page(cast, resident.case)
    assert "居民随手拍上报" in said
    assert "另有2位居民也遇到" in said
    assert "今天又多了两箱" in said
    assert "2026-11版说明" in said
    for own in ("13900001111", "13900002222", "李阿姨"):
        assert own not in said


def test_a_case_of_somebody_else_says_nothing_of_the_door(cast: Cast) -> None:
    assert "居民随手拍" not in re.sub(r"(?s)<nav.*?</nav>", "", page(cast, walk(cast, "submitted")).split("<main")[-1])


def test_a_reveal_shows_those_who_joined(cast: Cast) -> None:
    case = write(cast, **CONTACT)
    join(cast, name="李阿姨", phone="13900002222", consent="1")
    withdrawn = join(cast, name="赵叔", phone="13900003333", consent="1")
    Slip.objects.filter(pk=withdrawn.pk).update(withdrawn_at=MONDAY)
    reporter = actions.reveal_reporter(case=case, reason="回访", by=cast.lead, at=MONDAY)
    assert reporter.also == [("李阿姨", "13900002222")]


# --- how long ----------------------------------------------------------------------------------------------------------


def test_contact_goes_a_year_after_the_end_and_the_record_stays(cast: Cast) -> None:
    resident = Resident(cast, **CONTACT)
    join(cast, name="李阿姨", phone="13900002222", consent="1")
    made_at = resident.case.reported_at
    assert Reporter.objects.get().expires_at is None
    assert Slip.objects.get(kind="report").expires_at == made_at + CONTACT_AT_MOST
    end(cast, resident.case)
    work(made_at + DAY)
    closed_at = Case.objects.get().closed_at
    assert closed_at
    assert Reporter.objects.get().expires_at == closed_at + CONTACT_KEPT
    assert set(Slip.objects.values_list("expires_at", flat=True)) == {closed_at + CONTACT_KEPT}
    work(closed_at + CONTACT_KEPT - DAY)
    assert Reporter.objects.get().phone == "13900001111"
    work(closed_at + CONTACT_KEPT + DAY)
    assert (Reporter.objects.get().name, Reporter.objects.get().phone) == ("", "")
    assert list(Slip.objects.values_list("name", "phone", "expires_at")) == [("", "", None)] * 2
    assert Record.objects.filter(verb=Verb.FORGOTTEN).count() == 1
    assert "联系方式已于" in page(cast, resident.case)


def test_a_case_opened_again_keeps_it(cast: Cast) -> None:
    resident = Resident(cast, **CONTACT)
    end(cast, resident.case)
    work(resident.case.reported_at + DAY)
    resident.do("reopen", reason="没解决")
    work(resident.case.reported_at + 2 * DAY)
    assert Reporter.objects.get().expires_at is None
    assert Slip.objects.get().expires_at == Slip.objects.get().made_at + CONTACT_AT_MOST


def test_whoever_called_is_forgotten_alike(cast: Cast) -> None:
    told = Report(category=cast.category.code, text="电话反映", channel=Channel.PHONE, grid=cast.place.micros[0].code,
                  place="1号楼", reporter_name="孙女士", reporter_phone="13900004444")  # fmt: skip
    case = actions.report_case(report=told, by=cast.street, at=MONDAY)
    actions.reject_case(case=case, reason="not_in_scope", by=cast.lead, at=MONDAY)
    work(MONDAY + DAY)
    work(MONDAY + CONTACT_KEPT + DAY)
    assert Reporter.objects.get().phone == ""


def test_the_doctor_tells_of_guessing(cast: Cast, settings: Any) -> None:
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "guesses": (2, 50)}
    now = write(cast).reported_at
    assert ask("guessing", at=now).state == State.OK
    for _ in range(3):
        Client().post("/r/follow/", {"number": "20260101000001", "code": "AAAAA-AAAAA"})
    assert ask("guessing", at=now + DAY / 2).state == State.WARN
    assert ask("guessing", at=now + 2 * DAY).state == State.OK


def test_those_who_joined_cost_the_case_page_no_query(cast: Cast) -> None:
    case = write(cast)
    look = desk(cast.lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            look.get(f"/admin/cases/case/{case.pk}/change/")
        return len(asked)

    queries()
    few = queries()
    for _ in range(2):
        join(cast)
    assert queries() == few
