"""Looks at people's data: limited by the hour, recorded even where they are refused, read by the auditor and by those concerned."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Download
from cases import actions as of_cases
from gridgov.core.errors import Forbidden
from gridgov.core.looking import LookedOften, declared
from gridgov.core.models import LOOKS, Record
from privacy import actions
from tests.cases.desk import desk, report
from tests.door.residents import open_door
from tests.door.test_follow import Resident
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.races.test_cases import at_once
from tests.volunteers.people import make_volunteer
from volunteers.actions import reveal_volunteer
from volunteers.models import Volunteer

HOUR = dt.timedelta(hours=1)
WHY = "回访核实"


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def look(cast: Cast, at: dt.datetime, by: Any = None) -> None:
    volunteer = make_volunteer(cast.place.micros[0])
    reveal_volunteer(volunteer=volunteer, reason=WHY, by=by or cast.street, at=at)


@pytest.mark.django_db
def test_the_hours_looks_run_out_and_a_lifted_limit_gives_more(cast: Cast, settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 2
    case = report(cast, reporter_name="王", reporter_phone="13900001111")
    look(cast, MONDAY)
    of_cases.reveal_reporter(case=case, reason=WHY, by=cast.street, at=MONDAY + HOUR / 2)
    with pytest.raises(LookedOften, match=r"09:00|10:00|17:00|\d\d:\d\d"):
        look(cast, MONDAY + HOUR / 2)
    look(cast, MONDAY + HOUR / 2, by=cast.lead)
    look(cast, MONDAY + HOUR)
    with pytest.raises(LookedOften):
        look(cast, MONDAY + HOUR)
    security = make_user(Role.SECURITY_ADMIN)
    with pytest.raises(Forbidden):
        actions.lift_limit(user=cast.street, reason="台账核对当天", by=cast.street, at=MONDAY + HOUR)
    with pytest.raises(Forbidden):
        actions.lift_limit(user=cast.street, reason="台账核对当天", by=cast.outsider, at=MONDAY + HOUR)
    actions.lift_limit(user=cast.street, reason="台账核对当天", by=security, at=MONDAY + HOUR)
    look(cast, MONDAY + HOUR)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_no_look_more(settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 1
    cast = make_cast()
    rows = [make_volunteer(cast.place.micros[0]) for _ in range(3)]

    def shown(row: Volunteer) -> bool:
        try:
            reveal_volunteer(volunteer=row, reason=WHY, by=cast.street, at=MONDAY)
        except LookedOften:
            return False
        return True

    assert sorted(at_once([partial(shown, row) for row in rows])) == [False, False, True]
    assert Record.objects.filter(verb="volunteers.revealed").count() == 1


@pytest.mark.django_db
def test_a_refused_look_says_when_and_is_recorded_though_nothing_happened(cast: Cast, settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 1
    case = report(cast, reporter_name="王", reporter_phone="13900001111")
    url = f"/admin/cases/case/{case.pk}/do/reveal/"
    client = desk(cast.street)
    assert "13900001111" in client.post(url, {"reason": WHY}).content.decode()
    refused = client.post(url, {"reason": WHY})
    assert refused.status_code == 429 and "13900001111" not in refused.content.decode()
    assert Record.objects.get(verb="core.look_refused").data == {"verb": "cases.revealed"}
    assert Record.objects.filter(verb="cases.revealed").count() == 1


@pytest.mark.django_db
def test_the_auditor_reads_who_looked_with_plain_marks_in_flat_queries(cast: Cast) -> None:
    auditor = desk(make_user(Role.AUDITOR, username="auditor"))
    night = timezone.localtime().replace(hour=23, minute=5) - dt.timedelta(days=1)
    url = "/admin/privacy/look/"
    look(cast, night)

    def seen(query: str = "") -> tuple[str, int]:
        with CaptureQueriesContext(connection) as caught:
            answer = auditor.get(url + query)
        assert answer.status_code == 200
        return answer.content.decode(), len(caught.captured_queries)

    seen()
    page, few = seen()
    assert "夜间 23:05" in page and WHY in page and "李志愿" not in page
    for _ in range(15):
        look(cast, night + HOUR / 4)
    case = report(cast, reporter_phone="13900001111")
    of_cases.reveal_reporter(case=case, reason="核对地址", by=cast.street, at=timezone.now())
    page, more = seen()
    # A type of subject more costs the one query that names its rows.
    assert more <= few + 1
    assert "1小时内16次" in page and case.no in page and "13900001111" not in page
    assert "核对地址" not in seen("?unusual=many")[0]
    assert "核对地址" in seen(f"?q={case.no}")[0] and "核对地址" in seen("?room=cases")[0]
    assert WHY not in seen("?q=核对")[0].split("result_list")[-1]
    assert desk(cast.street).get(url).status_code == 403
    assert desk(cast.street).post(f"{url}export/").status_code == 403
    assert auditor.post(f"{url}export/?room=cases").status_code == 302
    assert Download.objects.get().rows == 1
    assert Record.objects.filter(verb="accounts.download_asked", data__kind="privacy.looks").exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("own_media")
def test_those_concerned_read_which_office_looked_and_why_not_which_colleague(cast: Cast) -> None:
    resident = Resident(cast, name="王大爷", phone="13900001111", consent="1")
    assert "目前没有人查看过" in resident.look()
    of_cases.reveal_reporter(case=resident.case, reason="回访，同时问13900009999", by=cast.lead, at=timezone.now())
    page = resident.look()
    assert "回访，同时问139****9999" in page and "综合网格长" in page and cast.lead.full_name not in page
    volunteer = make_volunteer(cast.place.micros[0], name="李志愿者")
    reveal_volunteer(volunteer=volunteer, reason="保险登记", by=cast.street, at=timezone.now())
    own = desk(volunteer.user).get("/m/me/looks/").content.decode()
    assert "保险登记" in own and "街道" in own
    assert "保险登记" not in desk(make_volunteer(cast.place.micros[0]).user).get("/m/me/looks/").content.decode()


def test_every_look_is_declared_and_indexed() -> None:
    assert set(declared()) == set(LOOKS)
