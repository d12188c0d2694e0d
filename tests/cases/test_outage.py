"""Clocks of servers that jump, and a day without anybody who works: each effect once, and no flood."""

import datetime as dt
from collections import Counter

import pytest

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases import actions
from cases.choices import Clock
from cases.models import Card, Case, Deadline, LedgerEntry
from gridgov.core import jobs
from gridgov.core.calendar import CHINA
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.cases.desk import walk
from tests.cases.life import digests
from tests.cases.test_clocks import accepted, case_clock, run
from tests.factories import MONDAY, Cast, at, make_cast

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def effects() -> tuple[int, ...]:
    marked = Deadline.objects.filter(breached_at__isnull=False).count()
    lines, records = LedgerEntry.objects.filter(entry="breach"), Record.objects.filter(verb="cases.breached")
    return marked, lines.count(), records.count(), Card.objects.count()


def test_a_servers_clock_that_jumps_back_does_nothing_twice_and_loses_nothing(cast: Cast) -> None:
    first, second = accepted(cast), accepted(cast, MONDAY + DAY)
    run(MONDAY + 3 * DAY)
    assert effects() == (1, 1, 1, 1)
    before = digests()
    for back in (DAY, HOUR, MINUTE):
        run(MONDAY + 3 * DAY - back)
        assert digests() == before
    run(MONDAY + 4 * DAY)
    assert effects() == (2, 2, 2, 2)
    assert [case_clock(case).breached_at for case in (first, second)] == [MONDAY + 3 * DAY, MONDAY + 4 * DAY]


def test_a_clock_that_was_a_day_ahead_and_is_set_right_marks_by_the_moment_it_was_due(cast: Cast) -> None:
    """While it is ahead it says what it would say then; set right, nothing is taken back and nothing is said again."""
    case = accepted(cast)
    run(MONDAY + 3 * DAY + HOUR)  # an hour too early, if it is two hours ahead
    run(MONDAY + 3 * DAY - HOUR)
    run(MONDAY + 3 * DAY)
    assert effects() == (1, 1, 1, 1)
    assert case_clock(case).breached_at == MONDAY + 3 * DAY


def test_a_job_claimed_by_a_clock_that_was_ahead_comes_back_when_its_lease_ends(cast: Cast) -> None:
    """A worker with a clock a minute ahead claims and dies; nobody waits longer than that minute and the lease."""
    accepted(cast)
    due = MONDAY + 3 * DAY
    Deadline.objects.update(told=80)
    Job.objects.filter(kind="cases.deadline").update(due_at=due, run_at=due)
    assert len(jobs.claim(at=due + MINUTE)) >= 1
    run(due + MINUTE)
    assert effects() == (0, 0, 0, 0)
    run(due + MINUTE + dt.timedelta(minutes=10))
    assert effects() == (1, 1, 1, 1)


def test_shanghai_knows_no_summer_time(cast: Cast) -> None:
    """Where others turn their clocks (March, October), a day of the office has 24 hours."""
    for start in ("2026-03-28 23:30", "2026-10-24 23:30", "2026-10-31 23:30"):
        case = accepted(cast, at(start))
        assert case.due_at == at(start) + 3 * DAY
        assert case.due_at.astimezone(CHINA).time() == dt.time(23, 30)


# What these tell depends on when they are run, and is told once a day; or handed on whenever they come by.
BY_THE_CLOCK = ("accounts.digest", "fieldwork.ask_for_daily", "integrations.channels")


def test_a_day_without_a_worker_is_caught_up_with_once_and_each_person_gets_one_digest(cast: Cast) -> None:
    """Twelve cases fall due while nobody works; then one start, at noon of a working day."""
    actions.set_policy(tier="B", value="6", unit="natural_hour", by=cast.street, at=MONDAY - DAY)
    cases = [walk(cast, "handling", at=MONDAY + n * MINUTE) for n in range(12)]
    Job.objects.filter(kind="accounts.digest").delete()
    jobs.promise("accounts.digest", "standing", due_at=MONDAY)
    run(MONDAY + HOUR)
    orders = Notice.objects.filter(kind=NoticeKind.ORDER).count()
    noon = MONDAY + DAY + 3 * HOUR
    run(noon)
    # The case's own clock and the step of its order ran out; only the first gives a card.
    assert effects() == (24, 24, 24, 12)
    assert set(Deadline.objects.filter(breached_at__isnull=False).values_list("clock", flat=True)) == {
        Clock.CASE,
        Clock.HANDLE,
    }
    for case in cases:
        assert Case.objects.get(pk=case.pk).breached_at == case.due_at
    later = Notice.objects.exclude(kind=NoticeKind.ORDER)
    # The handler of two clocks a case; the lead of the step and of the case's card. Nobody is told of 50 and 80 percent any more.
    lines = later.exclude(kind=NoticeKind.DIGEST)
    assert Counter(lines.values_list("user__username", "kind")) == {
        ("unit_staff", "breach"): 24, ("total_lead", "breach"): 12, ("total_lead", "card"): 12,
    }  # fmt: skip
    assert later.filter(held_until=None).count() == 0  # gathered, not told one by one
    run(noon + HOUR)
    told = Notice.objects.filter(held_until=None, digest=None).exclude(kind=NoticeKind.ORDER)
    assert Counter(told.values_list("user__username", "kind")) == {
        ("unit_staff", "digest"): 1,
        ("total_lead", "digest"): 1,
    }
    assert Notice.objects.get(kind=NoticeKind.DIGEST, user=cast.total_lead).params == {
        "kinds": {"breach": 12, "card": 12}
    }
    before = digests()
    for again in (MINUTE, HOUR):
        Job.objects.exclude(kind__in=BY_THE_CLOCK).update(done_at=None, run_at=noon, lease=None)
        run(noon + HOUR + again)
    assert effects() == (24, 24, 24, 12)
    assert digests()["accounts_notice"] == before["accounts_notice"]
    assert Notice.objects.filter(kind=NoticeKind.ORDER).count() == orders
    assert not Job.objects.open().filter(run_at__lte=noon + HOUR).exclude(kind__in=jobs.kinds_of(jobs.ERRANDS)).exists()
    assert verify().faults == []
    assert User.objects.system().pk in Record.objects.filter(verb="cases.breached").values_list("actor", flat=True)
