"""Whistle and co-handling: who may not call, who can't be called, and what a helper can't do; nothing changes then."""

from typing import Any

import pytest

from accounts.choices import Role
from cases import actions, rules
from cases.models import Case, Order
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from grids.choices import PostKind
from tests.cases.test_actions import HOUR, snapshot, walk
from tests.cases.test_helping import NOON, Helpers, call, cast, helpers, refused
from tests.factories import LONG_AGO, Cast, give, make_unit, make_user

__all__ = ["cast", "helpers"]
pytestmark = pytest.mark.django_db


def test_who_may_call(cast: Cast, helpers: Helpers) -> None:
    """Whoever dispatches, whoever handles, and the grid of the case; nobody else who sees it."""
    case = walk(cast, "handling")
    stranger = make_user(Role.WORKER)
    give(stranger, PostKind.GRID_WORKER_FT, cast.place.micros[1])
    for name in ("street", "total_lead", "lead", "worker", "unit_staff"):
        assert rules.can_call(getattr(cast, name), case, case.lead_order), name
    call(case, cast, [helpers.first], by=cast.worker)
    given = {"units": [helpers.second.pk], "note": "请到场", "at": NOON}
    refused(Forbidden, "forbidden", case, actions.call_for_help, by=helpers.desk, **given)
    before = snapshot(case)
    for outsider in (cast.outsider, stranger, helpers.second_desk):
        with pytest.raises(Case.DoesNotExist):
            actions.call_for_help(case=case, by=outsider, **given)
    assert snapshot(case) == before


def test_whom_one_cannot_call(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    empty, resting = make_unit(), make_unit(is_active=False)
    give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, resting)
    call(case, cast, [helpers.first])
    tries: list[tuple[type[Refusal], str, list[int], dict[int, int]]] = [
        (Invalid, "invalid", [], {}),
        (Invalid, "invalid", [10**9], {}),
        (Invalid, "invalid", [helpers.second.pk, helpers.second.pk], {}),
        (Invalid, "invalid", [resting.pk], {}),
        (Conflict, "conflict", [empty.pk], {}),
        (Invalid, "leads_already", [cast.unit.pk], {}),
        (Conflict, "called_already", [helpers.second.pk, helpers.first.pk], {}),
        (Invalid, "invalid", [helpers.second.pk], {helpers.second.pk: helpers.specialist.pk}),
        (Invalid, "invalid", [helpers.second.pk], {helpers.first.pk: helpers.specialist.pk}),
    ]
    for kind, code, units, called in tries:
        given = {"units": units, "called": called, "note": "请到场", "by": cast.lead, "at": NOON}
        refused(kind, code, case, actions.call_for_help, **given)
    refused(Invalid, "invalid", case, actions.call_for_help, units=[helpers.second.pk], note=" ", by=cast.lead, at=NOON)


def test_a_unit_without_a_desk_is_called_through_its_person(cast: Cast, helpers: Helpers) -> None:
    helpers.desk.posts.update(valid_to=LONG_AGO)
    case = walk(cast, "handling")
    refused(
        Conflict,
        "conflict",
        case,
        actions.call_for_help,
        units=[helpers.first.pk],
        note="请到场",
        by=cast.lead,
        at=NOON,
    )
    call(case, cast, [helpers.first], called={helpers.first.pk: helpers.specialist.pk})


@pytest.mark.parametrize("state", ["submitted", "completed", "verified", "closed"])
def test_nobody_is_called_to_a_case_that_is_not_in_work(cast: Cast, helpers: Helpers, state: str) -> None:
    case = walk(cast, state)
    given = {"units": [helpers.first.pk], "note": "请到场", "by": cast.street, "at": NOON}
    refused(Conflict, "illegal_move", case, actions.call_for_help, **given)


def test_refusals_on_the_way_of_a_helper(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    (order,) = call(case, cast, [helpers.first])
    mine: dict[str, Any] = {"order": order.pk, "at": NOON}
    refused(Forbidden, "forbidden", case, actions.report_in, by=cast.unit_staff, **mine)
    refused(Conflict, "not_reported_in", case, actions.finish_assist, result="好了", by=helpers.desk, **mine)
    refused(Forbidden, "own_order", case, actions.excuse_assist, reason="不是我们的", by=helpers.desk, **mine)
    refused(Forbidden, "forbidden", case, actions.excuse_assist, reason="不需要", by=cast.worker, **mine)
    refused(Invalid, "invalid", case, actions.excuse_assist, reason=" ", by=cast.lead, **mine)
    assert case.lead_order is not None
    before = snapshot(case)
    with pytest.raises(Order.DoesNotExist):
        actions.report_in(case=case, order=case.lead_order.pk, by=cast.unit_staff, at=NOON)
    with pytest.raises(Case.DoesNotExist):
        actions.report_in(case=case, by=helpers.second_desk, **mine)
    assert snapshot(case) == before
    actions.report_in(case=case, by=helpers.desk, **mine)
    refused(Conflict, "order_moved", case, actions.report_in, by=helpers.specialist, **mine)
    refused(Forbidden, "forbidden", case, actions.finish_assist, result="好了", by=cast.unit_staff, **mine)
    refused(Invalid, "invalid", case, actions.finish_assist, result=" ", by=helpers.desk, **mine)
    refused(Invalid, "invalid", case, actions.finish_assist, result="长" * 2001, by=helpers.desk, **mine)
    actions.finish_assist(case=case, result="好了", by=helpers.desk, **mine)
    refused(Conflict, "order_moved", case, actions.finish_assist, result="好了", by=helpers.desk, **mine)
    refused(Conflict, "order_moved", case, actions.excuse_assist, reason="晚了", by=cast.lead, **mine)


def test_a_case_that_stands_still_calls_nobody(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    case.change(hold="suspended", hold_until=NOON + HOUR)
    given = {"units": [helpers.first.pk], "note": "请到场", "by": cast.lead, "at": NOON}
    refused(Conflict, "held", case, actions.call_for_help, **given)
