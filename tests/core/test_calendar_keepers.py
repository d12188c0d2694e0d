"""Who keeps which days: the system hand all of them, a street hand those of the places its own posts stand on."""

import datetime as dt

import pytest

from accounts.choices import Role
from accounts.models import User
from gridgov.core import rules
from gridgov.core.actions import change_day, drop_day, load_days, load_official_year
from gridgov.core.errors import Forbidden
from gridgov.core.models import CalendarDay, Record
from gridgov.core.questions import Place, Question
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, give, make_cast, make_user

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 8)
NATION, DISTRICT, STREET, NEXT = "", "990101", "990101001", "990101002"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def district_hand() -> User:
    user = make_user(Role.STREET)
    give(user, PostKind.DISTRICT_STAFF, area_prefix=DISTRICT)
    return user


def kept(by: User) -> list[str]:
    """The places whose day BY can change; each one tried is taken back or left as it was."""
    found = []
    for scope in (NATION, DISTRICT, STREET, NEXT, "990102001"):
        before = CalendarDay.objects.count(), Record.objects.count()
        try:
            change_day(date=DAY, kind="rest", name="停电", scope=scope, by=by, at=MONDAY)
        except Forbidden:
            assert (CalendarDay.objects.count(), Record.objects.count()) == before
        else:
            found.append(scope)
    return found


def test_each_hand_keeps_its_own_places(cast: Cast) -> None:
    assert kept(make_user(Role.SYSTEM_ADMIN)) == [NATION, DISTRICT, STREET, NEXT, "990102001"]
    assert kept(cast.street) == [STREET]
    assert kept(cast.outsider) == [NEXT]
    assert kept(district_hand()) == [DISTRICT, STREET, NEXT]
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.STREET), make_user(Role.SECURITY_ADMIN)):
        assert kept(user) == [], user.role


def test_a_post_counts_on_the_day_of_the_act(cast: Cast) -> None:
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, cast.place.street, valid_from=dt.date(2026, 9, 8))
    assert not rules.can_keep_days(user, STREET, MONDAY.date())
    assert rules.can_keep_days(user, STREET, dt.date(2026, 9, 8))
    with pytest.raises(Forbidden):
        change_day(date=DAY, kind="rest", scope=STREET, by=user, at=MONDAY)
    assert not CalendarDay.objects.exists() and not Record.objects.exists()


def test_whoever_may_not_change_a_day_may_not_load_or_drop_one(cast: Cast) -> None:
    own = change_day(date=DAY, kind="rest", scope=STREET, by=cast.street, at=MONDAY)
    before = Record.objects.count()
    for act in (
        lambda: load_official_year(year=2026, by=cast.street, at=MONDAY),
        lambda: load_days(days=[CalendarDay(date=DAY, kind="work")], scope=STREET, by=cast.outsider, at=MONDAY),
        lambda: drop_day(day=own, by=cast.outsider, at=MONDAY),
        lambda: drop_day(day=own, by=cast.lead, at=MONDAY),
    ):
        with pytest.raises(Forbidden):
            act()
    assert list(CalendarDay.objects.values_list("scope", "date", "kind")) == [(STREET, DAY, "rest")]
    assert Record.objects.count() == before
    drop_day(day=own, by=cast.street, at=MONDAY)
    assert not CalendarDay.objects.exists()


def test_everybody_sees_the_nations_days_and_the_own_places(cast: Cast) -> None:
    for scope in (NATION, DISTRICT, STREET, NEXT, "990102001"):
        CalendarDay.objects.create(date=DAY, kind="rest", scope=scope)

    def seen(user: User) -> list[str]:
        return sorted(CalendarDay.objects.visible_to(user).values_list("scope", flat=True))

    assert seen(make_user(Role.SYSTEM_ADMIN)) == [NATION, DISTRICT, STREET, NEXT, "990102001"]
    assert seen(cast.street) == [NATION, DISTRICT, STREET]
    assert seen(cast.outsider) == [NATION, DISTRICT, NEXT]
    assert seen(district_hand()) == [NATION, DISTRICT, STREET, NEXT]
    assert seen(make_user(Role.STREET)) == [NATION]


def test_places_are_named_and_say_whether_they_are_kept(cast: Cast) -> None:
    name = cast.place.street.name
    assert rules.places(cast.street) == [Place(DISTRICT), Place(STREET, name, kept=True)]
    assert [(place.code, place.kept) for place in rules.places(make_user(Role.SYSTEM_ADMIN))] == [
        (DISTRICT, True), (STREET, True), (NEXT, True),
    ]  # fmt: skip
    assert rules.places(cast.worker) == []


def test_a_question_nobody_answers_has_no_answer() -> None:
    question: Question[[int], int] = Question()
    assert question.ask(1) == []
    question.answers(abs)
    assert question.ask(-1) == [1]
