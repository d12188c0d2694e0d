"""A run sent twice at the same moment, and two runs over the same cases: each case once, and everybody is told."""

import uuid

import pytest

from accounts.models import User
from cases import actions
from cases.models import Bulk, Case
from gridgov.core.models import Record
from gridgov.core.records import verify
from tests.factories import MONDAY, make_cast
from tests.races.test_cases import at_once, handling

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def test_a_form_sent_twice_at_once_is_one_run() -> None:
    cast = make_cast("B")
    for _round in range(ROUNDS):
        cases = [handling(cast) for _n in range(3)]
        key, rows = uuid.uuid4(), {case.pk: case.version for case in cases}

        def send(key: uuid.UUID = key, rows: dict[int, int] = rows) -> int:
            by = User.objects.get(pk=cast.lead.pk)
            return actions.do_in_bulk(key=key, verb="urge", rows=rows, given={"note": ""}, by=by, at=MONDAY).pk

        runs = at_once([send, send])
        assert runs[0] == runs[1] == Bulk.objects.get(key=key).pk
        assert set(Bulk.objects.get(key=key).lines.values_list("done", flat=True)) == {True}
        assert list(Case.objects.filter(pk__in=rows).values_list("urged", flat=True)) == [1, 1, 1]
    assert verify().faults == []


def test_two_people_at_the_same_cases_do_each_once_and_the_other_is_told() -> None:
    cast = make_cast("B")
    for _round in range(ROUNDS):
        rows = {case.pk: case.version for case in (handling(cast) for _n in range(4))}

        def send(who: User, rows: dict[int, int] = rows) -> dict[int, bool]:
            by = User.objects.get(pk=who.pk)
            run = actions.do_in_bulk(key=uuid.uuid4(), verb="urge", rows=rows, given={"note": ""}, by=by, at=MONDAY)
            return dict(run.lines.values_list("case", "done"))

        one, two = at_once([lambda: send(cast.lead), lambda: send(cast.street)])
        assert all(one[pk] != two[pk] for pk in rows)
        assert Record.objects.filter(verb="cases.urged", subject_id__in=rows).count() == len(rows)
    assert verify().faults == []
