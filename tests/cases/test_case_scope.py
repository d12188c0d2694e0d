"""Whose cases: scope follows the posts, and days are China's."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.models import Case
from grids.choices import PostKind
from tests.cases.desk import report as reported
from tests.cases.desk import walk
from tests.factories import MONDAY, Cast, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def report(cast: Cast, by: User | None = None, **values: Any) -> Case:
    return reported(cast, by, MONDAY, **values)


def test_scope_follows_the_posts(cast: Cast) -> None:
    here = report(cast)
    there = report(cast, grid=cast.place.micros[1].code)
    seen = {name: list(Case.objects.visible_to(getattr(cast, name)).order_by("pk")) for name in
            ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "outsider")}  # fmt: skip
    assert seen == {
        "street": [here, there], "total_lead": [here, there], "lead": [here, there], "worker": [here],
        "other_worker": [there], "unit_staff": [], "outsider": [],
    }  # fmt: skip
    actions.accept_case(case=here, by=cast.lead, at=MONDAY)
    actions.dispatch_case(case=here, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    assert list(Case.objects.visible_to(cast.unit_staff)) == [here]


def test_an_expired_post_sees_nothing(cast: Cast) -> None:
    report(cast)
    gone = make_user(Role.STREET)
    give(gone, PostKind.STREET_STAFF, cast.place.street, valid_to=dt.date(2020, 12, 31))
    district = make_user(Role.STREET)
    give(district, PostKind.DISTRICT_STAFF, area_prefix="990101")
    assert Case.objects.visible_to(gone).count() == 0
    assert Case.objects.visible_to(district).count() == 1


def test_a_day_is_a_day_in_china(cast: Cast) -> None:
    """At 07:00 in China it is still yesterday in London; a post that begins today counts already."""
    morning = dt.datetime(2026, 9, 8, 7, 0, tzinfo=MONDAY.tzinfo)
    unit, newcomer = make_unit(), make_user(Role.UNIT_STAFF)
    give(newcomer, PostKind.UNIT_STAFF, unit, valid_from=morning.date())
    case = walk(cast, "accepted", at=MONDAY)
    actions.dispatch_case(case=case, unit=unit.pk, by=cast.lead, at=morning)
    assert Notice.objects.get(kind=NoticeKind.ORDER).user == newcomer
