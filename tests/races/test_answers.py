"""The same request sent twice at the same moment: one runs, the other waits and gets its answer."""

import threading
import uuid

import pytest

from cases.models import Case
from gridgov.core.idempotency import Reply, once
from gridgov.core.models import KeptAnswer
from gridgov.core.records import verify
from tests.cases.desk import report
from tests.factories import MONDAY, make_cast
from tests.races.test_cases import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def test_one_runs_and_the_other_gets_its_answer() -> None:
    cast = make_cast("B")
    for number in range(ROUNDS):
        key, ran = str(uuid.uuid4()), threading.Semaphore(0)

        def send(key: str = key, ran: threading.Semaphore = ran) -> object:
            def act() -> Reply:
                ran.release()
                return Reply(201, {"no": report(cast).no})

            return once(client="user:1", key=key, asked="the same", act=act, at=MONDAY).body

        one, two = at_once([send, send])
        assert one == two
        assert ran.acquire(blocking=False)
        assert not ran.acquire(blocking=False)
        assert Case.objects.count() == KeptAnswer.objects.count() == number + 1
    assert verify().faults == []
