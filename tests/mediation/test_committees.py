"""Committees as the law wants them, who sits in them, and what leaving one means."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from mediation.actions.committees import (
    change_committee,
    elect,
    end_committee,
    end_seat,
    found_committee,
    give_seat,
    tell_terms,
)
from mediation.actions.experts import change_expert, end_expert, register_expert
from mediation.actions.mediators import change_mediator, end_mediator, register_mediator
from mediation.actions.rooms import add_room, change_room, close_room, close_studio, open_studio
from mediation.choices.files import FileState, SessionState
from mediation.choices.people import Gap, Office, Sex
from mediation.models import Committee, Expert, Mediation, Mediator, Room, Seat
from mediation.rules.committees import gaps_of, last_day
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, make_room, make_session

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
TODAY = MONDAY.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refused(error: type[Exception], act: Any, match: str = "", **given: Any) -> None:
    """ACT is refused, and nothing changes."""
    before = (
        Record.objects.count(),
        Committee.objects.count(),
        Seat.objects.current().count(),
        Mediator.objects.active().count(),
    )
    with pytest.raises(error, match=match or None):
        act(at=MONDAY, **given)
    after = (
        Record.objects.count(),
        Committee.objects.count(),
        Seat.objects.current().count(),
        Mediator.objects.active().count(),
    )
    assert after == before


def gaps(committee: Committee, day: dt.date = TODAY) -> list[Gap]:
    return gaps_of(Committee.objects.with_seats().get(pk=committee.pk), day)


def test_a_committee_is_founded_and_elected_by_the_law(cast: Cast) -> None:
    grid = cast.place.totals[0]
    given: dict[str, Any] = {
        "grid": grid,
        "kind": "community",
        "name": "幸福里社区人民调解委员会",
        "short": "幸",
        "term_from": TODAY,
    }
    row = found_committee(**given, by=cast.total_lead, at=MONDAY)
    assert (row.term_until, row.scope_code) == (dt.date(2029, 9, 6), grid.code)
    assert gaps(row) == [Gap.FEW, Gap.NO_WOMAN, Gap.NO_DIRECTOR]
    assert [one.pk for one in Committee.objects.with_seats().lacking(Gap.NO_DIRECTOR, TODAY)] == [row.pk]
    by_street = {**given, "by": cast.street}
    refused(Conflict, found_committee, **by_street)
    refused(Invalid, found_committee, **{**by_street, "kind": "street", "short": "街"})
    refused(
        Invalid,
        found_committee,
        "第九条",
        **{**by_street, "short": "街", "term_from": TODAY - dt.timedelta(days=3 * 366)},
    )
    for stranger in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.MEDIATOR)):
        refused(Forbidden, found_committee, **{**given, "short": "街", "by": stranger})
    refused(Invalid, found_committee, **{**given, "short": "街", "by": cast.outsider})

    men = [make_mediator(grid, sex=Sex.MALE) for _ in range(9)]
    woman = make_mediator(grid)
    keys = [one.pk for one in men]
    chosen: dict[str, Any] = {"committee": row, "term_from": TODAY, "director": keys[0], "by": cast.total_lead}
    refused(Invalid, elect, "第八条", **chosen, members=[woman.pk])
    refused(Invalid, elect, "第八条", **chosen, members=[*keys[1:], woman.pk])
    refused(Invalid, elect, "妇女", **chosen, members=keys[1:4])
    refused(Invalid, elect, **chosen, members=[woman.pk, keys[1], keys[1]])
    refused(Invalid, elect, **chosen, members=[woman.pk, 10**9])
    refused(Invalid, elect, **chosen, members=[woman.pk, make_mediator(grid, ended_on=TODAY).pk])
    own = make_mediator(grid, user=cast.total_lead)
    refused(Forbidden, elect, "主任", **{**chosen, "director": own.pk}, members=[woman.pk, *keys[1:3]])
    refused(Forbidden, give_seat, "主任", committee=row, mediator=own.pk, office=Office.DIRECTOR, by=cast.total_lead)
    elect(**chosen, deputies=[woman.pk], members=keys[1:3], at=MONDAY)
    assert gaps(row) == []
    assert [(one.mediator_id, one.office) for one in row.seats.current()] == [
        (keys[0], Office.DIRECTOR), (woman.pk, Office.DEPUTY), (keys[1], Office.MEMBER), (keys[2], Office.MEMBER),
    ]  # fmt: skip
    record = Record.objects.get(verb="mediation.committee_elected")
    assert record.data == {"term_from": "2026-09-07", "mediators": [keys[0], woman.pk, *keys[1:3]], "left": []}

    director = director_of(row)
    more = {"committee": row, "by": director}
    refused(Conflict, give_seat, "第八条", **more, mediator=keys[3], office=Office.DIRECTOR)
    refused(Conflict, give_seat, **more, mediator=keys[1], office=Office.MEMBER)
    refused(Invalid, give_seat, **more, mediator=keys[3], office="king")
    for one in keys[3:8]:
        give_seat(**more, mediator=one, office=Office.MEMBER, at=MONDAY)
    refused(Conflict, give_seat, "第八条", **more, mediator=keys[8], office=Office.MEMBER)
    # Whoever is appointed takes no seat of the nine.
    give_seat(**more, mediator=keys[8], office=Office.APPOINTED, at=MONDAY)
    refused(Forbidden, give_seat, committee=row, by=woman.user, mediator=keys[8], office=Office.MEMBER)
    refused(Committee.DoesNotExist, give_seat, committee=row, by=cast.outsider, mediator=keys[8], office=Office.MEMBER)
    refused(Forbidden, elect, **{**chosen, "by": director}, members=[woman.pk, keys[1]])
    changed = change_committee(committee=row, name="幸福里调委会", place="二楼", phone="", by=director, at=MONDAY)
    assert (changed.name, changed.place, changed.short) == ("幸福里调委会", "二楼", "幸")


def test_whoever_leaves_a_committee_leaves_its_files(cast: Cast) -> None:
    row = make_committee(cast.place.totals[0], members=4)
    other = make_committee(cast.place.street)
    _first, second, third, fourth = (one.mediator for one in row.seats.order_by("pk"))
    file, kept = make_file(row, second, third), make_file(other, second)
    make_session(file, second, third, state=SessionState.PLANNED)
    end_seat(seat=row.seats.get(mediator=second), by=cast.total_lead, at=MONDAY)
    assert list(Mediation.objects.visible_to(second.user)) == [kept]
    assert file.assignments.current().get().is_lead
    assert list(file.sessions.get().mediators.all()) == [third]
    assert Record.objects.get(verb="mediation.seat_ended").data == {"mediator": second.pk, "left": [file.pk]}
    refused(Conflict, end_seat, seat=row.seats.get(mediator=second), by=cast.total_lead)
    # An election does the same, and so does the end of somebody's mediating.
    elect(
        committee=row, term_from=TODAY, director=row.seats.order_by("pk")[0].mediator_id, members=[fourth.pk, second.pk],
        by=cast.street, at=MONDAY,
    )  # fmt: skip
    assert not file.assignments.current().exists()
    end_mediator(mediator=second, reason="迁居外地", by=cast.street, at=MONDAY)
    assert not Mediation.objects.visible_to(second.user).exists()
    assert not second.seats.current().exists()
    assert gaps(row) == [Gap.FEW]
    refused(Conflict, end_mediator, mediator=second, reason="迁居外地", by=cast.street)
    refused(Conflict, end_committee, committee=row, reason="合并", by=cast.street)
    file.change(state=FileState.FILED, outcome="failed")
    director = director_of(row)
    end_committee(committee=row, reason="合并", by=cast.street, at=MONDAY)
    # The volumes stay with who directed it.
    assert list(Mediation.objects.visible_to(director)) == [file]
    assert gaps(row) == []
    # What it was called stands in the number of a volume, and in no other committee's.
    again = {"grid": row.grid, "kind": "community", "name": "新调解委员会", "short": row.short, "term_from": TODAY}
    refused(Conflict, found_committee, **again, by=cast.street)
    refused(Conflict, give_seat, committee=row, mediator=third.pk, office=Office.MEMBER, by=cast.street)


def test_terms_that_end_are_told_sixty_days_before_and_once(cast: Cast) -> None:
    soon = make_committee(cast.place.totals[0], term_from=TODAY - dt.timedelta(days=1000), term_until=TODAY + 60 * DAY)
    later = make_committee(cast.place.totals[0], term_until=TODAY + 61 * DAY)
    assert (gaps(soon), gaps(later), gaps(soon, TODAY + 61 * DAY)) == ([Gap.TERM_NEAR], [], [Gap.TERM_OVER])
    told = tell_terms(at=MONDAY)
    heard = Notice.objects.filter(subject_type="mediation.committee")
    assert {notice.user for notice in heard} == {director_of(soon), cast.street, cast.total_lead}
    assert (told, {notice.subject_id for notice in heard}) == (3, {soon.pk})
    assert heard[0].params == {"name": soon.name, "day": "2026-11-06"}
    assert tell_terms(at=MONDAY + DAY) == 3  # the other one is near by now
    assert tell_terms(at=MONDAY + DAY) == 0
    assert last_day(dt.date(2028, 2, 29)) == dt.date(2031, 2, 27)


def test_mediators_experts_rooms_and_studios(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    director, grid = director_of(committee), committee.grid
    who: dict[str, Any] = {
        "kind": "lawyer",
        "name": "林律师",
        "sex": "female",
        "phone": "13800001111",
        "about": "",
        "skills": ["labour"],
    }
    one = register_mediator(**who, grid=grid, serves=[grid], user=cast.lead, by=director, at=MONDAY)
    assert (one.skills, list(one.serves.all()), Mediator.objects.of(cast.lead)) == (["labour"], [grid], one)
    assert Record.objects.get(verb="mediation.mediator_registered").data == {"kind": "lawyer", "account": cast.lead.pk}
    refused(Conflict, register_mediator, **who, grid=grid, user=cast.lead, by=director)
    refused(Invalid, register_mediator, **who, grid=grid, user=make_user(Role.AUDITOR), by=director)
    refused(Invalid, register_mediator, "第八条", **{**who, "sex": ""}, grid=grid, by=director)
    refused(Invalid, register_mediator, **{**who, "skills": ["war"]}, grid=grid, by=director)
    refused(Invalid, register_mediator, **who, grid=grid, serves=[cast.outsider.posts.get().grid], by=director)
    refused(Forbidden, register_mediator, **who, grid=cast.place.street, by=director)
    refused(Forbidden, register_mediator, **who, grid=grid, by=cast.worker)
    changed = change_mediator(mediator=one, **{**who, "skills": []}, serves=[], user=None, by=cast.street, at=MONDAY)
    assert (changed.skills, changed.user, list(changed.serves.all())) == ([], None, [])
    refused(Mediator.DoesNotExist, change_mediator, mediator=one, **who, serves=[], user=None, by=cast.outsider)
    # Whoever keeps the list doesn't come to read files by another's account, nor by one that isn't there yet.
    change: dict[str, Any] = {**who, "mediator": one, "serves": []}
    make_file(committee, one)
    refused(Conflict, change_mediator, **change, user=cast.street, by=cast.street)
    change_mediator(**change, user=cast.lead, by=cast.street, at=MONDAY)
    for user in (cast.street, make_user(Role.MEDIATOR), None):
        refused(Conflict, change_mediator, **change, user=user, by=cast.street)
    assert Mediator.objects.get(pk=one.pk).user == cast.lead

    person = {"profession": "judge", "name": "何法官", "office": "区法院", "phone": "", "about": ""}
    expert = register_expert(grid=cast.place.street, **person, by=cast.street, at=MONDAY)
    change_expert(expert=expert, **{**person, "phone": "62001234"}, by=cast.street, at=MONDAY)
    refused(Invalid, register_expert, grid=grid, **{**person, "profession": "wizard"}, by=director)
    refused(Forbidden, end_expert, expert=expert, reason="调离", by=director)
    end_expert(expert=expert, reason="调离", by=cast.street, at=MONDAY)
    assert not Expert.objects.on_call().visible_to(director).exists()

    room = add_room(grid=grid, name="第一调解室", place="社区二楼", by=director, at=MONDAY)
    assert change_room(room=room, name="第一调解室", place="社区三楼", seats=12, by=director, at=MONDAY).seats == 12
    refused(Invalid, add_room, grid=grid, name="第二调解室", place="", by=director)
    refused(Invalid, change_room, room=room, name="第一调解室", place="三楼", seats=1, by=director)
    studio = open_studio(committee=committee, name="老林调解室", mediator=one, room=room, by=director, at=MONDAY)
    far = make_room(cast.outsider.posts.get().grid)
    refused(Invalid, open_studio, committee=committee, name="老林调解室", room=far, by=director)
    session = make_session(make_file(committee), room=room, state=SessionState.PLANNED)
    refused(Conflict, close_room, room=room, reason="装修", by=director)
    session.change(state=SessionState.CANCELLED)
    close_room(room=room, reason="装修", by=director, at=MONDAY)
    assert not Room.objects.in_use().exclude(pk=far.pk).exists()
    refused(Conflict, close_room, room=room, reason="装修", by=director)
    close_studio(studio=studio, reason="调整", by=cast.total_lead, at=MONDAY)
    assert User.objects.get(pk=director.pk).mediator.seats.current().get().office == Office.DIRECTOR
