"""A year of cases: in order, seasonal, mostly in time, the same every time, and without a single full phone number."""

import hashlib
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import shapely

import gridgov.demo
from cases.choices import MOVES, CaseState, Channel, Score
from gridgov.demo.catalogue import categories
from gridgov.demo.history import SHANGHAI, STATES, Case, history
from gridgov.demo.mix import CHANNELS, rows
from gridgov.demo.parts import Plan
from gridgov.demo.plan import demo
from gridgov.demo.wording import outcomes, texts

START = datetime(2025, 11, 22, tzinfo=SHANGHAI)
END = datetime(2026, 11, 22, 9, 30, tzinfo=SHANGHAI)
COUNT = 12_000
FULL_PHONE = re.compile(r"1[3-9]\d{9}")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return demo()


@pytest.fixture(scope="module")
def year(plan: Plan) -> list[Case]:
    return list(history(plan, COUNT, START, END, seed=1))


def share(cases: list[Case], flags: list[bool]) -> float:
    return sum(flags) / len(cases)


def test_there_are_exactly_as_many_as_asked_for_numbered_and_in_order(year: list[Case]) -> None:
    assert [case.number for case in year] == list(range(1, COUNT + 1))
    moments = [case.submitted_at for case in year]
    assert moments == sorted(moments)
    assert moments[0] >= START
    assert moments[-1] < END


def test_steps_happen_in_order_and_none_after_the_end(year: list[Case]) -> None:
    for case in year:
        moments = [step.at for step in case.steps()]
        assert moments == sorted(moments)
        assert moments[-1] < END


def test_every_step_is_a_legal_move(year: list[Case]) -> None:
    """Played through the table of legal moves, no case ever stands where the next verb is refused."""
    for case in year:
        state = "handling" if case.own else "accepted" if case.captured else "submitted"
        for step in case.steps()[1:]:
            allowed, after = MOVES[step.verb]
            assert state in allowed, (case.number, step)
            state = after or state
        assert state == case.state


def test_states_are_those_of_the_cases_room(year: list[Case]) -> None:
    assert set(STATES) == set(CaseState) - {CaseState.REJECTED, CaseState.MERGED, CaseState.VOIDED}
    assert {case.state for case in year} <= set(STATES)
    assert set(CHANNELS) == set(Channel) - {Channel.OPEN311}  # no app of others in the demo
    assert {case.rating for case in year if case.rating} == set(Score)


def test_nine_in_ten_are_in_time(year: list[Case]) -> None:
    done = [case for case in year if case.completed_at]
    assert 0.08 < share(done, [case.late for case in done]) < 0.13


def test_some_are_returned_reworked_and_reopened(year: list[Case]) -> None:
    assert 0.01 < share(year, [case.returned_at is not None for case in year]) < 0.05
    assert 0.02 < share(year, [case.rework_at is not None for case in year]) < 0.05
    assert 0.01 < share(year, [case.reopened_at is not None for case in year]) < 0.02
    for case in year:
        assert (case.returned_at is not None) == bool(case.returned_by)
        assert not case.returned_by or case.returned_by != case.unit


def test_some_are_still_open_at_the_end(year: list[Case]) -> None:
    open_cases = [case for case in year if case.state != "closed"]
    assert 30 < len(open_cases) < 150
    assert any(case.due_at and case.due_at < END and not case.completed_at for case in open_cases)
    recent = END - timedelta(days=90)
    assert all(case.submitted_at > recent for case in open_cases)


def test_a_busy_street_has_open_cases_in_every_state(plan: Plan) -> None:
    busy = history(plan, 60_000, START, END, seed=1)
    assert {case.state for case in busy} == set(STATES)


def test_ratings_lean_to_the_friendly_side(year: list[Case]) -> None:
    rated = Counter(case.rating for case in year if case.rating)
    assert 0.3 < sum(rated.values()) / COUNT < 0.45
    assert rated[4] > rated[3] > rated[2] > rated[1] > 0


def test_the_seasons_show(year: list[Case]) -> None:
    def months(code: str) -> Counter[int]:
        return Counter(case.submitted_at.month for case in year if case.category == code)

    heating, water, noise = months("0504"), months("0405"), months("0305")
    assert sum(heating[m] for m in (11, 12, 1, 2, 3)) > 0.9 * heating.total()
    assert sum(water[m] for m in (6, 7, 8)) > 0.5 * water.total()
    assert sum(noise[m] for m in (5, 6, 7, 8, 9)) > 0.6 * noise.total()


def test_offices_are_asked_by_day_and_noise_is_reported_at_night(year: list[Case]) -> None:
    hours = Counter(case.submitted_at.hour for case in year)
    assert hours[9] > 10 * hours[3]
    asked = [case.submitted_at for case in year if case.category.startswith(("09", "11"))]
    assert sum(8 <= at.hour < 18 for at in asked) > 0.8 * len(asked)
    assert sum(at.weekday() < 5 for at in asked) > 0.8 * len(asked)
    noise = [case.submitted_at.hour for case in year if case.category in ("0304", "0305", "0802")]
    assert sum(hour >= 19 or hour < 6 for hour in noise) > 0.5 * len(noise)


def test_all_categories_and_channels_occur(year: list[Case]) -> None:
    assert {case.category for case in year} == {c.code for c in categories()}
    assert {case.channel for case in year} == set(CHANNELS)
    tiers = {c.code: (c.tier, c.urgency, c.department) for c in categories()}
    assert {(c.category, (c.tier, c.urgency, c.department)) for c in year} == set(tiers.items())


def test_cases_lie_in_their_micro_grid_and_go_to_units_of_the_plan(plan: Plan, year: list[Case]) -> None:
    units = {unit.code for unit in plan.units}
    for case in year[:2000]:
        assert shapely.contains_xy(plan.grid(case.grid).boundary, case.lon, case.lat)
        assert (case.unit == "") == (case.own or case.department == "微网格员")
        assert {case.unit, case.returned_by, *case.assists} - {""} <= units


def test_a_worker_sees_to_the_small_things_at_once(year: list[Case]) -> None:
    captured = [case for case in year if case.channel == "grid_worker"]
    assert all(case.accepted_at == case.submitted_at for case in captured)
    assert {case.captured for case in captured} == {True}
    own = [case for case in captured if case.tier == "A"]
    assert all(case.own and case.signed_at == case.submitted_at for case in own)
    assert not {"accept", "dispatch", "sign_in"} & {step.verb for case in own[:500] for step in case.steps()[:2]}


def test_words_vary_and_leave_no_slot_open(year: list[Case]) -> None:
    words = Counter(case.text for case in year)
    assert len(words) > COUNT // 2
    for case in year:
        assert not {"{", "}", "|"} & set(case.title + case.text + case.outcome)
        assert len(case.text) >= 10
        assert (case.outcome != "") == (case.completed_at is not None)


def test_winter_speaks_of_ice_and_summer_of_rain() -> None:
    slippery = next(c for c in categories() if c.code == "0405")
    assert any("结了冰" in line for line in texts(slippery, cold=True))
    assert not any("结了冰" in line for line in texts(slippery, cold=False))
    assert any("积水" in line for line in texts(slippery, cold=False))


def test_every_category_has_words_and_a_place_in_the_mix() -> None:
    assert [row.code for row in rows()] == [c.code for c in categories()]
    for category in categories():
        assert len(texts(category, cold=True)) >= 3
        assert len(texts(category, cold=False)) >= 3
        assert outcomes(category)


def test_anonymous_reporters_leave_nothing_and_others_a_masked_number(year: list[Case]) -> None:
    assert 0.05 < share(year, [case.anonymous for case in year]) < 0.2
    for case in year:
        assert not (case.anonymous and case.contact)
        assert re.fullmatch(r"(1\d\d\*{4}\d{4})?", case.contact)
        assert not FULL_PHONE.search(case.title + case.text + case.outcome + case.contact)


def test_no_data_file_holds_a_full_phone_number() -> None:
    files = [*Path(gridgov.demo.__file__).parent.glob("data/*")]
    assert len(files) == 5
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            # Grid codes are longer numbers; look at what stands alone.
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", line), file


def test_the_same_seed_tells_the_same_year(plan: Plan) -> None:
    def told(seed: int) -> str:
        return hashlib.sha256(repr(list(history(plan, 500, START, END, seed=seed))).encode()).hexdigest()

    assert told(4) == told(4)
    assert told(4) != told(5)


def test_a_span_beyond_the_known_calendar_does_not_fail(plan: Plan) -> None:
    end = datetime(2027, 3, 1, tzinfo=SHANGHAI)
    cases = list(history(plan, 200, datetime(2026, 12, 1, tzinfo=SHANGHAI), end))
    assert len(cases) == 200
