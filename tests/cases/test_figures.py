"""Figures by definition: a hand-made set whose every answer is worked out here by hand (handbook 3.5)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from cases.actions.folding import fold, rebuild_figures
from cases.models import Case, Tally, TallyDelta
from cases.reports import recount
from tests.cases.counting import NOW, Seen, answer, call, pause, put, rate, see, send
from tests.factories import Cast, at, make_cast, make_category, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def september(cast: Cast) -> None:
    """Twenty-three cases around September 2026; now is the 16th, 12:00."""
    unit, other, by = cast.unit, make_unit("水务"), cast.street
    # --- due in September before now -----------------------------------------------------------------------------
    # 1 completed in time, closed. 24 h of handling. Rated very satisfied, called: solved. Accepted in time.
    one = put(cast, unit=unit, tier="A", channel="grid_worker", state="closed", accepted_at="09-01 09:00",
              due_at="09-02 09:00", completed_at="09-02 09:00", closed_at="09-03 09:00")  # fmt: skip
    rate(one, by, 4, "09-04 09:00")
    call(one, by, "09-03 10:00", reached=False)
    call(one, by, "09-03 11:00", solved=True)
    call(one, by, "09-03 12:00", solved=True)
    # 2 completed a second late: 48 h and a second. Rated basically satisfied; called: not solved.
    two = put(cast, unit=unit, channel="visit", state="closed", accepted_at="09-02 09:00", due_at="09-04 08:59:59",
              completed_at="09-04 09:00:00", closed_at="09-05 09:00")  # fmt: skip
    rate(two, by, 2, "09-06 09:00")
    call(two, by, "09-05 10:00", solved=False)
    # 3 in time, reworked once before, waits for verification: counts as on time, not as closed. 6 h, of them 2 h paused.
    three = put(cast, unit=other, state="completed", accepted_at="09-05 08:00", due_at="09-08 08:00",
                completed_at="09-05 14:00", rework_count=1)  # fmt: skip
    pause(three, by, "09-05 10:00", "09-05 12:00")
    # 4 open and overdue: stays in the denominator.
    put(cast, unit=other, accepted_at="09-06 08:00", due_at="09-09 08:00", breached_at="09-09 08:00")
    # 5 open, overdue since a minute, not marked yet.
    put(cast, accepted_at="09-13 11:59", due_at="09-16 11:59")
    # 6 extended in time, completed within the extension: on time and extended. 100 h.
    put(cast, unit=unit, state="closed", accepted_at="09-01 08:00", due_at="09-06 08:00", completed_at="09-05 12:00",
        closed_at="09-07 08:00", extended=1)  # fmt: skip
    # 7 breached before the extension: within it, but not on time. 130 h.
    put(cast, unit=unit, state="closed", accepted_at="09-01 08:00", due_at="09-08 08:00", completed_at="09-06 18:00",
        closed_at="09-07 08:00", extended=1, breached_at="09-04 08:00")  # fmt: skip
    # 8 first second of September in China (the day before in UTC), tier C, closed on time. 12 h.
    put(cast, unit=other, tier="C", state="closed", accepted_at="08-31 12:00", due_at="09-01 00:00", completed_at="09-01 00:00",
        closed_at="09-01 00:00")  # fmt: skip
    # --- not in September, or not yet ------------------------------------------------------------------------------
    # 9 the last second of August.
    put(cast, state="closed", accepted_at="08-28 23:59:59", due_at="08-31 23:59:59", completed_at="08-31 23:59:59",
        closed_at="08-31 23:59:59", reported_at="08-28 23:00")  # fmt: skip
    # 10 due today at noon sharp: not before the moment asked. 11 due tonight. 12 due at the end of the month.
    put(cast, accepted_at="09-13 12:00", due_at="09-16 12:00")
    put(cast, state="completed", accepted_at="09-13 20:00", due_at="09-16 20:00", completed_at="09-14 20:00")
    put(cast, accepted_at="09-16 08:00", due_at="09-30 23:59:59")
    # 13 due in October's first second.
    put(cast, accepted_at="09-16 09:00", due_at="10-01 00:00")
    # --- in no rate --------------------------------------------------------------------------------------------------
    leading = Case.objects.order_by("pk")[3]
    put(cast, state="merged", leading=leading, accepted_at="09-06 09:00", due_at="09-09 09:00")  # 14
    put(cast, state="rejected", reported_at="09-07 08:00", closed_at="09-07 09:00", reject_reason="no_content")  # 15
    put(cast, state="voided", accepted_at="09-07 08:00", due_at="09-10 08:00")  # 16
    excluded = put(cast, state="closed", excluded=True, accepted_at="09-07 08:00", due_at="09-10 08:00",
                   completed_at="09-08 08:00", closed_at="09-08 09:00")  # 17  # fmt: skip
    rate(excluded, by, 1, "09-09 09:00")
    put(cast, hold="parked", accepted_at="09-08 08:00", due_at="09-11 08:00")  # 18
    put(cast, hold="suspended", accepted_at="09-08 08:00", due_at="09-11 08:00")  # 19
    # --- waiting for acceptance --------------------------------------------------------------------------------------
    # Response clocks: 20 accepted in time, 21 too late, 22 waits beyond its limit, 23 waits within it.
    twenty = put(cast, reported_at="09-10 08:00", accepted_at="09-10 11:00", due_at="10-05 08:00")
    answer(twenty, "09-10 12:00", met="09-10 11:00")
    late = put(cast, reported_at="09-10 08:00", accepted_at="09-10 13:00", due_at="10-05 08:00")
    answer(late, "09-10 12:00", met="09-10 13:00", breached="09-10 12:00")
    answer(put(cast, state="submitted", reported_at="09-16 07:00"), "09-16 11:00")
    answer(put(cast, state="submitted", reported_at="09-16 11:00"), "09-16 15:00")
    # An assisting order that came back, and one withdrawn.
    send(two, by, other, at("2026-09-02 10:00"), state="returned", part="assist")
    send(two, by, other, at("2026-09-02 11:00"), state="withdrawn", part="assist")
    # The worker's own order from capture is sent to nobody.
    send(one, cast.worker, unit, at("2026-09-01 09:00"), handler=cast.worker, part="assist")


def check_september(seen: Seen) -> None:
    # S: 1 2 3 4 5 6 7 8 → 8. On time: 1 3 6 8 → 4. Closed: 1 2 6 7 8 → 5. Extended: 6 7 → 2.
    assert seen.shares("on_time_rate", "close_rate", "extension_rate") == [(4, 8), (5, 8), (2, 8)]
    assert [seen.whole[name].value for name in ("on_time_rate", "close_rate", "extension_rate")] == [
        Decimal("50.00"), Decimal("62.50"), Decimal("25.00"),
    ]  # fmt: skip
    # Beside them: 19, 18, 17. (16 and 14 are nowhere.)
    assert [seen.whole[n].value for n in ("due_suspended", "due_parked", "due_excluded")] == [1, 1, 1]
    # Accepted in September (1-7, 10-13, 18-21; 8 and 9 in August): 7 + 4 + 4 = 15. Completed in it: 1 2 3 6 7 8 11 → 7.
    assert seen.shares("finish_rate") == [(7, 15)]
    assert seen.whole["finish_rate"].value == Decimal("46.67")
    # Reported in September: without 9 and 14 16 17, with 8 (put down as accepted: 31 August, so not) and with 15, 22, 23:
    # 1-7, 10-13, 15, 18-23 → 7 + 4 + 1 + 6 = 18; accepted of them: all but 15, 22, 23 → 15.
    assert seen.shares("file_rate") == [(15, 18)]
    # By a worker: 1; on a visit: 2.
    assert seen.shares("self_found_rate", "rework_rate") == [(2, 15), (1, 7)]
    # Leading orders sent in September: 1 2 3 4 6 7 → 6 (8 in August), and two assisting ones, one of them returned.
    assert seen.shares("return_rate") == [(1, 8)]
    # Response clocks run out by now: 20 21 22; in time: 20.
    assert seen.shares("response_rate") == [(1, 3)]
    # Callbacks with an answer: twice about 1 (solved), once about 2 (not): 2 of 3. Cases reached: 1 2 of 7 completed.
    assert seen.shares("solve_rate", "callback_rate") == [(2, 3), (2, 7)]
    # Two ratings (17's is excluded): too few for a rate, and so no score.
    assert seen.shares("satisfaction_rate", "basically_satisfied_rate") == [(2, 2), (1, 2)]
    assert [seen.whole[n].value for n in ("satisfaction_rate", "three_rate_score")] == [None, None]
    # Closed in September: 1 (A) 2 6 7 (B) 8 (C) → 4 of 5; the aim is 60.
    assert seen.shares("grid_solved_rate") == [(4, 5)]
    assert seen.whole["grid_solved_rate"].reached is True
    # Hours of 1 2 3 6 7 8 11: 24 + 48 (and a second) + (6 - 2) + 100 + 130 + 12 + 24 = 342; 342 / 7 = 48.857…
    assert seen.shares("mean_handling_time") == [(Decimal("342.00"), 7)]
    assert seen.whole["mean_handling_time"].value == Decimal("48.86")
    # Classes: 4 h → [4, 8); 12 → [12, 24); 24, 24 → [24, 36); 48 → [48, 72); 100 → [96, 120); 130 → [120, 168).
    # Half of 7 is 3.5: two below 24 h, then 1.5 of the two up to 36: 24 + 12 × 1.5 / 2 = 33.
    assert seen.whole["median_handling_time"].value == Decimal("33.00")
    # Nine tenths are 6.3: six below 120, then 0.3 of the one up to 168: 120 + 48 × 0.3 = 134.4.
    assert seen.whole["p90_handling_time"].value == Decimal("134.40")


def test_every_figure_of_the_hand_made_set(cast: Cast) -> None:
    """The same before it is folded, after, and counted anew."""
    september(cast)
    assert Tally.objects.count() == 0
    check_september(see(cast.street))
    assert fold() > 0
    assert (fold(), TallyDelta.objects.count(), recount()) == (0, 0, [])
    check_september(see(cast.street))
    rebuild_figures(by=cast.street, at=NOW)
    assert recount() == []
    check_september(see(cast.street))
    # By days over the same month, whose edges are no whole months with it.
    assert see(cast.street, first=dt.date(2026, 8, 31)).shares("close_rate") == [(6, 9)]
    assert see(cast.street, last=dt.date(2026, 9, 4)).shares("close_rate", "on_time_rate") == [(3, 3), (2, 3)]


def test_no_cases_no_rates(cast: Cast) -> None:
    seen = see(cast.street)
    for name, figure in seen.whole.items():
        counted = name.startswith("due_")
        assert figure.value == (0 if counted else None), name
        assert not figure.numerator, name


def test_breakdowns_add_up(cast: Cast) -> None:
    september(cast)
    by_unit = see(cast.street, by="unit")
    # S: of the first unit 1 2 6 7, of the water works 3 4 8, of none 5.
    assert by_unit.part(cast.unit.name, "on_time_rate") == (2, 4)
    assert by_unit.part("水务", "on_time_rate") == (2, 3)
    assert by_unit.part(_none(by_unit), "on_time_rate") == (0, 1)
    # Orders are of the unit they went to: 3 4 and the two assisting ones.
    assert by_unit.part("水务", "return_rate") == (1, 4)
    assert by_unit.part(cast.unit.name, "return_rate") == (0, 4)
    tiers = see(cast.street, by="tier")
    assert sorted(figures["close_rate"].denominator for figures in tiers.parts.values()) == [1, 1, 6]
    months = see(cast.street, by="month", first=dt.date(2026, 8, 1))
    assert {label: figures["close_rate"].denominator for label, figures in months.parts.items()} == {
        "2026-08": 1, "2026-09": 8,
    }  # fmt: skip
    assert see(cast.street, by="grid").part(cast.place.totals[0].name, "close_rate") == (5, 8)
    assert see(cast.street, by="channel", channel="visit").shares("close_rate") == [(1, 1)]


def _none(seen: Seen) -> str:
    """The label of what has no unit, in whatever language."""
    (label,) = [label for label in seen.parts if not label.startswith(("单位", "水务"))]
    return label


def test_filters(cast: Cast) -> None:
    september(cast)
    other = make_category("0101", "B")
    Case.objects.filter(pk=Case.objects.order_by("pk")[0].pk).update(category=other)
    street = cast.street
    assert see(street, category="01").shares("close_rate") == [(1, 1)]
    assert see(street, category="0602").shares("close_rate") == [(4, 7)]
    assert see(street, category="99").shares("close_rate") == [(0, 0)]
    assert see(street, tier="A").shares("close_rate", "grid_solved_rate") == [(1, 1), (1, 1)]
    assert see(street, unit=cast.unit.pk).shares("close_rate") == [(4, 4)]
    for grid in (cast.place.totals[0], cast.place.comprehensives[0]):
        assert see(street, grid=grid.code).shares("close_rate") == [(5, 8)]


def test_five_ratings_are_a_rate_and_make_a_score(cast: Cast) -> None:
    for score in (1, 2, 3, 4, 4):
        case = put(cast, state="closed", accepted_at="09-01 09:00", due_at="09-02 09:00", completed_at="09-02 08:00",
                   closed_at="09-02 09:00")  # fmt: skip
        rate(case, cast.street, score, "09-03 09:00")
        call(case, cast.street, "09-03 09:00", solved=score > 2)
        answer(case, "09-01 12:00", met="09-01 09:00")
    seen = see(cast.street)
    # 4 of 5 are at least basically satisfied, 1 is just that; solved 3 of 5; answered 5 of 5.
    assert [seen.whole[n].value for n in ("satisfaction_rate", "basically_satisfied_rate", "solve_rate")] == [
        80,
        20,
        60,
    ]
    # 100 × 10 % + 60 × 45 % + 80 × 45 % = 10 + 27 + 36 = 73.
    score = seen.whole["three_rate_score"]
    assert (score.value, score.numerator, score.denominator) == (Decimal("73.00"), Decimal("73.00"), 100)


def test_check_figures_tells_and_mends(cast: Cast, capsys: Any) -> None:
    september(cast)
    fold()
    call_command("check_figures")
    Tally.objects.filter(span="d", due=1).order_by("pk").first().delete()
    with pytest.raises(Exception, match="2"):
        call_command("check_figures")
    assert "due" in capsys.readouterr().err
    call_command("check_figures", fix=True)
    check_september(see(cast.street))
