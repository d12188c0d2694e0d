"""A party's own link: who makes it, what opens it, whom it leads to nothing, and what is written down of it."""

import uuid
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Gone, Invalid
from gridgov.core.models import Record
from mediation.actions.links import make_link, open_link, withdraw_link
from mediation.models import Agreement, Attendance, Mediation, Party, PartyLink, Task
from mediation.reports.signing import record_digest
from tests.factories import MONDAY, make_cast
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def file() -> Mediation:
    grid = make_cast().place.comprehensives[0]
    return make_file(make_committee(grid), make_mediator(grid))


def test_a_link_is_made_by_who_reads_the_file_and_opens_by_digits_in_one_browser(file: Mediation) -> None:
    party, other = file.parties.order_by("pk")
    mediator = file.assignments.get().mediator.user
    outsider = make_mediator(file.grid).user
    assert mediator is not None and outsider is not None
    with pytest.raises(Party.DoesNotExist):
        make_link(party=party, by=outsider, at=MONDAY)
    assert not PartyLink.objects.exists()
    first, key = make_link(party=party, by=mediator, at=MONDAY)
    link, newer = make_link(party=party.pk, by=director_of(file.committee), at=MONDAY)
    first.refresh_from_db()
    assert (first.revoked_at, key != newer, newer in link.digest) == (MONDAY, True, False)

    door, mine = User.objects.door(), uuid.uuid4()
    asked = {"by": door, "at": MONDAY}
    with pytest.raises(Gone):
        open_link(key=key, digits=party.phone[-4:], browser=mine, **asked)
    with pytest.raises(PartyLink.DoesNotExist):
        open_link(key="nothing", digits=party.phone[-4:], browser=mine, **asked)
    with pytest.raises(Invalid) as wrong:
        open_link(key=newer, digits=other.phone[-4:], browser=mine, **asked)
    link.refresh_from_db()
    assert (wrong.value.code, link.tries, link.browser, link.opened_at) == ("wrong_digits", 1, None, None)
    opened = open_link(key=newer, digits=party.phone[-4:], browser=mine, **asked)
    assert (opened.party_id, opened.browser, opened.opened_at, opened.tries) == (party.pk, mine, MONDAY, 0)
    with pytest.raises(Forbidden):
        open_link(key=newer, digits=party.phone[-4:], browser=uuid.uuid4(), **asked)
    # Five wrong tries end it, whoever had it.
    for _try in range(4):
        with pytest.raises(Invalid):
            open_link(key=newer, digits="0000", browser=mine, **asked)
    for digits in ("0000", party.phone[-4:]):
        with pytest.raises(Gone):
            open_link(key=newer, digits=digits, browser=mine, **asked)
    told = Record.objects.filter(verb__startswith="mediation.link").order_by("pk")
    assert [row.verb.split(".")[1] for row in told] == [
        "link_made", "link_withdrawn", "link_made", "link_guessed", "link_opened", *["link_guessed"] * 5,
    ]  # fmt: skip
    assert not any(word in str(row.data) for row in told for word in (party.name, party.phone, file.title, newer))


def test_a_link_ends_when_withdrawn_late_or_filed_and_needs_a_phone(file: Mediation) -> None:
    party, other = file.parties.order_by("pk")
    director, door = director_of(file.committee), User.objects.door()
    given = {"digits": party.phone[-4:], "browser": uuid.uuid4(), "by": door}
    link, key = make_link(party=party, by=director, at=MONDAY)
    with pytest.raises(Gone):
        open_link(key=key, **given, at=link.ends_at)
    assert withdraw_link(party=party, by=director, at=MONDAY) == 1
    assert withdraw_link(party=party, by=director, at=MONDAY) == 0
    with pytest.raises(Gone):
        open_link(key=key, **given, at=MONDAY)
    Party.objects.filter(pk=other.pk).update(phone="12")
    with pytest.raises(Invalid) as refused:
        make_link(party=other, by=director, at=MONDAY)
    assert refused.value.code == "no_phone"
    Party.objects.filter(pk=other.pk).update(phone="", agent_phone="0571-8888 1234")
    _link, key = make_link(party=other, by=director, at=MONDAY)
    assert open_link(key=key, **{**given, "digits": "1234"}, at=MONDAY).party_id == other.pk
    ended = {"outcome": "failed", "ended_at": MONDAY, "filed_at": MONDAY, "state": "filed"}
    Mediation.objects.filter(pk=file.pk).update(**ended)
    with pytest.raises(Conflict):
        make_link(party=party, by=director, at=MONDAY)
    with pytest.raises(Gone):
        open_link(key=key, **{**given, "digits": "1234"}, at=MONDAY)


def test_the_page_opens_where_the_digits_were_given_and_nowhere_else(file: Mediation) -> None:
    party, other = file.parties.order_by("pk")
    _link, key = make_link(party=party, by=director_of(file.committee), at=timezone.now())
    page, mine, others = f"/t/{key}/", Client(), Client()
    assert mine.get(page).headers["Location"] == f"{page}open/"
    asked = mine.get(f"{page}open/")
    assert (asked.status_code, asked.headers["Cache-Control"]) == (200, "no-store")
    for said in ("", "12", "１２３４", "12345", "\x00", "0" * 9000):
        assert mine.post(f"{page}open/", {"digits": said}).status_code == 400
    assert PartyLink.objects.get().tries == 0
    assert mine.post(f"{page}open/", {"digits": other.phone[-4:]}).status_code == 400
    assert mine.post(f"{page}open/", {"digits": party.phone[-4:]}).headers["Location"] == page
    shown = mine.get(page)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    text = shown.content.decode()
    assert party.name in text and file.title in text and other.phone not in text
    assert others.get(page).status_code == 302
    assert others.post(f"{page}open/", {"digits": party.phone[-4:]}).status_code == 403
    # Closed, it asks for the digits anew, in this browser.
    mine.post(f"{page}leave/")
    assert mine.get(page).status_code == 302
    assert mine.post(f"{page}open/", {"digits": party.phone[-4:]}).status_code == 302
    withdraw_link(party=party, by=director_of(file.committee), at=timezone.now())
    assert (mine.get(page).status_code, mine.get(f"{page}open/").status_code) == (302, 410)
    for odd in ("x", "²", "%00", "a" * 900, f"{key}x"):
        assert mine.get(f"/t/{odd}/").status_code == 404, odd
        assert mine.get(f"/t/{odd}/open/").status_code == 404, odd
    assert mine.get(f"{page}leave/").status_code == 405


def opened(file: Mediation, party: Party) -> tuple[Client, str]:
    """PARTY's browser with the own page open, and its address."""
    _link, key = make_link(party=party, by=director_of(file.committee), at=timezone.now())
    client, page = Client(), f"/t/{key}/"
    assert client.post(f"{page}open/", {"digits": party.phone[-4:]}).headers["Location"] == page
    return client, page


def drawn() -> str:
    """A signature as the browser sends it."""
    picture = BytesIO()
    Image.new("RGB", (90, 30), "white").save(picture, "PNG")
    return f"data:image/png;base64,{b64encode(picture.getvalue()).decode()}"


def test_a_party_answers_and_signs_by_the_own_link_and_for_nobody_else(
    file: Mediation, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    party, other = file.parties.order_by("pk")
    Party.objects.update(consent="asked", consented_at=None, told_at=None)
    mine, page = opened(file, party)
    assert mine.post(f"{page}do/rights/").headers["Location"] == f"{page}?done"
    assert mine.post(f"{page}do/consent/", {"agreed": "1"}).status_code == 302
    assert mine.post(f"{page}do/mediator/", {"row": file.assignments.get().pk}).status_code == 302
    assert mine.post(f"{page}do/extend/").status_code == 302
    party.refresh_from_db()
    other.refresh_from_db()
    assert (party.consent, bool(party.told_at), bool(party.extends_at)) == ("agreed", True, True)
    assert (other.consent, other.told_at) == ("asked", None)
    assert list(file.assignments.get().accepted_by.all()) == [party]
    acted = Record.objects.filter(actor=User.objects.door(), verb__in=["mediation.consented", "mediation.rights_told"])
    assert acted.count() == 2

    session = make_session(file, record="同意分期维修。")
    missed = make_session(file, record="单独调查。", kind="inquiry")
    Attendance.objects.create(session=session, party=party, came=True)
    Attendance.objects.create(session=missed, party=other, came=True)
    for kind, place in (("mediation", "会议室"), ("inquiry", "谈话室")):
        make_session(file, state="planned", kind=kind, place=place, record="", starts_at=session.ends_at)
    for who, place in ((party, "社区办公室"), (other, "物业办公室")):
        alone = make_session(file, state="planned", kind="inquiry", place=place, record="", starts_at=session.ends_at)
        Attendance.objects.create(session=alone, party=who)
    agreement = Agreement.objects.create(
        mediation=file, form="written", content="分期维修", manner="自行施工", digest="d", deadline=MONDAY.date(),
        written_by=file.entered_by, written_at=MONDAY,
    )  # fmt: skip
    Task.objects.create(mediation=file, party=other, what="修好防水层", due_on=MONDAY.date())
    shown = mine.get(page).content.decode()
    assert (session.record in shown, missed.record in shown) == (True, False)
    assert ("会议室" in shown, "谈话室" in shown) == (True, False)
    assert ("社区办公室" in shown, "物业办公室" in shown) == (True, False)
    # What is signed is read whole: who performs what, until when.
    assert agreement.content in shown and "修好防水层" in shown
    below = {"session": session.pk, "digest": record_digest(session), "picture": drawn()}
    for wrong, status in (
        ({"digest": "0" * 64}, 409),
        ({"picture": "data:image/png;base64,AA=="}, 400),
        ({"picture": ""}, 400),
        ({"session": "²"}, 400),
    ):
        assert mine.post(f"{page}do/sign/", {**below, **wrong}).status_code == status, wrong
    assert not file.signatures.exists()
    assert mine.post(f"{page}do/sign/", below).status_code == 302
    row = file.signatures.get()
    assert (row.party, row.session, row.how) == (party, session, "link")
    assert mine.post(f"{page}do/sign/", below).status_code == 409
    assert file.signatures.count() == 1
    for verb, given, status in (
        ("mediator", {"row": 2**40}, 404), ("mediator", {"row": "x"}, 400), ("helper", {"row": 1}, 404),
        ("consent", {"agreed": "2"}, 400), ("nothing", {}, 404),
    ):  # fmt: skip
        assert mine.post(f"{page}do/{verb}/", given).status_code == status, verb
    assert mine.get(f"{page}do/rights/").status_code == 405
    # Not opened here: nothing is done.
    assert Client().post(f"{page}do/consent/", {"agreed": "0"}).headers["Location"] == f"{page}open/"
    party.refresh_from_db()
    assert party.consent == "agreed"
