"""Pages that ask by themselves every so often: nobody uses them, and no session lives on by them."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def polls(view: View) -> View:
    """Mark VIEW as asked by a script and not by a person; decorators that keep a function's attributes keep the mark."""
    view.polls = True  # type: ignore[attr-defined]
    return view


def is_poll(view: Any) -> bool:
    return bool(getattr(view, "polls", False))
