"""The report of a month: as frozen or provisional, on paper and as a workbook; who may take it out; recorded."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from cases import actions
from cases.reports import month_pdf, month_sheet, monthly
from cases.reports.month_pdf import standing
from gridgov.core.models import Record
from tests.cases.counting import put
from tests.cases.desk import desk
from tests.cases.test_dashboard import whistle
from tests.cases.test_figures import september
from tests.factories import Cast, at, make_cast, make_client, make_unit, make_user
from tests.openapi import CheckedClient, client_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/cases/frozenfigures/month/"
SEPTEMBER, OCTOBER = dt.date(2026, 9, 1), at("2026-10-02 09:00")
DONE = {"state": "closed", "accepted_at": "09-01 09:00", "due_at": "09-04 09:00", "completed_at": "09-02 09:00",
        "closed_at": "09-03 09:00"}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    september(cast)
    whistle(cast)
    return cast


def made(cast: Cast, **more: Any) -> Any:
    asked = {
        "grid": cast.place.street.code,
        "month": SEPTEMBER,
        "by": cast.street,
        "at": OCTOBER,
        "today": OCTOBER.date(),
    }
    return monthly(**asked | more)


def value(found: Any, name: str) -> tuple[Any, Any]:
    figure = next(figure for figure in found.figures if figure.name == name)
    return figure.numerator, figure.denominator


def test_frozen_figures_stay_and_the_report_says_which_they_are(cast: Cast) -> None:
    before = made(cast)
    assert (before.frozen, standing(before)) == (None, "暂定")
    actions.freeze_figures(grid=cast.place.street, month=SEPTEMBER, by=cast.street, at=OCTOBER)
    put(cast, unit=cast.unit, **DONE)
    after = made(cast)
    assert standing(after) == "冻结于 2026-10-02 09:00"
    for name in ("on_time_rate", "close_rate", "mean_handling_time", "three_rate_score"):
        assert value(after, name) == value(before, name), name
    assert [part.code for part in after.parts] == [part.code for part in before.parts if part.code]
    # What is not kept is counted as it stands.
    assert after.charts.sums["closed"] == before.charts.sums["closed"] + 1
    assert made(cast, by=cast.outsider) is None
    assert made(cast, by=cast.lead) is None


def test_it_is_printed_with_its_charts(cast: Cast) -> None:
    paper = month_pdf(made(cast))
    assert paper.startswith(b"%PDF-")
    # A month in which nothing happened can be printed, too.
    assert month_pdf(made(cast, month=dt.date(2026, 3, 1))).startswith(b"%PDF-")


def test_the_workbook_has_numbers_and_runs_no_formula(cast: Cast) -> None:
    unit = make_unit("=HYPERLINK(1)")
    put(cast, unit=unit, **DONE)
    found = made(cast)
    book = openpyxl.load_workbook(io.BytesIO(month_sheet(found)))
    assert len(book.sheetnames) == 10
    figures = {row[0]: row[1:] for row in book["主要指标"].iter_rows(min_row=2, values_only=True)}
    top, bottom = value(found, "close_rate")
    assert figures["结案率"][:2] == (top, bottom)
    names = [row[0] for row in book["单位"].iter_rows(min_row=2, values_only=True)]
    assert "'=HYPERLINK(1)" in names
    assert "=HYPERLINK(1)" not in names
    hours = [row[1:] for row in book["时段"].iter_rows(min_row=2, values_only=True)]
    assert sum(map(sum, hours)) == found.charts.sums["reported"]


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_taking_it_out_is_recorded(cast: Cast, ending: str, begins: bytes) -> None:
    client = desk(cast.street)
    assert client.get(PAGE).status_code == 200
    assert Record.objects.filter(verb="cases.report_made").count() == 0
    answer = client.post(PAGE, {"month": "2026-09", "grid": "", "format": ending})
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"] == f'attachment; filename="report-202609-{cast.place.street.code}.{ending}"'
    row = Record.objects.get(verb="cases.report_made")
    assert (row.actor, row.scope, row.data["month"], row.data["format"]) == (
        cast.street, cast.place.street.code, "2026-09", ending,
    )  # fmt: skip


def test_who_may_not(cast: Cast) -> None:
    street = {"month": "2026-09", "grid": cast.place.street.code}
    for user, asked, status in (
        (cast.worker, street, 403), (make_user(Role.AUDITOR), street, 403), (cast.lead, street, 404), (cast.outsider, street, 404),
        (cast.lead, {"month": "2026-09"}, 400), (cast.street, {"month": "2026-13"}, 400), (cast.street, {"grid": "\0"}, 400),
        (cast.street, {"grid": "990101999", "month": "2026-09"}, 404), (make_user(Role.STREET), {"month": "2026-09"}, 400),
    ):  # fmt: skip
        assert desk(user).post(PAGE, asked).status_code == status, (user.role, asked)
    assert Record.objects.filter(verb="cases.report_made").count() == 0


def test_it_costs_the_same_however_much_there_is(cast: Cast) -> None:
    client, counts = desk(cast.street), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.post(PAGE, {"month": "2026-09", "format": "xlsx"})
        counts.append(len(caught))
        for _n in range(3):
            put(cast, unit=make_unit(), accepted_at="09-01 09:00", due_at="09-04 09:00")
    assert counts[0] == counts[1]


def test_another_system_takes_the_report_of_its_ground(cast: Cast) -> None:
    _client, raw = make_client(["figures:read"], grid=cast.place.street)
    system, url = CheckedClient(headers={"authorization": f"Api-Key {raw}"}), "/api/v1/figures/report/"
    asked = {"grid": cast.place.street.code, "month": "2026-09"}
    for file, begin in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = system.get(url, {**asked, "file": file})
        assert (answer.status_code, answer.content[: len(begin)]) == (200, begin)
        assert answer["Content-Disposition"] == f'attachment; filename="report-202609-{cast.place.street.code}.{file}"'
    made = Record.objects.filter(verb="cases.report_made").order_by("pk")
    assert [row.data["format"] for row in made] == ["pdf", "xlsx"]
    for bad in ({"month": "2026-13"}, {"month": "0001-01"}, {"month": "9999-12"}, {"month": ""}, {"file": "doc"}):
        assert system.get(url, {**asked, **bad}).status_code == 400, bad
    assert system.get(url, {**asked, "grid": "990101002"}).status_code == 404
    assert client_of(cast.outsider).get(url, asked).status_code == 404
    assert made.count() == 2
