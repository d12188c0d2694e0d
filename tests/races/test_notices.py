"""Digests and stand-ins under many hands: told once, whoever gathers and however often it dies."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from accounts.actions import delegate, gather_notices, notify
from accounts.models import Delegation, Notice, User
from gridgov.core import jobs
from gridgov.core.errors import Conflict
from gridgov.core.models import Job
from gridgov.core.records import verify
from tests.factories import MONDAY, at, make_user
from tests.races.test_cases import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT, MORNING = at("2026-09-07 23:00"), at("2026-09-08 08:30")


def hold(people: list[User], keys: int) -> None:
    for n in range(keys):
        notify([Notice(user=user, kind="order", key=f"k{n}", text="Noted.", at=NIGHT) for user in people], at=NIGHT)


def assert_each_line_is_told_once(people: int, keys: int) -> None:
    digests = Notice.objects.filter(kind="digest")
    assert sorted(digests.values_list("params__kinds__order", flat=True)) == [keys] * people
    assert {digest.lines.count() for digest in digests} == {keys}
    assert Notice.objects.exclude(kind="digest").filter(digest=None).count() == 0
    assert Notice.objects.filter(held_until__isnull=False).count() == 0


def test_eight_gather_at_once() -> None:
    people = [make_user() for _ in range(20)]
    hold(people, 5)
    counts = at_once([lambda: gather_notices(at=MORNING)] * 8)
    assert sum(counts) == 100
    assert_each_line_is_told_once(20, 5)


def test_a_worker_that_dies_before_its_commit_has_told_nothing() -> None:
    people = [make_user() for _ in range(3)]
    hold(people, 4)

    def die() -> None:
        with pytest.raises(SystemExit), transaction.atomic():
            assert gather_notices(at=MORNING) == 12
            raise SystemExit

    at_once([die])
    assert Notice.objects.filter(kind="digest").count() == 0
    assert Notice.objects.filter(held_until=MORNING).count() == 12
    at_once([lambda: gather_notices(at=MORNING)] * 2)
    assert_each_line_is_told_once(3, 4)


def test_sweepers_race_for_the_standing_job() -> None:
    people = [make_user() for _ in range(10)]
    hold(people, 3)
    Job.objects.exclude(kind="accounts.digest").delete()
    Job.objects.update_or_create(
        kind="accounts.digest", key="standing", defaults={"due_at": MORNING, "run_at": MORNING}
    )
    counts = at_once([lambda: jobs.run_due(at=MORNING)] * 6)
    assert sum(counts) == 1
    assert_each_line_is_told_once(10, 3)
    # Its lease lost, it runs again elsewhere: there is nothing left to tell.
    Job.objects.update(run_at=MORNING, lease=None, done_at=None)
    at_once([lambda: jobs.run_due(at=MORNING + dt.timedelta(minutes=2))] * 2)
    assert_each_line_is_told_once(10, 3)


def test_a_notice_committed_after_its_moment_is_told_with_the_next() -> None:
    user = make_user()
    hold([user], 2)

    with transaction.atomic():
        notify([Notice(user=user, kind="order", key="slow", text="Noted.", at=NIGHT)], at=NIGHT)
        at_once([lambda: gather_notices(at=MORNING)])
        assert Notice.objects.filter(kind="digest").count() == 1
    at_once([lambda: gather_notices(at=MORNING + dt.timedelta(minutes=1))])
    slow = Notice.objects.get(key="slow")
    assert (slow.held_until, slow.digest_id) == (None, None)


def test_two_name_each_other_at_once() -> None:
    """One of the two closes the circle, and is refused."""
    people = [make_user() for _ in range(6)]
    day = MONDAY.date()

    def name(n: int) -> str:
        user, deputy = (User.objects.get(pk=people[(n + k) % 6].pk) for k in (0, 1))
        try:
            delegate(user=user, deputy=deputy, valid_from=day, valid_to=day, by=user, at=MONDAY)
        except Conflict as refusal:
            return refusal.code
        return "done"

    answers: list[Any] = at_once([lambda n=n: name(n) for n in range(6)])  # type: ignore[misc]
    assert sorted(answers) == ["chain", *["done"] * 5]
    assert Delegation.objects.count() == 5
    assert verify().faults == []


def test_the_same_absence_entered_twice_at_once() -> None:
    away, one, other = make_user(), make_user(), make_user()
    day = MONDAY.date()

    def name(deputy: User) -> str:
        try:
            delegate(user=away, deputy=deputy, valid_from=day, valid_to=day, by=away, at=MONDAY)
        except Conflict as refusal:
            return refusal.code
        return "done"

    assert sorted(at_once([lambda: name(one), lambda: name(other)])) == ["done", "stood_in_for"]
    assert Delegation.objects.count() == 1
