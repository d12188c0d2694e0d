"""What is kept about people ends by itself: terms, dry runs, reports of runs, and what a hold keeps."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import Case, Reporter
from door.actions import forget_contact
from door.models import Slip
from gridgov.core import keeping
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import KeepingRun, Record
from privacy import actions
from privacy.reports.retention import retention
from tests.cases.desk import desk
from tests.cases.merging import work
from tests.door.residents import open_door
from tests.door.test_follow import Resident, end
from tests.factories import Cast, make_cast, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
CONTACT = {"name": "王大爷", "phone": "13900001111", "consent": "1"}
DAY = dt.timedelta(days=1)
WHY = "区法院来函，案号2026民初12号"


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def closed(cast: Cast) -> Case:
    resident = Resident(cast, **CONTACT)
    end(cast, resident.case)
    work(resident.case.reported_at + DAY)
    return Case.objects.get(pk=resident.case.pk)


def test_a_hold_keeps_what_is_due_and_its_end_lets_it_go(cast: Cast) -> None:
    case = closed(cast)
    assert case.closed_at
    due = case.closed_at + 366 * DAY
    kind = keeping.kind_of("cases.reporter")
    assert keeping.ahead(kind, due) == keeping.Ahead(1, case.closed_at + 365 * DAY)
    with pytest.raises(Forbidden):
        actions.hold_back(what="cases.case", label=case.no, reason=WHY, by=cast.lead, at=due)
    for number in (case.no, "20200101000001"):  # of another street, as one that isn't there
        with pytest.raises(Invalid, match="没有找到"):
            actions.hold_back(what="cases.case", label=number, reason=WHY, by=cast.outsider, at=due)
    hold = actions.hold_back(what="cases.case", label=case.no, reason=WHY, by=cast.street, at=due)
    with pytest.raises(Conflict):
        actions.hold_back(what="cases.case", label=case.no, reason=WHY, by=cast.street, at=due)
    assert keeping.ahead(kind, due).count == 0
    work(due)
    assert Reporter.objects.get().phone == "13900001111"
    # Not even the resident's own wish: PIPL 47 stops at what a court needs.
    resident = Slip.objects.get()
    with pytest.raises(Conflict, match="争议"):
        forget_contact(slip=resident, by=User.objects.door(), at=due)
    actions.end_hold(hold=hold, reason="判决生效，保全解除", by=cast.street, at=due)
    work(due + DAY)
    assert Reporter.objects.get().phone == ""
    runs = {row.data["kind"]: row.data["count"] for row in keeping.runs()}
    assert runs["cases.reporter"] == 1
    assert {"privacy.held", "privacy.hold_ended"} <= set(Record.objects.values_list("verb", flat=True))


def test_a_term_moves_what_stands_within_its_bounds_and_no_further(cast: Cast) -> None:
    case = closed(cast)
    assert case.closed_at
    security, at = make_user(Role.SECURITY_ADMIN), case.closed_at + DAY
    given = {"kind": "cases.reporter", "reason": "本街道评价期只有三个月", "at": at}
    with pytest.raises(Forbidden):
        actions.set_term(**given, days=180, by=cast.street)
    for days in (89, 1096):
        with pytest.raises(Invalid):
            actions.set_term(**given, days=days, by=security)
    with pytest.raises(Conflict):
        actions.set_term(**{**given, "kind": "core.record"}, days=180, by=security)
    actions.set_term(**given, days=100, by=security)
    assert Reporter.objects.get().expires_at == case.closed_at + 100 * DAY
    assert Slip.objects.get().expires_at == case.closed_at + 100 * DAY
    assert keeping.days_of("door.contact") == 100
    later = closed(cast)
    assert later.closed_at
    assert Reporter.objects.get(case=later).expires_at == later.closed_at + 100 * DAY


def test_the_page_and_the_command_say_what_would_go(cast: Cast) -> None:
    closed(cast)
    Reporter.objects.update(expires_at=Case.objects.get().reported_at)
    security = make_user(Role.SECURITY_ADMIN)
    said = desk(security).get("/admin/privacy/retention/?dry=1").content.decode()
    assert "上报人" in said and "保存期限" in said
    assert desk(cast.worker).get("/admin/privacy/retention/").status_code == 403
    assert desk(cast.street).get("/admin/privacy/retention/cases.reporter/").status_code == 403
    assert desk(security).get("/admin/privacy/retention/core.record/").status_code == 404
    told = desk(security).post("/admin/privacy/retention/cases.reporter/", {"days": "120", "reason": "评价期三个月"})
    assert told.status_code == 302
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    line = next(line for line in out.getvalue().splitlines() if line.startswith("cases.reporter "))
    assert "days=120 due=1 " in line
    assert Reporter.objects.get().phone
    KeepingRun.objects.all().delete()
    call_command("retention", stdout=out)
    assert Reporter.objects.get().phone == ""
    assert {line.kind.name for line in retention(timezone.now()) if line.ran_at} == {
        kind.name for kind in keeping.kinds() if kind.going
    }


def test_every_kind_says_all_it_must() -> None:
    for kind in keeping.kinds():
        assert all(
            (kind.title, kind.purpose, kind.basis, kind.where, kind.seen_by, kind.term.since, kind.term.reason)
        ), kind.name
        assert kind.term.days is not None or kind.going is None, kind.name
        assert kind.ways.find is None or kind.ways.copy or kind.confidential, kind.name
        assert kind.ways.erase or kind.ways.unerasable or not kind.ways.find, kind.name
