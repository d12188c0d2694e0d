"""Every number of the figures opens the list of just the cases that it counts, whoever asks and however it is narrowed."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from cases.choices.figures import BY_KEY, MEASURES, TIMES, Dimension
from cases.forms import behind_of, list_behind
from cases.models import Case
from cases.queries import LISTED, SEVERAL
from cases.reports import Asked, Behind, asked_of_part, cases_behind, column_for, names_of, narrow, read
from tests.cases.counting import FIRST, LAST, NOW, put
from tests.cases.test_figures import september
from tests.factories import Cast, make_cast, make_category

pytestmark = pytest.mark.django_db
COUNTED = (*MEASURES, *BY_KEY, "due_late")
TODAY = dt.date(2026, 9, 16)


@pytest.fixture
def cast() -> Cast:
    """The hand-made September, with cases of another category, right in the street, and of a unit that only helped."""
    cast = make_cast("B")
    september(cast)
    done = {"state": "closed", "accepted_at": "09-01 09:00", "due_at": "09-04 09:00", "completed_at": "09-02 09:00",
            "closed_at": "09-03 09:00"}  # fmt: skip
    put(cast, unit=cast.unit, category=make_category("0101", "A"), tier="A", **done)
    put(cast, grid=cast.place.street, total=None, comprehensive=None, **done)
    return cast


def behind(user: User, measure: str, asked: Asked) -> int:
    """The rows of the list, by the address that a page would have written."""
    address = list_behind(measure, asked)
    number = behind_of(address.partition("behind=")[2], TODAY)
    assert number == Behind(measure, Asked(**{**vars(asked), "by": ""}))
    return cases_behind(Case.objects.visible_to(user), number, by=user, at=NOW).count()


def wrong(user: User, asked: Asked) -> dict[Any, tuple[int, int]]:
    """Where number and list are not the same, in the whole and in every part."""
    narrowed = narrow(asked, user)
    assert narrowed is not None
    column = column_for(asked.by, narrowed.grid, user)
    found = read(asked.first, asked.last, at=NOW, where=narrowed.where, by=column)
    names = names_of(asked.by, found) if asked.by else {}
    faults = {}
    for key, sums in found.items():
        alone = asked_of_part(asked, asked.by, column, key, names[key][0]) if asked.by else asked
        counts = sums | {"due_late": sums["due"] - sums["due_on_time"]}
        for measure in COUNTED:
            if measure not in LISTED:
                continue
            listed = behind(user, measure, alone)
            same = listed <= counts[measure] if measure in SEVERAL else listed == counts[measure]
            if not same:
                faults[asked.by, key, measure] = (listed, counts[measure])
    return faults


def test_all_that_is_counted_of_cases_can_be_listed() -> None:
    assert set(COUNTED) - LISTED == {"seconds", *TIMES}


@pytest.mark.parametrize("name", ["street", "total_lead", "lead", "unit_staff"])
def test_a_number_and_its_list_are_the_same(cast: Cast, name: str) -> None:
    user = getattr(cast, name)
    for by in ("", *Dimension.values):
        assert wrong(user, Asked(FIRST, LAST, by=by)) == {}, by


def test_narrowed_alike(cast: Cast) -> None:
    place, unit = cast.place, cast.unit.pk
    for more in (
        {"grid": place.totals[0].code}, {"grid": place.comprehensives[0].code}, {"unit": unit}, {"unit": 0},
        {"category": "06"}, {"channel": "visit"}, {"tier": "B"}, {"missing": "total_id"},
        {"grid": place.totals[0].code, "unit": unit, "category": "06", "channel": "visit", "tier": "B"},
    ):  # fmt: skip
        assert wrong(cast.street, Asked(FIRST, LAST, **more)) == {}, more
    one = Asked(FIRST, LAST, grid=place.totals[0].code, unit=unit, category="06", channel="visit", tier="B")
    assert behind(cast.street, "due", one) == 1


def test_a_list_shows_nothing_of_others(cast: Cast) -> None:
    """The address of somebody else's number leads to an empty list."""
    asked = Asked(FIRST, LAST)
    assert behind(cast.outsider, "reported", asked) == 0
    assert behind(cast.worker, "reported", asked) == 0
    assert behind(cast.lead, "reported", Asked(FIRST, LAST, grid=cast.place.street.code)) == 0
    assert behind(cast.unit_staff, "due", Asked(FIRST, LAST, unit=0)) == 0
