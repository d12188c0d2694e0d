"""The electronic archive: a PDF of everything, masked, recorded, only for those who see the case."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from reportlab.platypus import Image, Paragraph, Table

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.models import Case
from cases.reports import timeline, whole_case
from cases.reports.archiving import archive_parts
from gridgov.core.masking import mask_text
from gridgov.core.models import Record
from tests.cases.desk import desk, walk
from tests.cases.test_admin_page import picture
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def archive_of(case: Case) -> str:
    return f"/admin/cases/case/{case.pk}/archive/"


def words(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.getPlainText().replace("\n", "")
        elif isinstance(part, Table):
            yield from words(cell for row in part._cellvalues for cell in row)
        elif isinstance(part, list):
            yield from words(part)


def pictures(parts: Iterable[Any]) -> int:
    cells = [cell for part in parts if isinstance(part, Table) for row in part._cellvalues for cell in row]
    return sum(isinstance(one, Image) for cell in cells if isinstance(cell, list) for one in cell)


def parts_of(case: Case) -> list[Any]:
    return archive_parts(whole_case(case.pk, by=User.objects.system()))


def test_it_is_a_pdf_and_printing_it_is_recorded(cast: Cast) -> None:
    case = walk(cast, "closed")
    before = Case.objects.filter(pk=case.pk).values().get()
    answer = desk(cast.lead).post(archive_of(case))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.4")
    assert answer["Content-Disposition"] == f'inline; filename="{case.no}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    row = Record.objects.get(verb="cases.printed")
    assert (row.actor_id, row.subject_id, row.data) == (cast.lead.pk, case.pk, {})
    assert Case.objects.filter(pk=case.pk).values().get() == before


def test_only_whoever_sees_the_case_prints_it(cast: Cast) -> None:
    case = walk(cast, "closed")
    told = {
        person: desk(getattr(cast, person)).post(archive_of(case)).status_code
        for person in ("outsider", "other_worker")
    }
    assert told == {"outsider": 404, "other_worker": 404}
    assert desk(make_user(Role.AUDITOR)).post(archive_of(case)).status_code == 403
    assert desk(cast.lead).get(archive_of(case)).status_code == 405
    assert desk(cast.lead).post("/admin/cases/case/99999999999999999999/archive/").status_code == 404
    assert not Record.objects.filter(verb="cases.printed").exists()


def test_it_tells_everything_and_names_no_reporter(cast: Cast) -> None:
    case = walk(
        cast, "handling", text="有人占道，电话13912345678，证件51010719900307123X", reporter_name="王小明",
        reporter_phone="13912345678",
    )  # fmt: skip
    at = timezone.now()
    for kind, colour in (("before", "red"), ("after", "blue"), ("after", "green")):
        actions.add_photo(case=case.pk, kind=kind, upload=picture(colour), by=cast.unit_staff, at=at)
    actions.supervise_case(case=case.pk, text="请说明进展", by=cast.street, at=at)
    actions.ask(
        case=case.pk, kind="extension", reason="等待备件", value=1, unit="natural_day", by=cast.unit_staff, at=at
    )
    actions.complete_case(case=case.pk, result="已清理完毕", by=cast.unit_staff, at=at)
    parts = parts_of(case)
    said = "\n".join(words(parts))
    for told in (case.no, "请说明进展", "等待备件", "已清理完毕", str(cast.unit), "王**", "139****5678", "510****123X"):
        assert told in said
    for hidden in ("王小明", "13912345678", "51010719900307123X"):
        assert hidden not in said
    assert pictures(parts) == 3
    labels = [str(row.verb.label) for row in timeline(case)]
    assert len(labels) == 10
    assert [label for label in labels if label not in said] == []


def test_words_longer_than_a_page_are_broken(cast: Cast) -> None:
    case = walk(cast, "handling", text="行\n" * 990)
    for note in ("长字\n" * 600, "很长的字" * 490):
        actions.note_progress(case=case.pk, note=note[:2000], by=cast.unit_staff, at=timezone.now())
    actions.ask(
        case=case.pk, kind="parking", reason="说\n" * 240, until=timezone.now() + dt.timedelta(days=30),
        cause="weather", plan="计\n" * 990, by=cast.unit_staff, at=timezone.now(),
    )  # fmt: skip
    answer = desk(cast.street).post(archive_of(case))
    assert answer.status_code == 200
    assert answer.content.count(b"/Type /Page\n") > 8


def test_a_missing_file_is_said(cast: Cast, tmp_path: Any) -> None:
    case = walk(cast, "handling")
    photo = actions.add_photo(case=case.pk, kind="after", upload=picture(), by=cast.unit_staff, at=timezone.now())
    (tmp_path / photo.file).unlink()
    assert "这张照片的文件已不存在。" in "\n".join(words(parts_of(case)))
    assert desk(cast.street).post(archive_of(case)).status_code == 200


def test_numbers_of_people_are_masked_in_words() -> None:
    assert mask_text("打 139 1234 5678 或 02882345678") == "打 139****5678 或 02882345678"
    assert mask_text("单号20261126000001") == "单号20261126000001"


def test_the_page_offers_it(cast: Cast) -> None:
    case = walk(cast, "closed")
    assert archive_of(case) in desk(cast.lead).get(f"/admin/cases/case/{case.pk}/change/").content.decode()
