"""The demo's mediation is played by the real actions: in every state, and nobody in two places."""

import pytest

from gridgov.demo.disputes import COURSES, mediate
from gridgov.demo.mediation import DIRECTOR, seat_committees
from mediation.choices.files import FileState, Outcome
from mediation.models import Mediation, Session
from tests.factories import MONDAY, make_cast

pytestmark = pytest.mark.django_db


def test_disputes_are_played_in_every_state() -> None:
    make_cast()
    houses = seat_committees(MONDAY, {DIRECTOR: None})
    assert mediate(houses, MONDAY) == len(COURSES) == Mediation.objects.count()
    assert set(Mediation.objects.values_list("state", flat=True)) == set(FileState.values)
    assert set(Mediation.objects.values_list("outcome", flat=True)) == set(Outcome.values) - {Outcome.TERMINATED}
    director = houses[0].mediators[0].user
    assert director is not None and director.username == DIRECTOR
    assert Mediation.objects.visible_to(director).count() > 10
    for session in Session.objects.taking_place():
        beside = Session.objects.overlapping(session.starts_at, session.ends_at).exclude(pk=session.pk)
        assert not beside.filter(room=session.room).exists()
        assert not beside.filter(mediators__in=session.mediators.all()).exists()
