"""Whoever leaves a committee is given no file of it at the same moment, and no file comes to a committee that ends."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import Record
from mediation.actions import accept_file, assign, elect, end_committee, end_mediator, end_seat, open_file
from mediation.choices.files import FileState
from mediation.models import Committee, Mediation, Mediator
from tests.factories import MONDAY, Cast, make_cast
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, seat
from tests.races.test_taking import one_waits

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def committee(cast: Cast) -> Committee:
    return make_committee(cast.place.totals[0], members=4)


def last_of(committee: Committee) -> Mediator:
    return committee.seats.order_by("pk").select_related("mediator__user").last().mediator  # type: ignore[union-attr]


def leaving(how: str, committee: Committee, who: Mediator, by: User) -> Callable[[], Any]:
    """WHO leaves COMMITTEE: by the end of a seat, of all mediating, or an election."""
    staying = [one.mediator_id for one in committee.seats.order_by("pk") if one.mediator_id != who.pk]
    term = {"term_from": MONDAY.date(), "director": staying[0], "members": staying[1:]}
    return {
        "seat": lambda: end_seat(seat=committee.seats.get(mediator=who), by=by, at=MONDAY),
        "mediator": lambda: end_mediator(mediator=who.pk, reason="迁居外地", by=by, at=MONDAY),
        "election": lambda: elect(committee=committee.pk, **term, by=by, at=MONDAY),
    }[how]


@pytest.mark.parametrize("how", ["seat", "mediator", "election"])
def test_a_file_that_comes_while_somebody_leaves_is_not_kept(cast: Cast, committee: Committee, how: str) -> None:
    file, who, by = make_file(committee), last_of(committee), cast.street
    leave = leaving(how, committee, who, by)
    refused = one_waits(lambda: assign(mediation=file, mediator=who.pk, by=director_of(committee), at=MONDAY), leave)
    assert isinstance(refused, Conflict) and refused.code == "changed"
    assert who.seats.current().exists() and Mediator.objects.active().filter(pk=who.pk).exists()
    assert not Record.objects.filter(verb__in=["mediation.seat_ended", "mediation.mediator_ended"]).exists()
    leave()
    assert not Mediation.objects.visible_to(who.user).exists() and not who.seats.current().exists()


@pytest.mark.parametrize("how", ["seat", "mediator", "election"])
def test_whoever_leaves_is_given_no_file_meanwhile(cast: Cast, committee: Committee, how: str) -> None:
    file, who, director = make_file(committee), last_of(committee), director_of(committee)
    refused = one_waits(
        leaving(how, committee, who, cast.street),
        lambda: assign(mediation=file, mediator=who.pk, by=director, at=MONDAY),
    )
    assert isinstance(refused, Conflict if how == "mediator" else Invalid)
    assert not file.assignments.exists()


def opening(committee: Committee, by: User) -> Callable[[], Any]:
    given = {"kind": "neighbour_leak", "source": "committee", "title": "楼道堆物"}
    return lambda: open_file(committee=committee.pk, **given, by=by, at=MONDAY)


def test_no_file_comes_to_a_committee_that_ends(cast: Cast, committee: Committee) -> None:
    by, ending = cast.street, {"committee": committee.pk, "reason": "合并", "at": MONDAY}
    who = last_of(committee).user
    refused = one_waits(opening(committee, who), lambda: end_committee(**ending, by=by))
    assert isinstance(refused, Conflict) and refused.code == "open"
    Mediation.objects.update(state=FileState.DECLINED)
    refused = one_waits(lambda: end_committee(**ending, by=by), opening(committee, who))
    assert isinstance(refused, Invalid) and refused.field == "committee"
    assert Mediation.objects.count() == 1


def test_an_election_waits_for_a_file_that_is_accepted(cast: Cast, committee: Committee) -> None:
    """Both hold the file before the committee."""
    who, outside = last_of(committee), make_mediator(committee.grid)
    seat(committee, outside, "engaged")
    file = make_file(committee, who, outside, state=FileState.APPLIED)
    by = director_of(committee)
    elected = one_waits(
        lambda: accept_file(mediation=file, by=by, at=MONDAY), leaving("election", committee, who, cast.street)
    )
    assert elected == committee and list(file.assignments.current().values_list("mediator", flat=True)) == [outside.pk]
    assert Mediation.objects.get().state == FileState.RUNNING
