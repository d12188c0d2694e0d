"""The dashboard: its numbers, each with its list; the period before; what it costs; who may not see it."""

import datetime as dt
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.actions.folding import fold
from cases.forms import behind_of
from cases.models import Case, Deadline, Order
from cases.reports import Asked, cases_behind, dashboard
from tests.cases.counting import FIRST, LAST, NOW, put
from tests.cases.desk import desk
from tests.cases.test_figures import september
from tests.factories import Cast, at, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/cases/frozenfigures/dashboard/"
TODAY = dt.date(2026, 9, 16)
LINK = re.compile(r'<a (?:class="gg-link" )?href="([^"]*behind=[^"]*)"( title="[^"]*")?>([^<]*)</a>')


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    september(cast)
    whistle(cast)
    return cast


def whistle(cast: Cast) -> None:
    """A unit is called at 9:00 and reports in at 9:45, in time."""
    case = put(cast, unit=cast.unit, accepted_at="09-02 08:00", due_at="09-05 08:00")
    order = Order.objects.create(case=case, unit=make_unit("燃气公司"), sent_by=cast.street, sent_at=at("2026-09-02 09:00"),
                                 part="assist", state="signed")  # fmt: skip
    due = at("2026-09-02 10:00")
    Deadline.objects.create(
        case=case, order=order, clock="report_in", value=1, unit="natural_hour", started_at=at("2026-09-02 09:00"),
        original_due_at=due, due_at=due, met_at=at("2026-09-02 09:45"),
    )  # fmt: skip


def links(page: str) -> list[tuple[str, str, bool]]:
    """(address of the list, what the link says, whether a case may stand for several)."""
    return [(unescape(url), text, bool(loose)) for url, loose, text in LINK.findall(page)]


def listed(user: User, url: str) -> int:
    number = behind_of(parse_qs(urlsplit(url).query)["behind"][0], timezone.localdate())
    assert number is not None, url
    return cases_behind(Case.objects.visible_to(user), number, by=user, at=timezone.now()).count()


def read(user: User, **asked: str) -> str:
    answer = desk(user).get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["street", "total_lead", "lead", "unit_staff"])
def test_each_number_on_the_page_opens_as_many_cases(cast: Cast, name: str) -> None:
    user = getattr(cast, name)
    found = links(read(user, month="2026-09"))
    wrong = []
    for url, text, loose in found:
        count = re.match(r"\d+", text)
        if count and not loose and listed(user, url) != int(count[0]):
            wrong.append((url, text, listed(user, url)))
    assert wrong == []
    assert len(found) > 80
    assert "燃气公司" in read(cast.street, month="2026-09")


def test_the_list_itself_shows_them(cast: Cast) -> None:
    """Not only the report: the admin's list, opened by the link of the page."""
    page = read(cast.street, month="2026-09")
    url, text = next((url, text) for url, text, _loose in links(page) if "behind=due_late." in url and text.isdecimal())
    rows = desk(cast.street).get(url).content.decode()
    assert rows.count('class="gg-headline"') == int(text) > 0


def test_the_whole_is_what_the_other_page_says(cast: Cast) -> None:
    found = dashboard(asked=Asked(FIRST, LAST), by=cast.street, at=NOW, today=TODAY, grain="day")
    assert found is not None
    by_name = {figure.name: (figure.numerator, figure.denominator) for figure in found.figures}
    assert (by_name["close_rate"], by_name["on_time_rate"]) == ((5, 9), (4, 9))
    # The parts of each breakdown, the trend and the heat add up to the whole.
    for lines in found.parts.values():
        assert sum(line.sums["reported"] for line in lines) == found.sums["reported"]
    assert sum(point.sums.get("reported", 0) for point in found.trend) == found.sums["reported"]
    assert sum(map(sum, found.heat)) == found.sums["reported"]
    # Half of a month is compared with as much of the month before.
    assert (found.span, found.earlier) == ((FIRST, TODAY), (dt.date(2026, 8, 1), dt.date(2026, 8, 16)))
    for grain, pieces in (("day", 16), ("week", 3), ("month", 1)):
        again = dashboard(asked=Asked(FIRST, LAST), by=cast.street, at=NOW, today=TODAY, grain=grain)
        assert again is not None
        assert (len(again.trend), dict(again.sums)) == (pieces, dict(found.sums))


def test_the_heat_is_by_the_clock_in_china(cast: Cast) -> None:
    """Half past midnight on a Monday in China is Sunday in UTC."""
    put(cast, tier="C", channel="wechat", accepted_at="09-07 00:30", reported_at="09-07 00:30")
    asked = Asked(FIRST, LAST, channel="wechat", tier="C")
    found = dashboard(asked=asked, by=cast.street, at=NOW, today=TODAY, grain="day")
    assert found is not None
    assert (found.heat[0][0], sum(map(sum, found.heat))) == (1, 1)


@pytest.mark.parametrize("asked", [{}, {"period": "last_quarter"}, {"period": "this_year", "grain": "week"},
                                   {"from": "2026-09-01", "to": "2026-09-09", "tier": "B"}])  # fmt: skip
def test_every_period_has_its_page(cast: Cast, asked: dict[str, str]) -> None:
    assert "data-chart" in read(cast.street, **asked)


@pytest.mark.parametrize(
    "wrong",
    [{"period": "ever"}, {"period": "this_week", "month": "2026-09"}, {"grain": "hour"}, {"month": "2026-13"},
     {"unit": "²"}, {"grid": "\0"}, {"unit": "9" * 30}, {"from": "2026-09-02", "to": "2026-09-01"}],
)  # fmt: skip
def test_what_can_not_be_asked(cast: Cast, wrong: dict[str, str]) -> None:
    assert desk(cast.street).get(PAGE, wrong).status_code == 400


def test_who_sees_it(cast: Cast) -> None:
    assert desk(cast.worker).get(PAGE).status_code == 403
    assert desk(make_user(Role.AUDITOR)).get(PAGE).status_code == 403
    without = desk(make_user(Role.STREET)).get(PAGE)
    assert (without.status_code, "data-chart" in without.content.decode()) == (200, False)
    assert desk(cast.lead).get(PAGE, {"grid": cast.place.street.code}).status_code == 404
    assert desk(cast.unit_staff).get(PAGE, {"unit": make_unit().pk}).status_code == 404
    assert links(read(cast.outsider, month="2026-09")) == []


def test_units_of_other_towns_are_not_offered(cast: Cast) -> None:
    street = cast.place.street.code
    near = [make_unit(area_prefix=prefix).name for prefix in ("", street[:6], street, f"{street}001")]
    far = make_unit(area_prefix=f"{int(street[:6]) + 1}").name
    page = desk(cast.street).get(PAGE).content.decode()
    assert [name for name in [*near, far] if f">{name}</option>" in page] == near


def cost(client: Client, **asked: Any) -> int:
    """Queries without the savepoints of the test's own transaction."""
    with CaptureQueriesContext(connection) as caught:
        client.get(PAGE, asked)
    return sum("SAVEPOINT" not in query["sql"] for query in caught)


def test_it_costs_the_same_however_much_there_is(cast: Cast) -> None:
    client, counts = desk(cast.street), []
    for _ in range(2):
        counts.append(cost(client, month="2026-09"))
        for _n in range(3):
            put(cast, unit=make_unit(), accepted_at="09-01 09:00", due_at="09-04 09:00")
        fold()
    assert counts[0] == counts[1] <= 15
