"""Faults of many rows at once: who enters a list wants to hear of all of them, not of the first."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gridgov.core.errors import Faults, Refusal


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in row ROW (0 is the first) in the field FIELD ('' if in none)."""

    row: int
    field: str
    message: str


class BadRows(Faults):
    """Faults of many rows; nothing was written. `rows` holds them in order."""

    def __init__(self, rows: Sequence[RowFault]) -> None:
        self.rows = sorted(rows, key=lambda fault: fault.row)
        by_row: dict[str, list[Any]] = {}
        for fault in self.rows:
            by_row.setdefault(str(fault.row), []).append(fault.message)
        super().__init__(by_row)


class FaultList:
    """Collects refusals by row. A field found bad already is not complained of again."""

    def __init__(self, known: Iterable[RowFault] = ()) -> None:
        self.found = list(known)
        self._seen = {(fault.row, fault.field) for fault in self.found}

    def add(self, row: int, field: str, message: str) -> None:
        if not field or (row, field) not in self._seen:
            self._seen.add((row, field))
            self.found.append(RowFault(row, field, message))

    @contextmanager
    def of(self, row: int) -> Iterator[None]:
        """Whatever is refused inside is a fault of ROW."""
        try:
            yield
        except Faults as faults:
            for field, messages in faults.faults.items():
                for message in messages:
                    self.add(row, field, str(message))
        except Refusal as refusal:
            self.add(row, refusal.field or "", str(refusal))

    def insist_none(self) -> None:
        """Raise BadRows if there are any."""
        if self.found:
            raise BadRows(self.found)
