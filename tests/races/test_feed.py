"""The feed among writers who hold their transactions open: nothing skipped, nothing twice, and never out of order."""

import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from gridgov.core.models import Record
from gridgov.core.positions import Position, reader
from gridgov.core.records import Subject, record_many
from integrations.api.streams import OWN_SEATS, RETRY_SECONDS, take_seats
from tests.cases.desk import report
from tests.factories import make_cast
from tests.integrations.feeding import FEED, load, page, settle
from tests.openapi import client_of

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "core.tried"
WAIT = 30
_LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()
    WHERE locktype = 'advisory'
"""


def in_thread(call: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_who_commits_late_is_neither_lost_nor_doubled() -> None:
    cast = make_cast()
    known = report(cast)
    load(cast.street, "units")
    written, go_on = threading.Event(), threading.Event()
    late: list[int] = []

    def write_and_wait() -> None:
        with transaction.atomic():
            late.append(report(cast).pk)
            written.set()
            assert go_on.wait(WAIT)

    settle()
    thread = in_thread(write_and_wait)
    assert written.wait(WAIT)
    quick = report(cast)
    seen, cursor = page(cast.street, "events", settled=False)
    # The quick one began after the late one: it must wait for it, or the late one would come before what was told.
    assert {line["key"] for line in seen if line["subject"] == "cases.case"} == {known.pk}
    rows, from_list = load(cast.street, "cases", settled=False)
    assert [row["id"] for row in rows] == [known.pk, quick.pk]
    go_on.set()
    thread.join()
    more, end = page(cast.street, "events", cursor=cursor)
    assert sorted(line["key"] for line in more if line["subject"] == "cases.case") == [*late, quick.pk]
    assert page(cast.street, "events", cursor=end)[0] == []
    # The list was read while it was open: its changes bring what the list could not show.
    changed = page(cast.street, "cases/changes", cursor=from_list)[0]
    assert [line["key"] for line in changed if line["key"] in late] == late


def test_many_writers_and_a_reader_meanwhile() -> None:
    by = User.objects.system()
    start = reader(timezone.now()).start()
    chance = random.Random(7)
    plans = [[chance.randint(1, 25) for _n in range(30)] for _writer in range(4)]
    done = threading.Event()

    def write(writer: int) -> None:
        number = writer * 100_000
        for size in plans[writer]:
            with transaction.atomic():
                for _part in range(size):
                    number += 1
                    record_many("core.tried", [(Subject(KIND, number), {})], by=by, at=timezone.now())
                if size % 7 == 0:
                    transaction.set_rollback(True)

    def follow(position: Position) -> tuple[list[int], Position]:
        found: list[int] = []
        more = True
        while more:
            rows, position, more = reader(timezone.now()).after(position, [KIND], 7)
            found += [row.id for row in rows]
        return found, position

    told: list[int] = []

    def read() -> None:
        position = start
        while not done.is_set():
            found, position = follow(position)
            told.extend(found)
        settle()
        told.extend(follow(position)[0])

    following = in_thread(read)
    writers = [in_thread(lambda n=n: write(n)) for n in range(len(plans))]  # type: ignore[misc]
    for thread in writers:
        thread.join()
    done.set()
    following.join()
    assert len(told) == len(set(told))
    assert set(told) == set(Record.objects.filter(subject_type=KIND).values_list("pk", flat=True))


def test_seats_are_few_and_given_back() -> None:
    cast = make_cast()
    load(cast.street, "units")
    sat, leave = threading.Semaphore(0), threading.Event()

    def sit() -> None:
        seats = take_seats(cast.street.pk)
        sat.release()
        assert leave.wait(WAIT)
        for seat in seats:
            seat.give_back()

    readers = [in_thread(sit) for _n in range(OWN_SEATS)]
    for _reader in readers:
        assert sat.acquire(timeout=WAIT)
    answer = client_of(cast.street).get(f"{FEED}units.ndjson")
    assert (answer.status_code, answer["Retry-After"]) == (429, str(RETRY_SECONDS))
    # Another one's seat is free, and taken for as long as the answer lasts.
    load(cast.lead, "units")
    leave.set()
    for thread in readers:
        thread.join()
    load(cast.street, "units")
    with connection.cursor() as sql:
        sql.execute(_LOCKS)
        assert sql.fetchone() == (0,)
