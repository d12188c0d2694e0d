"""Residents at the same moment: one form twice, two who join, a withdrawal beside a look."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from accounts.models import User
from cases.choices import CaseState
from cases.models import Case, Photo, Rating
from door import actions
from door.models import Slip
from gridgov.core.errors import Refusal
from gridgov.core.records import verify
from tests.door.residents import numbers_of, open_door, pictures, send, write
from tests.factories import make_cast
from tests.races.test_cases import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_media")]
ROUNDS = 4


def test_a_form_sent_twice_at_once_is_one_case_with_its_photo() -> None:
    cast = open_door(make_cast("B"))
    User.objects.filter(username="door").delete()
    for number in range(1, ROUNDS + 1):
        key = str(uuid.uuid4())
        one, two = at_once([lambda key=key: numbers_of(send(cast, key=key, photos=pictures(1)))] * 2)
        assert one == two
        assert Case.objects.count() == Slip.objects.count() == Photo.objects.count() == number
    assert verify().faults == []


def test_many_residents_at_once_are_as_many_cases() -> None:
    cast = open_door(make_cast("B"))
    answers = at_once([lambda: numbers_of(send(cast, photos=pictures(2)))] * 6)
    assert len({number for number, _code in answers}) == len({code for _number, code in answers}) == 6
    assert (Case.objects.count(), Slip.objects.count(), Photo.objects.count()) == (6, 6, 12)
    assert verify().faults == []


def test_a_withdrawal_and_a_taking_on_come_one_after_the_other() -> None:
    cast = open_door(make_cast("B"))
    for _ in range(ROUNDS):
        case = write(cast)
        slip = Slip.objects.get(case=case)
        at = case.reported_at

        def accept(case: Case = case) -> str:
            answer = Client()
            answer.force_login(cast.lead)
            return str(answer.post(f"/admin/cases/case/{case.pk}/accept/", {}).status_code)

        def withdraw(slip: Slip = slip, at: dt.datetime = at) -> Slip | Refusal:
            try:
                return actions.withdraw_report(slip=slip, by=User.objects.door(), at=at)
            except Refusal as refusal:
                return refusal

        _accepted, withdrawn = at_once([accept, withdraw])
        assert isinstance(withdrawn, Slip)
        assert Case.objects.get(pk=case.pk).state in {CaseState.ACCEPTED, CaseState.REJECTED}
    assert not Rating.objects.exists()
    assert verify().faults == []
