"""The alarm and a person at the same case at the same moment: neither waits for the other for ever."""

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from accounts.models import User
from cases import actions
from cases.models import Case, Deadline
from gridgov.core import jobs
from gridgov.core.models import Job
from tests.cases.desk import walk
from tests.cases.test_clocks import accepted
from tests.factories import MONDAY, make_cast
from tests.races.test_cases import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
DUE = MONDAY + 3 * DAY


@contextlib.contextmanager
def held(case: Case) -> Iterator[None]:
    """Somebody else, a thread with a transaction of its own, holds CASE locked as long as the block runs."""
    taken, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Case.objects.locked(case)
                taken.set()
                go_on.wait(20)
        finally:
            connection.close()

    person = threading.Thread(target=hold)
    person.start()
    try:
        assert taken.wait(20)
        yield
    finally:
        go_on.set()
        person.join()


def test_a_case_that_somebody_holds_is_struck_a_moment_later() -> None:
    """Whoever holds the case may move its clock and want the job that the worker holds: a worker that waited for the case
    was a deadlock, and the person got the error."""
    case = accepted(make_cast("B"))
    Deadline.objects.update(told=80)
    Job.objects.filter(kind="cases.deadline").update(due_at=DUE, run_at=DUE)
    with held(case):
        jobs.run_due(at=DUE)
        clock = case.deadlines.get(clock="case")
        job = Job.objects.get(kind="cases.deadline", key=str(clock.pk))
        assert (clock.breached_at, job.run_at, job.done_at) == (None, DUE + dt.timedelta(seconds=1), None)
    jobs.run_due(at=DUE + dt.timedelta(seconds=1))
    clock.refresh_from_db()
    assert clock.breached_at == DUE


def test_one_of_two_held_cases_does_not_hold_up_the_other() -> None:
    cast = make_cast("B")
    free, busy = accepted(cast), accepted(cast)
    pks = list(Deadline.objects.filter(clock="case").order_by("pk").values_list("pk", flat=True))
    with held(busy), transaction.atomic():
        again = actions.strike(deadlines=pks, by=User.objects.system(), at=DUE)
    assert again[pks[1]] == DUE + dt.timedelta(seconds=1)
    assert [Case.objects.get(pk=case.pk).breached_at for case in (free, busy)] == [DUE, None]


def test_whoever_reviews_a_parked_case_and_the_reminder_do_not_wait_for_each_other() -> None:
    """The job holds its own row and wants the case; the review holds the case and wants the job: the job gives way."""
    cast = make_cast("B")
    case = walk(cast, "handling", at=MONDAY)
    wanted = {"until": MONDAY + 30 * DAY, "cause": "hard_case", "plan": "三方会商"}
    row = actions.ask(case=case.pk, kind="parking", reason="疑难", by=cast.unit_staff, at=MONDAY + DAY, **wanted)
    actions.decide(application=row, approve=True, by=cast.street, at=MONDAY + DAY)
    pause, day = case.pauses.get(), MONDAY + 30 * DAY
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        (answer,) = at_once([lambda: actions.end_pause(pause=pause.pk, by=User.objects.system(), at=day)])
    assert answer == day + dt.timedelta(seconds=1)
    assert actions.end_pause(pause=pause.pk, by=User.objects.system(), at=day) is None
