"""Long answers, line by line: one of a few seats for each, an end for those who do not read, and an honest last line."""

import csv
import io
import time
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from gridgov.core.locks import Seat, take_seat
from gridgov.core.sheet import harmless
from integrations.reports.rows import Row

NDJSON, CSV = "application/x-ndjson", "text/csv"
CURSOR = "Feed-Cursor"
# Streams at once: of one account, and of all. A stream takes a thread of the web server for as long as it lasts, and
# the desk needs threads as well (deploy/gunicorn.conf.py has eight).
OWN_SEATS, ALL_SEATS = 2, 3
# Whoever reads nothing for so long is cut off; and after so long a stream ends by itself, to be gone on with.
STALLED_SECONDS, LONGEST_SECONDS = 60, 900
RETRY_SECONDS = 20


class Stream:
    """The PARTS of an answer. Gives SEATS back when it ends, or is closed before."""

    def __init__(self, parts: Iterator[bytes], seats: list[Seat]) -> None:
        self._parts = parts
        self._seats = seats

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        for seat in self._seats:
            seat.give_back()


def take_seats(user_id: int) -> list[Seat]:
    """A seat of the account's own and one of all; raises Throttled where either kind is taken."""
    own = take_seat("feed.stream", user_id, seats=OWN_SEATS)
    if own is None:
        raise Throttled(RETRY_SECONDS, _("You read as many lists at once as you may. Let one of them end first."))
    shared = take_seat("feed.stream", seats=ALL_SEATS)
    if shared is None:
        own.give_back()
        raise Throttled(RETRY_SECONDS, _("As many lists are read just now as can be. Please come again."))
    return [own, shared]


def streamed(request: Request, parts: Iterator[bytes], mime: str, name: str, cursor: str = "") -> StreamingHttpResponse:
    """PARTS as the file NAME. Raises Throttled where there is no seat."""
    seats = take_seats(request.user.pk)
    socket = request.META.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(STALLED_SECONDS)
    answer = StreamingHttpResponse(Stream(parts, seats), content_type=f"{mime}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Accel-Buffering"] = "no"
    if cursor:
        answer[CURSOR] = cursor
    return answer


def lines(rows: Iterable[Any]) -> bytes:
    """ROWS as NDJSON."""
    return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def list_lines(batches: Iterator[list[Row]], cursor: str) -> Iterator[bytes]:
    """A whole list as NDJSON. The last line says whether that was all, and from which CURSOR its changes are read."""
    end, count = time.monotonic() + LONGEST_SECONDS, 0
    for rows in batches:
        yield lines(rows)
        count += len(rows)
        if time.monotonic() > end:
            yield lines([{"end": False, "cursor": cursor, "rows": count, "after": rows[-1]["id"]}])
            return
    yield lines([{"end": True, "cursor": cursor, "rows": count}])


def list_cells(batches: Iterator[list[Row]], names: list[str]) -> Iterator[bytes]:
    """A whole list as CSV, which no spreadsheet runs as formulas. It has no last line; what is whole ends as HTTP says."""
    end = time.monotonic() + LONGEST_SECONDS
    yield _cells([names])
    for rows in batches:
        yield _cells([[_cell(row[name]) for name in names] for row in rows])
        if time.monotonic() > end:
            raise TimeoutError("this list is read too slowly")


def page_lines(pages: Iterator[Any]) -> Iterator[bytes]:
    """The feed as NDJSON: after every page a line with the cursor up to which everything was told."""
    end = time.monotonic() + LONGEST_SECONDS
    for page in pages:
        yield lines(page.lines)
        over = time.monotonic() > end
        yield lines([{"cursor": str(page.position), "end": not page.more}])
        if over:
            return


def _cells(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value.isoformat() if hasattr(value, "isoformat") else value)
