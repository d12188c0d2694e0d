"""Points for goods: reserved, handed over against a code, or back again; beyond balance and stock nothing happens."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, give, make_street, make_user
from tests.volunteers.people import earn, make_good, make_volunteer
from volunteers.actions import (
    add_good,
    add_station,
    cancel_exchange,
    change_good,
    change_station,
    drop_points_rule,
    exchange_points,
    hand_over,
    hand_over_by_code,
    restock_good,
    return_uncollected,
    set_points_rule,
)
from volunteers.choices.ledger import NOTICE_EXCHANGE_ENDED, NOTICE_UNCOLLECTED
from volunteers.models import Balance, Good, PointsEntry, PointsRule, Redemption, Station, Volunteer
from volunteers.reports.checking import ledger_faults

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def somebody(somebody: Volunteer, cast: Cast) -> Volunteer:
    earn(somebody, 20, cast.street)
    return somebody


def stands(volunteer: Volunteer, good: Good) -> tuple[int, int]:
    """The points left and the goods left."""
    return Balance.objects.get(pk=volunteer.pk).points, Good.objects.get(pk=good.pk).stock


def test_reserved_and_handed_over_against_the_code(cast: Cast, somebody: Volunteer) -> None:
    good = make_good(cast.place.totals[0])
    row = exchange_points(good=good, count=2, by=somebody.user, at=MONDAY)
    assert (stands(somebody, good), row.points, row.collect_by) == ((10, 8), 10, MONDAY.date() + 14 * DAY)
    # A dearer price later on changes nothing for it.
    change_good(good=good, name="洗衣液", points=9, by=cast.street, at=MONDAY)
    keeper = make_user(Role.WORKER)
    give(keeper, PostKind.GRID_WORKER_FT, cast.place.micros[1])
    for who, code, refusal in (
        (cast.street, "ABCDEF", Invalid), (somebody.user, row.code, Forbidden), (keeper, row.code, Redemption.DoesNotExist),
    ):  # fmt: skip
        with pytest.raises(refusal):
            hand_over(redemption=row, code=code, by=who, at=MONDAY)
    name, place = good.station.name, good.station.place
    change_station(station=good.station, name=name, place=place, keeper=keeper.username, by=cast.street, at=MONDAY)
    with pytest.raises(Invalid):
        hand_over_by_code(code="", by=keeper, at=MONDAY)
    assert hand_over_by_code(code=f" {row.code.lower()} ", by=keeper, at=MONDAY).state == "handed_over"
    for again in (cancel_exchange, hand_over):
        with pytest.raises(Conflict):
            again(redemption=row, by=cast.street, at=MONDAY, **({"code": row.code} if again is hand_over else {}))
    assert stands(somebody, good) == (10, 8) and ledger_faults() == []


@pytest.mark.parametrize(
    ("count", "values", "refusal"),
    [
        (5, {}, Conflict),
        (3, {"stock": 2}, Conflict),
        (0, {}, Invalid),
        (21, {"stock": 100, "points": 1}, Invalid),
        (1, {"is_open": False}, Good.DoesNotExist),
    ],
)
def test_beyond_balance_or_stock_nothing_happens(
    cast: Cast, somebody: Volunteer, count: int, values: dict[str, Any], refusal: type[Exception]
) -> None:
    good = make_good(cast.place.totals[0], **values)
    with pytest.raises(refusal):
        exchange_points(good=good, count=count, by=somebody.user, at=MONDAY)
    assert stands(somebody, good) == (20, good.stock)
    assert not Redemption.objects.exists() and PointsEntry.objects.count() == 1


def test_only_active_volunteers_of_the_street_exchange_and_old_points_buy_nothing(
    cast: Cast, somebody: Volunteer
) -> None:
    good = make_good(cast.place.totals[0])
    stranger = make_volunteer(make_street("990101009").micros[0])
    earn(stranger, 50, cast.street)
    late = make_volunteer(cast.place.micros[0])
    earn(late, 50, cast.street, expires_on=MONDAY.date() - DAY)
    resting = make_volunteer(cast.place.micros[0], state="paused")
    tries = [
        (cast.street, Forbidden),
        (stranger.user, Good.DoesNotExist),
        (late.user, Conflict),
        (resting.user, Forbidden),
    ]
    for who, refusal in tries:
        with pytest.raises(refusal):
            exchange_points(good=good, by=who, at=MONDAY)
    assert Good.objects.get().stock == 10 and Balance.objects.get(pk=late.pk).points == 50


def test_what_is_given_up_or_not_collected_comes_back(cast: Cast, somebody: Volunteer) -> None:
    good = make_good(cast.place.totals[0])
    first, second, third = (exchange_points(good=good, by=somebody.user, at=MONDAY) for _ in range(3))
    assert stands(somebody, good) == (5, 7)
    cancel_exchange(redemption=first, by=somebody.user, at=MONDAY)
    with pytest.raises(Invalid):
        cancel_exchange(redemption=second, by=cast.street, at=MONDAY)
    cancel_exchange(redemption=second, reason="临期下架", by=cast.street, at=MONDAY)
    assert stands(somebody, good) == (15, 9)
    assert return_uncollected(by=cast.street, at=MONDAY + 14 * DAY) == 0
    assert return_uncollected(by=cast.street, at=MONDAY + 15 * DAY) == 1
    third.refresh_from_db()
    assert third.state == "cancelled" and stands(somebody, good) == (20, 10) and ledger_faults() == []
    texts = list(Notice.objects.filter(user=somebody.user).order_by("pk").values_list("text", flat=True))
    assert texts == [NOTICE_EXCHANGE_ENDED, NOTICE_UNCOLLECTED]


def test_stations_and_their_goods_are_kept_by_organisers_and_keepers(cast: Cast, somebody: Volunteer) -> None:
    given = {"name": "向阳爱心超市", "place": "一楼", "by": cast.street, "at": MONDAY}
    station = add_station(grid=cast.place.totals[0], keeper=somebody.user.username, **given)  # type: ignore[union-attr]
    keeper = somebody.user
    milk = add_good(station=station, name="牛奶", points=8, stock=3, by=keeper, at=MONDAY)
    assert restock_good(good=milk, count=-3, reason="过期", by=keeper, at=MONDAY).stock == 0
    outsider = make_user(Role.STREET)
    stranger = make_volunteer(make_street("990101009").micros[0]).user
    tries: list[tuple[type[Exception], Any]] = [
        (Forbidden, lambda: add_station(grid=cast.place.totals[0], **{**given, "by": keeper})),
        (Forbidden, lambda: add_station(grid=cast.place.totals[0], **{**given, "by": outsider})),
        (Invalid, lambda: add_station(grid=cast.place.totals[0], **{**given, "name": " "})),
        (Invalid, lambda: add_station(grid=cast.place.totals[0], keeper=stranger.username, **given)),  # type: ignore[union-attr]
        (Invalid, lambda: add_station(grid=cast.place.totals[0], keeper="nobody", **given)),
        (Invalid, lambda: add_good(station=station, name="牛奶", points=8, stock=3, by=keeper, at=MONDAY)),
        (Invalid, lambda: add_good(station=station, name="面", points=0, stock=3, by=keeper, at=MONDAY)),
        (Invalid, lambda: restock_good(good=milk, count=-1, reason="少了", by=keeper, at=MONDAY)),
        (Good.DoesNotExist, lambda: restock_good(good=milk, count=1, reason="多了", by=outsider, at=MONDAY)),
        (Station.DoesNotExist, lambda: change_station(station=station, **{**given, "by": stranger})),
    ]
    for refusal, act in tries:
        with pytest.raises(refusal):
            act()
    assert (Station.objects.count(), Good.objects.get().stock) == (1, 0)
    verbs = Record.objects.filter(verb__startswith="volunteers.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["volunteers.station_added", "volunteers.good_added", "volunteers.good_restocked"]


def test_rules_of_points_are_set_ahead_by_the_street_for_itself(cast: Cast) -> None:
    day = MONDAY.date()
    street = cast.place.street
    given = {
        "street": street,
        "what": "post_kept",
        "points": 20,
        "effective_from": day + DAY,
        "by": cast.street,
        "at": MONDAY,
    }
    house = PointsRule.objects.filter(street=None)
    count = house.count()
    rule = set_points_rule(**given)  # type: ignore[arg-type]
    tries: list[tuple[type[Exception], dict[str, Any]]] = [
        (Conflict, {}), (Forbidden, {"by": cast.lead}), (Forbidden, {"street": make_street("990101009").street}),
        (Invalid, {"effective_from": day - DAY}), (Invalid, {"points": 1001}), (Invalid, {"what": "polite"}),
        (Invalid, {"day_most": 19}), (Invalid, {"expire_days": 0}), (Invalid, {"kind": "child"}),
    ]  # fmt: skip
    for refusal, change in tries:
        with pytest.raises(refusal):
            set_points_rule(**{**given, **change})  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        drop_points_rule(rule=rule, by=cast.street, at=MONDAY + DAY)
    with pytest.raises(Forbidden):
        drop_points_rule(rule=house.latest("pk"), by=cast.street, at=MONDAY)
    assert PointsRule.objects.filter(street=street).count() == 1
    drop_points_rule(rule=rule, by=cast.street, at=MONDAY)
    assert not PointsRule.objects.filter(street=street).exists() and house.count() == count
