"""The rollups follow every change of a case and of what hangs on it, by whatever statement it is made."""

import datetime as dt
import random
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.actions.folding import fold
from cases.models import Callback, Case, Deadline, FrozenFigures, Order, Pause, Rating, Tally
from cases.reports import recount
from gridgov.core.models import Record
from grids.actions import move_grid
from grids.choices import PostKind
from grids.models import Grid
from tests.cases.counting import NOW, answer, call, pause, put, rate, see, send
from tests.cases.desk import report
from tests.factories import Cast, at, give, make_cast, make_category, make_street, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def shares(cast: Cast, *names: str, now: dt.datetime = NOW) -> list[tuple[Any, Any]]:
    """Figures of September, once the rollups were found true, unfolded and folded by turns."""
    assert recount() == []
    seen = see(cast.street, now=now).shares(*names)
    fold()
    assert recount() == []
    assert see(cast.street, now=now).shares(*names) == seen
    return seen


def test_a_case_walks_through_its_life(cast: Cast) -> None:
    """Each verb moves what it must and nothing else; B has three days."""
    start = at("2026-09-01 09:00")
    case = report(cast, at=start)
    assert shares(cast, "file_rate", "response_rate") == [(0, 1), (0, 1)]
    actions.accept_case(case=case, by=cast.lead, at=start + dt.timedelta(hours=1))
    assert shares(cast, "file_rate", "response_rate", "on_time_rate") == [(1, 1), (1, 1), (0, 1)]
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=start + dt.timedelta(hours=2))
    assert see(cast.street, unit=cast.unit.pk).shares("on_time_rate", "return_rate") == [(0, 1), (0, 1)]
    actions.return_case(case=case, reason="不是我的", by=cast.unit_staff, at=start + dt.timedelta(hours=3))
    assert shares(cast, "return_rate") == [(1, 1)]
    # The order in force is gone, and with it the unit; the order that came back stays the unit's.
    assert see(cast.street, unit=cast.unit.pk).shares("on_time_rate", "return_rate") == [(0, 0), (1, 1)]
    other, by = make_unit(), make_user(Role.UNIT_STAFF)
    give(by, PostKind.UNIT_STAFF, other)
    actions.dispatch_case(case=case, unit=other.pk, by=cast.lead, at=start + dt.timedelta(hours=4))
    actions.sign_in_case(case=case, by=by, at=start + dt.timedelta(hours=5))
    actions.complete_case(case=case, result="好了", by=by, at=start + DAY)
    assert shares(cast, "on_time_rate", "close_rate", "finish_rate") == [(1, 1), (0, 1), (1, 1)]
    actions.rework_case(case=case, reason="没好", by=cast.lead, at=start + DAY)
    assert shares(cast, "on_time_rate", "finish_rate", "rework_rate") == [(0, 1), (0, 1), (0, 0)]
    actions.complete_case(case=case, result="好了", by=by, at=start + 2 * DAY)
    actions.verify_case(case=case, by=cast.lead, at=start + 4 * DAY)
    actions.close_case(case=case, by=cast.lead, at=start + 5 * DAY)
    # Verification after the limit does not punish the handler.
    assert shares(cast, "on_time_rate", "close_rate", "rework_rate") == [(1, 1), (1, 1), (1, 1)]
    actions.rate_case(case=case, score=2, solved=True, by=cast.lead, at=start + 6 * DAY)
    assert shares(cast, "satisfaction_rate", "basically_satisfied_rate") == [(1, 1), (1, 1)]
    actions.rate_case(case=case, score=1, solved=False, by=cast.lead, at=start + 6 * DAY)
    assert shares(cast, "satisfaction_rate", "basically_satisfied_rate") == [(0, 1), (0, 1)]
    # Opened again on 29 September the case is due in October: it leaves September's due ones.
    actions.reopen_case(case=case, reason="又来了", by=cast.street, at=at("2026-09-29 09:00"))
    assert shares(cast, "on_time_rate", "finish_rate", "grid_solved_rate") == [(0, 0), (0, 1), (0, 0)]
    october = see(cast.street, now=at("2026-10-20 12:00"), first=dt.date(2026, 10, 1), last=dt.date(2026, 10, 31))
    assert october.shares("on_time_rate") == [(0, 1)]


def test_a_raised_tier_takes_the_due_moment_along(cast: Cast) -> None:
    """Accepted on the 29th: B is due on 2 October, raised to C on the 6th; asked on the 4th it is due no more."""
    case = report(cast, at=at("2026-09-29 08:00"))
    actions.accept_case(case=case, by=cast.lead, at=at("2026-09-29 09:00"))
    october = {"first": dt.date(2026, 10, 1), "last": dt.date(2026, 10, 31), "now": at("2026-10-04 12:00")}
    assert see(cast.street, **october).shares("on_time_rate") == [(0, 1)]
    actions.raise_tier(case=case, tier="C", reason="跨部门", by=cast.total_lead, at=at("2026-09-30 09:00"))
    assert see(cast.street, **october).shares("on_time_rate") == [(0, 0)]
    assert recount() == []


def test_merging_voiding_excluding_and_standing_still(cast: Cast) -> None:
    done = {"state": "closed", "accepted_at": "09-01 09:00", "due_at": "09-04 09:00", "completed_at": "09-02 09:00",
            "closed_at": "09-03 09:00"}  # fmt: skip
    case, leading = put(cast, unit=cast.unit, **done), put(cast, unit=cast.unit, **done)
    rate(case, cast.street, 4, "09-04 09:00")
    call(case, cast.street, "09-04 09:00", solved=True)
    answer(case, "09-01 12:00", met="09-01 09:00")
    names = ("on_time_rate", "satisfaction_rate", "solve_rate", "response_rate", "return_rate", "callback_rate")
    whole = [(2, 2), (1, 1), (1, 1), (1, 1), (0, 2), (1, 2)]
    without = [(1, 1), (0, 0), (0, 0), (0, 0), (0, 1), (0, 1)]
    row = Case.objects.filter(pk=case.pk)
    assert shares(cast, *names) == whole
    for away in ({"state": "merged", "leading": leading}, {"state": "voided"}, {"excluded": True}):
        row.update(**away)
        assert shares(cast, *names) == without, away
        row.update(state="closed", leading=None, excluded=False)
        assert shares(cast, *names) == whole, away
    # A rejected report was answered, in time; of all else it is no part.
    row.update(state="rejected")
    assert shares(cast, *names) == [(1, 1), (0, 0), (0, 0), (1, 1), (0, 1), (0, 1)]
    row.update(state="handling", completed_at=None, closed_at=None, hold="parked")
    assert shares(cast, "on_time_rate", "due_parked", "due_suspended") == [(1, 1), (1, None), (0, None)]
    row.update(hold="suspended")
    assert shares(cast, "on_time_rate", "due_parked", "due_suspended") == [(1, 1), (0, None), (1, None)]
    # Running again with a later limit, met: on time; the extension shows.
    row.update(hold="", due_at=at("2026-09-10 09:00"), extended=1, completed_at=at("2026-09-09 09:00"))
    assert shares(cast, "on_time_rate", "extension_rate") == [(2, 2), (1, 2)]


def test_what_hangs_on_a_case_is_changed_and_dropped(cast: Cast) -> None:
    case = put(cast, unit=cast.unit, state="completed", accepted_at="09-01 09:00", due_at="09-04 09:00",
               completed_at="09-02 09:00")  # fmt: skip
    first = call(case, cast.street, "09-03 09:00")
    assert shares(cast, "callback_rate", "solve_rate") == [(1, 1), (0, 0)]
    second = call(case, cast.street, "09-03 10:00", solved=False)
    assert shares(cast, "callback_rate", "solve_rate") == [(1, 1), (0, 1)]
    first.delete()
    assert shares(cast, "callback_rate", "solve_rate") == [(1, 1), (0, 1)]
    Callback.objects.filter(pk=second.pk).update(reached=False, solved=None)
    assert shares(cast, "callback_rate", "solve_rate") == [(0, 1), (0, 0)]
    # 24 h; a pause of 6 h entered afterwards, mended to 12 h, taken out again.
    still = pause(case, cast.street, "09-01 10:00", "09-01 16:00")
    assert shares(cast, "mean_handling_time") == [(18, 1)]
    Pause.objects.filter(pk=still.pk).update(ended_at=at("2026-09-01 22:00"))
    assert shares(cast, "mean_handling_time") == [(12, 1)]
    still.delete()
    assert shares(cast, "mean_handling_time") == [(24, 1)]
    clock = answer(case, "09-01 12:00", met="09-01 13:00")
    assert shares(cast, "response_rate") == [(0, 1)]
    Deadline.objects.filter(pk=clock.pk).update(met_at=at("2026-09-01 12:00"))
    assert shares(cast, "response_rate") == [(1, 1)]
    Deadline.objects.filter(pk=clock.pk).update(dropped_at=at("2026-09-01 12:00"))
    assert shares(cast, "response_rate") == [(0, 0)]
    Case.objects.filter(pk=case.pk).update(lead_order=None)
    Order.objects.filter(case=case).delete()
    assert shares(cast, "return_rate") == [(0, 0)]
    clock.delete()
    case.delete()
    assert shares(cast, "finish_rate", "close_rate") == [(0, 0), (0, 0)]


def test_orders_that_come_after_the_case_they_lead(cast: Cast) -> None:
    """As a loader writes them, with the keys checked at the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        case = put(cast, accepted_at="09-01 09:00", due_at="09-04 09:00", lead_order_id=987)
        answer(case, "09-01 12:00", met="09-01 10:00")
        send(case, cast.street, cast.unit, at("2026-09-01 10:00"), id=987)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert shares(cast, "on_time_rate") == [(0, 1)]
    assert see(cast.street, unit=cast.unit.pk).shares("on_time_rate", "response_rate") == [(0, 1), (1, 1)]
    other = make_unit()
    Order.objects.filter(pk=987).update(unit=other)
    assert recount() == []
    assert see(cast.street, unit=other.pk).shares("on_time_rate", "response_rate", "return_rate") == [
        (0, 1),
        (1, 1),
        (0, 1),
    ]
    assert see(cast.street, unit=cast.unit.pk).shares("on_time_rate", "return_rate") == [(0, 0), (0, 0)]


def test_one_statement_for_many_cases(cast: Cast) -> None:
    for number in range(30):
        put(cast, unit=cast.unit if number % 2 else None, accepted_at="09-01 09:00", due_at="09-04 09:00")
    assert shares(cast, "on_time_rate") == [(0, 30)]
    Case.objects.update(completed_at=F("accepted_at") + DAY, state="closed", closed_at=at("2026-09-03 09:00"))
    assert shares(cast, "on_time_rate", "close_rate") == [(30, 30), (30, 30)]
    Case.objects.update(category=make_category("0101"), tier="A")
    assert shares(cast, "on_time_rate", "grid_solved_rate") == [(30, 30), (30, 30)]
    # A change that says nothing to the figures writes nothing down.
    before = Tally.objects.count()
    Case.objects.update(title="新", version=F("version") + 1, urged=3)
    assert fold() == 0
    assert Tally.objects.count() == before


def test_a_moved_grid_takes_its_open_cases_along_and_leaves_the_past(cast: Cast) -> None:
    """Last year's figures stay where they happened."""
    place = make_street("990101009", totals=2)
    here, there = place.totals
    micro = place.micros[0]
    levels = {"street": place.street, "total": here, "comprehensive": place.comprehensives[0], "grid": micro}
    put(cast, state="closed", accepted_at="09-01 09:00", due_at="09-04 09:00", completed_at="09-02 09:00",
        closed_at="09-03 09:00", **levels)  # fmt: skip
    put(cast, accepted_at="09-01 09:00", due_at="09-04 09:00", **levels)
    system = User.objects.system()
    assert see(system, grid=here.code).shares("close_rate") == [(1, 2)]
    fold()
    move_grid(grid=place.comprehensives[0], parent=there, by=system, at=NOW)
    actions.follow_grid(grid=Grid.objects.get(pk=place.comprehensives[0].pk).pk, by=system, at=NOW)
    assert recount() == []
    assert see(system, grid=here.code).shares("close_rate") == [(1, 1)]
    assert see(system, grid=there.code).shares("close_rate") == [(0, 1)]
    assert see(system, grid=place.street.code).shares("close_rate") == [(1, 2)]


def test_whatever_is_changed_in_whatever_order(cast: Cast) -> None:
    """Two hundred haphazard statements; after each the rollups are what a full count says."""
    chance = random.Random(9)
    units = [cast.unit, make_unit(), make_unit()]
    cases = [
        put(cast, unit=chance.choice([*units, None]), accepted_at="09-01 09:00", due_at="09-04 09:00") for _ in range(6)
    ]

    def when() -> dt.datetime:
        return at("2026-08-30 00:00") + dt.timedelta(hours=chance.randrange(24 * 40))

    def some() -> Any:
        return Case.objects.filter(pk__in=chance.sample([case.pk for case in cases], 2))

    def children(case: Case) -> None:
        send(case, cast.street, chance.choice(units), when(), state=chance.choice(["returned", "done"]), part="assist")
        Callback.objects.create(case=case, round=case.round, reached=True, solved=chance.choice([None, True, False]),
                                by=cast.street, at=when())  # fmt: skip
        Rating.objects.update_or_create(
            case=case, defaults={"score": chance.randint(1, 4), "solved": True, "by": cast.street, "at": when()}
        )
        Deadline.objects.filter(case=case).delete()
        answer(case, "09-02 09:00", met=chance.choice([None, "09-02 08:00"]))

    steps = [
        lambda: some().update(state=chance.choice(["handling", "completed", "closed", "rejected", "voided"])),
        lambda: some().update(excluded=chance.random() < 0.3),
        lambda: some().update(hold=chance.choice(["", "parked", "suspended"])),
        lambda: some().update(due_at=when(), completed_at=chance.choice([None, when()]), closed_at=when()),
        lambda: some().update(tier=chance.choice("ABC"), channel=chance.choice(["phone", "visit"])),
        lambda: some().update(round=F("round") + 1, extended=chance.randint(0, 1), rework_count=chance.randint(0, 2)),
        lambda: some().update(lead_order=None),
        lambda: some().update(comprehensive=None, total=chance.choice([None, cast.place.totals[0]])),
        lambda: children(chance.choice(cases)),
        lambda: Order.objects.filter(case__in=some()).update(
            unit=chance.choice(units), state="returned", part="assist"
        ),
        lambda: Rating.objects.filter(case__in=some()).delete(),
        lambda: Callback.objects.filter(case__in=some()).update(reached=True, solved=None),
        lambda: fold(most=chance.randint(1, 40)),
    ]
    for number in range(200):
        chance.choice(steps)()
        assert recount() == [], number
    while fold():
        pass
    assert recount() == []


def test_frozen_figures_are_kept_and_never_change(cast: Cast) -> None:
    done = {"state": "closed", "accepted_at": "08-03 09:00", "due_at": "08-06 09:00", "completed_at": "08-04 09:00",
            "closed_at": "08-05 09:00"}  # fmt: skip
    put(cast, **done)
    put(cast, accepted_at="08-03 09:00", due_at="08-06 09:00")
    row = actions.freeze_figures(grid=cast.place.street, month=dt.date(2026, 8, 1), by=cast.street, at=NOW)
    assert row.figures["figures"]["close_rate"] == {"numerator": 1, "denominator": 2, "value": "50.00"}
    assert row.figures["figures"]["satisfaction_rate"] == {"numerator": 0, "denominator": 0, "value": None}
    (part,) = row.figures["parts"]
    assert (part["code"], part["figures"]["close_rate"]["denominator"]) == (cast.place.totals[0].code, 2)
    assert Record.objects.filter(verb="cases.figures_frozen", subject_id=row.pk, actor=cast.street).count() == 1
    Case.objects.filter(state="handling").update(state="closed", completed_at=NOW, closed_at=NOW)
    august = {"first": dt.date(2026, 8, 1), "last": dt.date(2026, 8, 31)}
    assert see(cast.street, **august).shares("close_rate") == [(2, 2)]
    assert FrozenFigures.objects.get(pk=row.pk).figures == row.figures
    for change in (lambda: FrozenFigures.objects.update(figures={}), lambda: FrozenFigures.objects.all().delete()):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            change()
