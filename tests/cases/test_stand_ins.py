"""A stand-in handles what the absent one would, and doesn't verify it either."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Delegation, Notice, User
from cases import actions, rules
from cases.choices import Ask, PauseReason
from cases.models import Application, Case, Order
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from grids.choices import PostKind
from grids.queries import forget_scope
from tests.cases.asking import DAY, HOUR, RETURN, ask, handled, more
from tests.cases.desk import report
from tests.factories import MONDAY, Cast, at, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def stand_in(user: User, deputy: User) -> Delegation:
    """Today, which is the day that the scope of a request is of."""
    today = timezone.localdate()
    forget_scope(deputy)
    return Delegation.objects.create(
        user=user, deputy=deputy, valid_from=today, valid_to=today, made_by=user, made_at=timezone.now()
    )


def noon() -> dt.datetime:
    return timezone.localtime().replace(hour=12)


def test_the_order_reaches_the_stand_in_who_carries_it_out(cast: Cast) -> None:
    deputy, now = make_user(Role.UNIT_STAFF), noon()
    give(deputy, PostKind.UNIT_STAFF, make_unit())
    stand_in(cast.unit_staff, deputy)
    case = report(cast, at=now)
    actions.accept_case(case=case, by=cast.lead, at=now)
    assert not Case.objects.visible_to(deputy).exists()
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=now)
    told = Notice.objects.get()
    assert (told.user, told.instead_of, told.kind, told.held_until) == (deputy, cast.unit_staff, "order", None)
    assert Case.objects.visible_to(deputy).get() == case
    actions.sign_in_case(case=case, by=deputy, at=now)
    done = actions.complete_case(case=case, result="已清理", by=deputy, at=now)
    assert (done.state, done.completed_by) == ("completed", deputy)


def handled_by_worker(cast: Cast) -> Case:
    """An own order of the worker, completed by the worker."""
    now = noon()
    case = report(cast, at=now)
    actions.accept_case(case=case, by=cast.lead, at=now)
    actions.dispatch_case(case=case, grid=cast.place.micros[0].code, by=cast.lead, at=now)
    actions.sign_in_case(case=case, by=cast.worker, at=now)
    return actions.complete_case(case=case, result="已清理", by=cast.worker, at=now)


@pytest.mark.parametrize(
    ("verb", "values"),
    [(actions.verify_case, {}), (actions.rework_case, {"reason": "没好"})],
)
def test_the_handlers_stand_in_verifies_nothing_of_the_handler(cast: Cast, verb: Any, values: dict[str, str]) -> None:
    case = handled_by_worker(cast)
    row = stand_in(cast.worker, cast.lead)
    before = (Case.objects.values().get(), Record.objects.count())
    with pytest.raises(Forbidden) as caught:
        verb(case=case, by=cast.lead, at=noon(), **values)
    assert caught.value.code == "own_work"
    assert (Case.objects.values().get(), Record.objects.count()) == before
    # Somebody else does, or the lead when the worker is back.
    row.delete()
    forget_scope(cast.lead)
    verb(case=case, by=cast.lead, at=noon(), **values)


def test_nor_closes_nor_rates_it(cast: Cast) -> None:
    case = handled_by_worker(cast)
    actions.verify_case(case=case, by=cast.total_lead, at=noon())
    stand_in(cast.worker, cast.lead)
    with pytest.raises(Forbidden):
        actions.close_case(case=case, by=cast.lead, at=noon())
    actions.close_case(case=case, by=cast.total_lead, at=noon())
    with pytest.raises(Forbidden) as caught:
        actions.rate_case(case=case, score=5, solved=True, by=cast.lead, at=noon())
    assert caught.value.code == "own_work"
    assert not hasattr(Case.objects.get(), "rating")


def test_the_queue_of_applications_is_what_the_rule_lets_one_decide(cast: Cast) -> None:
    """By rung, applicant, handler and lapsing; for oneself and those one stands in for."""
    asked = handled(cast)
    by_unit = [
        more(asked, cast.unit_staff, MONDAY + HOUR),
        ask(asked, Ask.RETURN, cast.unit_staff, MONDAY + HOUR, **RETURN),
    ]
    by_leads = [
        ask(asked, Ask.VOIDING, cast.lead, MONDAY + HOUR),
        ask(handled(cast), Ask.EXCLUSION, cast.total_lead, MONDAY),
    ]
    until = {"until": MONDAY + 9 * DAY, "cause": PauseReason.WEATHER}
    of_lead = ask(handled(cast), Ask.SUSPENSION, cast.unit_staff, MONDAY + HOUR, **until)
    Order.objects.filter(pk=of_lead.order_id).update(handler=cast.lead)
    assert [row.order for row in by_leads] == [None, None] and by_unit[0].lapses_at is not None

    def agree(user: User, when: dt.datetime) -> set[int]:
        forget_scope(user)
        seen = Application.objects.visible_to(user)
        mine = set(seen.waiting_for(user, when).values_list("pk", flat=True))
        assert mine == {row.pk for row in seen if rules.can_decide(user, row, when)}
        return mine

    everybody = (cast.street, cast.total_lead, cast.lead, cast.worker, cast.unit_staff, cast.outsider)
    lapsed, now = by_unit[0].lapses_at, MONDAY + 2 * HOUR
    for when in (now, lapsed - HOUR, lapsed, lapsed + HOUR):
        for user in everybody:
            agree(user, when)
    first, back = (row.pk for row in by_unit)
    assert agree(cast.lead, now) == {first, back}
    assert agree(cast.total_lead, now) == {first, back, by_leads[0].pk, of_lead.pk}
    assert agree(cast.lead, lapsed) == {back}
    stand_in(cast.lead, cast.total_lead)
    assert agree(cast.total_lead, now) == {first, back}
    stand_in(cast.unit_staff, cast.street)
    assert agree(cast.street, now) == {row.pk for row in by_leads}


def test_urgent_is_tier_a_and_what_the_catalogue_calls_an_emergency(cast: Cast) -> None:
    night = at("2026-09-07 23:00")
    held = {}
    for tier, urgency in (("A", "normal"), ("B", "normal"), ("B", "urgent"), ("B", "emergency"), ("C", "emergency")):
        case = report(cast, at=night)
        actions.accept_case(case=case, by=cast.lead, at=night)
        Case.objects.update(tier=tier, urgency=urgency)
        actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.street, at=night)
        notice = Notice.objects.get()
        held[tier, urgency] = (notice.urgent, notice.held_until)
        Notice.objects.all().delete()
        Case.objects.update(lead_order=None)
    morning = at("2026-09-08 08:30")
    assert held == {
        ("A", "normal"): (True, None), ("B", "normal"): (False, morning), ("B", "urgent"): (False, morning),
        ("B", "emergency"): (True, None), ("C", "emergency"): (True, None),
    }  # fmt: skip


def test_after_an_outage_the_breaches_are_one_line(cast: Cast) -> None:
    """Three deadlines ran out while nobody swept: the lead finds one digest, of the moments at which they did."""
    from accounts.actions import gather_notices
    from gridgov.core import jobs

    start, back = at("2026-09-07 09:00"), at("2026-09-11 14:03")
    for _ in range(3):
        case = report(cast, at=start)
        actions.accept_case(case=case, by=cast.lead, at=start)
    while jobs.run_due(at=back):
        pass
    rows = Notice.objects.filter(user=cast.total_lead, kind="card")
    assert set(rows.values_list("at", "held_until")) == {(at("2026-09-10 09:00"), at("2026-09-11 14:10"))}
    assert Notice.objects.visible_to(cast.total_lead).count() == 0
    gather_notices(at=at("2026-09-11 14:10"))
    assert [row.params for row in Notice.objects.visible_to(cast.total_lead).for_list()] == [{"kinds": {"card": 3}}]
