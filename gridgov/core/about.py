"""What this thread works for at the moment: the request, or the job. Each line it logs says so."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_about: ContextVar[dict[str, str]] = ContextVar("gridgov.about", default={})  # noqa: B039 — never changed, only replaced
# A request's name as another system may give it: long enough to be one, and nothing that breaks a line.
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


@contextmanager
def working_for(**what: str) -> Iterator[None]:
    """Until the block ends every line says WHAT beside what it said before; an empty word is left out."""
    token = _about.set({**_about.get(), **{name: word for name, word in what.items() if word}})
    try:
        yield
    finally:
        _about.reset(token)


def about() -> dict[str, str]:
    """What this thread works for: {"request": …, "job": …}, as far as it is known."""
    return _about.get()


def request_id() -> str:
    """The name of the request that this thread works for; '' where it is none's."""
    return _about.get().get("request", "")
