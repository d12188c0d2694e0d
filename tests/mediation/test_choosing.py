"""Who mediates in a file, who may not, and that nobody is in two places."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from mediation.actions.booking import hold_place
from mediation.actions.choosing import accept_mediator, assign, release, say_conflict
from mediation.actions.parties import PartyData, add_party, change_party
from mediation.choices.files import FileState, Outcome, SessionState
from mediation.choices.people import LATEST
from mediation.models import Assignment, Mediation, Mediator, Party
from mediation.reports.choosing import suggest
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.mediation.people import (
    director_of,
    make_committee,
    make_file,
    make_mediator,
    make_room,
    make_session,
    seat,
)

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def here(mediation: Mediation) -> list[tuple[int, bool]]:
    return list(mediation.assignments.current().values_list("mediator", "is_lead"))


def test_the_director_names_mediators_and_a_party_chooses_one(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0], members=4)
    director = director_of(committee)
    first, second, third = (one.mediator for one in committee.seats.order_by("pk")[1:4])
    file = make_file(committee)
    applicant, respondent = file.parties.order_by("pk")
    made = assign(mediation=file, mediator=first.pk, by=director, at=MONDAY)
    assert here(file) == [(first.pk, True)]
    assert Mediation.objects.visible_to(first.user).get() == file
    # A mediator of the file notes whom a party chose, and names nobody else.
    with pytest.raises(Forbidden, match="第十九条"):
        assign(mediation=file, mediator=second.pk, by=first.user, at=MONDAY)
    chosen = assign(mediation=file, mediator=second.pk, chosen_by=respondent, by=first.user, at=MONDAY)
    assert here(file) == [(first.pk, True), (second.pk, False)]
    assert list(chosen.accepted_by.all()) == [respondent]
    accept_mediator(assignment=made, party=applicant, by=director, at=MONDAY)
    with pytest.raises(Conflict):
        accept_mediator(assignment=made, party=applicant, by=director, at=MONDAY)
    assert list(made.accepted_by.all()) == [applicant]
    # Another lead takes over; when the lead goes, the next one leads, and the one who went sees nothing any more.
    assign(mediation=file, mediator=third.pk, is_lead=True, by=director, at=MONDAY)
    with pytest.raises(Conflict, match="已"):
        assign(mediation=file, mediator=third.pk, by=director, at=MONDAY)
    session = make_session(file, third, state=SessionState.PLANNED)
    ended = release(assignment=file.assignments.get(mediator=third), reason="另有工作", by=third.user, at=MONDAY)
    assert (ended.until, ended.is_lead) == (MONDAY, False)
    assert here(file) == [(first.pk, True), (second.pk, False)]
    assert not session.mediators.exists()
    assert not Mediation.objects.visible_to(third.user).exists()
    with pytest.raises(Forbidden):
        release(assignment=made, reason="换人", by=second.user, at=MONDAY)
    # Strangers, the street office among them, know of no such file.
    for stranger in (cast.street, cast.total_lead, cast.outsider, third.user):
        with pytest.raises(Mediation.DoesNotExist):
            assign(mediation=file, mediator=third.pk, by=stranger, at=MONDAY)
    # What is recorded and told names nobody.
    rows = Record.objects.filter(subject_type="mediation.mediation", subject_id=file.pk).order_by("seq")
    assert [row.verb for row in rows] == [
        "mediation.assigned", "mediation.assigned", "mediation.mediator_accepted", "mediation.assigned", "mediation.released",
    ]  # fmt: skip
    assert rows[1].data == {"mediator": second.pk, "leads": False, "party": respondent.pk}
    notices = Notice.objects.filter(user=third.user).order_by("pk")
    assert [notice.params for notice in notices] == [{"no": file.no}, {"no": file.no}]
    file.refresh_from_db()
    assert file.version == 5


def test_whoever_is_tied_to_a_party_does_not_mediate(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0], members=3)
    director = director_of(committee)
    first, second = (one.mediator for one in committee.seats.order_by("pk")[1:3])
    file = make_file(committee, first, second)
    party = file.parties.order_by("pk")[0]
    said = say_conflict(mediation=file, mediator=first.pk, party=party, kind="kin", by=first.user, at=MONDAY)
    assert said.said_by == first.user
    assert here(file) == [(second.pk, True)]
    assert not Mediation.objects.visible_to(first.user).exists()
    ended = file.assignments.get(mediator=first)
    assert (ended.until, ended.reason) == (MONDAY, "当事人的亲属")

    def refused(error: type[Exception], match: str | None, act: Any, **given: Any) -> None:
        before = (here(file), file.conflicts.count(), Record.objects.count())
        with pytest.raises(error, match=match):
            act(mediation=file, by=director, at=MONDAY, **given)
        assert (here(file), file.conflicts.count(), Record.objects.count()) == before

    refused(Invalid, "第十五条", assign, mediator=first.pk)
    refused(Conflict, None, say_conflict, mediator=first.pk, party=party, kind="kin")
    refused(Invalid, None, say_conflict, mediator=second.pk, party=party, kind="enemy")
    refused(Party.DoesNotExist, None, say_conflict, mediator=second.pk, party=10**9, kind="kin")
    # The same number as a party, however it is written; no seat anywhere; another street; gone; unknown.
    same = make_mediator(committee.grid, phone=f"+86 {party.phone[:3]}-{party.phone[3:]}")
    seat(committee, same)
    refused(Invalid, "第十五条", assign, mediator=same.pk)
    refused(Invalid, "第十三条", assign, mediator=make_mediator(committee.grid).pk)
    gone = make_mediator(committee.grid, ended_on=MONDAY.date())
    refused(Conflict, None, assign, mediator=gone.pk)
    elsewhere = make_committee(cast.outsider.posts.get().grid)
    refused(Invalid, None, assign, mediator=elsewhere.seats.order_by("pk")[1].mediator_id)
    refused(Invalid, None, assign, mediator=10**9)
    assert not {one.mediator for one in suggest(file, MONDAY)} & {first, second, same, gone}


def test_nobody_becomes_a_party_with_the_number_of_who_mediates(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    director, one = director_of(committee), committee.seats.order_by("pk")[1].mediator
    file = make_file(committee, one)
    party, number = file.parties.order_by("pk")[0], f"+86 {one.phone}"
    for given in ({"phone": number}, {"agent_name": "周代理", "agent_phone": number}):
        data = PartyData(**{"role": party.role, "name": party.name, **given})
        for act in (partial(change_party, party=party), partial(add_party, mediation=file)):
            with pytest.raises(Invalid, match="第十五条"):
                act(data=data, by=director, at=MONDAY)
    assert file.parties.filter(phone=party.phone).count() == 1 and file.parties.count() == 2
    # Whoever has stepped back may be one; and mediates here no more.
    release(assignment=file.assignments.get(), reason="是当事人", by=director, at=MONDAY)
    change_party(party=party, data=PartyData(party.role, party.name, phone=number), by=director, at=MONDAY)
    with pytest.raises(Invalid, match="第十五条"):
        assign(mediation=file, mediator=one.pk, by=director, at=MONDAY)


def test_suggestions_go_by_committee_kind_grid_load_and_success(cast: Cast) -> None:
    community = cast.place.totals[0]
    committee = make_committee(community, members=1)
    street = make_committee(cast.place.street, members=1)
    file = make_file(committee)
    head = street.seats.get().mediator
    expert = make_mediator(community, skills=["neighbour_leak"])
    other = make_mediator(community, skills=["labour"])
    far = make_mediator(cast.place.street, skills=["neighbour_leak"])
    busy = make_mediator(community, skills=["neighbour_leak"])
    good = make_mediator(community, skills=["neighbour_leak"])
    for who in (expert, other, busy, good):
        seat(committee, who)
    seat(street, far)
    make_file(committee, busy)
    make_file(committee, busy, good, state=FileState.ENDED, outcome=Outcome.AGREED_WRITTEN)
    make_file(committee, expert, state=FileState.ENDED, outcome=Outcome.FAILED)
    found = suggest(file, MONDAY, most=9)
    assert [one.mediator for one in found[:3]] == [good, busy, expert]
    assert found[-1].mediator in {other, head}
    fit = {one.mediator: one.fit for one in found}
    assert (fit[busy].open, fit[busy].over, fit[busy].agreed) == (1, 1, 1)
    assert (fit[far].own, fit[far].skilled, fit[far].near) == (False, True, True)
    assert not fit[other].skilled
    # Of a long archive the latest files count.
    for _n in range(LATEST):
        make_file(committee, expert, state=FileState.FILED, outcome=Outcome.AGREED_ORAL)
    fit = {one.mediator: one.fit for one in suggest(file, MONDAY, most=9)}
    assert (fit[expert].over, fit[expert].agreed) == (LATEST, LATEST)
    assert len(suggest(file, MONDAY)) == 5


def test_suggestions_are_flat(cast: Cast, django_assert_num_queries: Any) -> None:
    committee = make_committee(cast.place.totals[0], members=9)
    file = make_file(committee)
    with django_assert_num_queries(3):
        assert len(suggest(file, MONDAY)) == 5


def test_rooms_and_mediators_are_in_one_place_at_a_time(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    first, second = (one.mediator for one in committee.seats.order_by("pk")[1:3])
    file, room = make_file(committee, first), make_room(committee.grid)
    start, end = MONDAY + DAY, MONDAY + DAY + 2 * HOUR
    session = make_session(file, first, room=room, starts_at=start, state=SessionState.PLANNED)

    def taken(
        room: Any, *mediators: Mediator, start: dt.datetime = start, end: dt.datetime = end, but: Any = None
    ) -> str:
        try:
            hold_place(room=room, mediators=mediators, start=start, end=end, but=but)
        except Conflict as conflict:
            assert conflict.code == "booked"
            return str(conflict.field)
        return ""

    assert taken(room, second) == "room"
    assert taken(None, second, first) == "mediators"
    assert taken(None, second) == ""
    assert taken(room, first, but=session) == ""
    # From the end of the one to the beginning of the other.
    assert taken(room, first, start=end, end=end + HOUR) == ""
    assert taken(room, first, start=start - HOUR, end=start) == ""
    assert taken(room, first, start=end - dt.timedelta(minutes=1), end=end + HOUR) == "room"
    with pytest.raises(Conflict, match=r"09-08 09:00.*11:00") as told:
        hold_place(room=None, mediators=[first], start=start, end=end)
    assert file.no not in str(told.value)
    session.change(state=SessionState.CANCELLED)
    assert taken(room, first) == ""
    room.change(ended_on=MONDAY.date())
    with pytest.raises(Invalid):
        hold_place(room=room, mediators=[], start=start, end=end)


def test_a_party_accepts_by_its_own_link_alone(cast: Cast) -> None:
    committee = make_committee(cast.place.totals[0])
    mediator = committee.seats.order_by("pk")[1].mediator
    file, other = make_file(committee, mediator), make_file(committee)
    assignment, (mine, theirs) = file.assignments.get(), file.parties.order_by("pk")
    door = User.objects.door()
    link = mine.links.create(mediation=file, digest="1" * 64, ends_at=MONDAY + DAY, by=mediator.user, at=MONDAY)
    strange = other.parties.order_by("pk")[0]
    wrong = strange.links.create(mediation=other, digest="2" * 64, ends_at=MONDAY + DAY, by=mediator.user, at=MONDAY)
    for given in ({}, {"via": wrong}):
        with pytest.raises(Mediation.DoesNotExist):
            accept_mediator(assignment=assignment, party=mine, by=door, at=MONDAY, **given)
    with pytest.raises(Party.DoesNotExist):
        accept_mediator(assignment=assignment, party=theirs, by=door, at=MONDAY, via=link)
    accept_mediator(assignment=assignment, party=mine, by=door, at=MONDAY, via=link)
    assert list(assignment.accepted_by.all()) == [mine]
    assert Assignment.objects.visible_to(make_user(Role.STREET)).count() == 0
