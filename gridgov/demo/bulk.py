"""Writing a year of cases by COPY, without the actions.

It may, because it is a loader of the past: it writes exactly what the actions would have written at the time (tale.py),
into tables whose every guard stays in force: keys, checks, and the chain of records, which the database computes row by
row. What is left out: inboxes (a year of old notices serves nobody) and the jobs of reactions (in a past
without merges they would find nothing to do).
"""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import StringIO
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db import connection

from accounts.models import User
from cases.actions import rebuild_figures

from .bare import bare, uncounted
from .book import Book
from .cast import Cast
from .founding import Progress
from .history import CHUNK, history
from .limits import Almanac, kinds
from .parts import Plan
from .tale import Tale

# The tables in the order of their keys, with the columns as tale.py gives them.
COLUMNS = {
    "cases_case": "id, no, state, category_id, tier, urgency, channel, title, text, street_id, total_id, comprehensive_id,"
    " grid_id, place, lng, lat, source_crs, source_point, reported_by_id, reported_at, accepted_at, dispatched_at,"
    " signed_at, completed_at, verified_at, closed_at, reject_reason, result, outcome, completed_by_id, lead_order_id,"
    " round, rework_count, started_at, due_at, provisional, breached_at, card, version, reply",
    "cases_reporter": "case_id, name, phone, anonymous",
    "cases_order": "id, case_id, unit_id, grid_id, state, sent_by_id, sent_at, note, handler_id, signed_at, ended_at,"
    " return_reason",
    "cases_supervision": "id, case_id, kind, level, round, order_id, unit_id, grid_id, text, by_id, at, reply_due, reply,"
    " replied_by_id, replied_at, superseded_at",
    "cases_deadline": "id, case_id, order_id, clock, round, value, unit, policy_id, started_at, original_due_at, due_at,"
    " provisional, told, met_at, dropped_at, breached_at, red_at, supervision_id",
    "cases_application": "id, case_id, order_id, kind, state, level, nth, data, reason, by_id, at, lapses_at, decided_by_id,"
    " decided_at, note",
    "cases_ledgerentry": "deadline_id, entry, at, by_id, moved_seconds, reason, data",
    "cases_card": "case_id, level, round, unit_id, grid_id, at",
    "cases_rating": "case_id, score, solved, text, by_id, at, changes",
    "core_job": "kind, key, due_at, run_at, payload, attempts, last_error",
    "core_record": "at, verb, actor_id, subject_type, subject_id, scope, data",
}
MANY = 50_000  # from here on it pays to build the indexes afterwards


def write_history(
    plan: Plan, cast: Cast, count: int, *, start: dt.datetime, end: dt.datetime, seed: int, progress: Progress,
    leave: Sequence[dt.datetime] = (),
) -> list[int]:  # fmt: skip
    """Write COUNT cases from START to END, keyed in the order they came in; inside a transaction.

    For cases reported at the moments LEAVE (in order), keys in between are left free, and answered.
    """
    if count < MANY:
        return _write(plan, cast, count, start, end, seed, progress, leave)
    with bare(COLUMNS), uncounted():
        free = _write(plan, cast, count, start, end, seed, progress, leave)
    progress("统计汇总")
    rebuild_figures(by=User.objects.system(), at=end)
    return free


def _write(
    plan: Plan, cast: Cast, count: int, start: dt.datetime, end: dt.datetime, seed: int, progress: Progress,
    leave: Sequence[dt.datetime],
) -> list[int]:  # fmt: skip
    book = Book(cast, kinds(start), Almanac(start, end), int(end.timestamp()))
    book.order, book.deadline = _last("cases_order"), _last("cases_deadline")
    book.application = _last("cases_application")
    book.supervision = _last("cases_supervision")
    key, done, free = _last("cases_case"), 0, list[int]()
    cases = history(plan, count, start, end, seed)
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as sender:
        sent: Future[None] | None = None
        while chunk := list(islice(cases, CHUNK)):
            book.begin(COLUMNS)
            for case in chunk:
                while len(free) < len(leave) and leave[len(free)] <= case.submitted_at:
                    key += 1
                    free.append(key)
                key += 1
                Tale(book, case, key).tell()
            if sent:
                sent.result()
            sent = sender.submit(_copy, cursor.cursor, book.lines, book.records)
            done += len(chunk)
            progress(f"历史案件 {done}/{count}")
        if sent:
            sent.result()
    free += range(key + 1, key + 1 + len(leave) - len(free))
    _advance({"cases_case_id_seq": key, "cases_order_id_seq": book.order, "cases_deadline_id_seq": book.deadline,
              "cases_application_id_seq": book.application, "cases_supervision_id_seq": book.supervision,
              "cases_number": max([key, *free])})  # fmt: skip
    return free


def _copy(cursor: Any, lines: dict[str, list[str]], records: list[tuple[float, str]]) -> None:
    """Send the lines of a chunk, while the next is being written: the cursor is psycopg2's own, which any thread may
    use. Records go in the order they happened, as far as a chunk reaches."""
    records.sort(key=itemgetter(0))
    lines["core_record"] = [line for _at, line in records]
    for table, columns in COLUMNS.items():
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", StringIO("".join(lines[table])))


def _last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])


def _advance(sequences: dict[str, int]) -> None:
    """Let SEQUENCES go on after what was used of them."""
    with connection.cursor() as cursor:
        for name, last in sequences.items():
            if last:
                cursor.execute("SELECT setval(%s, %s)", [name, last])
