"""Scans come into a file, are struck out, are handed out with a record of the look; the volume is printed in the background."""

import datetime as dt
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image
from pypdf import PdfReader
from rest_framework.test import APIClient

from accounts.choices import Role
from accounts.models import User
from gridgov.core import errands
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import Record
from mediation.actions.papers import add_paper, drop_unnamed, keep_picture, strike_paper
from mediation.actions.volume import drop_volumes, file_of
from mediation.choices.deeds import PaperKind, SignedBy, SignedHow
from mediation.choices.files import FileState, Outcome
from mediation.models import Mediation, Mediator, Paper, Party, Signature, Volume
from tests.factories import MONDAY, make_street, make_user
from tests.mediation.people import director_of, make_file, make_mediator
from tests.mediation.volumes import blank_pdf, make_whole, pdf_words, picture
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def whole() -> tuple[Mediation, Mediator]:
    return make_whole(make_street().micros[0])


def user_of(mediator: Mediator) -> User:
    assert mediator.user is not None
    return mediator.user


def add(row: Mediation, by: User, content: bytes, **values: Any) -> Paper:
    given = {"kind": PaperKind.EVIDENCE, "title": "漏水照片", **values}
    return add_paper(mediation=row, file=ContentFile(content), by=by, at=MONDAY, **given)


def test_a_file_without_a_row_goes_and_none_that_a_row_names(whole: tuple[Mediation, Mediator], media: Path) -> None:
    row, mediator = whole
    paper = add(row, user_of(mediator), picture())
    torn, fresh, old = (media / keep_picture(picture(), "signature") for _ in range(3))
    for path, days in ((media / paper.file, 3), (torn, 3), (fresh, 0), (old, 30)):
        moment = (MONDAY - dt.timedelta(days=days)).timestamp()
        os.utime(path, (moment, moment))
    assert drop_unnamed(at=MONDAY) == 1 and not torn.exists()
    assert all(path.exists() for path in (media / paper.file, fresh, old))


def fetch(by: User, way: str) -> tuple[Any, bytes]:
    """The answer, and what came with it."""
    answer: Any = client_of(by).get(way if way.startswith("/") else f"/api/v1/{way}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, content


def looks(row: Mediation) -> list[tuple[int, str]]:
    found = Record.objects.filter(verb="mediation.looked", subject_id=row.pk).order_by("pk")
    return [(record.actor_id, record.data["what"]) for record in found]


def test_a_paper_is_encoded_anew_and_handed_out_with_a_record(whole: tuple[Mediation, Mediator], media: Path) -> None:
    row, mediator = whole
    by, party = user_of(mediator), row.parties.get(name="王春兰")
    paper = add(row, by, picture((1500, 2500)), party=party)
    with Image.open(io.BytesIO((media / paper.file).read_bytes())) as kept:
        assert (kept.format, kept.size) == ("JPEG", (1440, 2400))
    assert (paper.party, paper.pages, paper.bytes) == (party, 1, (media / paper.file).stat().st_size)
    told = Record.objects.get(verb="mediation.paper_added")
    assert told.data == {"paper": paper.pk, "kind": "evidence", "pages": 1, "sha256": paper.sha256}
    answer, content = fetch(by, f"mediation-papers/{paper.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert (answer["Cache-Control"], content) == ("private, no-store", (media / paper.file).read_bytes())
    fetch(by, f"mediation-papers/{paper.pk}/")
    assert looks(row) == [(by.pk, "paper"), (by.pk, "paper")]
    pdf = add(row, by, blank_pdf(3), kind=PaperKind.IDENTITY, title="身份证")
    answer, _content = fetch(by, f"mediation-papers/{pdf.pk}/")
    assert (pdf.pages, answer["Content-Type"]) == (3, "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment")


def test_nobody_else_gets_a_paper_a_signature_a_document_or_a_volume(whole: tuple[Mediation, Mediator]) -> None:
    """Not the street, not another mediator, not one who was released; and nothing is recorded of a look that wasn't."""
    row, mediator = whole
    by = user_of(mediator)
    paper = add(row, by, picture())
    drawn = Signature.objects.create(
        mediation=row, by_whom=SignedBy.MEDIATOR, mediator=mediator, how=SignedHow.SCREEN, digest="0" * 64,
        file=keep_picture(picture((300, 100)), "signature"), signed_on=MONDAY.date(), entered_by=by, at=MONDAY,
    )  # fmt: skip
    ways = (
        f"mediation-papers/{paper.pk}/", f"mediation-signatures/{drawn.pk}/", f"mediation-documents/{row.pk}/record/",
        f"mediation-documents/{row.pk}/agreement/?as=docx",
    )  # fmt: skip
    assert [fetch(by, way)[0].status_code for way in ways] == [200] * 4
    assert [what for _by, what in looks(row)] == ["paper", "signature", "document:record", "document:agreement"]
    director, strangers = director_of(row.committee), [make_user(Role.STREET), user_of(make_mediator(row.grid))]
    assert fetch(director, ways[0])[0].status_code == 200
    row.assignments.update(until=MONDAY)
    for stranger in (*strangers, by):
        assert [fetch(stranger, way)[0].status_code for way in ways] == [404] * 4
        assert client_of(stranger).post("/api/v1/mediation-volumes/", {"mediation": row.pk}).status_code == 404
    assert len(looks(row)) == 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"words", "not_a_scan"),
        (b"%PDF-1.7 torn", "damaged"),
        (blank_pdf(locked=True), "locked"),
        (blank_pdf(script=True), "not_plain"),
        (blank_pdf(101), "pages"),
        (b"\0" * (20 * 2**20 + 1), "too_large"),
    ],
    ids=["words", "torn", "locked", "script", "long", "large"],
)
def test_what_is_no_plain_paper_is_refused(
    whole: tuple[Mediation, Mediator], media: Path, content: bytes, code: str
) -> None:
    row, mediator = whole
    with pytest.raises(Invalid) as refused:
        add(row, user_of(mediator), content)
    assert (refused.value.code, refused.value.field) == (code, "file")
    assert (row.papers.count(), list(media.iterdir())) == (0, [])


def test_a_paper_is_struck_out_once_with_a_reason_and_a_filed_volume_is_closed(
    whole: tuple[Mediation, Mediator],
) -> None:
    row, mediator = whole
    by, other = user_of(mediator), make_file(row.committee, parties=1)
    paper = add(row, by, picture())
    for bad, code in (({"kind": "x"}, "kind"), ({"title": " "}, "title")):
        with pytest.raises(Invalid) as refused:
            add(row, by, picture(), **bad)
        assert refused.value.code == code
    with pytest.raises(Party.DoesNotExist):
        add(row, by, picture(), party=other.parties.get().pk)
    with pytest.raises(Invalid):
        strike_paper(paper=paper, reason=" ", by=by, at=MONDAY)
    struck = strike_paper(paper=paper, reason="与本案无关", by=by, at=MONDAY)
    assert (struck.struck_at, struck.struck_reason) == (MONDAY, "与本案无关")
    assert Record.objects.get(verb="mediation.paper_struck").data == {"paper": paper.pk}
    with pytest.raises(Conflict):
        strike_paper(paper=paper, reason="再次", by=by, at=MONDAY)
    Mediation.objects.filter(pk=row.pk).update(state=FileState.FILED, outcome=Outcome.AGREED_WRITTEN)
    with pytest.raises(Conflict):
        add(row, by, picture())
    assert row.papers.get().struck_reason == "与本案无关"


def test_a_volume_is_printed_in_the_background_and_handed_out_to_who_asked(
    whole: tuple[Mediation, Mediator], media: Path
) -> None:
    row, mediator = whole
    by = user_of(mediator)
    struck = add(row, by, picture(), title="无关材料")
    strike_paper(paper=struck, reason="与本案无关", by=by, at=MONDAY)
    add(row, by, picture(), title="天花板照片")
    add(row, by, blank_pdf(2), kind=PaperKind.IDENTITY, title="身份证复印件")
    client = client_of(by)
    asked = client.post("/api/v1/mediation-volumes/", {"mediation": row.pk}).json()
    assert (asked["ending"], asked["url"], asked["finished_at"]) == ("pdf", None, None)
    assert client.get(f"/api/v1/mediation-volumes/{asked['id']}/file/").status_code == 409
    while errands.run_next():
        pass
    made = client.get(f"/api/v1/mediation-volumes/{asked['id']}/").json()
    assert (made["laid"], made["pieces"], made["pages"]) == (9, 9, 15)
    _answer, content = fetch(by, made["url"])
    words = pdf_words(content)
    assert "身份证复印件5" in words[1] and "天花板照片7" in words[1] and "无关材料" not in words[1]
    assert "《无关材料》于2026年9月7日作废：与本案无关" in words[-1] and "共9件，12页" in words[-1]
    assert all(by.username in page for page in words)
    assert [entry.title for entry in PdfReader(io.BytesIO(content)).outline][3:5] == ["身份证复印件", "天花板照片"]
    assert [what for _by, what in looks(row)] == ["export", "volume"]
    stranger = client_of(director_of(row.committee))
    assert stranger.get(made["url"]).status_code == 404
    volume = Volume.objects.get()
    row.assignments.update(until=MONDAY)
    assert client.get(made["url"]).status_code == 404
    assert drop_volumes(by=User.objects.system(), at=volume.expires_at) == 1
    assert not Volume.objects.exists() and file_of(volume).parent.is_dir()


def test_odd_addresses_are_no_errors(whole: tuple[Mediation, Mediator]) -> None:
    row, mediator = whole
    client: APIClient = client_of(user_of(mediator))
    base = f"/api/v1/mediation-documents/{row.pk}"
    assert client.get(f"{base}/agreement/?session={'9' * 30}").status_code == 400
    assert client.get(f"{base}/agreement/?session=²").status_code == 400
    assert client.get(f"{base}/record/?session=1{row.sessions.first().pk}").status_code == 404
    assert client.get(f"{base}/unknown/").status_code == 404
    assert client.get(f"{base}/record/?as=exe").status_code == 404
    assert client.get(f"/api/v1/mediation-papers/{'9' * 30}/").status_code == 404
    answer = client.post("/api/v1/mediation-volumes/", {"mediation": row.pk, "ending": "zip"})
    assert (answer.status_code, Volume.objects.count()) == (400, 0)
