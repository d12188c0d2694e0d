"""Two people acting at once: one wins, the other is told. Real threads, real transactions."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.actions.taking import AGAIN
from cases.models import Card, Case, Deadline, LedgerEntry
from gridgov.core import jobs
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.cases.test_api import jpeg, upload
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run CALLS in as many threads, let go together; their answers in order."""
    answers: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(n: int) -> None:
        try:
            ready.wait()
            answers[n] = calls[n]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def handling(cast: Cast) -> Case:
    asked = Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    case = actions.report_case(report=asked, by=cast.street, at=MONDAY)
    actions.accept_case(case=case, by=cast.lead, at=MONDAY)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    return actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)


def test_fifty_completions_of_one_case_one_wins() -> None:
    cast = make_cast("B")
    case = handling(cast)
    key = Token.objects.create(user=cast.unit_staff).key

    def complete(n: int) -> int:
        client = APIClient(headers={"authorization": f"Token {key}"})
        return int(client.post(f"/api/v1/cases/{case.pk}/complete/", {"result": f"第{n}次"}).status_code)

    answers = at_once([lambda n=n: complete(n) for n in range(50)])  # type: ignore[misc]
    assert Counter(answers) == {200: 1, 409: 49}
    assert Record.objects.filter(verb="cases.completed").count() == 1
    assert LedgerEntry.objects.filter(deadline__clock="case", entry="met").count() == 1
    assert verify().faults == []


def test_two_verifiers_who_disagree() -> None:
    cast = make_cast("B")
    case = handling(cast)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY)

    def judge(verb: Callable[..., Any], by: User, **values: Any) -> str:
        try:
            verb(case=case.pk, by=by, at=MONDAY, **values)
        except Exception as refusal:
            return type(refusal).__name__
        return "done"

    answers = at_once([
        lambda: judge(actions.verify_case, User.objects.get(pk=cast.lead.pk)),
        lambda: judge(actions.rework_case, User.objects.get(pk=cast.street.pk), reason="没好"),
    ])  # fmt: skip
    assert sorted(answers) == ["Conflict", "done"]
    assert Record.objects.filter(verb__in=["cases.verified", "cases.reworked"]).count() == 1


def test_the_breach_and_the_completion_meet() -> None:
    """Whoever comes first, the deadline ends in one state, and being late is not forgotten."""
    cast = make_cast("B")
    case = handling(cast)
    late = MONDAY + dt.timedelta(days=3, seconds=1)

    def complete() -> None:
        actions.complete_case(case=case.pk, result="好了", by=User.objects.get(pk=cast.unit_staff.pk), at=late)

    at_once([complete, lambda: jobs.run_due(at=late), lambda: jobs.run_due(at=late)])
    while jobs.run_due(at=late + dt.timedelta(hours=1)):
        pass
    clock = Deadline.objects.get(clock="case")
    assert (clock.met_at, clock.breached_at) == (late, MONDAY + dt.timedelta(days=3))
    assert (Card.objects.count(), LedgerEntry.objects.filter(deadline=clock, entry="breach").count()) == (1, 1)
    assert verify().faults == []


def test_four_sweepers_mark_each_of_sixty_deadlines_once() -> None:
    cast = make_cast("B")
    asked = Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    for _ in range(60):
        case = actions.report_case(report=asked, by=cast.street, at=MONDAY)
        actions.accept_case(case=case, by=cast.lead, at=MONDAY)
    late = MONDAY + dt.timedelta(days=3)

    def sweep() -> int:
        total = 0
        while count := jobs.run_due(at=late, limit=6):
            total += count
        return total

    at_once([sweep] * 4)
    # Each case has a second job, of its first clock. Where one sweep holds a case by that, the other looks again later.
    while jobs.run_due(at=late + AGAIN):
        pass
    assert Deadline.objects.filter(clock="case", breached_at=late).count() == 60
    assert LedgerEntry.objects.filter(entry="breach").count() == 60
    assert Record.objects.filter(verb="cases.breached").count() == 60
    assert (Card.objects.count(), Notice.objects.filter(kind="card").count()) == (60, 60)
    assert not Job.objects.filter(kind="cases.deadline", done_at=None, due_at__lte=late).exists()
    assert verify().faults == []


def test_two_who_cover_a_photo_at_once_take_nothing_from_each_other(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast("B")
    case = handling(cast)
    photo = actions.add_photo(case=case.pk, kind="after", upload=upload(jpeg()), by=cast.unit_staff, at=MONDAY)
    spots = [[n / 10, 0.1, 0.05, 0.05] for n in range(8)]
    people = [cast.lead, cast.unit_staff, cast.street, cast.total_lead] * 2

    def cover(n: int) -> str:
        try:
            actions.blur_photo(photo=photo.pk, areas=[spots[n]], by=people[n], at=MONDAY)
        except Exception as failure:
            return repr(failure)
        return "done"

    assert at_once([lambda n=n: cover(n) for n in range(8)]) == ["done"] * 8  # type: ignore[misc]
    photo.refresh_from_db()
    assert sorted(photo.areas) == spots
    kept = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jpg")}
    assert kept == {photo.file, photo.thumb, photo.original, photo.original_thumb}
    assert Record.objects.filter(verb="cases.photo_blurred").count() == 8
