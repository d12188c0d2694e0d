"""The phone's pages of hours and points: the own ones, an appeal, goods for points, and who hands them over."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import Cast, make_user
from tests.volunteers.people import earn, make_good, make_sign_up, make_volunteer
from volunteers.actions import appeal_hours, book_hours, exchange_points
from volunteers.models import Appeal, Balance, Redemption, SignUp, Volunteer
from volunteers.reports.purse import RunsOut, purse_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
M = "/m/volunteer/"


@pytest.fixture
def phone(somebody: Volunteer) -> Client:
    return signed_in(somebody.user)


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user)
    return client


def words(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer
    return str(answer.content.decode())


def served(cast: Cast, somebody: Volunteer) -> SignUp:
    row = make_sign_up(somebody, cast.street, timezone.now() - 2 * DAY)
    book_hours(sign_up=row, minutes=150, by=cast.street, at=timezone.now())
    return row


def test_hours_are_read_and_appealed(cast: Cast, somebody: Volunteer, phone: Client) -> None:
    row = served(cast, somebody)
    assert "2.5" in words(phone.get(f"{M}hours/"))
    page = f"{M}hours/{row.pk}/"
    assert "申诉" in words(phone.get(page))
    assert 'class="fault"' in words(phone.post(page, {"words": ""}), 400)
    assert not Appeal.objects.exists()
    answer = phone.post(page, {"words": "应为三小时", "idempotency_key": "appeal-0000-0001"})
    assert answer.status_code == 302
    again = phone.post(page, {"words": "应为三小时", "idempotency_key": "appeal-0000-0001"})
    assert again.status_code == 302 and Appeal.objects.count() == 1
    assert "待答复" in words(phone.get(f"{page}?said"))
    assert "等待答复" in words(phone.post(page, {"words": "再说"}), 409)
    assert Appeal.objects.count() == 1


def test_points_are_exchanged_collected_and_given_up(cast: Cast, somebody: Volunteer, phone: Client) -> None:
    good = make_good(cast.place.totals[0])
    today = timezone.localdate()
    earn(somebody, 12, cast.street, day=today, expires_on=today + 9 * DAY)
    page = f"{M}exchange/{good.pk}/"
    assert "洗衣液" in words(phone.get(f"{M}exchange/")) and "12" in words(phone.get(f"{M}points/"))
    assert "需要15分，您有12分" in words(phone.post(page, {"count": 3}), 409)
    for count in ("0", "²", "99999999999999999999", ""):
        assert 'class="fault"' in words(phone.post(page, {"count": count}), 400)
    assert not Redemption.objects.exists()
    for _ in range(2):
        phone.post(page, {"count": 1, "idempotency_key": "exchange-0000-01"})
    row = Redemption.objects.get()
    assert row.code in words(phone.get(f"{M}exchanged/{row.pk}/"))
    assert row.code in words(phone.get(f"{M}points/"))
    assert purse_of(somebody, today).next_out == RunsOut(7, today + 9 * DAY)
    desk = signed_in(cast.street)
    assert "洗衣液" in words(desk.get("/m/station/"))
    assert 'class="fault"' in words(desk.post("/m/station/", {"code": "ZZZZZZ"}), 400)
    done = desk.post("/m/station/", {"code": row.code.lower()})
    assert "洗衣液" in words(desk.get(done["Location"]))
    assert desk.get("/m/station/?done=²").status_code == 200
    phone.post(f"{M}exchanged/{row.pk}/give-up/")
    assert Balance.objects.get().points == 7
    second = exchange_points(good=good, by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
    phone.post(f"{M}exchanged/{second.pk}/give-up/")
    assert Balance.objects.get().points == 7 and Redemption.objects.waiting().count() == 0


def test_what_is_another_ones_is_not_there(cast: Cast, somebody: Volunteer, phone: Client) -> None:
    row, good = served(cast, somebody), make_good(cast.place.totals[0])
    earn(somebody, 5, cast.street)
    mine = exchange_points(good=good, by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
    pages = [f"{M}hours/{row.pk}/", f"{M}exchanged/{mine.pk}/"]
    other = signed_in(make_volunteer(cast.place.micros[1]).user)
    assert [phone.get(page).status_code for page in pages] == [200, 200]
    assert [other.get(page).status_code for page in pages] == [404, 404]
    assert other.post(f"{M}exchanged/{mine.pk}/give-up/").status_code == 404
    nobody = signed_in(make_user())
    pages += [f"{M}hours/", f"{M}points/", f"{M}exchange/", f"{M}exchange/{good.pk}/", "/m/station/"]
    assert {nobody.get(page).status_code for page in pages} == {403}
    assert phone.get("/m/station/").status_code == 403
    assert phone.get(f"{M}hours/?page=²").status_code == 200
    assert Redemption.objects.get().state == "reserved"


def test_lists_are_flat(cast: Cast, somebody: Volunteer, phone: Client) -> None:
    good = make_good(cast.place.totals[0])

    def more() -> None:
        row = served(cast, somebody)
        earn(somebody, 5, cast.street)
        appeal_hours(sign_up=row, words="应为三小时", by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
        exchange_points(good=good, by=somebody.user, at=timezone.now())  # type: ignore[arg-type]
        make_good(cast.place.totals[0])

    def counts() -> list[int]:
        found = []
        for name in ("hours", "points", "exchange"):
            with CaptureQueriesContext(connection) as asked:
                words(phone.get(f"{M}{name}/"))
            found.append(len(asked))
        return found

    more()
    once = counts()
    more()
    more()
    assert counts() == once
