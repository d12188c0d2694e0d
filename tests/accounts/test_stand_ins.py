"""Who may stand in for whom, and what ends it."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import delegate, end_delegation, grant_role, switch_account
from accounts.choices import ADMIN_HANDS, Role
from accounts.models import Delegation, Notice, User
from accounts.queries import stands_in_for
from accounts.rules import can_stand_in
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Record
from tests.factories import MONDAY, make_user

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(days=1)


def name(user: User, deputy: User, first: int = 0, last: int | None = None, **values: Any) -> Delegation:
    """USER names DEPUTY from the FIRST to the LAST day, counted from today."""
    days = {"valid_from": TODAY + first * DAY, "valid_to": TODAY + (first if last is None else last) * DAY}
    return delegate(user=user, deputy=deputy, **{"by": user, "at": MONDAY, **days, **values})


def refused(kind: type[Refusal], call: Any, *, field: str | None = None, code: str | None = None) -> None:
    before = (Delegation.objects.count(), Record.objects.count(), Notice.objects.count())
    with pytest.raises(kind) as caught:
        call()
    assert caught.value.field == field
    assert code is None or caught.value.code == code
    assert (Delegation.objects.count(), Record.objects.count(), Notice.objects.count()) == before


def test_naming_a_stand_in_is_recorded() -> None:
    away, deputy = make_user(), make_user()
    row = name(away, deputy, 1, 3, reason=" 休假 ")
    assert (row.user, row.deputy, row.valid_from, row.valid_to, row.reason) == (
        away,
        deputy,
        TODAY + DAY,
        TODAY + 3 * DAY,
        "休假",
    )
    assert (row.made_by, row.made_at, row.ended_at) == (away, MONDAY, None)
    record = Record.objects.get()
    assert (record.verb, record.actor, record.subject_type, record.subject_id) == (
        "accounts.delegated", away, "accounts.delegation", row.pk,
    )  # fmt: skip
    assert record.data == {
        "user": away.pk,
        "deputy": deputy.pk,
        "from": "2026-09-08",
        "to": "2026-09-10",
        "reason": "休假",
    }


@pytest.mark.parametrize(
    ("role", "deputies"),
    [
        (Role.WORKER, {Role.WORKER, Role.COMPREHENSIVE_LEAD, Role.TOTAL_LEAD, Role.STREET}),
        (Role.COMPREHENSIVE_LEAD, {Role.COMPREHENSIVE_LEAD, Role.TOTAL_LEAD, Role.STREET}),
        (Role.TOTAL_LEAD, {Role.TOTAL_LEAD, Role.STREET}),
        (Role.STREET, {Role.STREET}),
        (Role.UNIT_STAFF, {Role.UNIT_STAFF}),
    ],
)  # fmt: skip
def test_the_same_role_or_higher(role: Role, deputies: set[Role]) -> None:
    away = User(pk=1, role=role)
    assert {other for other in Role if can_stand_in(away, User(pk=2, role=other))} == deputies


@pytest.mark.parametrize("role", sorted(ADMIN_HANDS))
def test_administrators_are_not_stood_in_for_and_stand_in_for_nobody(role: str) -> None:
    hand, other, worker = make_user(role), make_user(role), make_user()
    refused(Forbidden, lambda: name(hand, other))
    refused(Invalid, lambda: name(worker, other), field="deputy")


def test_a_deputy_can_sign_in_and_is_somebody_else() -> None:
    away = make_user()
    refused(Invalid, lambda: name(away, away), field="deputy")
    refused(Invalid, lambda: name(away, make_user(is_active=False)), field="deputy")


def test_days_are_in_order_and_not_past() -> None:
    away, deputy = make_user(), make_user()
    refused(Invalid, lambda: name(away, deputy, -1, 5), field="valid_from")
    refused(Invalid, lambda: name(away, deputy, 2, 1), field="valid_to")
    for values in ({"valid_from": TODAY, "valid_to": TODAY - DAY, "deputy": deputy}, {"deputy": away}):
        with pytest.raises(IntegrityError), transaction.atomic():
            days = {"valid_from": TODAY, "valid_to": TODAY}
            Delegation.objects.create(user=away, made_by=away, made_at=MONDAY, **{**days, **values})


def test_for_somebody_else_the_system_hand_does_it_and_says_why() -> None:
    away, deputy, hand = make_user(), make_user(), make_user(Role.SYSTEM_ADMIN)
    for role in (Role.WORKER, Role.STREET, Role.SECURITY_ADMIN):
        refused(Forbidden, lambda role=role: name(away, deputy, by=make_user(role), reason="住院"))
    refused(Invalid, lambda: name(away, deputy, by=hand, reason=" "), field="reason")
    assert name(away, deputy, by=hand, reason="住院").made_by == hand


def test_one_stand_in_a_day() -> None:
    away, one, other = make_user(), make_user(), make_user()
    row = name(away, one, 2, 4)
    for days in ((0, 2), (4, 9), (3, 3), (0, 9)):
        refused(Conflict, lambda days=days: name(away, other, *days), code="stood_in_for")
    name(away, other, 0, 1), name(away, other, 5, 9)
    end_delegation(delegation=row, by=away, at=MONDAY)
    name(away, other, 2, 4)


def test_no_chain_leads_back() -> None:
    a, b, c = make_user(), make_user(), make_user()
    name(a, b, 0, 5), name(b, c, 3, 8)
    for days in ((0, 3), (3, 5), (5, 9)):
        refused(Conflict, lambda days=days: name(c, a, *days), code="chain")
    refused(Conflict, lambda: name(b, a, 2), code="chain")
    name(c, a, 6, 9), name(c, a, 0, 2)


def test_no_chain_is_longer_than_five_steps() -> None:
    people = [make_user() for _ in range(8)]
    for n in (0, 1, 2, 4, 5):
        name(people[n], people[n + 1], 0, 9)
    refused(Conflict, lambda: name(people[3], people[4], 9, 12), code="chain")
    name(people[3], people[4], 10, 12)
    name(people[3], people[7], 0, 9)


def test_who_stands_in_for_whom(django_assert_num_queries: Any) -> None:
    a, b, c, d = make_user(), make_user(), make_user(), make_user()
    name(a, b, 0, 5), name(b, c, 1, 1), name(d, c, 1, 2)
    found = {day: [set(stands_in_for(user, TODAY + day * DAY)) for user in (a, b, c, d)] for day in (0, 1, 2, 6)}
    assert found == {
        0: [set(), {a.pk}, set(), set()],
        # Who is away stands in for nobody: all of it goes on to c.
        1: [set(), set(), {a.pk, b.pk, d.pk}, set()],
        2: [set(), {a.pk}, {d.pk}, set()],
        6: [set(), set(), set(), set()],
    }
    with django_assert_num_queries(1):
        assert stands_in_for(c) is stands_in_for(c)


def test_ending_it_early() -> None:
    away, deputy, hand = make_user(), make_user(), make_user(Role.SYSTEM_ADMIN)
    row, other = name(away, deputy, 0, 3), name(make_user(), deputy, 0, 3)
    refused(Forbidden, lambda: end_delegation(delegation=row, by=deputy, at=MONDAY))
    with pytest.raises(Delegation.DoesNotExist):
        end_delegation(delegation=row, by=make_user(Role.STREET), at=MONDAY)
    ended = end_delegation(delegation=row, by=away, at=MONDAY)
    assert (ended.ended_at, ended.ended_by, ended.valid_to) == (MONDAY, away, TODAY + 3 * DAY)
    assert set(stands_in_for(deputy, TODAY)) == {other.user_id}
    refused(Conflict, lambda: end_delegation(delegation=row, by=away, at=MONDAY))
    refused(Conflict, lambda: end_delegation(delegation=other, by=hand, at=MONDAY + 4 * DAY))
    end_delegation(delegation=other, by=hand, at=MONDAY)
    assert Record.objects.filter(verb="accounts.delegation_ended").count() == 2


def test_who_is_locked_stands_in_for_nobody() -> None:
    away, deputy, guard = make_user(), make_user(), make_user(Role.SECURITY_ADMIN)
    row, own = name(away, deputy, 0, 3), name(deputy, make_user(), 5, 6)
    switch_account(user=deputy, active=False, by=guard, at=MONDAY)
    row.refresh_from_db(), own.refresh_from_db()
    assert (row.ended_at, row.ended_by, own.ended_at) == (MONDAY, guard, None)
    assert list(Record.objects.filter(actor=guard).order_by("pk").values_list("verb", flat=True)) == [
        "accounts.delegation_ended", "accounts.switched",
    ]  # fmt: skip


def test_another_role_ends_what_was_agreed_under_the_old_one() -> None:
    """Or an administrator would keep a worker's scope."""
    away, deputy, guard = make_user(), make_user(), make_user(Role.SECURITY_ADMIN)
    row, own = name(away, deputy, 0, 3), name(deputy, make_user(), 5, 6)
    grant_role(user=deputy, role=Role.WORKER, by=guard, at=MONDAY)
    assert Delegation.objects.filter(ended_at=None).count() == 2
    grant_role(user=deputy, role=Role.AUDITOR, by=guard, at=MONDAY)
    row.refresh_from_db(), own.refresh_from_db()
    assert (row.ended_at, own.ended_at) == (MONDAY, MONDAY)


def test_whose_are_seen() -> None:
    away, deputy, hand, other = make_user(), make_user(), make_user(Role.SYSTEM_ADMIN), make_user(Role.STREET)
    row, far = name(away, deputy), name(make_user(), make_user())
    seen = {user: set(Delegation.objects.visible_to(user)) for user in (away, deputy, hand, other)}
    assert seen == {away: {row}, deputy: {row}, hand: {row, far}, other: set()}
