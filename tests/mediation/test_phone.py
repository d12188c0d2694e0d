"""The mediator's phone: the own sessions and files, and nobody else's."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from gridgov.core.models import Record
from mediation.models import Agreement, Attendance, Mediation, Party, PartyLink
from mediation.reports.signing import record_digest
from tests.factories import make_cast, make_user
from tests.front.telephone import noise
from tests.mediation.agreed import THURSDAY, make_told
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_session
from tests.mediation.test_party_link import drawn

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def file() -> Mediation:
    grid = make_cast().place.comprehensives[0]
    return make_file(make_committee(grid), make_mediator(grid), title="楼上漏水")


def phone_of(user: User | None) -> Client:
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_a_mediator_begins_with_the_own_sessions_and_files(file: Mediation) -> None:
    now = timezone.now()
    session = make_session(file, state="planned", record="", starts_at=now + HOUR, recorded_at=None, recorded_by=None)
    make_session(file, state="planned", record="", starts_at=now - 9 * HOUR, recorded_at=None, recorded_by=None)
    phone = phone_of(file.assignments.get().mediator.user)
    assert phone.get("/m/").headers["Location"] == "/m/mediation/"
    home = text(phone, "/m/mediation/")
    assert (file.title in home, f"/m/mediation/sessions/{session.pk}/" in home, "/m/report/" in home) == (
        True,
        True,
        False,
    )
    assert file.title in text(phone, "/m/mediation/files/")
    party = file.parties.first()
    assert party is not None
    page = text(phone, f"/m/mediation/{file.pk}/")
    assert party.name in page and file.facts in page
    assert text(phone, f"/m/mediation/sessions/{session.pk}/")
    looked = Record.objects.filter(verb="mediation.looked", subject_id=file.pk)
    assert [row.data for row in looked] == [{"what": "file"}]
    made = phone.post(f"/m/mediation/parties/{party.pk}/link/").content.decode()
    assert "/t/" in made and "<svg" in made
    assert phone.post(f"/m/mediation/parties/{party.pk}/unlink/").status_code == 302
    assert not PartyLink.objects.filter(revoked_at=None).exists()
    party.phone = ""
    party.save()
    assert phone.post(f"/m/mediation/parties/{party.pk}/link/").status_code == 400


def test_others_find_nothing_of_a_file(file: Mediation) -> None:
    party, session = file.parties.order_by("pk")[0], make_session(file)
    pages = [f"/m/mediation/{file.pk}/", f"/m/mediation/sessions/{session.pk}/"]
    verbs = [f"/m/mediation/parties/{party.pk}/link/", f"/m/mediation/parties/{party.pk}/unlink/"]
    stranger = phone_of(make_mediator(file.grid).user)
    assert [stranger.get(page).status_code for page in pages] == [404, 404]
    assert [stranger.post(verb).status_code for verb in verbs] == [404, 404]
    assert file.title not in text(stranger, "/m/mediation/") + text(stranger, "/m/mediation/files/")
    # The street office mediates nothing: it is told so, and led back from everywhere else.
    office = phone_of(make_user(Role.STREET))
    assert file.title not in text(office, "/m/mediation/")
    assert [office.get(page).headers["Location"] for page in pages] == ["/m/mediation/"] * 2
    assert [office.post(verb).headers["Location"] for verb in verbs] == ["/m/mediation/"] * 2
    for odd in ("9" * 19, "²"):
        assert stranger.get(f"/m/mediation/{odd}/").status_code == 404
    assert not PartyLink.objects.exists()
    assert not Record.objects.filter(verb="mediation.looked").exists()


def test_lists_of_the_phone_are_flat(file: Mediation) -> None:
    director = director_of(file.committee)
    phone, mediator = phone_of(director), make_mediator(file.grid)

    def one_more() -> None:
        row = make_session(
            make_file(file.committee, mediator, state="applied"), starts_at=timezone.now() + HOUR, state="planned"
        )
        Attendance.objects.create(session=row, party=row.mediation.parties.first())

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            text(phone, url)
        return len(found)

    one_more()
    before = [queries(url) for url in ("/m/mediation/", "/m/mediation/files/")]
    for _one in range(3):
        one_more()
    assert [queries(url) for url in ("/m/mediation/", "/m/mediation/files/")] == before


def test_a_record_is_written_on_the_spot_and_signed_there(file: Mediation, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    session = make_session(file, state="planned", record="", starts_at=now - HOUR, recorded_at=None, recorded_by=None)
    mediator = file.assignments.get().mediator
    session.mediators.set([mediator])
    there = [Attendance.objects.create(session=session, party=party) for party in file.parties.order_by("pk")]
    phone, page = phone_of(mediator.user), f"/m/mediation/sessions/{session.pk}/"
    form = text(phone, f"{page}record/")
    assert 'data-outbox="record"' in form and there[0].party.name in form  # type: ignore[union-attr]
    words = {"record": "双方到场。", "version": "0", "came": [str(there[0].pk)]}
    outbox = {"HTTP_ACCEPT": "application/json", "HTTP_IDEMPOTENCY_KEY": "record-1-of-a-phone"}
    sent = [phone.post(f"{page}record/", words, **outbox) for _twice in range(2)]
    assert [(one.status_code, one.json()["url"]) for one in sent] == [(201, page)] * 2
    session.refresh_from_db()
    assert (session.record, session.state, session.version) == (words["record"], "held", 1)
    # The director goes on from the version before: told, and shown what stands there by now.
    director = phone_of(director_of(file.committee))
    late = director.post(f"{page}record/", {**words, "record": "主任另写", "base": "0", "version": "1"})
    assert late.status_code == 409
    assert words["record"] in late.content.decode() and "主任另写" in late.content.decode()
    session.refresh_from_db()
    assert session.record == words["record"]
    for odd in ({"version": "²"}, {"came": ["x"]}, {"record": ""}, {"record": "\x00"}):
        assert phone.post(f"{page}record/", {**words, "version": "1", **odd}).status_code == 400, odd

    sign = f"{page}sign/"
    assert session.record in text(phone, sign)
    below = {"digest": record_digest(session), "picture": drawn()}
    for who in (f"party:{there[1].party_id}", "party:x", "mediator:0", f"mediator:{2**40}"):
        assert phone.post(sign, {**below, "who": who}).status_code == 400, who
    assert not file.signatures.exists()
    for who in (f"party:{there[0].party_id}", f"mediator:{mediator.pk}"):
        assert phone.post(sign, {**below, "who": who}).headers["Location"] == sign
    assert [(row.by_whom, row.how, row.session) for row in file.signatures.order_by("pk")] == [
        ("party", "screen", session), ("mediator", "screen", session),
    ]  # fmt: skip
    assert phone.get(f"/m/mediation/{file.pk}/sign/").status_code == 404


def test_what_a_party_says_at_the_table_is_noted(file: Mediation) -> None:
    party = file.parties.order_by("pk")[0]
    Party.objects.update(consent="asked", consented_at=None, told_at=None)
    phone, note = phone_of(file.assignments.get().mediator.user), f"/m/mediation/parties/{party.pk}/note"
    for verb in ("rights", "agree", "extend"):
        assert phone.post(f"{note}/{verb}/").headers["Location"] == f"/m/mediation/{file.pk}/"
    party.refresh_from_db()
    assert (party.consent, bool(party.told_at), bool(party.extends_at)) == ("agreed", True, True)
    assert phone.post(f"{note}/nothing/").status_code == 404
    assert phone_of(make_mediator(file.grid).user).post(f"{note}/refuse/").status_code == 404
    party.refresh_from_db()
    assert party.consent == "agreed"


def test_the_photo_of_a_paper_goes_into_the_volume(file: Mediation, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    phone, page = phone_of(file.assignments.get().mediator.user), f"/m/mediation/{file.pk}/paper/"
    said = {"kind": "identity", "title": "身份证", "party": str(file.parties.order_by("pk")[0].pk)}

    def photo() -> SimpleUploadedFile:
        return SimpleUploadedFile("1.jpg", noise(1, (400, 300)), "image/jpeg")

    assert phone.post(page, {**said, "photos": [photo(), photo()]}).headers["Location"] == f"/m/mediation/{file.pk}/"
    assert [row.title for row in file.papers.order_by("pk")] == ["身份证 1", "身份证 2"]
    for wrong in (
        {},
        {"photos": photo(), "party": "0"},
        {"photos": photo(), "kind": "x"},
        {"photos": photo(), "title": ""},
    ):
        assert phone.post(page, {**said, **wrong}).status_code == 400, wrong
    assert phone_of(make_mediator(file.grid).user).post(page, said).status_code == 404
    assert file.papers.count() == 2


def test_an_agreement_is_signed_and_then_says_until_when_the_court_is_asked(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    told = make_told()
    client, page = Client(), f"/m/mediation/{told.file.pk}/"
    client.force_login(told.by)
    told.write()
    for signer in ({"party": told.parties[0].pk}, {"party": told.parties[1].pk}, {"mediator": told.mediator.pk}):
        assert f"{page}sign/" in client.get(page).content.decode()
        told.sign(**signer)
    shown = client.get(page).content.decode()
    assert f"{page}sign/" not in shown and "需在本机签名的人员均已签名" in shown
    told.sign(THURSDAY, seal=True, picture=b"", by=told.director)
    until = Agreement.objects.get().confirm_by
    assert until and until.isoformat() in client.get(page).content.decode()
