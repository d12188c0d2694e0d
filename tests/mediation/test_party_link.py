"""A party's own link: who makes it, what opens it, whom it leads to nothing, and what is written down of it."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Gone, Invalid
from gridgov.core.models import Record
from mediation.actions.links import make_link, open_link, withdraw_link
from mediation.models import Mediation, Party, PartyLink
from tests.factories import MONDAY, make_cast
from tests.mediation.people import director_of, make_committee, make_file, make_mediator

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
