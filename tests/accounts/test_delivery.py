"""When a notice is told, to whom, and how many at once."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.actions import delegate, gather_notices, mark_read, notify
from accounts.choices import NOTICE_DIGEST, Hours, NoticeKind, Role
from accounts.models import Delegation, Notice, User
from accounts.rules import held_until
from gridgov.core import jobs
from gridgov.core.models import Job
from tests.factories import MONDAY, at, make_user

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

# --- the rule --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-09-07 07:59:59", "2026-09-07 08:30"), ("2026-09-07 08:00", None), ("2026-09-07 08:29", None),
        ("2026-09-07 19:59:59", None), ("2026-09-07 20:00", "2026-09-08 08:30"), ("2026-09-07 23:59", "2026-09-08 08:30"),
        ("2026-09-08 00:00", "2026-09-08 08:30"), ("2026-12-31 22:00", "2027-01-01 08:30"),
    ],
)  # fmt: skip
def test_the_night_waits_for_the_morning(now: str, told: str | None) -> None:
    wanted = at(told) if told else None
    assert held_until(moment=at(now), urgent=False, at=at(now)) == wanted
    # The office's hours count, in whatever zone the moment is said.
    assert held_until(moment=at(now), urgent=False, at=at(now).astimezone(dt.UTC)) == wanted
    # However old it is: in the night an outage waits for the morning like everything else.
    if told:
        assert held_until(moment=at(now) - 9 * HOUR, urgent=False, at=at(now)) == wanted


@pytest.mark.parametrize(
    ("moment", "now", "told"),
    [
        ("2026-09-07 09:00", "2026-09-07 10:00", None), ("2026-09-07 08:59:59", "2026-09-07 10:00", "2026-09-07 10:10"),
        ("2026-09-07 08:00", "2026-09-07 10:09:59", "2026-09-07 10:10"), ("2026-09-01 08:00", "2026-09-07 10:10", "2026-09-07 10:20"),
        ("2026-09-07 08:00", "2026-09-07 19:49", "2026-09-07 19:50"), ("2026-09-07 08:00", "2026-09-07 19:51", "2026-09-08 08:30"),
        ("2026-09-07 12:00", "2026-09-07 10:00", None),
    ],
)  # fmt: skip
def test_what_comes_late_waits_for_a_round_moment(moment: str, now: str, told: str | None) -> None:
    assert held_until(moment=at(moment), urgent=False, at=at(now)) == (at(told) if told else None)


def test_urgent_ones_never_wait() -> None:
    for now in ("2026-09-07 03:00", "2026-09-07 12:00", "2026-09-07 23:00"):
        assert held_until(moment=at("2026-09-01 12:00"), urgent=True, at=at(now)) is None


def test_the_hours_are_the_offices() -> None:
    noon = Hours(dt.time(12), dt.time(14), dt.time(14), HOUR, 30 * MINUTE)
    none = Hours(dt.time(0), dt.time(0), dt.time(9), HOUR, 30 * MINUTE)

    def told(now: str, hours: Hours, age: dt.timedelta = MINUTE) -> dt.datetime | None:
        return held_until(moment=at(now) - age, urgent=False, at=at(now), hours=hours)

    assert [told(f"2026-09-07 {time}", noon) for time in ("11:59", "12:00", "13:59", "14:00", "23:00")] == [
        None, at("2026-09-07 14:00"), at("2026-09-07 14:00"), None, None,
    ]  # fmt: skip
    assert told("2026-09-07 03:00", none) is None
    assert told("2026-09-07 03:01", none, 2 * HOUR) == at("2026-09-07 03:30")
    assert told("2026-09-07 23:45", none, 2 * HOUR) == at("2026-09-08 00:00")


# --- putting ---------------------------------------------------------------------------------------------------------

NIGHT, MORNING = at("2026-09-07 23:00"), at("2026-09-08 08:30")


def line(user: User, key: str = "k", **values: Any) -> Notice:
    given = {"kind": NoticeKind.ORDER, "text": "Case %(no)s", "params": {"no": key}, "at": MONDAY, **values}
    return Notice(user=user, key=key, **given)


def stand_in(user: User, deputy: User, day: dt.date | None = None) -> Delegation:
    day = day or MONDAY.date()
    return Delegation.objects.create(
        user=user, deputy=deputy, valid_from=day, valid_to=day, made_by=user, made_at=MONDAY
    )


def told() -> list[tuple[Any, ...]]:
    return list(Notice.objects.order_by("pk").values_list("user", "key", "instead_of", "held_until"))


@pytest.mark.django_db
def test_everything_about_a_notice_arrives() -> None:
    user = make_user()
    moment = MONDAY + dt.timedelta(microseconds=7)
    sent = line(
        user, "a", params={"no": '第"1"件', "n": 3}, subject_type="cases.case", subject_id=7, at=moment, urgent=True
    )
    assert notify([sent], at=moment) == 1
    row = Notice.objects.get()
    names = ("user_id", "kind", "key", "text", "params", "subject_type", "subject_id", "at", "urgent")
    assert {name: getattr(row, name) for name in names} == {name: getattr(sent, name) for name in names}
    assert (row.held_until, row.digest_id, row.instead_of_id, row.read_at) == (None, None, None, None)
    bare = line(user, "b")
    assert notify([bare], at=MONDAY) == 1
    assert Notice.objects.values_list("subject_type", "subject_id", "urgent").get(key="b") == ("", None, False)


@pytest.mark.django_db
def test_a_key_reaches_a_person_once(django_assert_num_queries: Any) -> None:
    one, other = make_user(), make_user()
    with django_assert_num_queries(1):
        assert notify([line(one), line(other), line(one)], at=MONDAY) == 2
    assert notify([line(one), line(other), line(one, "new")], at=MONDAY) == 1
    assert told() == [(one.pk, "k", None, None), (other.pk, "k", None, None), (one.pk, "new", None, None)]
    with django_assert_num_queries(0):
        assert notify([], at=MONDAY) == 0


@pytest.mark.django_db
def test_who_is_away_is_stood_in_for() -> None:
    away, deputy, present = make_user(full_name="张三"), make_user(), make_user()
    stand_in(away, deputy)
    notify([line(away), line(present)], at=MONDAY)
    assert told() == [(deputy.pk, "k", away.pk, None), (present.pk, "k", None, None)]
    assert list(Notice.objects.visible_to(away)) == []
    assert [row.key for row in Notice.objects.handed_on_from(away)] == ["k"]
    assert list(Notice.objects.handed_on_from(deputy)) == []
    # On the day before and after, and when it was ended, nobody stands in.
    for n, when in enumerate((MONDAY - dt.timedelta(1), MONDAY + dt.timedelta(1))):
        notify([line(away, f"d{n}", at=when)], at=when)
    Delegation.objects.update(ended_at=MONDAY)
    notify([line(away, "ended")], at=MONDAY)
    assert told()[2:] == [(away.pk, key, None, None) for key in ("d0", "d1", "ended")]


@pytest.mark.django_db
def test_the_deputy_who_is_told_anyway_is_told_once_and_in_the_own_name() -> None:
    away, also, deputy = make_user(), make_user(), make_user()
    stand_in(away, deputy), stand_in(also, deputy)
    notify([line(away), line(also), line(deputy)], at=MONDAY)
    notify([line(away, "x"), line(also, "x")], at=MONDAY)
    assert told() == [(deputy.pk, "k", None, None), (deputy.pk, "x", away.pk, None)]


@pytest.mark.django_db
def test_a_chain_is_followed_to_its_end_and_no_further_than_five_steps() -> None:
    people = [make_user() for _ in range(7)]
    for user, deputy in itertools.pairwise(people):
        stand_in(user, deputy)
    notify([line(people[3]), line(people[0], "far")], at=MONDAY)
    assert told() == [(people[6].pk, "k", people[3].pk, None), (people[5].pk, "far", people[0].pk, None)]


@pytest.mark.django_db
def test_the_day_of_the_telling_counts() -> None:
    """Held over night, it goes to whoever is there in the morning."""
    user, deputy = make_user(), make_user()
    stand_in(user, deputy, MORNING.date())
    notify([line(user, "ordinary", at=NIGHT), line(user, "urgent", at=NIGHT, urgent=True)], at=NIGHT)
    assert told() == [(deputy.pk, "ordinary", user.pk, MORNING), (user.pk, "urgent", None, None)]


# --- holding and gathering -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_held_is_nowhere_to_be_seen_until_the_morning(api: Any) -> None:
    user = make_user()
    kinds = [NoticeKind.ORDER, NoticeKind.ORDER, NoticeKind.NEAR]
    notify([line(user, f"k{n}", kind=kind, at=NIGHT) for n, kind in enumerate(kinds)], at=NIGHT)
    notify([line(user, "urgent", at=NIGHT, urgent=True)], at=NIGHT)
    assert [row.key for row in Notice.objects.visible_to(user)] == ["urgent"]
    assert Notice.objects.visible_to(user).unread().count() == 1
    assert mark_read(notices=Notice.objects.visible_to(user), at=NIGHT) == 1

    assert gather_notices(at=MORNING - dt.timedelta(seconds=1)) == 0
    assert gather_notices(at=MORNING) == 3
    digest = Notice.objects.get(kind=NoticeKind.DIGEST)
    assert (digest.user, digest.key, digest.text, digest.at) == (
        user,
        f"digest:{MORNING.astimezone(dt.UTC).isoformat()}",
        NOTICE_DIGEST,
        MORNING,
    )
    assert digest.params == {"kinds": {"order": 2, "near": 1}}
    with override("en"):
        assert str(digest) == "3 notices gathered: new order 2 · time is running out 1"
    assert [(row.key, row.held_until) for row in digest.lines.order_by("pk")] == [
        ("k0", None),
        ("k1", None),
        ("k2", None),
    ]
    shown = Notice.objects.visible_to(user)
    assert [row.key for row in shown.for_list().order_by("pk")] == ["urgent", digest.key]
    assert list(shown.unread()) == [digest]
    assert mark_read(notices=shown, at=MORNING) == 1
    assert shown.unread().count() == 0
    assert gather_notices(at=MORNING + HOUR) == 0
    assert Notice.objects.filter(kind=NoticeKind.DIGEST).count() == 1

    listed = api(user).get("/api/v1/notices/").json()["results"]
    assert [row["id"] for row in listed] == [digest.pk, shown.get(key="urgent").pk]
    detail = api(user).get(f"/api/v1/notices/{digest.pk}/").json()
    assert [(row["kind"], row["text"]) for row in detail["lines"]] == [
        ("order", "Case k0"), ("order", "Case k1"), ("near", "Case k2"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_single_one_is_told_as_it_is() -> None:
    user = make_user()
    notify([line(user, at=NIGHT)], at=NIGHT)
    assert gather_notices(at=MORNING) == 1
    row = Notice.objects.get()
    assert (row.key, row.held_until, row.digest_id, row.at) == ("k", None, None, NIGHT)
    assert list(Notice.objects.visible_to(user).for_list().unread()) == [row]


@pytest.mark.django_db
def test_after_an_outage_there_is_one_line_a_person() -> None:
    one, other = make_user(), make_user()
    for n in range(20):
        now = MONDAY + n * dt.timedelta(seconds=10)
        notify([line(one, f"k{n}", at=MONDAY - 9 * HOUR), line(other, f"k{n}", at=MONDAY - 9 * HOUR)], at=now)
    assert Notice.objects.visible_to(one).count() == 0
    assert gather_notices(at=MONDAY + 10 * MINUTE) == 40
    assert [row.params for row in Notice.objects.visible_to(one).for_list()] == [{"kinds": {"order": 20}}]
    assert Notice.objects.visible_to(other).for_list().count() == 1


@pytest.mark.django_db
def test_two_moments_that_are_told_together_make_one_digest() -> None:
    """The worker was away at half past eight."""
    user = make_user()
    notify([line(user, "a", at=NIGHT), line(user, "b", at=NIGHT)], at=NIGHT)
    late = MORNING + MINUTE
    notify([line(user, "c", at=NIGHT)], at=late)
    assert gather_notices(at=MORNING + HOUR) == 3
    digest = Notice.objects.get(kind=NoticeKind.DIGEST)
    assert (digest.at, digest.params) == (MORNING + 10 * MINUTE, {"kinds": {"order": 3}})


@pytest.mark.django_db
def test_what_comes_after_its_moment_joins_the_digest_and_makes_it_unread() -> None:
    """A transaction that began before half past eight and ended after it."""
    user = make_user()
    notify([line(user, key, at=NIGHT) for key in ("a", "b")], at=NIGHT)
    gather_notices(at=MORNING)
    mark_read(notices=Notice.objects.visible_to(user), at=MORNING)
    notify([line(user, key, at=NIGHT, kind=NoticeKind.NEAR) for key in ("c", "d")], at=NIGHT)
    assert gather_notices(at=MORNING + MINUTE) == 2
    digest = Notice.objects.get(kind=NoticeKind.DIGEST)
    assert (digest.params, digest.read_at) == ({"kinds": {"order": 2, "near": 2}}, None)
    assert digest.lines.count() == 4


@pytest.mark.django_db
def test_the_standing_job_gathers() -> None:
    user = make_user()
    notify([line(user, key, at=NIGHT) for key in ("a", "b")], at=NIGHT)
    Job.objects.filter(kind="accounts.digest").update(run_at=MORNING, due_at=MORNING)
    Job.objects.exclude(kind="accounts.digest").delete()
    assert jobs.run_due(at=MORNING) == 1
    assert Notice.objects.filter(kind=NoticeKind.DIGEST).count() == 1
    assert Job.objects.get().due_at == MORNING + MINUTE


@pytest.mark.django_db
def test_ten_thousand_for_two_thousand_people_cost_a_handful_of_statements() -> None:
    people = User.objects.bulk_create(User(username=f"p{n}", full_name="某", role=Role.WORKER) for n in range(2000))
    with CaptureQueriesContext(connection) as put:
        assert notify([line(user, f"k{n}", at=NIGHT) for n in range(5) for user in people], at=NIGHT) == 10_000
    with CaptureQueriesContext(connection) as gathered:
        assert gather_notices(at=MORNING) == 10_000
    assert (len(put), len(gathered)) == (1, 6)  # the transaction's savepoint and its release are two of them
    assert Notice.objects.filter(kind=NoticeKind.DIGEST).count() == 2000
    assert Notice.objects.filter(held_until__isnull=False).count() == 0


@pytest.mark.django_db
def test_naming_a_stand_in_tells_the_stand_in() -> None:
    away, deputy, hand = make_user(full_name="张三"), make_user(full_name="李四"), make_user(Role.SYSTEM_ADMIN)
    day = MONDAY.date() + dt.timedelta(days=3)
    row = delegate(user=away, deputy=deputy, valid_from=day, valid_to=day, reason="住院", by=hand, at=MONDAY)
    assert told() == [(deputy.pk, f"delegation:{row.pk}", None, None), (away.pk, f"delegation:{row.pk}", None, None)]
    with override("en"):
        assert [str(notice) for notice in Notice.objects.order_by("pk")] == [
            "You stand in for 张三 from 2026-09-10 to 2026-09-10.", "李四 stands in for you from 2026-09-10 to 2026-09-10.",
        ]  # fmt: skip
