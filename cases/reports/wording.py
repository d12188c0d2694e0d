"""What a report's words are to the suggestions: runs and pairs of characters without numbers and names, the places
named in it, and the words of danger. What is Chinese in it stands in data/suggesting.json."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.choices import Urgency
from gridgov.core.search import runs

DATA = Path(__file__).resolve().parent.parent / "data" / "suggesting.json"
# Names have at least two and at most this many characters, names of people two to four.
LONGEST = 16
PERSON = re.compile(r"[\u3400-\u9fff]{2,4}")
SERIOUSNESS = {Urgency.NORMAL: 0, Urgency.URGENT: 1, Urgency.EMERGENCY: 2}


@dataclass(frozen=True)
class Lexicon:
    """Data file in the form in which it is asked."""

    danger: dict[str, Urgency]
    place: re.Pattern[str]
    houses: re.Pattern[str]
    person: re.Pattern[str]
    house: str
    grid_ends: tuple[str, ...]


@cache
def lexicon() -> Lexicon:
    said = json.loads(DATA.read_text(encoding="utf-8"))
    letters, house = said["place_end_letters"], "|".join(said["house"])
    family, between = said["family_names"], re.escape(said["house_between"])
    return Lexicon(
        danger={word: Urgency(urgency) for urgency in ("emergency", "urgent") for word in said["danger"][urgency]},
        # An ending of one letter may be the last but one of the name: the road of the peach garden.
        place=re.compile(
            rf"[\u3400-\u9fff]{{1,8}}?(?:{'|'.join(said['place_ends'])})"
            rf"|[\u3400-\u9fff]{{1,8}}?([{letters}])(?:(?!\1)[{letters}])*"
        ),
        # One number, or some with something between them; a row of digits is read in one way only, and not for ever.
        houses=re.compile(rf"(?<!\d)(\d{{1,4}}(?:[{between}]+\d{{1,4}}){{0,40}})[{between}]*(?:{house})"),
        person=re.compile(
            rf"(?:{'|'.join(said['named'])})[{said['named_link']}]?[\u3400-\u9fff]{{2,3}}"
            rf"|[{family}][\u3400-\u9fff]{{0,2}}?(?:{'|'.join(said['address'])})"
        ),
        house=said["house"][0],
        grid_ends=tuple(said["grid_ends"]),
    )


class Names:
    """Names to find in texts. Most places of a text begin none, which their first two characters tell at once."""

    def __init__(self, names: Iterable[str]) -> None:
        self.known = frozenset(name for name in names if 2 <= len(name) <= LONGEST)
        self.starts = frozenset(name[:2] for name in self.known)

    def at(self, text: str, i: int) -> int:
        """How long the longest name is that begins in TEXT at I; 0 where none does."""
        if text[i : i + 2] not in self.starts:
            return 0
        return next((n for n in range(min(LONGEST, len(text) - i), 1, -1) if text[i : i + n] in self.known), 0)

    def cut_out_of(self, text: str) -> str:
        """TEXT with a gap for each name, the longest first."""
        found, kept, i = [], 0, 0
        while i < len(text) - 1:
            size = self.at(text, i)
            if size:
                found += [text[kept:i], " "]
                kept = i + size
            i += size or 1
        return "".join([*found, text[kept:]])


NOBODY = Names(())


def words(text: str, *, without: Names = NOBODY, places: Names = NOBODY) -> list[str]:
    """Single characters and pairs of TEXT. Numbers, how people are addressed, the names in WITHOUT and the names of
    places in PLACES are left out; nothing is joined across the gap."""
    text = without.cut_out_of(places.cut_out_of(lexicon().person.sub(" ", text)))
    found: list[str] = []
    for run in runs(text):
        if run.isascii():
            if run.isalpha() and len(run) > 1:
                found.append(run)
            continue
        found += run
        found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def danger(text: str) -> dict[str, Urgency]:
    """The words of danger that TEXT has, the gravest first, with the urgency each suggests."""
    found = {word: urgency for word, urgency in lexicon().danger.items() if word in text}
    return {word: u for word, u in found.items() if not any(word != other and word in other for other in found)}


def houses(text: str) -> list[str]:
    """The houses that TEXT names, each by itself, however they are enumerated."""
    lex = lexicon()
    numbers = [number for match in lex.houses.finditer(text) for number in re.findall(r"\d+", match[1])]
    return [f"{number}{lex.house}" for number in dict.fromkeys(numbers)]


def place_names(place: str) -> list[str]:
    """The names that PLACE begins with, the nearest first: each house of the estate, then the estate; or the road, or
    the village. Flats and people's names are none."""
    lex = lexicon()
    match = lex.place.match(place.strip())
    if match is None:
        return []
    name, rest = match[0], place.strip()[match.end() :]
    beside = houses(rest) if lex.houses.match(rest) else []
    return [*(name + house for house in beside), name] if len(name) > 1 else []


def known_places(text: str, known: Names) -> Iterator[str]:
    """The names among KNOWN that TEXT has, from left to right; a house behind the name of its estate comes first."""
    lex, i = lexicon(), 0
    while i < len(text) - 1:
        size = known.at(text, i)
        if not size:
            i += 1
            continue
        name, i = text[i : i + size], i + size
        if match := lex.houses.match(text[i:]):
            yield from (name + house for house in houses(match[0]) if name + house in known.known)
        yield name


def grid_name(name: str) -> str:
    """What people call the ground of a grid: its name without the word for its kind."""
    return next((name.removesuffix(end) for end in lexicon().grid_ends if name.endswith(end)), name)
