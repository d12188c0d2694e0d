"""Two ledgers: lines that nobody changes, and balances that are what the lines add up to."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from gridgov.core.models import Record
from tests.factories import MONDAY, Cast, make_cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers.actions.hours import book_hours
from volunteers.actions.points import give_points
from volunteers.choices.ledger import DAY_FLAG, DAY_MOST, PointsFor
from volunteers.choices.people import VolunteerKind
from volunteers.models import Balance, HoursEntry, PointsEntry, PointsRule, SignUp, Volunteer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def somebody(cast: Cast) -> Volunteer:
    return make_volunteer(cast.place.micros[0])


def signed_up(cast: Cast, volunteer: Volunteer, at: dt.datetime = MONDAY, **values: object) -> SignUp:
    shift = make_shift(make_project(volunteer.grid, cast.street), at)
    given = {"state": "served", "queued_at": MONDAY, **values}
    return SignUp.objects.create(shift=shift, volunteer=volunteer, **given)


def totals(volunteer: Volunteer) -> tuple[int, int]:
    balance = Balance.objects.get(pk=volunteer.pk)
    return balance.minutes, balance.points


def test_hours_are_booked_and_a_day_holds_no_more_than_a_day(cast: Cast, somebody: Volunteer) -> None:
    given = {"by": cast.street, "at": MONDAY + DAY}
    first = book_hours(sign_up=signed_up(cast, somebody), minutes=DAY_FLAG, **given)
    assert first is not None and (first.minutes, first.is_flagged, first.day) == (DAY_FLAG, False, MONDAY.date())
    long = book_hours(sign_up=signed_up(cast, somebody, MONDAY + dt.timedelta(hours=1)), minutes=1, **given)
    assert long is not None and long.is_flagged
    cut = book_hours(sign_up=signed_up(cast, somebody), minutes=DAY_MOST, **given)
    assert cut is not None and (cut.minutes, cut.is_flagged) == (DAY_MOST - DAY_FLAG - 1, True)
    assert book_hours(sign_up=signed_up(cast, somebody), minutes=60, **given) is None
    assert book_hours(sign_up=signed_up(cast, somebody, MONDAY + DAY), minutes=0, **given) is None
    assert totals(somebody) == (DAY_MOST, 0)
    assert Record.objects.filter(verb="volunteers.hours_booked").count() == 3


def test_points_are_given_once_for_a_thing_and_to_the_days_most(cast: Cast, somebody: Volunteer) -> None:
    given = {"volunteer": somebody, "day": MONDAY.date(), "by": cast.street, "at": MONDAY}
    report = PointsFor.REPORT_ADOPTED
    row = give_points(what=report, source="case:1", **given)
    assert row is not None and (row.points, row.expires_on) == (2, MONDAY.date() + 730 * DAY)
    assert give_points(what=report, source="case:1", **given) is None
    for number in range(2, 8):
        give_points(what=report, source=f"case:{number}", **given)
    assert totals(somebody) == (0, 10)
    # Another day, another thing: by the hour, and by the time alone.
    given["day"] += DAY
    assert give_points(what=PointsFor.HELP_GIVEN, source="sign_up:1", units=3, **given).points == 6  # type: ignore[union-attr]
    assert give_points(what=PointsFor.HELP_GIVEN, source="sign_up:2", units=0, **given) is None
    assert give_points(what=PointsFor.TRAINING_DONE, source="sign_up:3", units=3, **given).points == 2  # type: ignore[union-attr]
    assert totals(somebody) == (0, 18)


def test_a_streets_rule_beats_the_houses_one_for_a_kind_one_for_all_and_the_later_the_earlier(cast: Cast) -> None:
    day, street = MONDAY.date(), cast.place.street

    def rule(points: int, since: dt.date, **values: object) -> None:
        PointsRule.objects.create(what=PointsFor.POST_KEPT, points=points, effective_from=since, **values)

    def of(kind: str, on: dt.date) -> int:
        found = PointsRule.objects.in_force(PointsFor.POST_KEPT, kind, street.code, on)
        return found.points if found else 0

    rule(20, day, kind=VolunteerKind.NEW_EMPLOYMENT)
    rule(30, day + DAY, street=street)
    rule(40, day + 2 * DAY, street=street, kind=VolunteerKind.NEW_EMPLOYMENT)
    rule(0, day + 3 * DAY, street=street)
    resident, rider = VolunteerKind.RESIDENT, VolunteerKind.NEW_EMPLOYMENT
    assert [of(resident, day + n * DAY) for n in range(-1, 4)] == [10, 10, 30, 30, 0]
    assert [of(rider, day + n * DAY) for n in range(-1, 4)] == [10, 20, 30, 40, 40]
    courier = make_volunteer(cast.place.micros[0], kind=rider)
    at = MONDAY + 2 * DAY
    given = {"what": PointsFor.POST_KEPT, "by": cast.street, "at": at, "day": at.date()}
    assert give_points(volunteer=courier, source="claim:1:2026-09", **given).points == 40  # type: ignore[union-attr]


def test_the_database_refuses_to_change_a_line_or_to_move_a_balance_without_one(
    cast: Cast, somebody: Volunteer
) -> None:
    book_hours(sign_up=signed_up(cast, somebody), minutes=60, by=cast.street, at=MONDAY)
    give_points(
        volunteer=somebody, what=PointsFor.REPORT_ADOPTED, source="case:1", day=MONDAY.date(), by=cast.street, at=MONDAY
    )
    balance = Balance.objects.filter(pk=somebody.pk)
    tries = [
        lambda: HoursEntry.objects.update(minutes=600), lambda: HoursEntry.objects.all()._raw_delete("default"),
        lambda: PointsEntry.objects.update(points=600), lambda: PointsEntry.objects.all()._raw_delete("default"),
        lambda: balance.update(points=600), lambda: balance.update(minutes=F("minutes") + 1),
        lambda: balance._raw_delete("default"),
        # Never below nothing.
        lambda: PointsEntry.objects.create(
            volunteer=somebody, kind="reversal", points=-3, day=MONDAY.date(), by=cast.street, at=MONDAY
        ),
    ]  # fmt: skip
    for change in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert (HoursEntry.objects.count(), PointsEntry.objects.count()) == (1, 1)
    assert totals(somebody) == (60, 2)
