"""A walk of one hand over addresses: the own row, a row of another street, and a row that there is not.

What is sent to a page is its own form, filled in, if the page opens to whoever sends it; else nothing, for it must get no further
than the gate.
"""

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from gridgov.core import counts
from tests.access.addresses import is_of_a_row, url_of
from tests.access.asking import OPENS, UNKNOWN, WRONG, Asker, letter, quick
from tests.access.filling import body_of, filled, forms_in
from tests.access.places import Place
from tests.access.world import THEIRS, Hand, World

# Something would be sent to another system.
OUTSIDE = frozenset({("POST", "/admin/integrations/channel/{pk}/do/try/", "system")})
Key = tuple[str, str]  # ("POST", "/m/cases/{pk}/")


@dataclass
class Found:
    """What a walk found: a letter for each cell, what was done, and what may not be. `asked` counts requests."""

    letters: dict[Key, str] = field(default_factory=dict)
    done: set[Key] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)
    asked: int = 0


@dataclass
class Walk:
    """Two streets, who comes to the first, and what forms are filled with, by hand and template."""

    ours: World
    theirs: World
    hands: dict[str, Hand] = field(default_factory=dict)
    bodies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def go(
        self,
        hand: Hand,
        places: Iterable[Place],
        *,
        only: Container[Key] | None = None,
        twins: Callable[[Key], bool] = lambda key: True,
    ) -> Found:
        """HAND at each of PLACES, or ONLY at some, reading and changing; and of keys in TWINS with other streets' rows."""
        found, asker = Found(), Asker(hand)
        counts._own.clear()
        counts._valkey().flushdb()
        with quick():
            for place in places:
                for method in place.methods:
                    key = (method.upper(), place.template)
                    if (only is None or key in only) and (*key, hand.name) not in OUTSIDE:
                        self._cell(found, asker, place, method, twins(key))
        return found

    def _cell(self, found: Found, asker: Asker, place: Place, method: str, twins: bool) -> None:
        key = (method.upper(), place.template)
        answer = self._ask(found, asker, place, method, self.ours)
        said = found.letters[key] = letter(place, method, answer)
        where, name = f"{key[0]} {key[1]}", asker.hand.name
        if said == WRONG:
            found.faults[where] = f"is answered {answer.status_code} as {name}"
        if method == "get":
            self.bodies[asker.hand.name, place.template] = learned(answer) if said == OPENS else {}
            if not asker.hand.is_everywhere and THEIRS in content_of(answer):
                found.faults[where] = f"names another street to {name}"
        if method != "get":
            if said != OPENS and answer.changed:
                found.faults[where] = (
                    f"is refused ({answer.status_code}) as {name} and changes {sorted(answer.changed)}"
                )
            if answer.status_code < 400 and answer.changed:
                found.done.add(key)
        if twins and said in {OPENS, UNKNOWN} and is_of_a_row(place) and not asker.hand.is_everywhere:
            self._twins(found, asker, place, method, where)

    def _twins(self, found: Found, asker: Asker, place: Place, method: str, where: str) -> None:
        """Another street's row is answered like one that there is not, word for word, and stays as it is."""
        near = self._ask(found, asker, place, method, self.theirs)
        nothing = self._ask(found, asker, place, method, None)
        if near.status_code < 300 and letter(place, method, nothing) != OPENS:
            found.faults[where] = f"opens another street's row to {asker.hand.name} ({near.status_code})"
        elif self._said(place, near, self.theirs) != self._said(place, nothing, None):
            told = f"{near.status_code} {_start(near)}, without it {nothing.status_code} {_start(nothing)}"
            found.faults[where] = f"tells {asker.hand.name} that another street's row is there: {told}"
        elif method != "get" and near.changed and letter(place, method, near) != OPENS:
            found.faults[where] = f"changes {sorted(near.changed)} of another street's row for {asker.hand.name}"

    def _ask(self, found: Found, asker: Asker, place: Place, method: str, world: World | None) -> Any:
        found.asked += 1
        kind, body = ("", {}) if method == "get" else self._body(found, asker, place, method)
        return asker.ask(method, url_of(place, world), body, kind)

    def _body(self, found: Found, asker: Asker, place: Place, method: str) -> tuple[str, dict[str, Any]]:
        if place.template.startswith("/api/"):
            return body_of(place.template, method, self.ours.names())
        mine = (asker.hand.name, place.template)
        if mine not in self.bodies:
            shown = self._ask(found, asker, place, "get", self.ours)
            self.bodies[mine] = learned(shown) if letter(place, "get", shown) == OPENS else {}
        return "", self.bodies[mine]

    @staticmethod
    def _said(place: Place, answer: Any, world: World | None) -> tuple[int, str, str]:
        """Status, words and where it leads, without the number that was asked for."""
        url = url_of(place, world)
        words = "" if answer.streaming else content_of(answer)
        for part in sorted({url, *(one for one in url.split("/") if re.search(r"\d", one))}, key=len, reverse=True):
            words = re.sub(rf"(?<![\w.]){re.escape(part)}(?![\w.])", "#", words)
        return answer.status_code, words, answer.headers.get("Location", "").replace(url, "#").partition("?")[0]


def content_of(answer: Any) -> str:
    """What was said, that of a stream included."""
    whole: bytes = answer.whole if answer.streaming else answer.content
    return whole.decode("utf-8", "replace")


def learned(answer: Any) -> dict[str, Any]:
    """The forms of a page that was to be drawn, filled in."""
    given: dict[str, Any] = {}
    for _template, context in answer.drawn:
        for form in forms_in(context):
            given |= filled(form)
    return given


def has_hand(hand: Hand, place: Place) -> bool:
    """Whether HAND comes to PLACE at all: another system has business in the API alone."""
    return not hand.key or place.template.startswith("/api/")


def _start(answer: Any) -> str:
    return "" if answer.streaming else repr(content_of(answer)[:160])
