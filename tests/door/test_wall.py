"""Floods and guessing: a proof, a pause, a record; and where Valkey is away, the same in each process."""

import re
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from django.test import Client, RequestFactory
from redis import Redis

from cases.models import Case
from door.actions import GUESSED
from door.views.tries import SPAN
from gridgov.core import counts
from gridgov.core.doctor import State, ask
from gridgov.core.models import Record
from gridgov.core.proof import BITS
from tests.door.residents import TEXT, numbers_of, open_door, pictures, send
from tests.factories import MONDAY, Cast, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


@pytest.fixture
def cast(settings: Any) -> Cast:
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "address": (2, 4), "street": (50, 60), "guesses": (3, 5)}
    return open_door(make_cast("B"))


def asked(answer: Any) -> tuple[str, int]:
    """The token of the question on a page, and the right answer."""
    said = answer.content.decode()
    token = re.search(r'name="proof_token" value="([^"]+)"', said)
    sum_ = re.search(r"(\d+)加(\d+)", said)
    assert token
    assert sum_
    return token[1], int(sum_[1]) + int(sum_[2])


def at_the_limit(cast: Cast, **more: Any) -> Any:
    """Two reports that go through, and the third, which is asked."""
    for _ in range(2):
        assert send(cast).status_code == 200
    return send(cast, **more)


def test_beyond_the_limit_a_sum_in_words_is_asked_and_the_words_stay(cast: Cast) -> None:
    answer = at_the_limit(cast, photos=pictures(1))
    assert answer.status_code == 429
    assert TEXT in answer.content.decode()
    assert "<img" not in answer.content.decode()
    assert Case.objects.count() == 2
    token, right = asked(answer)
    assert send(cast, proof_token=token, proof_answer=str(right)).status_code == 200
    assert Case.objects.count() == 3


@pytest.mark.parametrize("said", ["", "1000", "²", "\x00", "abc", "-1", "9" * 50])
def test_a_wrong_answer_is_none(cast: Cast, said: str) -> None:
    token, _right = asked(at_the_limit(cast))
    assert send(cast, proof_token=token, proof_answer=said).status_code == 429
    assert Case.objects.count() == 2


def test_a_token_is_good_once(cast: Cast) -> None:
    token, right = asked(at_the_limit(cast))
    assert send(cast, proof_token=token, proof_answer=str(right)).status_code == 200
    assert send(cast, proof_token=token, proof_answer=str(right)).status_code == 429
    assert Case.objects.count() == 3


@pytest.mark.parametrize("made_up", ["", "x", "x:y:z", "²"])
def test_a_token_of_ones_own_is_none(cast: Cast, made_up: str) -> None:
    at_the_limit(cast)
    assert send(cast, proof_token=made_up, proof_answer="12", proof_work="0").status_code == 429


def test_work_is_as_good_as_an_answer(cast: Cast) -> None:
    token, _right = asked(at_the_limit(cast))
    work = next(n for n in count() if sha256(f"{token}:{n}".encode()).digest()[: BITS // 8] == bytes(BITS // 8))
    assert send(cast, proof_token=token, proof_work=str(work)).status_code == 200


def test_far_beyond_it_nothing_is_taken_in_for_a_while(cast: Cast) -> None:
    at_the_limit(cast)
    send(cast)
    answer = send(cast)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert 'href="tel:110"' in answer.content.decode()
    assert Client().get(f"/r/report/?g={cast.place.micros[0].code}").status_code == 200
    assert Case.objects.count() == 2


def test_a_whole_street_has_a_limit_too(cast: Cast, settings: Any) -> None:
    settings.DOOR_LIMITS = {**settings.DOOR_LIMITS, "address": (50, 60), "street": (1, 2), "guesses": (3, 5)}
    assert [send(cast).status_code for _ in range(3)] == [200, 429, 429]
    assert Case.objects.count() == 1


def test_what_fills_in_the_trap_is_a_machine(cast: Cast) -> None:
    assert send(cast, site="http://example.com").status_code == 400
    assert Case.objects.count() == 0


@pytest.mark.usefixtures("without_valkey")
def test_where_valkey_is_away_limits_stand_and_nobody_is_locked_out(cast: Cast) -> None:
    """Each process counts alone (gridgov.core.counts): what can be guessed is guarded, and who waits, waits no longer."""
    number, code = numbers_of(send(cast))
    assert send(cast).status_code == 200
    token, right = asked(send(cast))
    assert send(cast, proof_token=token, proof_answer=str(right)).status_code == 200
    assert send(cast, proof_token=token, proof_answer=str(right)).status_code == 429
    assert [guess(number).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert guess(number, code).status_code == 429
    assert ask("counts", at=MONDAY).state == State.WARN


@pytest.mark.usefixtures("without_valkey")
def test_a_flood_does_not_fill_the_memory_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "_MOST_OWN", 3)
    found = [counts.hit("x", who, within=SPAN, at=MONDAY) for who in "aabcadea"]
    assert (found, len(counts._own)) == ([1, 2, 1, 1, 3, 1, 1, 4], 3)


def test_a_body_without_measure_is_not_even_read(cast: Cast, settings: Any) -> None:
    settings.BODY_MAX_BYTES = 4096
    assert send(cast, text="长" * 1500).status_code == 413
    assert send(cast).status_code == 200
    assert Case.objects.count() == 1


def test_looking_has_a_limit_too_and_sending_is_no_look(cast: Cast, settings: Any, one_minute: None) -> None:
    settings.MINUTE_LIMITS = {**settings.MINUTE_LIMITS, "door": 3}
    micro = cast.place.micros[0].code
    looks = ["/r/", f"/r/report/?g={micro}", "/r/follow/", "/r/privacy/", "/r/follow/mine/", "/r/me-too/?case=x"]
    answers = [Client().get(one) for one in looks]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429, 429]
    assert (answers[3]["Retry-After"], answers[3]["Cache-Control"]) == ("30", "no-store")
    assert all(said in answers[3].content.decode() for said in ("请稍候", 'href="tel:110"', 'href="tel:12345"'))
    assert Client().post("/r/locate/", {"lng": "1", "lat": "1"}).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get("/r/").status_code == 200
    assert send(cast).status_code == 200
    assert Case.objects.count() == 1


# --- guessing --------------------------------------------------------------------------------------------------------


def guess(number: str, code: str = "AAAAA-AAAAA") -> Any:
    return Client().post("/r/follow/", {"number": number, "code": code})


def test_so_many_wrong_codes_for_one_number_and_then_the_right_one_waits_too(cast: Cast) -> None:
    number, code = numbers_of(send(cast))
    assert [guess(number).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert guess(number, code).status_code == 429
    series = Record.objects.filter(subject_type=GUESSED)
    assert [row.data for row in series] == [{"number": number, "tries": 3}]


def test_so_many_numbers_from_one_address(cast: Cast) -> None:
    number, code = numbers_of(send(cast))
    assert [guess(f"2026010100000{n}").status_code for n in range(6)] == [200] * 5 + [429]
    assert guess(number, code).status_code == 429
    assert [row.data for row in Record.objects.filter(subject_type=GUESSED)] == [{"tries": 5}]


def test_who_has_the_right_code_may_look_as_often_as_it_takes(cast: Cast) -> None:
    number, code = numbers_of(send(cast))
    assert [guess(number, code).status_code for _ in range(8)] == [302] * 8
    assert not Record.objects.filter(subject_type=GUESSED).exists()


def test_nonsense_for_a_number_is_not_written_into_the_records(cast: Cast) -> None:
    for _ in range(4):
        guess("王大爷13900001111")
    assert "139" not in str([row.data for row in Record.objects.filter(subject_type=GUESSED)])


# --- who is who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "passed", "told"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "2001:db8::5:6", "2001:db8::"),
        (1, "::ffff:1.1.1.1", "1.1.1.1"),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies_tell(
    settings: Any, proxies: int, passed: str, told: str
) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/r/", headers={"X-Forwarded-For": passed}, REMOTE_ADDR="9.9.9.9")
    assert counts.visitor_of(request) == told


def test_no_address_stands_in_valkey(cast: Cast, valkey: Redis) -> None:
    send(cast)
    keys = [key.decode() for key in valkey.keys("gridgov.count:*")]
    assert keys
    assert not [key for key in keys if "127.0.0.1" in key]
