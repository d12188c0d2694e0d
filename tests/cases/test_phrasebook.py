"""The phrasebook: a street's own common words for the phone, kept at the desk."""

import pytest
from django.utils import timezone

from cases import actions
from cases.models import StreetPhrase
from cases.reports import house_phrases, phrasebook
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.factories import Cast, make_cast, make_category, make_client
from tests.openapi import CheckedClient, client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/streetphrase/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def texts(cast: Cast) -> list[str]:
    return [phrase.text for phrase in phrasebook(cast.worker, {"0602", "0301"})]


def add(cast: Cast, text: str = "天台堆物", **given: object) -> StreetPhrase:
    said = {"street": cast.place.street, "category": cast.category, "by": cast.street, "at": timezone.now(), **given}
    return actions.add_phrase(text=text, **said)


def test_a_street_begins_with_the_phrases_of_the_house_and_keeps_its_own_from_the_first_on(cast: Cast) -> None:
    make_category("0301")
    house = [phrase.text for phrase in house_phrases() if phrase.code in {"0602", "0301"}]
    assert texts(cast) == house and phrasebook(cast.worker, set()) == []
    first = add(cast)
    assert texts(cast) == [*house, "天台堆物"]
    actions.change_phrase(phrase=first, text=" 天台  堆物多 ", position=1, by=cast.street, at=timezone.now())
    assert "天台 堆物多" in texts(cast)[:2]
    for phrase in StreetPhrase.objects.exclude(pk=first.pk):
        actions.retire_phrase(phrase=phrase, by=cast.street, at=timezone.now())
    assert texts(cast) == ["天台 堆物多"]
    page = desk(cast.worker).get("/m/report/").content.decode()
    assert page.count("data-phrase=") == 1 and "天台 堆物多" in page
    assert [phrase.text for phrase in phrasebook(cast.outsider, {"0602", "0301"})] == house, "another street's own"
    assert set(Record.objects.filter(verb__startswith="phrases.").values_list("verb", flat=True)) == {
        "phrases.added", "phrases.changed", "phrases.retired",
    }  # fmt: skip


def test_who_may_not_and_what_can_not_be(cast: Cast) -> None:
    gone = actions.retire_phrase(phrase=add(cast), by=cast.street, at=timezone.now())
    kept, before = add(cast, "楼顶堆物"), StreetPhrase.objects.count()
    for refusal, given in (
        (Forbidden, {"by": cast.worker}), (Forbidden, {"by": cast.outsider}), (Invalid, {"street": cast.place.micros[0]}),
        (Invalid, {"text": " "}), (Invalid, {"text": "长" * 41}), (Invalid, {"text": "a\0"}), (Invalid, {"text": "楼顶堆物"}),
    ):  # fmt: skip
        with pytest.raises(refusal):
            add(cast, **given)
    with pytest.raises(Conflict):
        actions.change_phrase(phrase=gone, text="又来", position=1, by=cast.street, at=timezone.now())
    with pytest.raises(Forbidden):
        actions.retire_phrase(phrase=kept, by=cast.lead, at=timezone.now())
    assert StreetPhrase.objects.count() == before and StreetPhrase.objects.get(pk=kept.pk).retired_at is None


def test_the_street_office_keeps_it_at_the_desk(cast: Cast) -> None:
    hand, other = desk(cast.street), desk(cast.lead)
    assert [client.get(LIST).status_code for client in (hand, other)] == [200, 403]
    given = {"street": cast.place.street.pk, "category": cast.category.pk, "text": "天台堆物", "position": ""}
    assert hand.post(f"{LIST}add/", given).status_code == 302
    phrase = StreetPhrase.objects.get(text="天台堆物")
    assert hand.post(f"{LIST}{phrase.pk}/do/change/", {"text": "屋顶堆物", "position": "3"}).status_code == 302
    assert "屋顶堆物" in hand.get(LIST).content.decode()
    assert hand.post(f"{LIST}{phrase.pk}/do/retire/").status_code == 302
    phrase.refresh_from_db()
    assert (phrase.text, phrase.position, phrase.retired_at is not None) == ("屋顶堆物", 3, True)
    assert other.post(f"{LIST}{phrase.pk}/do/retire/").status_code in {403, 404}


def test_another_system_keeps_the_phrasebook_of_its_ground(cast: Cast) -> None:
    _client, raw = make_client(["catalogue:read", "catalogue:write"], grid=cast.place.street)
    system, url = CheckedClient(headers={"authorization": f"Api-Key {raw}"}), "/api/v1/phrases/"
    asked = {"street": cast.place.street.code, "category": cast.category.code, "text": "天台堆物"}
    made = system.post(url, asked, format="json")
    assert (made.status_code, made.json()["text"], made.json()["retired_at"]) == (201, "天台堆物", None)
    own = f"{url}{made.json()['id']}/"
    assert system.post(f"{own}change/", {"position": 7}, format="json").json() == {**made.json(), "position": 7}
    elsewhere = {**asked, "street": "990101002"}
    for address, said, code in ((url, elsewhere, "invalid"), (f"{own}change/", {}, "invalid"), (url, asked, "invalid")):
        answer = system.post(address, said, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code), answer.json()
    assert client_of(cast.outsider).get(own).status_code == 404
    assert client_of(cast.worker).post(f"{own}retire/").status_code == 403
    assert StreetPhrase.objects.get(pk=made.json()["id"]).retired_at is None
    assert system.post(f"{own}retire/").json()["retired_at"] is not None
    assert system.post(f"{own}retire/").status_code == 409
