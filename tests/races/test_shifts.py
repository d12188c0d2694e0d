"""The last places of a shift, and one volunteer in two places. Real threads, real transactions."""

import datetime as dt

import pytest

from gridgov.core.errors import Refusal
from gridgov.core.records import verify
from tests.factories import MONDAY, make_cast
from tests.races.test_cases import at_once
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers import actions
from volunteers.models import Shift, SignUp, Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


def join(shift: int, volunteer: Volunteer) -> str:
    try:
        return actions.sign_up(shift=shift, volunteer=volunteer.pk, by=volunteer.user, at=MONDAY).state  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code


def test_a_hundred_at_once_for_the_last_ten_places() -> None:
    cast = make_cast()
    shift = make_shift(make_project(cast.place.comprehensives[0], cast.lead), capacity=20)
    volunteers = [make_volunteer(cast.place.micros[0]) for _ in range(110)]
    for volunteer in volunteers[:10]:
        assert join(shift.pk, volunteer) == "booked"
    calls = [lambda one=one: join(shift.pk, one) for one in volunteers[10:]]
    answers = at_once(calls)  # type: ignore[arg-type]
    assert sorted(answers) == ["booked"] * 10 + ["waiting"] * 90
    assert Shift.objects.get().taken == SignUp.objects.taking().count() == 20
    assert verify().faults == []
    # Ten give their places back at once while others cancel their waiting: the first of those who still wait have them.
    rows = list(SignUp.objects.filter(volunteer__in=volunteers[:10]).select_related("volunteer__user"))
    first = list(SignUp.objects.waiting()[:15])
    leaving = rows + [SignUp.objects.select_related("volunteer__user").get(pk=row.pk) for row in first[:5]]
    at_once(
        [lambda row=row: actions.cancel_sign_up(sign_up=row.pk, by=row.volunteer.user, at=MONDAY) for row in leaving]
    )  # type: ignore[misc,arg-type]
    assert Shift.objects.get().taken == SignUp.objects.taking().count() == 20
    assert SignUp.objects.waiting().count() == 90 - 15


def test_one_volunteer_in_two_places_at_once_gets_one() -> None:
    cast = make_cast()
    project = make_project(cast.place.comprehensives[0], cast.lead)
    for _ in range(5):
        volunteer = make_volunteer(cast.place.micros[0])
        shifts = [make_shift(project), make_shift(project, MONDAY + dt.timedelta(days=2, hours=1))]
        answers = at_once([lambda pk=shift.pk: join(pk, volunteer) for shift in shifts])  # type: ignore[misc] # noqa: B023 - joined in the loop
        assert sorted(answers) == ["booked", "overlaps"]
    assert SignUp.objects.count() == 5
