"""How committees and people look in lists of the desk."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mediation.choices.people import DisputeKind, Office
from mediation.models import Seat


def mark(look: str, words: Any) -> SafeString:
    """WORDS in a frame that looks like LOOK."""
    return format_html('<span class="gg-chip {}">{}</span>', look, words)


def marks(look: str, words: Iterable[Any]) -> SafeString | str:
    return format_html_join(" ", "{}", ((mark(look, one),) for one in words)) or "—"


def two(first: Any, second: Any) -> SafeString:
    return format_html('<span class="gg-two"><span>{}</span><small>{}</small></span>', first, second)


def where(row: Any) -> SafeString:
    """The grid of ROW, by name and code."""
    return two(row.grid.name, row.grid.code)


def unbroken(words: str) -> SafeString:
    """A name on one line."""
    return format_html('<span class="gg-nowrap">{}</span>', words)


def kinds(values: Iterable[str]) -> str:
    """Kinds of disputes by their names, in their own order."""
    chosen = set(values)
    return " · ".join(str(kind.label) for kind in DisputeKind if kind.value in chosen)


def day(date: dt.date | None) -> str:
    return f"{date:%Y-%m-%d}" if date else "—"


def by_office(seat: Seat) -> tuple[int, int]:
    """To sort by: the director first, those appointed last."""
    return Office.values.index(seat.office), seat.pk
