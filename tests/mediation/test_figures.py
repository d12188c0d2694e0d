"""What mediation was in a quarter: by committee, kind and grid; counts and rates, and nobody's name."""

import datetime as dt
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.choices import Role
from grids.choices import PostKind
from mediation.choices.deeds import Confirmation, Performance
from mediation.choices.files import FileState, Outcome
from mediation.choices.people import DisputeKind
from mediation.models import Agreement, Committee, Mediation
from mediation.reports.figures import Counts, mediation_figures
from mediation.rules.periods import Quarter
from tests.factories import MONDAY, Street, give, make_street, make_user
from tests.mediation.people import director_of, make_committee, make_file

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_quarters_follow_one_another_without_a_gap(day: dt.date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last and Quarter.read(str(quarter)) == quarter
    assert quarter.before.last + DAY == quarter.first and quarter.last + DAY == quarter.after.first
    assert Quarter.of(quarter.first) == Quarter.of(quarter.last) == quarter and quarter.before < quarter


@pytest.mark.parametrize("text", ["", "2026", "2026Q5", "2026Q0", "1999Q1", "2026Q1 ", "２０２６Q1", "2026q1"])
def test_no_quarter(text: str) -> None:
    assert Quarter.read(text) is None


def ended(committee: Committee, outcome: str, at: dt.datetime = MONDAY, **values: Any) -> Mediation:
    return make_file(committee, state=FileState.ENDED, outcome=outcome, ended_at=at, parties=1, **values)


def agreed(committee: Committee, *items: tuple[str, dt.date], **values: Any) -> Mediation:
    """In writing, with ITEMS of performance: how each stands, and until when it was to be done."""
    row = ended(committee, values.pop("outcome", Outcome.AGREED_WRITTEN), **values)
    for state, due_on in items:
        row.tasks.create(party=row.parties.get(), what="修", due_on=due_on, state=state)
    words = {"facts": "事", "points": "点", "content": "容", "manner": "式", "digest": "d", "form": "written"}
    days = {"deadline": MONDAY.date(), "effective_on": MONDAY.date(), "written_at": MONDAY}
    Agreement.objects.create(mediation=row, **words, **days, written_by=row.entered_by)
    return row


@pytest.fixture
def place() -> Street:
    return make_street(totals=2)


@pytest.mark.django_db
def test_a_quarter_by_committee_kind_and_grid(place: Street, django_assert_num_queries: Any) -> None:
    one, other = make_committee(place.totals[0], name="甲调委会"), make_committee(place.totals[1], name="乙调委会")
    asked = {"on": MONDAY.date(), "visitor": one.seats.first().mediator.user, "at": MONDAY}
    early, late = MONDAY.date(), LAST + DAY
    done = agreed(one, (Performance.DONE, early), people=5)
    done.agreement.change(confirmation=Confirmation.CONFIRMED)
    done.follow_ups.create(performance=Performance.DONE, **asked)
    again = agreed(one, (Performance.DONE, early), (Performance.PARTIAL, early), kind=DisputeKind.FAMILY)
    again.follow_ups.create(performance=Performance.PARTIAL, relapsed=True, **asked)
    agreed(one, (Performance.OPEN, early))
    agreed(one, (Performance.OPEN, late))
    # By word of mouth, done at once; and one of which a follow-up says that it wasn't.
    agreed(one, outcome=Outcome.AGREED_ORAL)
    told = agreed(one, outcome=Outcome.AGREED_ORAL)
    told.follow_ups.create(performance=Performance.NONE, **asked)
    ended(one, Outcome.FAILED, at=MONDAY + 20 * DAY)
    ended(one, Outcome.WITHDRAWN)
    ended(other, Outcome.TERMINATED, at=MONDAY + 23 * DAY, due_at=MONDAY)
    # Out of the quarter, not accepted, and still running.
    ended(other, Outcome.AGREED_ORAL, at=MONDAY + 24 * DAY, applied_at=MONDAY - 90 * DAY, accepted_at=MONDAY - 90 * DAY)
    make_file(other, state=FileState.DECLINED, ended_at=MONDAY, accepted_at=None)
    make_file(other)
    with django_assert_num_queries(6):
        found = mediation_figures(place.street, FIRST, LAST)
    assert found.total == Counts(
        came=11, accepted=10, ended=9, mediated=8, agreed=6, oral=2, in_time=8, people=21, performed=2, unperformed=3,
        followed=3, relapsed=1, confirmed=1, open=1,
    )  # fmt: skip
    assert (found.total.success, found.total.performance, found.total.relapse) == (75, 40, 33)
    assert [(line.name, line.counts.came, line.counts.agreed) for line in found.committees] == [
        ("甲调委会", 8, 6), ("乙调委会", 3, 0),
    ]  # fmt: skip
    assert [(line.code, line.counts.ended) for line in found.kinds] == [("neighbour_leak", 8), ("family", 1)]
    assert [(line.code, line.counts.ended) for line in found.grids] == [
        (place.street.code, 0), (place.totals[0].code, 8), (place.totals[1].code, 1),
    ]  # fmt: skip
    only = mediation_figures(place.street, FIRST, LAST, committees=[other.pk])
    assert (only.total.came, [line.name for line in only.committees]) == (3, ["乙调委会"])
    below = mediation_figures(place.totals[1], FIRST, LAST)
    assert (below.total, below.total.success, below.total.performance) == (only.total, 0, None)


@pytest.mark.django_db
def test_the_quarter_at_the_desk_as_a_page_a_workbook_and_a_paper(place: Street, client: Client) -> None:
    at = timezone.now()
    committee = make_committee(place.totals[0], name="=甲调委会")
    agreed(committee, at=at, applied_at=at, accepted_at=at, title="秘密的标题")
    street = give(make_user(Role.STREET), PostKind.STREET_STAFF, place.street).user
    client.force_login(street)
    url = "/admin/mediation/committee/figures/"
    page = client.get(url)
    assert page.status_code == 200 and page.context["report"].now.total.agreed == 1
    assert "秘密的标题" not in page.content.decode() and "赵当事" not in page.content.decode()
    assert client.get(url, {"at": place.totals[1].code}).context["report"].now.total.came == 0
    sheets = openpyxl.load_workbook(BytesIO(client.get(url, {"format": "xlsx"}).content))
    assert [[cell.value for cell in row[:3]] for row in sheets.worksheets[0].iter_rows(min_row=2)] == [
        ["'=甲调委会", 1, 1], ["合计", 1, 1],
    ]  # fmt: skip
    paper = client.get(url, {"format": "pdf"})
    words = PdfReader(BytesIO(paper.content)).pages[0].extract_text()
    assert paper["Content-Type"] == "application/pdf" and "调解成功率" in words and street.full_name in words
    for odd in ("²", "2026Q9", "9" * 40):
        assert client.get(url, {"quarter": odd}).context["report"].quarter == Quarter.of(timezone.localdate())
        assert client.get(url, {"at": odd}).status_code == 404
    # The director sees the own committee's, and nobody else sees anything.
    client.force_login(director_of(committee))
    assert client.get(url).context["report"].now.total.agreed == 1
    assert client.get(url, {"at": place.street.code}).status_code == 404
    client.force_login(give(make_user(Role.WORKER), PostKind.GRID_WORKER_PT, place.micros[0]).user)
    assert client.get(url).context["report"] is None and client.get(url, {"format": "pdf"}).status_code == 200
    client.force_login(make_user(Role.SECURITY_ADMIN))
    assert client.get(url).status_code == 403
