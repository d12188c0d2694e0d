"""Matching as a pure function: what counts, who is left out, and that one pass shares the load."""

import datetime as dt
from dataclasses import replace

from tests.factories import at
from volunteers.rules.matching import Helper, Map, Nearness, Opening, match, slot_of

# A street 1 with two communities 2 and 3; grids 4 and 5 in the first, 6 in the second; micro-grids 7 in 4, 8 in 5, 9 in 6.
GRIDS = Map({1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 4, 8: 5, 9: 6}, frozenset({2, 3}))
WEDNESDAY = at("2026-09-09 14:00")
OPENING = Opening(1, 4, WEDNESDAY, WEDNESDAY + dt.timedelta(hours=2), skills=frozenset({"care"}))


def order(*helpers: Helper, opening: Opening = OPENING) -> list[int]:
    return [one.helper for one in match([opening], helpers, GRIDS)[opening.pk]]


def test_place_time_skill_and_load_are_what_counts() -> None:
    assert slot_of(WEDNESDAY) == "3a"
    assert [slot_of(at(f"2026-09-13 {time}")) for time in ("00:00", "11:59", "18:00")] == ["7m", "7m", "7e"]
    near, beside, far = Helper(1, (7,)), Helper(2, (8,)), Helper(3, (9,))
    assert order(far, beside, near) == [1, 2, 3]
    # Who serves in that grid is as near as who lives there; of equals, who stands first comes first.
    assert order(Helper(4, (9, 7)), near) == [4, 1]
    assert order(near, replace(far, times=frozenset({"3a"}))) == [1, 3]
    assert order(near, replace(far, times=frozenset({"3a"}), skills=frozenset({"care", "law"}))) == [3, 1]
    assert order(near, replace(near, pk=5, minutes=240), replace(near, pk=6, ahead=1)) == [1, 5, 6]
    (told,) = match([OPENING], [Helper(7, (8,), frozenset({"care"}), frozenset({"1m"}), minutes=90, ahead=2)], GRIDS)[1]
    assert (told.near, told.free, told.skills, told.hours, told.ahead) == (Nearness.COMMUNITY, False, {"care"}, 1.5, 2)
    assert told.score == 20 + 15 - 10
    assert match([OPENING], [near], GRIDS)[1][0].free is None


def test_who_may_not_come_is_left_out() -> None:
    hour = dt.timedelta(hours=1)
    child, guarded = (
        Helper(1, (7,), born_on=dt.date(2012, 1, 1)),
        Helper(2, (7,), born_on=dt.date(2012, 1, 1), has_guardian=True),
    )
    busy = Helper(3, (7,), busy=((WEDNESDAY + hour, WEDNESDAY + 3 * hour),))
    after = Helper(4, (7,), busy=((WEDNESDAY + 2 * hour, WEDNESDAY + 3 * hour),))
    insured = Helper(5, (7,), insured_until=WEDNESDAY.date())
    everybody = (child, guarded, busy, after, insured)
    assert order(*everybody) == [2, 4, 5]
    assert order(*everybody, opening=replace(OPENING, least_age=18)) == [4, 5]
    assert order(*everybody, opening=replace(OPENING, is_dangerous=True)) == [5]
    assert order() == []


def test_one_pass_shares_the_load_and_looks_as_far_as_it_must() -> None:
    helpers = [Helper(n, (7,)) for n in range(3)]
    openings = [replace(OPENING, pk=n, free=1) for n in range(3)]
    assert [rows[0].helper for rows in match(openings, helpers, GRIDS).values()] == [0, 1, 2]
    # A hundred children stand before the one who may come.
    many = [Helper(n, (7,), frozenset({"care"}), born_on=dt.date(2015, 1, 1)) for n in range(100)]
    assert order(*many, Helper(100, (9,))) == [100]
