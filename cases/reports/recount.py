"""Whether the rollups are true: compared cell by cell with a full count (ADR 0005)."""

from dataclasses import dataclass
from typing import Any

from cases.choices.figures import MEASURES
from cases.reports.tallies import ALL, KEYS, PLACE, reading

_BY_DAY = f"""
    SELECT {KEYS}, {ALL} FROM cases_contribution
    UNION ALL SELECT {KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tally WHERE span = 'd'
    UNION ALL SELECT {KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tallydelta
"""
_BY_MONTH = f"""
    SELECT date_trunc('month', day)::date AS day, {", ".join(PLACE)}, {ALL} FROM cases_tally WHERE span = 'd'
    UNION ALL SELECT {KEYS}, {", ".join(f"-{name}" for name in MEASURES)} FROM cases_tally WHERE span = 'm'
"""
_DIFFERS = ", ".join(f"nullif(sum({name}), 0)" for name in MEASURES)


@dataclass(frozen=True)
class Difference:
    """A cell where the rollups say something else than a full count: by how much, measure by measure."""

    span: str
    cell: tuple[Any, ...]
    missing: dict[str, int]


def recount(limit: int = 100) -> list[Difference]:
    """Compare the rollups with a full count; up to LIMIT cells of each span that differ. Reads everything, holds up nobody."""
    found = []
    with reading() as cursor:
        for span, rows in (("d", _BY_DAY), ("m", _BY_MONTH)):
            cursor.execute(
                f"SELECT {KEYS}, {_DIFFERS} FROM ({rows}) x GROUP BY {KEYS} HAVING coalesce({_DIFFERS}) IS NOT NULL "
                f"ORDER BY {KEYS} LIMIT %s",
                [limit],
            )
            for row in cursor.fetchall():
                sums = zip(MEASURES, row[1 + len(PLACE) :], strict=True)
                missing = {name: int(value) for name, value in sums if value}
                found.append(Difference(span, row[: 1 + len(PLACE)], missing))
    return found
