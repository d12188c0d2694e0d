"""Contact cards: what they say, to whom, until when; and on paper."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gridgov.core.errors import Conflict, Forbidden
from gridgov.core.models import Record
from grids import actions
from grids.forms.cards import CardOf, CardSize, print_cards
from grids.forms.codes import code_of, draw_code
from grids.models import ContactCard, Post
from tests.factories import MONDAY, Cast, make_cast
from tests.grids.test_plates import links, pages

pytestmark = pytest.mark.django_db
WORK, PRIVATE = "010-12345678", "13800000001"
YESTERDAY = timezone.localdate() - dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    made.worker.phone = PRIVATE
    made.worker.save()
    actions.set_public_page(street=made.place.street, is_open=True, phone="010-1111111", by=made.street, at=MONDAY)
    return made


@pytest.fixture
def post(cast) -> Post:
    return actions.disclose_post(
        post=Post.objects.get(user=cast.worker), shown=True, phone=WORK, by=cast.street, at=MONDAY
    )


def browser(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def read(card: ContactCard, status: int = 200) -> str:
    answer = Client().get(f"/card/{card.token}/")
    assert answer.status_code == status
    return answer.content.decode()


def test_a_card_says_what_the_office_released(cast, post):
    card = actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    html = read(card)
    assert cast.worker.full_name in html
    assert f'href="tel:{WORK}"' in html
    assert f"/r/report/?g={post.grid.code}" in html
    assert PRIVATE not in html
    answer = Client().get(f"/card/{card.token}/")
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex", "no-store")
    assert 'content="noindex"' in html
    assert len(card.token) == 22


def test_the_contact_is_saved_as_a_vcard(cast, post):
    cast.worker.full_name = "张;三,\n四\\"
    cast.worker.save()
    card = actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    answer = Client().get(f"/card/{card.token}/contact.vcf")
    lines = answer.content.decode().split("\r\n")
    assert answer["Content-Type"] == "text/vcard; charset=utf-8"
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert "FN:张\\;三\\, 四\\\\" in lines
    assert f"TEL;TYPE=WORK,VOICE:{WORK}" in lines
    assert f"URL:http://testserver/card/{card.token}/" in lines
    assert PRIVATE not in answer.content.decode()


def _end_post(cast, post):
    Post.objects.filter(pk=post.pk).update(valid_to=YESTERDAY)


def _hide(cast, post):
    actions.disclose_post(post=post, shown=False, by=cast.street, at=MONDAY)


def _close_pages(cast, post):
    actions.set_public_page(street=cast.place.street, is_open=False, by=cast.street, at=MONDAY)


def _lock(cast, post):
    cast.worker.is_active = False
    cast.worker.save()


def _end_grid(cast, post):
    type(post.grid).objects.filter(pk=post.grid_id).update(valid_to=YESTERDAY)


def _revoke(cast, post):
    actions.revoke_card(post=post, by=cast.street, at=MONDAY)


@pytest.mark.parametrize("over", [_end_post, _hide, _close_pages, _lock, _end_grid, _revoke])
def test_a_card_is_worth_nothing_any_more(cast, post, over):
    card = actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    over(cast, post)
    read(card, 404)
    assert Client().get(f"/card/{card.token}/contact.vcf").status_code == 404


@pytest.mark.parametrize("token", ["x", "²", "%00", "a" * 22, "a" * 500, "..", "' or 1=1 --"])
def test_guessed_tokens_lead_nowhere(cast, post, token):
    actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    assert Client().get(f"/card/{token}/").status_code == 404


def test_a_post_has_one_card_and_after_revoking_another(cast, post):
    first = actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    assert actions.issue_card(post=post, by=cast.street, at=MONDAY).pk == first.pk
    assert actions.revoke_card(post=post, by=cast.worker, at=MONDAY) is True
    assert actions.revoke_card(post=post, by=cast.worker, at=MONDAY) is False
    second = actions.issue_card(post=post, by=cast.worker, at=MONDAY)
    assert second.token != first.token
    verbs = Record.objects.filter(verb__startswith="cards.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["cards.issued", "cards.revoked", "cards.issued"]


def test_who_may_not_have_a_card_made(cast, post):
    for who in (cast.other_worker, cast.lead, cast.outsider, cast.unit_staff):
        with pytest.raises(Forbidden):
            actions.issue_card(post=post, by=who, at=MONDAY)
        with pytest.raises(Forbidden):
            actions.revoke_card(post=post, by=who, at=MONDAY)
    hidden = Post.objects.get(user=cast.other_worker)
    with pytest.raises(Conflict):
        actions.issue_card(post=hidden, by=cast.street, at=MONDAY)
    assert not ContactCard.objects.exists()


def test_the_own_card_on_the_phone(cast, post):
    client = browser(cast.worker)
    assert "Make my card" in client.get("/m/card/").content.decode()
    assert client.post("/m/card/", {"post": post.pk}).status_code == 302
    card = ContactCard.objects.get()
    html = client.get("/m/card/").content.decode()
    assert f"/card/{card.token}/" in html
    assert draw_code(f"http://testserver/card/{card.token}/").path in html
    assert browser(cast.other_worker).post("/m/card/", {"post": post.pk, "revoke": "1"}).status_code == 404
    assert client.post("/m/card/", {"post": "²"}).status_code == 404
    assert client.post("/m/card/", {"post": post.pk, "revoke": "1"}).status_code == 302
    read(card, 404)


def test_the_drawn_code_is_the_code():
    code = draw_code("https://example.cn/card/x/")
    matrix = code_of("https://example.cn/card/x/")
    assert code.side == len(matrix) + 8
    assert sum(int(part.split("h")[1].split("v")[0]) for part in code.path.split("M")[1:]) == sum(map(sum, matrix))


# --- on paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "count"), [(CardSize.EIGHT, 2), (CardSize.TEN, 1)])
def test_cards_share_a_page(size, count):
    cards = [
        CardOf(f"网格员{n}", "专职网格员", "第一网格", "街道 · 社区", WORK, "走访" * 20, f"https://example.cn/{n}/")
        for n in range(9)
    ]
    found = print_cards(cards, size)
    assert pages(found) == count
    assert links(found) == [f"https://example.cn/{n}/" for n in range(9)]


def test_the_street_prints_cards_of_those_named_publicly(cast, post):
    client = browser(cast.street)
    url = reverse("admin:grids_post_contact_cards")
    html = client.get(url).content.decode()
    assert "Make the file to print" in html
    answer = client.post(url, {"at": cast.place.street.code, "size": CardSize.TEN})
    assert answer["Content-Type"] == "application/pdf"
    card = ContactCard.objects.get()
    assert links(answer.content) == [f"http://testserver/card/{card.token}/"]
    assert (card.post, card.by) == (post, cast.street)
    assert client.post(url, {"at": cast.place.micros[1].code, "size": CardSize.TEN}).status_code == 400
    assert browser(cast.lead).get(url).status_code == 403
    assert browser(cast.outsider).post(url, {"at": cast.place.street.code, "size": "2x5"}).status_code == 400
