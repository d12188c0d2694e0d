"""Addresses that nobody clicks but somebody types: an answer in words, never an error 500."""

import pytest
from django.utils import timezone

from cases import actions
from cases.choices import CaseState, PhotoKind
from cases.models import Photo
from gridgov.core.errors import Conflict
from tests.cases.desk import desk, report, verb_of, walk
from tests.cases.test_api import jpeg, upload
from tests.factories import make_cast

pytestmark = pytest.mark.django_db
FIGURES, LIST = "/admin/cases/frozenfigures/live/", "/admin/cases/case/"


@pytest.mark.parametrize(
    "asked",
    [
        "month=9999-12",
        "month=0000-01",
        "month=0001-01",
        "month=２０２６-01",
        "from=0001-01-01&to=0001-01-31",
        "from=9999-12-01&to=9999-12-31",
        "unit=99999999999999999999",
    ],
)
def test_figures_of_days_that_are_none(asked: str) -> None:
    street = desk(make_cast("B").street)
    assert street.get(f"/api/v1/figures/?{asked}").status_code == 400
    assert street.get(f"{FIGURES}?{asked}").status_code == 400


@pytest.mark.parametrize(
    "value",
    [
        "due.2026-09-01.9999-12-31.....",
        "due.0001-01-01.0001-01-02.....",
        "due.2026-09-01.2026-09-30..99999999999999999999...",
        "due.2026-09-01.2026-09-30..²...",
        "nothing.2026-09-01.2026-09-30.....",
        "due..",
    ],
)
def test_the_list_behind_a_figure_that_is_none_is_empty(value: str) -> None:
    cast = make_cast("B")
    case = report(cast)
    answer = desk(cast.street).get(LIST, {"behind": value})
    assert answer.status_code == 200
    assert case.no not in answer.content.decode()


@pytest.mark.parametrize("page", [f"{LIST}?community=%00", f"{LIST}?behind=%00", "/admin/cases/category/?group=%00"])
def test_a_null_character_is_told(page: str) -> None:
    answer = desk(make_cast("B").street).get(page)
    assert answer.status_code == 400
    assert "网址中含有无效字符。" in answer.content.decode()


def test_digits_that_are_no_number() -> None:
    assert desk(make_cast("B").street).get(f"{LIST}²/change/").status_code == 404


def test_a_form_filled_from_its_address_takes_no_nonsense() -> None:
    cast = make_cast("B")
    case = walk(cast, "dispatched")
    assert desk(cast.street).get(f"{verb_of(case, 'supervise')}?reply_due=x").status_code == 200


def test_no_photo_is_added_to_a_case_that_has_ended() -> None:
    cast = make_cast("B")
    case = walk(cast, "closed")
    with pytest.raises(Conflict) as refused:
        actions.add_photo(case=case, kind=PhotoKind.AFTER, upload=upload(jpeg()), by=cast.lead, at=timezone.now())
    assert (refused.value.code, case.state, Photo.objects.count()) == ("illegal_move", CaseState.CLOSED, 0)
