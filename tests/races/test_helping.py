"""Helpers acting at once. Real threads, real transactions."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.choices import OrderState, Part
from cases.models import Case, Deadline, Order
from gridgov.core.errors import Refusal
from gridgov.core.models import Record
from gridgov.core.records import verify
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.races.test_cases import at_once, handling

pytestmark = pytest.mark.django_db(transaction=True)


def called(cast: Cast, case: Case, many: int) -> list[tuple[Order, User]]:
    """MANY units called to CASE, each with somebody at its desk."""
    desks = {}
    for _ in range(many):
        unit, user = make_unit(), make_user(Role.UNIT_STAFF)
        give(user, PostKind.UNIT_STAFF, unit)
        desks[unit.pk] = user
    actions.call_for_help(case=case, units=list(desks), note="请到场", whistle=True, by=cast.lead, at=MONDAY)
    orders = case.orders.filter(part=Part.ASSIST).order_by("pk")
    return [(order, desks[order.unit_id or 0]) for order in orders]


def answer(verb: Callable[..., Any], by: User, **values: Any) -> str:
    try:
        verb(by=User.objects.get(pk=by.pk), at=MONDAY, **values)
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_units_report_in_at_once_and_each_is_measured() -> None:
    cast = make_cast("B")
    case = handling(cast)
    rows = called(cast, case, 8)
    answers = at_once([
        lambda order=order, user=user: answer(actions.report_in, user, case=case.pk, order=order.pk) for order, user in rows
    ])  # fmt: skip
    assert answers == ["done"] * 8
    assert Deadline.objects.filter(clock="report_in", met_at=MONDAY).count() == 8
    assert Record.objects.filter(verb="cases.reported_in").count() == 8
    assert Case.objects.get(pk=case.pk).version == case.version + 1 + 8
    assert verify().faults == []


def test_two_of_one_unit_report_in_at_once_and_one_is_told() -> None:
    cast = make_cast("B")
    case = handling(cast)
    ((order, user),) = called(cast, case, 1)
    answers = at_once([lambda: answer(actions.report_in, user, case=case.pk, order=order.pk)] * 2)
    assert sorted(answers) == ["done", "order_moved"]


def test_the_completion_meets_the_last_helper() -> None:
    """Either the helper was done before, or the case waits; it is never completed with somebody still at it."""
    cast = make_cast("B")
    for _ in range(6):
        case = handling(cast)
        ((order, user),) = called(cast, case, 1)
        actions.report_in(case=case, order=order.pk, by=user, at=MONDAY)
        answers = at_once([
            lambda: answer(actions.complete_case, cast.unit_staff, case=case.pk, result="好了"),  # noqa: B023 - joined in the loop
            lambda: answer(actions.finish_assist, user, case=case.pk, order=order.pk, result="好了"),  # noqa: B023
        ])  # fmt: skip
        state = Case.objects.get(pk=case.pk).state
        assert (answers[0], state) in {("done", "completed"), ("assists_open", "handling")}
        assert answers[1] == "done"
        assert Order.objects.get(pk=order.pk).state == OrderState.DONE
    assert verify().faults == []


def test_the_same_unit_is_called_twice_at_once_and_gets_one_order() -> None:
    cast = make_cast("B")
    case = handling(cast)
    unit = make_unit()
    give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, unit)
    asked = {"case": case.pk, "units": [unit.pk], "note": "请到场"}
    answers = at_once([lambda by=by: answer(actions.call_for_help, by, **asked) for by in (cast.lead, cast.street)])  # type: ignore[misc]
    assert sorted(answers) == ["called_already", "done"]
    assert case.orders.filter(part=Part.ASSIST).count() == 1


def test_two_teams_are_formed_at_once_and_one_stands() -> None:
    cast = make_cast("B")
    case = handling(cast)
    asked = {"case": case.pk, "lead": cast.total_lead.pk, "members": [], "plan": "一事一策", "review_days": []}
    answers = at_once([lambda by=by: answer(actions.form_team, by, **asked) for by in (cast.total_lead, cast.street)])  # type: ignore[misc]
    assert sorted(answers) == ["done", "team_open"]
