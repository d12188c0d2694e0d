"""Reading a long list by the key of the last row seen: page 1000 costs what page 1 costs, and rows that come in meanwhile
neither repeat a row nor hide one.

The order is one column and the primary key, both in one direction, or the primary key alone. Where the column is empty,
PostgreSQL puts the row last upwards and first downwards; so does this.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

LONGEST_MARK = 200


@dataclass(frozen=True)
class KeyPage:
    """Rows, and the marks from which the pages before and after them are read; '' where there is none."""

    rows: list[Any]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class _Mark:
    """A row's place: the value of the column (None where it is empty, or where there is none), and its primary key."""

    value: Any
    pk: int


class Keyset:
    """The pages of ROWS, which are ordered by names: ("due_at", "id"), ("-id",)."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows
        *columns, last = [str(name) for name in rows.query.order_by]
        pk = rows.model._meta.pk.name
        if last.lstrip("-") not in {"pk", pk} or len(columns) > 1:
            raise ValueError(f"no key: {rows.query.order_by}")
        self.down = last.startswith("-")
        self.column = columns[0].lstrip("-") if columns else ""
        self.field: Field | None = self._field() if columns else None

    def _field(self) -> Field:
        annotated = self.rows.query.annotations.get(self.column)
        return annotated.output_field if annotated is not None else self.rows.model._meta.get_field(self.column)

    def page(self, size: int, *, after: str = "", before: str = "") -> KeyPage:
        """SIZE rows AFTER a mark, or BEFORE one; the first page where the mark is none, or nothing is there any more."""
        back = bool(before)
        mark = self._read(before or after)
        if mark is None:
            return self._page(self._take(size + 1, [Q()], back=False), size, first=True)
        rows = self._take(size + 1, self._beyond(mark, back), back=back)
        if not rows or (back and len(rows) <= size):  # back at the start: a whole page of it
            return self.page(size)
        return self._page(rows, size, back=back)

    def _page(self, rows: list[Any], size: int, *, first: bool = False, back: bool = False) -> KeyPage:
        more, rows = len(rows) > size, rows[:size]
        if back:
            rows.reverse()
        return KeyPage(
            rows,
            before="" if first else self.mark(rows[0]),
            after=self.mark(rows[-1]) if more or back else "",
        )

    def _take(self, count: int, parts: list[Q], *, back: bool) -> list[Any]:
        ordered = self.rows.reverse() if back else self.rows
        found: list[Any] = []
        for part in parts:
            if len(found) < count:
                found += ordered.filter(part)[: count - len(found)]
        return found

    def _beyond(self, mark: _Mark, back: bool) -> list[Q]:
        """What comes after MARK in the direction of reading, in parts that an index on the key serves."""
        down = self.down != back
        way = "lt" if down else "gt"
        after = Q(**{f"pk__{way}": mark.pk})
        if self.field is None:
            return [after]
        empty = Q(**{f"{self.column}__isnull": True})
        if mark.value is None:
            return [empty & after, ~empty] if down else [empty & after]
        from_here = Q(**{f"{self.column}__{way}e": mark.value})
        near = from_here & (Q(**{f"{self.column}__{way}": mark.value}) | after)
        return [near] if down or not self.field.null else [near, empty]

    def mark(self, row: Model) -> str:
        """The place of ROW, as an address carries it."""
        value = getattr(row, self.column) if self.column else None
        text = None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
        return base64.urlsafe_b64encode(json.dumps([text, row.pk]).encode()).decode().rstrip("=")

    def _read(self, mark: str) -> _Mark | None:
        """None for what was never a mark."""
        if not mark or len(mark) > LONGEST_MARK:
            return None
        try:
            text, pk = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
            if type(pk) is not int or not isinstance(text, str | None) or "\0" in (text or ""):
                return None
            value = None if text is None or self.field is None else self.field.to_python(text)
        except (ValueError, TypeError, ValidationError):
            return None
        return _Mark(value, pk)
