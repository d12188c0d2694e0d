"""Questions a lower room asks and an upper one answers, where the answer is needed at once.

What a lower room has done it records, and whoever cares reacts afterwards. But a rule here may need to know what only
the rooms above know (whose street is this?) before anything is done. The upper room registers its answer in its
`reactions`; where nobody answers, the answer is empty.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
A = TypeVar("A")


class Question(Generic[P, A]):
    """One question with its answerers; each of them is asked."""

    def __init__(self) -> None:
        self._answers: dict[str, Callable[P, A]] = {}

    def answers(self, function: Callable[P, A]) -> Callable[P, A]:
        """Register FUNCTION as one that knows. It only reads."""
        self._answers[f"{function.__module__}.{function.__name__}"] = function
        return function

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[A]:
        return [answer(*args, **kwargs) for answer in self._answers.values()]


@dataclass(frozen=True)
class Place:
    """A district (six digits) or a street (nine) that somebody looks at; `kept` if its days are in their hands."""

    code: str
    name: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last` in the place `scope` ('' for the nation)."""

    scope: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Work:
    """One piece of open work on a grid: its key, its number, where its place is, if it has one, and until when it is due."""

    pk: int
    no: str
    grid: int
    point: tuple[float, float] | None = None
    title: str = ""
    due_at: dt.datetime | None = None


@dataclass(frozen=True)
class Result:
    """What came of one matter, as everybody may read it: its number, a title, and the day it was closed."""

    no: str
    title: str
    day: dt.date


@dataclass(frozen=True)
class Offer:
    """Something that residents may call upon, as everybody may read it."""

    name: str
    kind: str
    offers: str = ""
    place: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Aside:
    """What a room above tells beside a case: a title, chips, and lines of (moment or None, words)."""

    title: Any
    chips: tuple[Any, ...] = ()
    lines: tuple[tuple[dt.datetime | None, Any], ...] = ()


# () → columns, by name, that a room above adds to the one query for a case's page.
case_columns: Question[[], dict[str, Any]] = Question()
# (a case with these columns) → what that room tells beside it.
beside_case: Question[[Any], list[Aside]] = Question()
# () → verbs (gridgov.core.verbs.Verb) that a room above offers on a case's page.
case_verbs: Question[[], Sequence[Any]] = Question()
# (a case's key) → (name, phone) of others who wait for its answer.
waiting_for: Question[[int], list[tuple[str, str]]] = Question()
# (by, keys of grids) → the open work right on them that BY sees, the oldest first.
work_on: Question[[Any, Sequence[int]], list[Work]] = Question()
# (a grid's code) → the latest results published there and below it.
results_of: Question[[str], list[Result]] = Question()
# (a grid) → what residents may call upon on it, below and above it.
offers_at: Question[[Any], list[Offer]] = Question()
# (by, the day on which posts are looked at; today if None) → districts and streets that BY has to do with.
places_of: Question[[Any, dt.date | None], list[Place]] = Question()
# (somebody, a day) → whether they hold a post on that day, or later.
holds_post: Question[[Any, dt.date], bool] = Question()
# (spans) → how many running deadlines rest on a guess about days in them, and may be worked out again.
deadlines_on: Question[[Sequence[Span]], int] = Question()
