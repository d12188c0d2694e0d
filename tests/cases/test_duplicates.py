"""Like cases: the pair of the samples is found, another matter or another place is not, and nobody sees what is not theirs."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from cases.choices import CaseState
from cases.models import Case
from cases.reports import Similar, similar_cases, similar_to
from gridgov.core.geodesy import metres_between
from grids.queries import path_to
from tests.cases.lessons import HOUR, another_community, load_matters, sample, stand
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NORTH = 1 / 110_852  # degrees of latitude in a metre, at 30° north
WATER = "整栋楼停水两个多小时了，到底几点来水？"


@pytest.fixture
def cast() -> Cast:
    found = make_cast()
    load_matters()
    return found


def of(case: Case, by: User, at: dt.datetime = MONDAY, **values: Any) -> list[Similar]:
    steps = ("category", "street", "total", "comprehensive", "grid")
    with translation.override("en"):
        return similar_to(Case.objects.select_related(*steps).get(pk=case.pk), by=by, at=at, **values)


def given(cast: Cast, text: str, by: User | None = None, micro: int = 0, **values: Any) -> list[Similar]:
    values.setdefault("category", "0501")
    path = path_to(cast.place.micros[micro].code)
    with translation.override("en"):
        return similar_cases(text=text, path=path, by=by or cast.street, at=MONDAY, **values)


def put(cast: Cast, number: str, **values: Any) -> Case:
    """A sample as a case, in the grid its row names: both rows of the pair name one comprehensive grid."""
    row = sample(number)
    return stand(
        cast, row["text"], row["category_code"], title=row["title"], place=row["location_text"],
        at=dt.datetime.fromisoformat(row["reported_at"]), **values,
    )  # fmt: skip


def test_the_pair_of_the_samples_is_found(cast: Cast) -> None:
    """Two houses of an estate, the same outage, hardly a word in common."""
    first = put(cast, "DEMO-0001", micro=0)
    second = put(cast, "DEMO-0002", micro=1)
    for number in ("DEMO-0003", "DEMO-0007", "DEMO-0013", "DEMO-0030", "DEMO-0039", "DEMO-0051"):
        put(cast, number)
    at = second.reported_at + HOUR
    (found,) = of(second, cast.street, at)
    assert (found.pk, found.no, found.through, found.metres) == (first.pk, first.no, "", None)
    assert found.reasons == ("both at 幸福里小区4号楼", "same category")
    assert [one.pk for one in of(first, cast.street, at)] == [second.pk]


def test_reasons_in_words(cast: Cast) -> None:
    case = stand(cast, "二单元停水了，物业说是检修", lng=104.0, lat=30.0)
    (found,) = given(cast, WATER, point=(104.0, 30.0 + 35 * NORTH))
    assert (found.pk, found.metres) == (case.pk, 35)
    assert found.reasons == ("35 m apart", "same category", "both say “停水”")
    assert found.state_name == str(CaseState.ACCEPTED.label)


def test_the_likeliest_comes_first_and_no_more_than_asked(cast: Cast) -> None:
    far, near, same = (
        stand(cast, "三栋楼停水", lng=104.0, lat=30.0 + metres * NORTH) for metres in (120, 20, 0)
    )  # fmt: skip
    found = given(cast, WATER, point=(104.0, 30.0))
    assert [one.pk for one in found] == [same.pk, near.pk, far.pk]
    assert [one.pk for one in given(cast, WATER, point=(104.0, 30.0), limit=2)] == [same.pk, near.pk]


def test_another_matter_at_the_same_place_is_none(cast: Cast) -> None:
    stand(cast, "楼道里堆满了纸箱子", "0602", place="幸福里小区4号楼", lng=104.0, lat=30.0)
    assert given(cast, WATER, place="幸福里小区4号楼", point=(104.0, 30.0)) == []


def test_the_same_matter_in_the_same_words_under_another_category_is_one(cast: Cast) -> None:
    case = stand(cast, "水箱那边整栋楼停水两个多小时了", "0506", place="幸福里小区4号楼")
    (found,) = given(cast, WATER, place="幸福里小区4号楼")
    assert found.pk == case.pk
    assert found.reasons == ("both at 幸福里小区4号楼", "same group of matters", "both say “停水”")


@pytest.mark.parametrize("where", [{"lng": 104.0, "lat": 30.0 + 900 * NORTH}, {"place": "桃园新村4号楼"}])
def test_far_away_is_none(cast: Cast, where: dict[str, Any]) -> None:
    """By the points, even under one name; by the names where there is no point."""
    stand(cast, WATER, **{"place": "幸福里小区4号楼", **where})
    assert given(cast, WATER, place="幸福里小区4号楼", point=(104.0, 30.0) if "lng" in where else None) == []


def test_another_community_is_none(cast: Cast) -> None:
    stand(cast, WATER, grid=another_community(cast), place="幸福里小区4号楼")
    assert given(cast, WATER, place="幸福里小区4号楼") == []


def test_by_the_grids_where_nothing_else_is_known(cast: Cast) -> None:
    here, beside = stand(cast, "又停水了", micro=0), stand(cast, "又停水了，没水", micro=1)
    found = given(cast, WATER)
    assert {one.pk: one.reasons[0] for one in found} == {here.pk: "same grid", beside.pk: "same comprehensive grid"}
    assert found[0].pk == here.pk


def test_ended_cases(cast: Cast) -> None:
    """Closed lately may be the same; long closed, refused or voided is not."""
    place = {"place": "幸福里小区4号楼"}
    lately = stand(cast, "停水", state=CaseState.CLOSED, closed_at=MONDAY - 3 * DAY, **place)
    stand(cast, "停水", state=CaseState.CLOSED, closed_at=MONDAY - 20 * DAY, **place)
    stand(cast, "停水", state=CaseState.REJECTED, closed_at=MONDAY, **place)
    stand(cast, "停水", state=CaseState.VOIDED, closed_at=MONDAY, **place)
    assert [one.pk for one in given(cast, WATER, **place)] == [lately.pk]


def test_a_merged_case_shows_its_leading_case_once(cast: Cast) -> None:
    place = {"place": "幸福里小区4号楼"}
    leading = stand(cast, "路边水管爆了往外喷水", "0404", place="示例街")
    merged = stand(cast, "停水", state=CaseState.MERGED, leading=leading, **place)
    stand(cast, "停水，没水了", state=CaseState.MERGED, leading=leading, **place)
    (found,) = given(cast, WATER, **place)
    assert (found.pk, found.no, found.category, found.place) == (leading.pk, leading.no, "0404", "示例街")
    assert found.through != "" and found.through in {merged.no, Case.objects.get(text="停水，没水了").no}
    assert of(leading, cast.street) == []


def test_a_case_is_not_like_itself(cast: Cast) -> None:
    assert of(stand(cast, WATER, place="幸福里小区4号楼"), cast.street) == []


def test_nobody_sees_what_is_not_theirs(cast: Cast) -> None:
    place = {"place": "幸福里小区4号楼"}
    own, other = stand(cast, "停水", micro=0, **place), stand(cast, "停水", micro=1, **place)
    seen = {
        who: {one.pk for one in given(cast, WATER, by=getattr(cast, who), **place)}
        for who in ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "outsider")
    }
    both = {own.pk, other.pk}
    assert seen == {
        "street": both, "total_lead": both, "lead": both, "worker": {own.pk}, "other_worker": {other.pk},
        "unit_staff": set(), "outsider": set(),
    }  # fmt: skip


def test_without_a_place_or_words_there_is_nothing(cast: Cast) -> None:
    stand(cast, WATER)
    assert similar_cases(text=WATER, path=[], category="0501", by=cast.street, at=MONDAY) == []
    assert given(cast, "  ") == []


def test_it_costs_the_same_whatever_stands_there(cast: Cast) -> None:
    costs = []
    for _round in range(3):
        stand(cast, "停水", place="幸福里小区4号楼")
        with CaptureQueriesContext(connection) as caught:
            given(cast, WATER, place="幸福里小区4号楼")
        costs.append(len(caught))
    # The path, the key words, the cases; the scope at first.
    assert costs == [4, 3, 3]


def test_metres() -> None:
    assert metres_between((104.0, 30.0), (104.0, 30.0)) == 0
    assert metres_between((104.0, 30.0), (104.0, 30.001)) == pytest.approx(110.85, abs=0.02)
    assert metres_between((104.0, 30.0), (104.001, 30.0)) == pytest.approx(96.49, abs=0.02)
    assert metres_between((104.001, 30.0), (104.0, 30.0)) == metres_between((104.0, 30.0), (104.001, 30.0))
