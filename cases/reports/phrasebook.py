"""Common words for a report, matter by matter: a tap instead of typing, with or without a network."""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BOOK = Path(__file__).parent.parent / "data" / "phrases.csv"


@dataclass(frozen=True)
class Phrase:
    code: str
    text: str


def phrasebook(codes: Collection[str]) -> list[Phrase]:
    """The phrases about the categories CODES, the commonest first."""
    return [phrase for phrase in _book() if phrase.code in codes]


@cache
def _book() -> tuple[Phrase, ...]:
    with _BOOK.open(encoding="utf-8", newline="") as file:
        return tuple(Phrase(row["code"], row["text"]) for row in csv.DictReader(file))
