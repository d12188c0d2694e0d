"""Whoever had to wait for a case sees it, its order and its place as they are by then, not as they were."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from cases import actions
from cases.choices import CaseState, OrderState
from cases.models import Case, Deadline, Order
from gridgov.core.errors import Refusal
from tests.cases.desk import walk
from tests.factories import MONDAY, Cast, make_cast, make_category

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)


def one_waits(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do FIRST in a transaction that ends only once SECOND, in a thread of its own, waits for a lock; SECOND's answer, or its
    refusal."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(second())
        except (Refusal, Case.DoesNotExist) as refusal:
            answers.append(refusal)
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        _until_somebody_waits()
    other.join()
    return answers[0]


def _until_somebody_waits() -> None:
    """For what this transaction holds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.rowcount:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def user(of: User) -> User:
    return User.objects.get(pk=of.pk)


def raised(cast: Cast, case: Case) -> Callable[[], Any]:
    return lambda: actions.raise_tier(
        case=case.pk, tier="C", reason="办不了", by=user(cast.total_lead), at=MONDAY + HOUR
    )


def test_a_case_that_is_dispatched_while_it_is_raised_keeps_no_order() -> None:
    cast = make_cast("B")
    case = walk(cast, "accepted", at=MONDAY)
    one_waits(
        lambda: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=MONDAY + HOUR),
        raised(cast, case),
    )
    case.refresh_from_db()
    assert (case.state, case.lead_order, case.tier) == (CaseState.ACCEPTED, None, "C")
    assert Order.objects.get().state == OrderState.WITHDRAWN
    assert list(Deadline.objects.running().values_list("clock", flat=True)) == ["case"]


def test_an_order_that_moves_while_somebody_waits_is_the_one_that_counts() -> None:
    """Reassigned meanwhile, it is the new order that ends, and the old one keeps its end."""
    cast = make_cast("B")
    case = walk(cast, "handling", at=MONDAY)
    micro = cast.place.micros[0].code
    one_waits(
        lambda: actions.reassign_case(case=case.pk, grid=micro, reason="改派", by=cast.lead, at=MONDAY + HOUR),
        raised(cast, case),
    )
    orders = list(Order.objects.order_by("pk"))
    assert [order.state for order in orders] == [OrderState.WITHDRAWN] * 2
    assert not Deadline.objects.running().filter(order__isnull=False).exists()


def test_the_same_order_is_read_as_it_is_by_then() -> None:
    """Completed while the verifier waited: what goes back to the same hands is in their hands again."""
    cast = make_cast("B")
    case = walk(cast, "handling", at=MONDAY)
    one_waits(
        lambda: actions.complete_case(case=case.pk, result="好了", by=cast.unit_staff, at=MONDAY + HOUR),
        lambda: actions.rework_case(case=case.pk, reason="没好", by=user(cast.lead), at=MONDAY + HOUR),
    )
    order = Order.objects.get()
    assert (order.state, order.ended_at) == (OrderState.SIGNED, None)
    assert Case.objects.get().state == CaseState.HANDLING


@pytest.mark.parametrize("what", ["grid", "category"])
def test_a_case_that_moves_while_somebody_waits_is_still_there(what: str) -> None:
    cast = make_cast("B")
    case = walk(cast, "submitted", at=MONDAY)
    moved = {"grid": cast.place.micros[1].code} if what == "grid" else {"category": make_category("0701", "B").code}
    answer = one_waits(
        lambda: actions.accept_case(case=case.pk, **moved, by=cast.lead, at=MONDAY + HOUR),
        lambda: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=user(cast.street), at=MONDAY + HOUR),
    )
    assert isinstance(answer, Case), answer
    assert answer.state == CaseState.DISPATCHED
