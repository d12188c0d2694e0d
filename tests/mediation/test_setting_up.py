"""Committees, people and rooms at the desk: entered by forms, changed by verbs, and the calendar that tells nobody what for."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from mediation.choices.files import SessionState
from mediation.models import Committee, Expert, Mediator, Room
from tests.cases.desk import desk
from tests.factories import Cast, make_cast
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_room, make_session, seat

pytestmark = pytest.mark.django_db
ROOM = "/admin/mediation"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_keeper_sets_up_what_mediation_needs(cast: Cast) -> None:
    grid, hand = cast.place.totals[0], desk(cast.total_lead)
    term = timezone.localdate().isoformat()
    said: dict[str, Any] = {
        "kind": "community",
        "name": "幸福里调委会",
        "short": "幸",
        "grid": grid.pk,
        "term_from": term,
    }
    wrong = hand.post(f"{ROOM}/committee/add/", {**said, "kind": "street"})
    assert "该类型的调解委员会不能设在这一级网格。" in wrong.content.decode()
    assert hand.post(f"{ROOM}/committee/add/", said).status_code == 302
    committee = Committee.objects.get()
    who = {
        "kind": "elder",
        "name": "王大姐",
        "sex": "female",
        "grid": grid.pk,
        "skills": ["family"],
        "serves": [grid.pk],
    }
    assert hand.post(f"{ROOM}/mediator/add/", who).status_code == 302
    first = Mediator.objects.get()
    assert (first.skills, list(first.serves.all())) == (["family"], [grid])
    expert = {"profession": "judge", "name": "何法官", "grid": grid.pk, "phone": "6200 1234"}
    assert hand.post(f"{ROOM}/expert/add/", expert).status_code == 302
    assert (
        hand.post(f"{ROOM}/room/add/", {"name": "调解室", "grid": grid.pk, "place": "二楼", "seats": 8}).status_code
        == 302
    )
    page = hand.get(f"{ROOM}/expert/{Expert.objects.get().pk}/change/").content.decode()
    assert 'href="tel:62001234"' in page
    others = [make_mediator(grid, sex=sex).pk for sex in ("male", "female")]
    election = f"{ROOM}/committee/{committee.pk}/do/elect/"
    told = hand.post(election, {"term_from": term, "director": first.pk, "members": others[:1]})
    assert "《人民调解法》第八条" in told.content.decode()
    assert not committee.seats.exists()
    assert hand.post(election, {"term_from": term, "director": first.pk, "members": others}).status_code == 302
    assert committee.seats.current().count() == 3
    shown = hand.get(f"{ROOM}/committee/{committee.pk}/change/").content.decode()
    assert "王大姐" in shown
    assert "委员不足三人" not in shown
    ended = hand.post(f"{ROOM}/room/{Room.objects.get().pk}/do/end/", {"reason": "装修停用"})
    assert ended.status_code == 302
    # Who keeps nothing here reads, and enters nothing; who works elsewhere sees nothing.
    assert desk(cast.worker).get(f"{ROOM}/committee/").status_code == 200
    assert desk(cast.worker).get(f"{ROOM}/mediator/add/").status_code == 403
    assert desk(cast.worker).get(election).status_code == 403
    assert desk(cast.outsider).get(f"{ROOM}/committee/{committee.pk}/change/").status_code == 302
    assert desk(cast.outsider).get(election).status_code == 404


def test_a_director_enters_mediators_on_the_own_ground(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    hand = desk(director_of(committee))
    page = hand.get(f"{ROOM}/mediator/add/").content.decode()
    assert f'value="{committee.grid_id}"' in page
    assert f'value="{cast.place.street.pk}"' not in page
    assert hand.get(f"{ROOM}/committee/add/").status_code == 403
    elsewhere = {"kind": "elder", "name": "王大姐", "sex": "female", "grid": cast.place.street.pk}
    assert hand.post(f"{ROOM}/mediator/add/", elsewhere).status_code == 200
    assert not Mediator.objects.filter(name="王大姐").exists()


def test_the_calendar_says_when_and_to_few_what_for(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    mediator = committee.seats.order_by("pk")[1].mediator
    file, room = make_file(committee, mediator), make_room(committee.grid)
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    make_session(file, mediator, room=room, starts_at=start, state=SessionState.PLANNED)
    address = f"{ROOM}/room/calendar/"
    for of in ("", "?of=people"):
        mine = desk(mediator.user).get(address + of).content.decode()
        others = desk(cast.street).get(address + of).content.decode()
        assert f"{ROOM}/mediation/{file.pk}/change/" in mine
        assert ("09:00–11:00" in others, "已占用" in others) == (True, True)
        assert file.no not in others
        assert f"{ROOM}/mediation/{file.pk}/" not in others
    hand = desk(cast.street)
    later = hand.get(f"{address}?day={(start.date() + dt.timedelta(days=7)).isoformat()}").content.decode()
    assert "已占用" not in later
    for odd in ("day=²", "day=9999-12-31", "day=2026-02-30", "at=²&of=nobody", "at=%00"):
        assert hand.get(f"{address}?{odd}").status_code in {200, 400, 404}
    assert room.name not in desk(cast.outsider).get(address).content.decode()


def test_mediators_come_and_go_on_the_page_of_a_file(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    director, second = director_of(committee), committee.seats.order_by("pk")[1].mediator
    fitting = make_mediator(committee.grid, skills=["neighbour_leak"])
    seat(committee, fitting)
    file = make_file(committee, second)
    page, party = f"{ROOM}/mediation/{file.pk}", file.parties.order_by("pk")[0]
    hand = desk(director)
    assert f"{page}/do/assign/?mediator={fitting.pk}" in hand.get(f"{page}/change/").content.decode()
    assert "本调委会 · 擅长此类 · 服务本网格 · 在办0件" in hand.get(f"{page}/do/assign/").content.decode()
    assert hand.post(f"{page}/do/assign/", {"mediator": fitting.pk, "chosen_by": party.pk}).status_code == 302
    assert (
        hand.post(f"{page}/do/conflict/", {"mediator": second.pk, "party": party.pk, "kind": "kin"}).status_code == 302
    )
    assert [one.mediator for one in file.assignments.current().select_related("mediator")] == [fitting]
    assert desk(second.user).get(f"{page}/change/").status_code == 404
    refused = hand.post(f"{page}/do/assign/", {"mediator": second.pk})
    assert refused.status_code == 400
    held = file.assignments.current().get()
    assert hand.post(f"{page}/do/release/", {"assignment": held.pk, "reason": "工作调整"}).status_code == 302
    assert "还没有调解员。" in hand.get(f"{page}/change/").content.decode()
