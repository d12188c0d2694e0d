"""The desk's pages of hours, points and stations: what organisers see and do there, and that nobody else comes in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from grids.choices import PostKind
from tests.cases.desk import desk
from tests.factories import MONDAY, Cast, give, make_street, make_user
from tests.volunteers.people import earn, make_good, make_sign_up, make_volunteer
from volunteers.actions import appeal_hours, book_hours, exchange_points
from volunteers.choices.ledger import DAY_FLAG
from volunteers.models import Appeal, Balance, Good, HoursEntry, PointsEntry, PointsRule, Redemption, Station, Volunteer

pytestmark = pytest.mark.django_db
A = "/admin/volunteers/"
PAGES = ("hoursentry", "appeal", "pointsentry", "pointsrule", "station", "good", "redemption")


def fill(cast: Cast, somebody: Volunteer) -> None:
    """One row more for every page."""
    row = make_sign_up(somebody, cast.street)
    book_hours(sign_up=row, minutes=DAY_FLAG, by=cast.street, at=MONDAY)
    appeal_hours(sign_up=row, words="少记了", by=somebody.user, at=MONDAY)  # type: ignore[arg-type]
    earn(somebody, 5, cast.street)
    exchange_points(good=make_good(cast.place.totals[0]), by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
    points = PointsRule.objects.count() + 1
    PointsRule.objects.create(
        street=cast.place.street, what="post_kept", points=points, effective_from=f"2027-01-{points}"
    )


def test_lists_and_rows_are_read_by_organisers_in_scope_and_are_flat(cast: Cast, somebody: Volunteer) -> None:
    fill(cast, somebody)
    street = desk(cast.street)
    rows = [model.objects.latest("pk").pk for model in (
        HoursEntry, Appeal, PointsEntry, PointsRule, Station, Good, Redemption)]  # fmt: skip
    each = [f"{A}{name}/{pk}/change/" for name, pk in zip(PAGES, rows, strict=True)]
    assert [street.get(page).status_code for page in each] == [200] * len(each)
    lead = make_user(Role.TOTAL_LEAD)
    give(lead, PostKind.ROOT_GRID_LEAD, make_street("990101008").totals[0])
    assert [desk(lead).get(page).status_code for page in each] == [302] * len(each)
    for user in (cast.worker, cast.unit_staff, somebody.user):
        assert {desk(user).get(f"{A}{name}/").status_code for name in PAGES} <= {302, 403}

    def counts() -> list[int]:
        found = []
        for name in PAGES:
            with CaptureQueriesContext(connection) as asked:
                assert street.get(f"{A}{name}/").status_code == 200
            found.append(len(asked))
        return found

    street.get(A)
    once = counts()
    fill(cast, make_volunteer(cast.place.micros[0]))
    fill(cast, make_volunteer(cast.place.micros[0]))
    assert counts() == once
    assert street.get(f"{A}hoursentry/?look=1&kind=²&at=x").status_code == 200


def test_hours_are_looked_over_corrected_and_appeals_answered(cast: Cast, somebody: Volunteer) -> None:
    fill(cast, somebody)
    street = desk(cast.street)
    entry, appeal = HoursEntry.objects.get(), Appeal.objects.get()
    page = f"{A}hoursentry/{entry.pk}/do/"
    assert street.post(f"{page}correct/", {"minutes": "540", "reason": ""}).status_code == 400
    assert street.post(f"{page}correct/", {"minutes": "9999", "reason": "有误"}).status_code == 400
    assert Balance.objects.get().minutes == DAY_FLAG
    assert street.post(f"{page}correct/", {"minutes": "540", "reason": "有误"}).status_code == 302
    assert street.post(f"{page}correct/", {"minutes": "60", "reason": "有误"}).status_code == 409
    flagged = HoursEntry.objects.to_look_at().get()
    assert "待核对" in street.get(f"{A}hoursentry/?look=1").content.decode()
    street.post(f"{A}hoursentry/{flagged.pk}/do/right/", {"reason": "防汛值守"})
    assert not HoursEntry.objects.to_look_at().exists()
    street.post(f"{A}appeal/{appeal.pk}/do/uphold/", {"minutes": "500", "answer": "属实"})
    assert (Balance.objects.get().minutes, Appeal.objects.get().state) == (500, "upheld")
    assert street.post(f"{A}appeal/{appeal.pk}/do/refuse/", {"answer": "不"}).status_code == 409


def test_stations_goods_rules_and_points_are_kept_from_their_pages(cast: Cast, somebody: Volunteer) -> None:
    street = desk(cast.street)
    given = {"grid": cast.place.totals[0].pk, "name": "向阳爱心超市", "place": "一楼", "hours": "", "keeper": ""}
    assert "没有使用该用户名" in street.post(f"{A}station/add/", {**given, "keeper": "nobody"}).content.decode()
    assert street.post(f"{A}station/add/", given).status_code == 302
    station = Station.objects.get()
    page = f"{A}station/{station.pk}/do/"
    street.post(f"{page}good/", {"name": "牛奶", "points": "5", "stock": "2"})
    good = Good.objects.get()
    street.post(f"{A}good/{good.pk}/do/restock/", {"count": "-1", "reason": "破损"})
    street.post(f"{A}good/{good.pk}/do/change/", {"name": "纯牛奶", "points": "4", "is_open": "on"})
    street.post(f"{page}change/", {**given, "keeper": somebody.user.username, "is_open": "on"})  # type: ignore[union-attr]
    good.refresh_from_db()
    station.refresh_from_db()
    assert (good.name, good.points, good.stock, station.keeper) == ("纯牛奶", 4, 1, somebody.user)
    entry = earn(somebody, 9, cast.street)
    row = exchange_points(good=good, by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
    shown = street.get(f"{A}redemption/{row.pk}/change/").content.decode()
    assert "纯牛奶" in shown and row.code not in shown
    assert street.post(f"{A}redemption/{row.pk}/do/hand-over/", {"code": "ZZZZZZ"}).status_code == 400
    street.post(f"{A}redemption/{row.pk}/do/cancel/", {"reason": "临期"})
    street.post(f"{A}pointsentry/{entry.pk}/do/take-back/", {"reason": "重复"})
    assert Balance.objects.get().points == 0
    today = timezone.localdate().isoformat()
    rule = {"street": cast.place.street.pk, "what": "post_kept", "kind": "", "points": "12", "effective_from": today}
    assert street.post(f"{A}pointsrule/add/", {**rule, "day_most": "3"}).status_code == 200
    assert street.post(f"{A}pointsrule/add/", rule).status_code == 302
    made = PointsRule.objects.get(street__isnull=False)
    assert street.post(f"{A}pointsrule/{made.pk}/do/drop/").status_code == 409
    assert PointsRule.objects.filter(pk=made.pk).exists()
    assert desk(cast.lead).get(f"{A}pointsrule/add/").status_code == 403
