"""Who sees which figures, in the API and on the page; freezing by hand and by the calendar; the sheet."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases import actions, jobs
from cases.models import FrozenFigures
from gridgov.core import jobs as house
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Job, Record
from grids.choices import PostKind
from tests.cases.counting import NOW, put
from tests.cases.desk import desk
from tests.factories import Cast, at, give, make_cast, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
URL, PAGE = "/api/v1/figures/", "/admin/cases/frozenfigures/live/"
SEPTEMBER = {"month": "2026-09"}


@pytest.fixture
def cast() -> Cast:
    """Two closed cases in September: of the unit in the first comprehensive grid, and of nobody right in the street."""
    cast = make_cast("B")
    done = {"state": "closed", "accepted_at": "09-01 09:00", "due_at": "09-04 09:00", "completed_at": "09-02 09:00",
            "closed_at": "09-03 09:00"}  # fmt: skip
    put(cast, unit=cast.unit, **done)
    put(cast, grid=cast.place.street, total=None, comprehensive=None, **done)
    return cast


def close_rate(answer: Any) -> tuple[Any, Any]:
    assert answer.status_code == 200, answer.content
    (figure,) = [figure for figure in answer.json()["figures"] if figure["name"] == "close_rate"]
    return figure["numerator"], figure["denominator"]


def test_everybody_sees_the_own_subtree(cast: Cast, api: Callable[[User], Any]) -> None:
    district = make_user(Role.STREET)
    give(district, PostKind.DISTRICT_STAFF, area_prefix="990101")
    seen = {"street": (2, 2), "total_lead": (1, 1), "lead": (1, 1), "unit_staff": (1, 1), "outsider": (0, 0)}
    for name, shares in seen.items():
        assert close_rate(api(getattr(cast, name)).get(URL, SEPTEMBER)) == shares, name
    assert close_rate(api(district).get(URL, SEPTEMBER)) == (2, 2)
    stranger = make_user(Role.UNIT_STAFF)
    give(stranger, PostKind.UNIT_STAFF, make_unit())
    assert close_rate(api(stranger).get(URL, SEPTEMBER)) == (0, 0)
    hands = [make_user(role) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.STREET)]
    for nobody in (cast.worker, *hands):
        assert api(nobody).get(URL, SEPTEMBER).status_code == 404, nobody.role


def test_nobody_asks_beyond_the_own_subtree(cast: Cast, api: Callable[[User], Any]) -> None:
    place = cast.place
    codes = {"street": place.street.code, "total": place.totals[0].code, "comprehensive": place.comprehensives[0].code,
             "micro": place.micros[0].code, "nowhere": "990101777"}  # fmt: skip
    may = {
        "street": {"street", "total", "comprehensive"}, "total_lead": {"total", "comprehensive"}, "lead": {"comprehensive"},
        "unit_staff": {"street", "total", "comprehensive"}, "outsider": set(),
    }  # fmt: skip
    for name, mine in may.items():
        client = api(getattr(cast, name))
        for level, code in codes.items():
            status = client.get(URL, {**SEPTEMBER, "grid": code}).status_code
            assert status == (200 if level in mine else 404), (name, level)
    other = make_unit()
    assert api(cast.unit_staff).get(URL, {**SEPTEMBER, "unit": other.pk}).status_code == 404
    assert close_rate(api(cast.street).get(URL, {**SEPTEMBER, "unit": other.pk})) == (0, 0)


def test_what_the_answer_says(cast: Cast, api: Callable[[User], Any]) -> None:
    answer = api(cast.street).get(URL, {**SEPTEMBER, "by": "grid"}).json()
    assert answer["period"] == {"first": "2026-09-01", "last": "2026-09-30"}
    (figure,) = [figure for figure in answer["figures"] if figure["name"] == "close_rate"]
    assert (figure["value"], figure["kind"], figure["target"]) == (100.0, "rate", None)
    assert "behind=due.2026-09-01.2026-09-30" in figure["list"]
    assert figure["definition"]
    parts = [(part["code"], part["figures"][1]["denominator"]) for part in answer["parts"]]
    assert parts == [(cast.place.totals[0].code, 1), ("", 1)]
    listed = desk(cast.street).get(figure["list"])
    assert listed.context["cl"].result_count == 2


@pytest.mark.parametrize(
    "wrong",
    [{"month": "2026-13"}, {"month": "09"}, {"from": "2026-09-01"}, {"to": "2026-09-01"}, {"by": "person"}, {"tier": "D"},
     {"from": "2026-09-02", "to": "2026-09-01"}, {"from": "2020-01-01", "to": "2026-09-01"}, {"category": "x"},
     {"month": "2026-09", "from": "2026-09-02", "to": "2026-09-03"}, {"unit": "x"}],
)  # fmt: skip
def test_what_can_not_be_asked(cast: Cast, api: Callable[[User], Any], wrong: dict[str, str]) -> None:
    assert api(cast.street).get(URL, wrong).status_code == 400
    assert desk(cast.street).get(PAGE, wrong).status_code == 400
    assert desk(cast.street).get("/admin/cases/case/", {"behind": "due.x.y"}).context["cl"].result_count == 0


def test_figures_cost_the_same_however_many_there_are(cast: Cast, api: Callable[[User], Any]) -> None:
    client, counts = api(cast.street), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.get(URL, {**SEPTEMBER, "by": "unit", "grid": cast.place.totals[0].code})
        counts.append(len(caught))
        for _n in range(3):
            put(cast, unit=make_unit(), accepted_at="09-01 09:00", due_at="09-04 09:00")
    assert counts[0] == counts[1] <= 10


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_share_definition_and_list(cast: Cast) -> None:
    page = desk(cast.street).get(PAGE, {**SEPTEMBER, "by": "unit"}).content.decode()
    assert 'data-figure="close_rate" tabindex="0" aria-describedby="about-close_rate"' in page
    assert 'id="about-close_rate"' in page
    assert ">2</a> / <a" in page
    assert "behind=due_closed.2026-09-01.2026-09-30" in page and "behind=due.2026-09-01.2026-09-30" in page
    assert cast.unit.name in page
    assert "month=2026-08" in page and "month=2026-10" in page
    # No callbacks, no rate.
    assert "—" in page
    assert desk(cast.worker).get(PAGE).status_code == 403
    without = desk(make_user(Role.STREET)).get(PAGE)
    assert (without.status_code, "data-figure" in without.content.decode()) == (200, False)
    assert desk(cast.lead).get(PAGE, {"grid": cast.place.street.code}).status_code == 404


def test_a_month_is_frozen_by_hand_and_stands_beside_the_living(cast: Cast) -> None:
    client = desk(cast.street)
    asked = f"{PAGE}?month=2026-09"
    client.post(asked)
    row = FrozenFigures.objects.get()
    assert (row.grid, row.month, row.figures["figures"]["close_rate"]["numerator"]) == (
        cast.place.street, dt.date(2026, 9, 1), 2,
    )  # fmt: skip
    put(cast, accepted_at="09-01 09:00", due_at="09-04 09:00")
    page = client.get(asked).content.decode()
    # 66.67 now, 100 then.
    assert "66.67%" in page and "100%" in page and "-33.33" in page
    client.post(asked)
    assert FrozenFigures.objects.count() == 1
    there = client.get(f"/admin/cases/frozenfigures/{row.pk}/change/").content.decode()
    line = there[there.index('data-figure="close_rate"') :]
    line = line[: line.index("</tr>")]
    # 2 of 2 as frozen; 2 of 3 today, and each of these opens its list.
    assert all(piece in line for piece in ("2 / 2", "100%", "66.67%", "-33.33", "behind=due_closed.", "behind=due."))
    assert "100% (2 / 2)" in client.get("/admin/cases/frozenfigures/").content.decode()
    assert client.post(f"/admin/cases/frozenfigures/{row.pk}/change/").status_code == 405
    # A lead below sees no frozen figures of the street; a part of a month can't be frozen.
    assert desk(cast.lead).get(f"/admin/cases/frozenfigures/{row.pk}/change/").status_code == 404
    assert client.post(f"{PAGE}?from=2026-09-01&to=2026-09-03").status_code == 404
    assert FrozenFigures.objects.count() == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_sheet_runs_no_formula(cast: Cast, ending: str) -> None:
    cast.unit.name = "=HYPERLINK(1)"
    cast.unit.save()
    answer = desk(cast.street).get(PAGE, {**SEPTEMBER, "by": "unit", "format": ending})
    assert f".{ending}" in answer["Content-Disposition"]
    if ending == "csv":
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        lines = tablib.Dataset().load(answer.content, format="xlsx", headers=False)[:]
    heads = {line[0] for line in lines}
    assert "'=HYPERLINK(1)" in heads
    assert "=HYPERLINK(1)" not in heads
    _on_time, closed = [line for line in lines if line[0] == "'=HYPERLINK(1)"][:2]
    assert [float(cell) for cell in closed[3:6]] == [1.0, 1.0, 100.0]
    # A heading, then 21 figures of the whole and of two parts.
    assert len(lines) == 1 + 3 * 21


# --- freezing --------------------------------------------------------------------------------------------------------


def test_who_may_freeze_what(cast: Cast) -> None:
    street, august = cast.place.street, dt.date(2026, 8, 1)

    def freeze(by: User, grid: Any = street, month: dt.date = august, when: dt.datetime = NOW) -> Any:
        return actions.freeze_figures(grid=grid, month=month, by=by, at=when)

    for by in (cast.outsider, cast.total_lead, cast.unit_staff, cast.worker):
        with pytest.raises(Forbidden):
            freeze(by)
    with pytest.raises(Invalid):
        freeze(cast.street, grid=cast.place.micros[0])
    with pytest.raises(Invalid):
        freeze(cast.street, month=dt.date(2026, 8, 2))
    with pytest.raises(Conflict):
        freeze(cast.street, month=dt.date(2026, 9, 1), when=at("2026-09-30 23:59"))
    assert (FrozenFigures.objects.count(), Record.objects.count()) == (0, 0)
    freeze(cast.street)
    with pytest.raises(Conflict):
        freeze(cast.street)
    freeze(cast.street, grid=cast.place.totals[0])
    freeze(cast.street, month=dt.date(2026, 9, 1), when=at("2026-10-01 00:00"))
    assert (FrozenFigures.objects.count(), Record.objects.count()) == (3, 3)


def test_frozen_in_the_api(cast: Cast, api: Callable[[User], Any]) -> None:
    url, asked = f"{URL}snapshots/", {"grid": cast.place.street.code, "month": "2026-08-01"}
    assert api(cast.outsider).post(url, asked, format="json").status_code == 404
    assert api(cast.lead).post(url, asked, format="json").status_code == 403
    made = api(cast.street).post(url, asked, format="json")
    assert made.status_code == 201, made.content
    assert api(cast.street).post(url, asked, format="json").status_code == 409
    row = api(cast.street).get(f"{url}{made.json()['id']}/").json()
    assert row["figures"]["figures"]["close_rate"] == {"numerator": 0, "denominator": 0, "value": None}
    assert api(cast.street).get(url, {"month": "2026-07-01"}).json()["results"] == []
    for nobody in (cast.outsider, cast.lead, cast.unit_staff, cast.worker):
        assert api(nobody).get(url).json()["results"] == []


def test_the_calendar_freezes_every_street_once(cast: Cast) -> None:
    """On the first of October at two the streets' September is frozen; a month that was missed is made up for."""
    cast.place.street.valid_from = dt.date(2026, 8, 15)
    cast.place.street.save()
    early = at("2026-09-16 12:00")
    jobs.promise_freezing([], early)
    jobs.promise_freezing([], early)
    due = dict(Job.objects.filter(kind=jobs.FREEZE).values_list("key", "due_at"))
    second = make_street("990101003").street  # comes later, and is found by the next hour
    assert due == {
        f"{month}:{code}": at(f"{first} 02:00")
        for month, first in (("2026-08", "2026-09-01"), ("2026-09", "2026-10-01"))
        for code in (cast.place.street.code, "990101002")
    }
    Job.objects.exclude(kind=jobs.FREEZE).delete()
    house.run_due(at=at("2026-09-16 12:01"))
    assert set(FrozenFigures.objects.values_list("month", flat=True)) == {dt.date(2026, 8, 1)}
    jobs.promise_freezing([], at("2026-09-20 12:00"))
    house.run_due(at=at("2026-10-01 01:59"))
    assert not FrozenFigures.objects.filter(month=dt.date(2026, 9, 1)).exists()
    actions.freeze_figures(grid=cast.place.street, month=dt.date(2026, 9, 1), by=cast.street, at=at("2026-10-01 01:59"))
    house.run_due(at=at("2026-10-01 02:00"))
    house.run_due(at=at("2026-10-01 02:00"))
    found = FrozenFigures.objects.filter(month=dt.date(2026, 9, 1)).values_list("grid__code", flat=True)
    assert sorted(found) == [cast.place.street.code, "990101002", second.code]
    assert not Job.objects.filter(kind=jobs.FREEZE, stuck_at__isnull=False).exists()
    assert timezone.localtime(FrozenFigures.objects.filter(grid=second).latest("month").at).hour == 2
