"""How often somebody may try a code: for one number, and from one address, in a quarter of an hour."""

import datetime as dt
import re

from django.conf import settings

from gridgov.core.counts import hit, take_back

SPAN = dt.timedelta(minutes=15)
_NUMBER = re.compile(r"\d{8,20}", re.ASCII)


class Tries:
    """One try more, counted before it is looked at, so that many at once gain nothing; taken back if it was right."""

    def __init__(self, visitor: str, number: str, at: dt.datetime) -> None:
        self._counted = (("door.guess.number", number), ("door.guess.address", visitor))
        self._at = at
        self._number = number
        self.counts = [hit(what, who, within=SPAN, at=at) for what, who in self._counted]

    @property
    def limits(self) -> tuple[int, int]:
        found: tuple[int, int] = settings.DOOR_LIMITS["guesses"]
        return found

    @property
    def are_over(self) -> bool:
        return any(count > most for count, most in zip(self.counts, self.limits, strict=True))

    @property
    def were_last(self) -> bool:
        """Whether the next one would be over: then the series is written down, once."""
        return any(count == most for count, most in zip(self.counts, self.limits, strict=True))

    @property
    def most(self) -> int:
        return max(self.counts)

    @property
    def told(self) -> str:
        """The number tried, if the series is about one and it can be a number."""
        return self._number if self.counts[0] == self.limits[0] and _NUMBER.fullmatch(self._number) else ""

    def forgive(self) -> None:
        for what, who in self._counted:
            take_back(what, who, within=SPAN, at=self._at)
