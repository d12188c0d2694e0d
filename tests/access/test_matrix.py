"""Every address as every hand: what table.txt says is what the house answers, a refusal changes nothing, and no row of another
street is reached by its number. docs/access.md tells the same for reading.

`make access` asks every cell, in minutes, and writes both. Here is asked, at every address and by every method, a share of the
hands that must stay outside, and one of those that may: always the same ones, others from address to address.
"""

from zlib import crc32

import pytest

from tests.access import table as tables
from tests.access.places import Place, places
from tests.access.shared import SHARED
from tests.access.table import BESIDE, MAIN, NOT_ASKED
from tests.access.walk import Walk, has_hand
from tests.house.exemptions import judge

OPENS = "o"
TABLE = tables.read()
# Hands together in a test, so that several processes share the walk.
GROUPS = (
    ("street", "nobody"), ("system", "security", "auditor"), ("total", "lead", "worker"), ("unit", "special", "key"),
    ("helper", "mediator"), ("b-total", "b-lead", "b-worker", "b-unit"), ("b-helper", "b-mediator", "expired"),
    ("future", "before", "during", "after"), BESIDE[-6:],
)  # fmt: skip


def _keys(place: Place) -> list[tuple[str, str]]:
    return [(method.upper(), place.template) for method in place.methods]


def test_every_address_has_its_line() -> None:
    there = {key for place in places() for key in _keys(place)}
    missing = {
        f"{method} {template}": "has no line in tests/access/table.txt: say in `make access` who may, then read what it wrote"
        for method, template in there - TABLE.keys()
    }
    gone = {
        f"{m} {t}": "stands in tests/access/table.txt and is no address any more (make access)"
        for m, t in TABLE.keys() - there
    }
    judge(missing | gone, {}, "The access matrix knows every address:")


@pytest.mark.parametrize("names", GROUPS, ids="-".join)
def test_the_house_answers_as_the_table_says(walk: Walk, names: tuple[str, ...]) -> None:
    faults = {}
    for name in names:
        hand = walk.hands[name]
        mine = [place for place in places() if has_hand(hand, place)]
        chosen = {key for key, line in TABLE.items() if is_chosen(key, line, name)}
        found = walk.go(hand, mine, only=chosen, twins=lambda key: _mark(*key) % TWINS == 0)
        faults |= found.faults
        for key, said in found.letters.items():
            if said != TABLE[key][name]:
                faults[f"{key[0]} {key[1]} as {name}"] = f"is answered {said!r}, the table says {TABLE[key][name]!r}"
    judge(faults, {name: SHARED[name] for name in faults if name in SHARED}, "The access matrix (docs/access.md):")


# One in so many cells that must stay shut of the usual hands, and of those beside; of open ones one at every so many addresses;
# and of rows that are asked for with another street's number too.
SHUT, BESIDE_SHUT, OPEN, TWINS = 6, 8, 4, 3


def is_chosen(key: tuple[str, str], line: dict[str, str], name: str) -> bool:
    """Whether the cell of hand NAME at KEY is asked here."""
    if line[name] == NOT_ASKED:
        return False
    if line[name] != OPENS:
        return _mark(*key, name) % (SHUT if name in MAIN else BESIDE_SHUT) == 0
    able = [hand for hand in (*MAIN, *BESIDE) if line[hand] == OPENS]
    return able[_mark(*key) % len(able)] == name and (len(able) == 1 or _mark(*key, "open") % OPEN == 0)


def _mark(*words: str) -> int:
    """A number that is the same in every process."""
    return crc32("\n".join(words).encode())


def test_the_table_is_just() -> None:
    """What must hold of it whatever it says of a single address."""
    faults = {}
    for key, line in TABLE.items():
        for hand, why in unjust(key, line):
            faults[f"{key[0]} {key[1]} as {hand}"] = why
    judge(faults, {}, "What every line of the access matrix keeps to:")


ENDED = ("expired", "future", "before", "after")
DEAD = ("k-revoked", "k-ended", "k-away")


def unjust(key: tuple[str, str], line: dict[str, str]) -> list[tuple[str, str]]:
    """Hands whose cell breaks a rule, and which."""
    told = [
        (hand, "lets a key in that holds no more") for hand in DEAD if line[hand] == OPENS and line["nobody"] != OPENS
    ]
    ended = [hand for hand in ENDED if line[hand] != NOT_ASKED]
    told += [(hand, f"is not answered like {ended[0]}") for hand in ended if line[hand] != line[ended[0]]]
    if line["during"] == OPENS != line["street"]:
        told.append(("during", "opens what whoever is stood in for does not"))
    if line["k-bare"] == OPENS and line["nobody"] != OPENS and key[1] not in {"/api/v1/me/", "/api/v1/client/"}:
        told.append(("k-bare", "needs no scope"))
    return told


def test_docs_are_what_the_table_says(walk: Walk) -> None:
    told = tables.page(TABLE, places(), {hand.name: hand.about for hand in walk.hands.values()})
    assert tables.PAGE.read_text(encoding="utf-8") == told, "docs/access.md is stale. Run: make access"
