"""Long lists made into files in parts: the upper rooms say what the rows are, a lower one keeps, makes and hands out.

A room that offers a list registers its maker under a kind (like an answer in gridgov.core.questions); what was asked is
kept as JSON, so that the rows can be read part by part in a job, always for the person who asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gridgov.core.errors import Verdict


@dataclass(frozen=True)
class Part:
    """Some lines of a list, and the mark after which the next are read; '' at the end."""

    lines: list[list[Any]]
    after: str = ""


@dataclass(frozen=True)
class Maker:
    """`part(user, asked, after, size)` reads only what USER sees; `standing(user)` is equal while that scope is the same."""

    title: Any
    headings: Callable[[], list[str]]
    part: Callable[[Any, dict[str, Any], str, int], Part]
    count: Callable[[Any, dict[str, Any], int], int]
    may: Callable[[Any], Verdict]
    standing: Callable[[Any], str]


_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    _makers[kind] = maker


def maker_of(kind: str) -> Maker:
    """Raises KeyError for a kind that nobody makes."""
    return _makers[kind]
