"""How an address of the API goes out of service: said by headers from one day on, gone not before another.

`Deprecation` is RFC 9745's, `Sunset` RFC 8594's; docs/api.md holds the periods.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils.http import http_date

from gridgov.core.calendar import CHINA

# Whoever connects a system has budgets of a year.
LEAST = dt.timedelta(days=365)


@dataclass(frozen=True)
class Deprecation:
    """SINCE when an address is no longer to be used, from which day on it may be gone (SUNSET), and what takes its place."""

    since: dt.date
    sunset: dt.date
    instead: str = ""

    def __post_init__(self) -> None:
        if self.sunset - self.since < LEAST:
            raise ValueError(f"{self.since} to {self.sunset}: less than a year")

    @property
    def headers(self) -> dict[str, str]:
        found = {"Deprecation": f"@{_midnight(self.since)}", "Sunset": http_date(_midnight(self.sunset))}
        return found | ({"Link": f'<{self.instead}>; rel="successor-version"'} if self.instead else {})


def _midnight(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), CHINA).timestamp())
