"""The calendar's pages: the year at a glance, one day, the import with a look first, the export."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import DESK_ROLES, Role
from accounts.models import User
from gridgov.core.actions import change_day, load_official_year
from gridgov.core.admin.day_forms import Checked
from gridgov.core.days_sheet import read_days
from gridgov.core.models import CalendarDay, Record
from tests.cases.desk import desk
from tests.factories import MONDAY, Cast, make_cast, make_street, make_user

pytestmark = pytest.mark.django_db
DAYS = "/admin/core/calendarday/"
YEAR, DAY, IMPORT, EXPORT = f"{DAYS}year/", f"{DAYS}day/", f"{DAYS}import/", f"{DAYS}export/"
HEAD = "日期,性质,名称,工作时间,适用范围\n"
STREET, NEXT = "990101001", "990101002"
FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def admin(cast: Cast) -> User:
    return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def year_2026(db: None) -> None:
    load_official_year(year=2026, by=User.objects.system(), at=MONDAY)


def cells(client: Client, query: str) -> dict[str, Any]:
    months = client.get(YEAR + query).context["months"]
    found = [cell for month in months for week in month.weeks for cell in week if cell]
    return {cell.day.date.isoformat(): cell for cell in found}


def upload(client: Client, text: str, name: str = "days.csv") -> Any:
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, text.encode())})


# --- the year --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("year_2026")
def test_each_day_says_what_it_counts_as(cast: Cast) -> None:
    local = {"scope": STREET, "by": cast.street, "at": MONDAY}
    change_day(date=dt.date(2026, 9, 8), kind="rest", name="停电", **local)
    change_day(date=dt.date(2026, 9, 9), kind="work", windows=[["08:00", "12:00"], ["13:30", "17:00"]], **local)
    client = desk(cast.street)
    answer = client.get(f"{YEAR}?year=2026&scope={STREET}")
    found = cells(client, f"?year=2026&scope={STREET}")
    assert len(found) == 365
    looks = {
        date: (cell.looks, bool(cell.mark), cell.line)
        for date, cell in found.items()
        if date in {"2026-02-14", "2026-10-01", "2026-10-03", "2026-10-12", "2026-10-18", "2026-09-08", "2026-09-09"}
    }
    assert looks == {
        "2026-02-14": ("makeup", True, "春节"),
        "2026-09-08": ("holiday gg-day-local", True, "停电"),
        "2026-09-09": ("work gg-day-local", False, "8-12,13:30-17"),
        "2026-10-01": ("holiday", True, "国庆节"),
        "2026-10-03": ("holiday", False, "国庆节"),
        "2026-10-12": ("work", False, ""),
        "2026-10-18": ("rest", False, ""),
    }
    assert [month.working for month in answer.context["months"]] == [21, 16, 22, 21, 19, 21, 23, 21, 21, 18, 21, 23]
    assert answer.context["year"].working == 247
    assert "2026-09-08" in found["2026-09-08"].words and "停电" in found["2026-09-08"].words
    # In the nation's view, and in another street's, nothing of it is seen.
    assert cells(client, "?year=2026")["2026-09-08"].looks == "work"
    assert cells(desk(cast.outsider), f"?year=2026&scope={NEXT}")["2026-09-08"].looks == "work"


def test_an_empty_year_says_what_follows_and_offers_both_ways(cast: Cast, admin: User) -> None:
    answer = desk(admin).get(f"{YEAR}?year=2031")
    page = answer.content.decode()
    assert answer.context["year"].is_empty and answer.context["year"].unknown == 365
    assert {cell.looks for cell in cells(desk(admin), "?year=2031").values()} == {
        "work gg-day-unknown", "rest gg-day-unknown",
    }  # fmt: skip
    assert f"{DAYS}load-year/?year=2031" in page and IMPORT in page and f"{EXPORT}?year=2031&amp;draft=1" in page
    page = desk(cast.street).get(f"{YEAR}?year=2031").content.decode()
    assert f"{DAYS}load-year/" not in page and IMPORT in page


def test_today_is_marked_and_the_years_lead_on(cast: Cast) -> None:
    client, today = desk(cast.street), timezone.localdate()
    found = cells(client, "")
    assert [date for date, cell in found.items() if cell.today] == [today.isoformat()]
    context = client.get(f"{YEAR}?year=2000").context
    assert (context["before"], context["after"]) == ("", f"{YEAR}?year=2001&scope=nation")
    assert client.get(f"{YEAR}?year=2100&scope={STREET}").context["before"] == f"{YEAR}?year=2099&scope={STREET}"
    assert cells(client, f"?day={today}")[today.isoformat()].chosen


@pytest.mark.parametrize("query", ["?year=1999", "?year=x", "?year=²", f"?scope={NEXT}", "?scope=12", "?scope=990102"])
def test_years_and_places_that_are_not_there(cast: Cast, query: str) -> None:
    assert desk(cast.street).get(YEAR + query).status_code == 404


def test_the_places_are_the_own_ones(cast: Cast, admin: User) -> None:
    def offered(user: User) -> list[str]:
        return [choice.url.rpartition("=")[2] for choice in desk(user).get(YEAR).context["places"]]

    assert offered(cast.street) == ["nation", "990101", STREET]
    assert offered(admin) == ["nation", "990101", STREET, NEXT]
    assert offered(make_user(Role.STREET)) == ["nation"]


@pytest.mark.parametrize("role", sorted(DESK_ROLES - {Role.STREET, Role.SYSTEM_ADMIN}))
def test_others_have_none_of_these_pages(cast: Cast, role: str) -> None:
    client = desk(make_user(role))
    for url in (YEAR, f"{DAY}?date=2026-09-08&scope=nation", IMPORT, EXPORT, f"{DAYS}load-year/"):
        assert (client.get(url).status_code, client.post(url).status_code) == (403, 403), url


@pytest.mark.parametrize("url", [f"{YEAR}?year=2026&scope={STREET}", f"{DAY}?date=2026-09-08&scope={STREET}", DAYS])
def test_pages_are_flat(cast: Cast, admin: User, url: str) -> None:
    """However many days are loaded, and for the system hand however many streets there are."""
    people = (cast.street, admin)

    def queries() -> list[int]:
        counts = []
        for user in people:
            client = desk(user)
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            counts.append(len(caught))
        return counts

    few = queries()
    load_official_year(year=2026, by=User.objects.system(), at=MONDAY)
    for number in range(1, 20):
        change_day(date=dt.date(2026, 9, number), kind="rest", scope=STREET, by=cast.street, at=MONDAY)
    make_street("990101003")
    make_street("990102001")
    assert queries() == few
    assert max(few) <= 12


def test_the_sidebar_opens_the_year(cast: Cast) -> None:
    client = desk(cast.street)
    for url in (YEAR, DAYS, IMPORT):
        entries = [item for group in client.get(url).context["sidebar_navigation"] for item in group["items"]]
        assert [str(item["link"]) for item in entries if item["active"]] == [YEAR], url


# --- one day ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("year_2026")
def test_a_day_is_changed_where_one_looks(cast: Cast) -> None:
    client, url = desk(cast.street), f"{DAY}?date=2026-09-08&scope={STREET}"
    shown = client.get(url, headers=FRAGMENT)
    assert shown["X-Fragment"] == "form"
    assert shown.context["form"].initial == {"kind": "work", "name": "", "windows": []}
    given = {"kind": "work", "name": "错峰", "windows": "8:00-11:00，13:00-15:00、16:00-18:00"}
    answer = client.post(url, given, headers=FRAGMENT)
    assert (answer.status_code, answer["X-Go"]) == (204, f"{YEAR}?year=2026&scope={STREET}&day=2026-09-08")
    row = CalendarDay.objects.get(scope=STREET)
    assert (row.date, row.kind, row.name) == (dt.date(2026, 9, 8), "work", "错峰")
    assert row.windows == [["08:00", "11:00"], ["13:00", "15:00"], ["16:00", "18:00"]]
    record = Record.objects.get(verb="calendar.loaded", scope=STREET)
    assert (record.actor_id, record.data["before"]) == (cast.street.pk, {})
    page = client.get(url)
    assert page.status_code == 200 and f"{DAYS}{row.pk}/do/drop/" in page.content.decode()
    assert [line[0].scope for line in page.context["chain"]] == [STREET, ""]
    assert client.post(url, given)["Location"] == f"{YEAR}?year=2026&scope={STREET}&day=2026-09-08"


@pytest.mark.usefixtures("year_2026")
def test_a_wrong_day_comes_back_with_what_was_typed(cast: Cast) -> None:
    url = f"{DAY}?date=2026-09-08&scope={STREET}"
    for wrong, field in (({"windows": "12-8"}, "windows"), ({"kind": "x"}, "kind"), ({"name": "长" * 33}, "name")):
        answer = desk(cast.street).post(url, {"kind": "work", "name": "", "windows": "", **wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert not CalendarDay.objects.exclude(scope="").exists()
    assert Record.objects.filter(verb="calendar.loaded").count() == 1


@pytest.mark.usefixtures("year_2026")
def test_who_does_not_keep_a_place_reads_its_days_and_changes_none(cast: Cast) -> None:
    given = {"kind": "rest", "name": "x", "windows": ""}
    for scope in ("nation", "990101"):
        url = f"{DAY}?date=2026-10-01&scope={scope}"
        shown = desk(cast.street).get(url)
        assert (shown.status_code, shown.context["form"]) == (200, None)
        assert desk(cast.street).post(url, given).status_code == 403
    for url in (f"{DAY}?date=2026-10-01&scope={NEXT}", f"{DAY}?date=2026-02-30&scope={STREET}", DAY):
        assert desk(cast.street).get(url).status_code == 404
        assert desk(cast.street).post(url, given).status_code == 404
    assert not CalendarDay.objects.exclude(scope="").exists()
    assert CalendarDay.objects.get(date="2026-10-01").name == "国庆节"


@pytest.mark.usefixtures("year_2026")
def test_an_outsider_finds_no_day_of_another_street(cast: Cast) -> None:
    own = change_day(date=dt.date(2026, 9, 8), kind="rest", scope=STREET, by=cast.street, at=MONDAY)
    before, client = Record.objects.count(), desk(cast.outsider)
    assert client.get(f"{DAYS}{own.pk}/do/drop/").status_code == 404
    assert client.post(f"{DAYS}{own.pk}/do/drop/").status_code == 404
    client.post(f"{DAYS}{own.pk}/change/", {"kind": "work", "name": "", "windows": ""})
    assert [row.scope for row in client.get(f"{DAYS}?place=local").context["cl"].result_list] == []
    nation = CalendarDay.objects.get(scope="", date="2026-09-08")
    assert client.post(f"{DAYS}{nation.pk}/change/", {"kind": "rest", "name": "", "windows": ""}).status_code == 403
    answer = client.post(
        f"{DAYS}add/", {"date": "2026-09-09", "scope": STREET, "kind": "rest", "name": "", "windows": ""}
    )
    assert answer.status_code == 200 and answer.context["adminform"].form.non_field_errors()
    assert list(CalendarDay.objects.exclude(scope="").values_list("scope", "kind")) == [(STREET, "rest")]
    assert Record.objects.filter(verb__startswith="calendar.").count() == 2
    assert Record.objects.exclude(verb="accounts.signed_in").count() == before


@pytest.mark.usefixtures("year_2026")
def test_a_local_day_is_taken_back_from_its_page(cast: Cast) -> None:
    own = change_day(date=dt.date(2026, 9, 8), kind="rest", scope=STREET, by=cast.street, at=MONDAY)
    nation = CalendarDay.objects.get(scope="", date="2026-09-08")
    client = desk(cast.street)
    assert f"{DAYS}{own.pk}/do/drop/" in client.get(f"{DAYS}{own.pk}/change/").content.decode()
    assert f"{DAYS}{nation.pk}/do/drop/" not in client.get(f"{DAYS}{nation.pk}/change/").content.decode()
    assert client.post(f"{DAYS}{nation.pk}/do/drop/").status_code == 400
    answer = client.post(f"{DAYS}{own.pk}/do/drop/", headers=FRAGMENT)
    assert (answer.status_code, answer["X-Go"]) == (204, f"{YEAR}?year=2026&scope={STREET}&day=2026-09-08")
    assert CalendarDay.objects.exclude(scope="").count() == 0
    assert Record.objects.get(verb="calendar.dropped").actor_id == cast.street.pk


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_is_looked_at_and_then_taken_in(cast: Cast, admin: User) -> None:
    client = desk(admin)
    assert client.get(IMPORT).status_code == 200
    look = upload(client, HEAD + f"2027-01-01,休息日,元旦,,\n2027-01-04,休息日,停电,,{STREET}\n", "计划.csv")
    assert (look.status_code, look.context["deadlines"]) == (200, 0)
    assert [(line.date.isoformat(), line.before) for line in look.context["lines"]] == [
        ("2027-01-01", ""), ("2027-01-04", ""),
    ]  # fmt: skip
    assert not CalendarDay.objects.exists() and not Record.objects.filter(verb="calendar.loaded").exists()
    answer = client.post(IMPORT, {"token": look.context["token"]})
    assert answer["Location"] == f"{YEAR}?year=2027&scope=nation"
    assert list(CalendarDay.objects.order_by("date").values_list("scope", "source")) == [
        ("", "计划.csv"),
        (STREET, "计划.csv"),
    ]
    assert Record.objects.filter(verb="calendar.loaded").count() == 2
    # The same again: by now it changes nothing, and that is not what was shown.
    assert client.post(IMPORT, {"token": look.context["token"]}).status_code == 409
    assert Record.objects.filter(verb="calendar.loaded").count() == 2


def test_a_calendar_that_moved_on_is_shown_again(cast: Cast, admin: User) -> None:
    client = desk(admin)
    look = upload(client, HEAD + "2027-01-01,休息日,元旦,,\n")
    change_day(date=dt.date(2027, 1, 1), kind="work", name="照常", by=admin, at=MONDAY)
    answer = client.post(IMPORT, {"token": look.context["token"]})
    assert answer.status_code == 409 and answer.context["refusal"]
    assert "照常" in answer.context["lines"][0].before
    assert CalendarDay.objects.get().kind == "work"
    assert client.post(IMPORT, {"token": answer.context["token"]}).status_code == 302
    assert CalendarDay.objects.get().kind == "rest"


def test_what_was_not_shown_to_this_person_is_not_taken_in(cast: Cast, admin: User) -> None:
    look = upload(desk(admin), HEAD + "2027-01-01,休息日,元旦,,\n")
    for user, token in ((admin, "x"), (admin, look.context["token"][:-1]), (cast.street, look.context["token"])):
        answer = desk(user).post(IMPORT, {"token": token})
        assert answer.status_code == 400 and answer.context["refusal"]
    forged = Checked.seal({"rows": [["2027-01-01", "rest", "", [], ""]], "source": "", "print": ""}, cast.street)
    assert desk(cast.street).post(IMPORT, {"token": forged}).status_code == 400
    assert not CalendarDay.objects.exists()


def test_faults_are_listed_and_nothing_is_changed(cast: Cast) -> None:
    client = desk(cast.street)
    answer = upload(
        client, HEAD + f"2027-01-01,休息日,元旦,,\n2027-13-01,休息日,,,{STREET}\n2027-01-02,休息日,,,{STREET}\n"
    )
    assert (answer.status_code, answer.context["count"]) == (400, 2)
    assert "token" not in answer.context
    assert upload(client, "x", "days.pdf").context["form"].errors.keys() == {"file"}
    assert client.post(IMPORT, {}).status_code == 400
    assert desk(make_user(Role.STREET)).get(IMPORT).status_code == 403
    assert not CalendarDay.objects.exists()


@pytest.mark.usefixtures("year_2026")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_export_is_what_the_import_reads(cast: Cast, ending: str) -> None:
    change_day(date=dt.date(2026, 9, 8), kind="rest", name="停电", scope=STREET, by=cast.street, at=MONDAY)
    change_day(date=dt.date(2026, 9, 8), kind="rest", scope=NEXT, by=cast.outsider, at=MONDAY)
    client = desk(cast.street)

    def rows(query: str) -> int:
        answer = client.get(f"{EXPORT}?year=2026&format={ending}{query}")
        assert f"calendar-2026.{ending}" in answer["Content-Disposition"]
        return len(read_days(answer.content, f"x.{ending}").rows)

    assert (rows(""), rows("&scope=nation"), rows(f"&scope={STREET}")) == (366, 365, 1)
    assert client.get(f"{EXPORT}?scope={NEXT}").status_code == 404
    content = client.get(f"{EXPORT}?year=2026&format={ending}").content
    look = client.post(IMPORT, {"file": SimpleUploadedFile(f"2026.{ending}", content)})
    assert (look.status_code, look.context["found"].unchanged, look.context["lines"]) == (200, 366, [])
    draft = client.get(f"{EXPORT}?year=2027&draft=1&format={ending}")
    assert len(read_days(draft.content, f"x.{ending}").rows) == 365
