"""Common words for a report, matter by matter: a tap instead of typing, with or without a network."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.models import User
from cases.models import StreetPhrase

_BOOK = Path(__file__).parent.parent / "data" / "phrases.csv"


@dataclass(frozen=True)
class Phrase:
    code: str
    text: str


def phrasebook(by: User, codes: Collection[str]) -> list[Phrase]:
    """The phrases about the categories CODES, in the order of BY's street; the house's, the commonest first, while the street
    has none of its own."""
    kept = StreetPhrase.objects.visible_to(by).in_use().order_by("position", "id").values_list("category__code", "text")
    own = [Phrase(code, text) for code, text in kept]
    return [phrase for phrase in own or house_phrases() if phrase.code in codes]


@cache
def house_phrases() -> tuple[Phrase, ...]:
    """What every street begins with."""
    with _BOOK.open(encoding="utf-8", newline="") as file:
        return tuple(Phrase(row["code"], row["text"]) for row in csv.DictReader(file))
