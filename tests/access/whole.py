"""`make access`: ask what has no answer yet (WHOLE=1: everything, in minutes), and write table.txt and docs/access.md."""

import os

from tests.access import table as tables
from tests.access.addresses import is_of_a_row
from tests.access.places import places
from tests.access.shared import SHARED
from tests.access.table import HANDS, NOT_ASKED, Table
from tests.access.walk import Walk, has_hand
from tests.house.exemptions import judge

WHOLE = bool(os.environ.get("WHOLE"))


def test_write(walk: Walk) -> None:
    there = {(method.upper(), place.template) for place in places() for method in place.methods}
    kept = {} if WHOLE else {key: line for key, line in tables.read().items() if key in there}
    table, faults = Table(kept), {}
    for name in HANDS:
        hand = walk.hands[name]
        mine = [one for one in places() if has_hand(hand, one) and tables.is_asked(name, one, is_of_a_row(one))]
        lacking = {key for key in there if table.get(key, {}).get(name, NOT_ASKED) == NOT_ASKED}
        found = walk.go(hand, mine, only=lacking)
        faults |= found.faults
        for key, letter in found.letters.items():
            table.setdefault(key, dict.fromkeys(HANDS, NOT_ASKED))[name] = letter
    tables.write(table, {place.template: place.room for place in places()})
    told = tables.page(table, places(), {hand.name: hand.about for hand in walk.hands.values()})
    tables.PAGE.write_text(told, encoding="utf-8")
    judge(
        faults,
        SHARED if WHOLE else {name: SHARED[name] for name in faults if name in SHARED},
        "Written. What may not be:",
    )
