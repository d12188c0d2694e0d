"""What the processes write to standard error: lines that a person reads, or one JSON object a line; in neither anybody is named.

Whoever logs says what happened in English, with numbers of rows. Still no line leaves as it was written: a fault may quote what
somebody entered, a framework the address that was asked for. So numbers as long as a telephone's, words in Chinese (which are
always somebody's words), query strings, keys and what PostgreSQL says of a row's content are struck out here, for all loggers.
"""

import datetime as dt
import logging
import os
import re
import sys
import traceback
from contextlib import suppress
from typing import Any

import orjson

from gridgov.core.about import about
from gridgov.core.visible import visible

# Seven digits and more, however they are spaced; rows of ours have shorter numbers in messages, or say them in fields.
_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[Xx]?")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_QUERY = re.compile(r"\?[^\s\"'<>]+")
# Keys, tokens, digests: long, of letters and digits mixed, or longer and of small and capital ones; a key's prefix goes with it.
_SECRET = re.compile(
    r"(?<![\w.~+-])(?:[A-Za-z0-9]{8}\.)?"
    r"(?:(?=[\w~+-]*\d)(?=[\w~+-]*[A-Za-z])[A-Za-z0-9_~+-]{20,}|(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z0-9]{32,})"
)
_IN_ADDRESS = re.compile(r"//[^/\s@]*@")
# PostgreSQL's second line quotes the row: "DETAIL:  Key (phone)=(…) already exists."
_OF_THE_ROW = re.compile(r"^[^\S\n]*(?:DETAIL|CONTEXT|HINT|QUERY|LINE \d+):.*(?:\n\s.*)*$", re.MULTILINE)
LONGEST = 8000
# Loggers of frameworks that name the address that was asked for; the route says it without naming a row or a key.
_OF_ADDRESSES = ("django.request", "django.security", "django.server", "gunicorn")
_ADDRESS = re.compile(r"(?<![\w.])/[^\s'\"]*")


def struck(text: str) -> str:
    """TEXT without what may name somebody, open something, or look like a line of ours."""
    text = _OF_THE_ROW.sub("", text[:LONGEST])
    text = _IN_ADDRESS.sub("//***@", text)
    text = _QUERY.sub("?***", text)
    text = _SECRET.sub("***", text)
    text = _NUMBER.sub("***", text)
    return visible(_CHINESE.sub("…", text))


def said(line: logging.LogRecord) -> str:
    """What LINE says, struck out; of an address the pattern at most."""
    text = line.getMessage()
    if line.name.startswith(_OF_ADDRESSES):
        text = _ADDRESS.sub("/…", text)
    return struck(text)


def fault(line: logging.LogRecord) -> str:
    """The traceback of LINE, struck out; '' without one."""
    if not line.exc_info or line.exc_info[0] is None:
        return ""
    return struck("".join(traceback.format_exception(*line.exc_info, limit=-12))).strip()


def _role() -> str:
    return os.environ.get("GRIDGOV_ROLE", "gridgov")


class Plain(logging.Formatter):
    """`2026-11-26 20:00:00,123 WARNING gridgov.jobs … [request=…]`: for a terminal. Where a line goes on it is set in, so that
    nothing in it looks like another one."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        words = [self.formatTime(record), record.levelname, record.name, said(record)]
        fields = {**about(), **getattr(record, "fields", {})}
        if fields:
            words.append("[" + " ".join(f"{name}={value}" for name, value in fields.items()) + "]")
        return "\n".join(filter(None, (" ".join(words), fault(record)))).replace("\n", "\n    ")


class JsonLines(logging.Formatter):
    """One object a line: at (UTC), level, logger, role, pid, message; request and job where the thread works for one; the fields
    that the caller gave as `extra={"fields": {…}}` (numbers and names of ours: they are written as they are)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, tz=dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "role": _role(),
            "pid": record.process,
            "message": said(record),
            **about(),
            **getattr(record, "fields", {}),
        }
        if told := fault(record):
            line["fault"] = told
        return orjson.dumps(line, default=str).decode()


class Stderr(logging.StreamHandler):
    """Python's own would write what it could not put together as it was given, with all its values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's word
        told = f"{record.levelname} {record.name} a line could not be written: {type(sys.exc_info()[1]).__name__}"
        with suppress(OSError, ValueError):
            print(told, file=sys.stderr)


def logging_as(shape: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: SHAPE is `json` or `plain`. In JSON each request and each batch of jobs has a line as well, for a machine
    that gathers them; a terminal is spared them."""
    detail = {"level": "INFO" if shape == "json" else "WARNING"}
    ours = {"handlers": ["stderr"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"shape": {"()": JsonLines if shape == "json" else Plain}},
        "handlers": {"stderr": {"class": "gridgov.core.logs.Stderr", "formatter": "shape"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            # What they would write by handlers of their own.
            "django": {"handlers": [], "propagate": True},
            "django.server": ours,
            "gunicorn.error": {**ours, "level": level},
            "gridgov.access": detail,
            "gridgov.work": detail,
        },
    }
