"""The list as a file: what is seen and no more, masked and marked, recorded, for whoever asked and for a week."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.utils import timezone

from accounts import rules
from accounts.actions import ask_download, downloads, drop_downloads, make_download
from accounts.actions.downloads import file_of
from accounts.choices import Role
from accounts.models import Download, Notice
from gridgov.core.errors import Refusal
from gridgov.core.jobs import run_due
from gridgov.core.models import Job, Record
from grids.choices import PostKind
from grids.models import Post
from tests.cases.desk import desk, report, walk
from tests.factories import Cast, give, make_cast, make_user

pytestmark = pytest.mark.django_db
EXPORT = "/admin/cases/case/export/"
LIST = "/admin/accounts/download/"
Committed = Callable[..., Any]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Committed) -> Committed:
    """What waits for the commit happens at the end of the block: the test itself never commits."""
    return django_capture_on_commit_callbacks


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PART", 2)


def exported(user: Any, query: str = "", ending: str = "csv") -> bytes:
    answer = desk(user).post(f"{EXPORT}{query}", {"format": ending}, follow=True)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def numbers(content: bytes) -> list[str]:
    return [line[0] for line in lines(content)[2:]]


def test_the_rows_of_the_list_under_its_filters_and_scope(cast: Cast) -> None:
    one, two = report(cast, text="纸箱"), walk(cast, "handling", text="路灯")
    far = report(cast, grid=cast.place.micros[1].code)
    assert numbers(exported(cast.street)) == [far.no, two.no, one.no]
    assert numbers(exported(cast.worker)) == [two.no, one.no]
    assert numbers(exported(cast.street, "?state=handling")) == [two.no]
    assert numbers(exported(cast.street, "?q=纸箱")) == [far.no, one.no]
    assert numbers(exported(cast.outsider)) == []


def test_it_says_for_whom_it_was_made_and_names_nobody_else(cast: Cast) -> None:
    report(cast, text="纸箱", reporter_name="王小明", reporter_phone="13987654321", place="请回电13912345678")
    report(cast, text="纸箱", place="=1+1")
    content = exported(cast.street)
    first, *rest = lines(content)
    assert cast.street.full_name in first[0] and "street" in first[0]
    assert rest[0][:3] == ["编号", "标题", "状态"]
    assert rest[1][11] == "'=1+1"
    text = content.decode()
    assert "13912345678" not in text and "139****5678" in text
    assert "王小明" not in text and "13987654321" not in text
    book = openpyxl.load_workbook(io.BytesIO(exported(cast.street, ending="xlsx")))
    sheet = book.active
    assert cast.street.full_name in sheet["A1"].value
    assert cast.street.full_name in sheet.oddHeader.center.text and cast.street.full_name in sheet.oddFooter.center.text
    assert (sheet["L3"].value, sheet["L3"].data_type) == ("'=1+1", "s")


def test_asking_making_and_taking_are_recorded(cast: Cast) -> None:
    report(cast)
    exported(cast.street, "?state=open")
    row = Download.objects.get()
    found = Record.objects.filter(subject_type="accounts.download", subject_id=row.pk).order_by("seq")
    assert [record.verb.removeprefix("accounts.download_") for record in found] == ["asked", "made", "taken"]
    assert [record.actor for record in found] == [cast.street] * 3
    assert found[0].data == {
        "kind": "cases.list", "ending": "csv", "rows": 1, "asked": {"query": "state=open", "language": "zh-hans"},
    }  # fmt: skip
    assert not Notice.objects.filter(subject_type="accounts.download").exists()


@pytest.mark.usefixtures("parts_of_two")
def test_a_large_one_is_written_in_parts_by_a_job_and_told(cast: Cast, committed: Committed) -> None:
    cases = [report(cast) for _n in range(5)][::-1]
    answer = desk(cast.street).post(EXPORT, {"format": "csv"})
    row = Download.objects.get()
    assert (answer["Location"], row.expected, row.finished_at) == (LIST, 5, None)
    client = desk(cast.street)
    assert client.get(f"{LIST}{row.pk}/file/").status_code == 409
    for written in (2, 4):
        Job.objects.exclude(kind="accounts.download").delete()
        run_due(at=timezone.now())
        assert client.get(f"{LIST}progress/").json() == {str(row.pk): [written, 5, False]}
        assert f'data-download="{row.pk}" max="5" value="{written}"' in client.get(LIST).content.decode()
    with committed(execute=True):
        run_due(at=timezone.now())
    row.refresh_from_db()
    assert (row.rows, row.finished_at is not None) == (5, True)
    assert numbers(file_of(row).read_bytes()) == [case.no for case in cases]
    assert list(file_of(row).parent.iterdir()) == [file_of(row)]
    notice = Notice.objects.get(subject_type="accounts.download")
    assert (notice.user, notice.params["rows"], notice.held_until) == (cast.street, 5, None)


@pytest.mark.usefixtures("parts_of_two")
def test_what_a_broken_attempt_had_written_is_cut_off(cast: Cast) -> None:
    for _n in range(5):
        report(cast)
    at = timezone.now()
    row = ask_download(kind="cases.list", ending="csv", asked={"query": "", "language": "en"}, by=cast.street, at=at)
    make_download(download=row.pk, by=cast.street, at=at)
    with file_of(row).with_suffix(".lines").open("ab") as file:
        file.write(b'["half a li')
    while not make_download(download=row.pk, by=cast.street, at=at):
        pass
    assert len(set(numbers(file_of(row).read_bytes()))) == 5
    assert make_download(download=row.pk, by=cast.street, at=at) is True


def test_nobody_else_takes_it(cast: Cast) -> None:
    report(cast)
    exported(cast.street)
    row = Download.objects.get()
    for user in (cast.outsider, cast.lead, make_user(Role.AUDITOR)):
        assert desk(user).get(f"{LIST}{row.pk}/file/").status_code == 404
        assert desk(user).get(f"{LIST}progress/").json() == {}
    file_of(row).unlink()
    lost = desk(cast.street).get(f"{LIST}{row.pk}/file/")
    assert lost.status_code == 410 and "重新导出" in lost.content.decode()
    assert Record.objects.filter(verb="accounts.download_taken").count() == 1


def test_with_another_scope_one_asks_again(cast: Cast) -> None:
    report(cast)
    exported(cast.lead)
    row = Download.objects.get()
    Post.objects.filter(user=cast.lead).update(valid_to=timezone.localdate() - dt.timedelta(days=1))
    assert desk(cast.lead).get(f"{LIST}{row.pk}/file/").status_code == 403
    give(cast.lead, PostKind.GRID_LEAD, cast.place.comprehensives[0])
    again: Any = desk(cast.lead).get(f"{LIST}{row.pk}/file/")
    assert again.status_code == 200
    assert len(b"".join(again.streaming_content)) == row.bytes


@pytest.mark.usefixtures("parts_of_two")
def test_a_last_part_that_comes_to_nothing_is_made_again(cast: Cast) -> None:
    cases = [report(cast) for _n in range(3)][::-1]
    at = timezone.now()
    row = ask_download(kind="cases.list", ending="csv", asked={"query": "", "language": "en"}, by=cast.street, at=at)
    assert make_download(download=row.pk, by=cast.street, at=at) is False
    with transaction.atomic():
        assert make_download(download=row.pk, by=cast.street, at=at) is True
        transaction.set_rollback(True)
    assert make_download(download=row.pk, by=cast.street, at=at) is True
    assert numbers(file_of(row).read_bytes()) == [case.no for case in cases]


def test_after_a_week_it_is_gone(cast: Cast, committed: Committed) -> None:
    report(cast)
    exported(cast.street)
    row = Download.objects.get()
    assert drop_downloads(by=cast.street, at=row.expires_at - dt.timedelta(seconds=1)) == 0
    assert not rules.can_take_download(cast.street, row, row.standing, row.expires_at)
    assert file_of(row).exists()
    with committed(execute=True):
        assert drop_downloads(by=cast.street, at=row.expires_at) == 1
    assert (file_of(row).exists(), Download.objects.count()) == (False, 0)
    assert desk(cast.street).get(f"{LIST}{row.pk}/file/").status_code == 404


def test_too_many_rows_and_too_many_at_once_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_DOWNLOADED", 2)
    for _n in range(3):
        report(cast)
    answer = desk(cast.street).post(EXPORT, {"format": "csv"})
    assert (answer["Location"], Download.objects.count()) == ("/admin/cases/case/?", 0)
    assert not rules.can_download(1, 3)
    with pytest.raises(Refusal):
        ask_download(
            kind="cases.list",
            ending="csv",
            asked={"query": "no_such=1", "language": "en"},
            by=cast.street,
            at=timezone.now(),
        )


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_who_sees_no_case_exports_none(cast: Cast, role: str) -> None:
    assert desk(make_user(role)).post(EXPORT).status_code == 403
    assert Download.objects.count() == 0


def test_addresses_that_nobody_clicks(cast: Cast) -> None:
    client = desk(cast.street)
    assert client.get(EXPORT).status_code == 405
    assert client.post(f"{EXPORT}?no_such=1").status_code == 302
    assert client.post(f"{EXPORT}?after=x&format=²", {"format": "²"}).status_code == 302
    assert client.get(f"{LIST}{10**30}/file/").status_code == 404
    assert client.get(f"{LIST}1/change/").status_code == 302
    assert client.get(f"{LIST}?after=x").status_code == 200
