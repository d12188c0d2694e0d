"""A file with all that a volume may hold, and readers of what was printed."""

import datetime as dt
import io
from typing import Any

import docx
from django.utils.timezone import localtime
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from grids.models import Grid
from mediation.choices.deeds import AgreementForm, Performance, Satisfaction
from mediation.choices.files import HelperKind, SessionKind
from mediation.choices.people import Sex
from mediation.models import Agreement, Attendance, FollowUp, Helper, Mediation, Mediator, Task
from tests.factories import MONDAY
from tests.mediation.people import make_committee, make_file, make_mediator, make_session

DEADLINE = MONDAY.date() + dt.timedelta(days=60)


def make_whole(grid: Grid, **values: Any) -> tuple[Mediation, Mediator]:
    """Agreed in writing between 王春兰 and 李大勇, with a session, a hearing, a task and a follow-up; and its mediator."""
    committee = make_committee(grid, name="阳光社区人民调解委员会", short="阳光")
    mediator = make_mediator(grid, name="陈建国")
    row = make_file(committee, mediator, happened_at="阳光花园3号楼501室", **values)
    applicant, respondent = row.parties.all()
    applicant.change(
        name="王春兰",
        sex=Sex.FEMALE,
        birth_year=1968,
        address="阳光花园3号楼401室",
        agent_name="周律师",
        agent_phone="13900001111",
    )
    respondent.change(name="李大勇", address="阳光花园3号楼501室")
    expert = Helper.objects.create(
        mediation=row, kind=HelperKind.EXPERT, name="吴法官", invited_by=row.entered_by, invited_at=MONDAY
    )
    record = make_session(
        row, mediator, record="调解员：请双方说明情况。\n王春兰：天花板一直滴水。\n李大勇：愿意维修。"
    )
    hearing = make_session(
        row, mediator, kind=SessionKind.HEARING, starts_at=MONDAY + dt.timedelta(days=3), opinion="楼上应当维修并赔偿。"
    )
    for session, panel in ((record, False), (hearing, True)):
        Attendance.objects.create(session=session, party=applicant, came=True)
        Attendance.objects.create(session=session, party=respondent, came=not panel)
        Attendance.objects.create(session=session, helper=expert, came=True, on_panel=panel)
    Agreement.objects.create(
        mediation=row, form=AgreementForm.WRITTEN, facts=row.facts, points=row.points, duties="李大勇负责维修。",
        content="一、李大勇修好防水层。\n二、李大勇赔偿王春兰粉刷费用。", manner="现场施工", deadline=DEADLINE,
        digest="0" * 64, written_by=row.entered_by, written_at=MONDAY, effective_on=localtime(MONDAY).date(),
    )  # fmt: skip
    Task.objects.create(mediation=row, party=respondent, what="修好防水层", due_on=DEADLINE)
    FollowUp.objects.create(
        mediation=row, on=DEADLINE, visitor=row.entered_by, performance=Performance.DONE,
        satisfaction=Satisfaction.SATISFIED, note="天花板已干。", at=MONDAY,
    )  # fmt: skip
    return row, mediator


def picture(size: tuple[int, int] = (600, 800)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c0ffee").save(out, "PNG")
    return out.getvalue()


def blank_pdf(pages: int = 1, *, locked: bool = False, script: bool = False) -> bytes:
    """PAGES empty pages; LOCKED by a password, or with something that runs when it is opened."""
    writer, out = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject()
    if locked:
        writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def pdf_words(made: bytes) -> list[str]:
    """The words of each page, without blanks and ends of lines."""
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def docx_words(made: bytes) -> str:
    """All that is written in a DOCX, its tables included."""
    body = docx.Document(io.BytesIO(made)).element.body
    return "".join("".join(node.itertext()) for node in body).replace(" ", "")
