"""Quarters, for which committees report."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

_SPELLED = re.compile(r"(20\d\d)Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """One of four a year: 2026Q3 is July to September 2026."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """As `str` spells it; None for anything else."""
        found = _SPELLED.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def words(self) -> str:
        return _("quarter %(number)s of %(year)s") % {"number": self.number, "year": self.year}

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> dt.date:
        return self.after.first - dt.timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
