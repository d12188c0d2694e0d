"""What is typed into the search of the case list: words, the tail of a number, and *1234 for the end of a phone."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from cases import actions, rules
from gridgov.core.errors import Verdict

MARK = "*"


@dataclass(frozen=True)
class Sought:
    """Words as they stand, and ends of phones; written with wide characters they are the same."""

    words: str
    tails: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> "Sought":
        parts = unicodedata.normalize("NFKC", text).split()
        tails = dict.fromkeys(part[1:] for part in parts if part.startswith(MARK))
        return cls(" ".join(part for part in parts if not part.startswith(MARK)), tuple(tails))

    def verdict(self, by: User) -> Verdict:
        """Whether BY may look for these phones at all."""
        return next((no for tail in self.tails if not (no := rules.can_look_for_phone(by, tail))), Verdict())

    def in_rows(self, rows: Any, by: User) -> QuerySet:
        if not self.verdict(by):
            return rows.none()
        for tail in self.tails:
            rows = rows.of_phone(tail)
        return rows.search(self.words)

    def note(self, *, by: User, at: dt.datetime) -> None:
        """Each look for a phone is written down; raises the refusal of who may not."""
        for tail in self.tails:
            actions.look_for_phone(tail=tail, by=by, at=at)
