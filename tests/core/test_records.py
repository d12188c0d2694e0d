"""Records: chained, immutable in the database itself, and telling when somebody meddled."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from gridgov.core.models import Record
from gridgov.core.records import Subject, record, record_all, seal, verify
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db
THING = Subject("test.thing", 1, "990101001")
OTHER = Subject("test.thing", 2)


def write(subject: Subject = THING, verb: str = "test.done", **data: object) -> Record:
    return record(verb, subject, by=User.objects.system(), at=MONDAY, data=data)


def without_guard(sql: str) -> None:
    """What somebody with the database's keys could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_record DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE core_record ENABLE TRIGGER USER")


def test_each_row_carries_the_hash_of_the_one_before_about_the_same_subject() -> None:
    write()
    write(OTHER)
    write(n=2)
    first, other, second = (bytes(r.hash) for r in Record.objects.order_by("pk"))
    rows = list(Record.objects.order_by("pk").values_list("seq", "prev"))
    assert [(seq, bytes(prev)) for seq, prev in rows] == [(1, b""), (1, b""), (2, first)]
    assert len({first, other, second}) == 3
    assert len(first) == 32


def test_many_rows_in_one_statement_are_chained_too() -> None:
    record_all(
        [("test.a", THING, {}), ("test.b", THING, {}), ("test.c", THING, {})], by=User.objects.system(), at=MONDAY
    )
    assert list(Record.objects.order_by("pk").values_list("verb", "seq")) == [
        ("test.a", 1),
        ("test.b", 2),
        ("test.c", 3),
    ]
    assert verify().faults == []


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(verb="test.forged"),
        lambda rows: rows.delete(),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_record(change: object) -> None:
    write()
    before = list(Record.objects.values())
    with pytest.raises(DatabaseError, match="records are immutable"), transaction.atomic():
        change(Record.objects.all())  # type: ignore[operator]
    assert list(Record.objects.values()) == before


def test_the_database_refuses_to_empty_the_table() -> None:
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE TRIGGER core_record_no_truncate BEFORE TRUNCATE ON core_record"
            " FOR EACH STATEMENT EXECUTE FUNCTION core_record_immutable()"
        )
        with pytest.raises(DatabaseError, match="records are immutable"), transaction.atomic():
            cursor.execute("TRUNCATE core_record")
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    "meddling",
    [
        "UPDATE core_record SET data = '{\"n\": 3}' WHERE seq = 2",
        "UPDATE core_record SET at = at + interval '1 microsecond' WHERE seq = 1",
        "UPDATE core_record SET scope = '' WHERE seq = 3",
        "DELETE FROM core_record WHERE seq = 2",
        "DELETE FROM core_record WHERE seq = 1",
    ],
)
def test_meddling_shows(meddling: str) -> None:
    for n in range(3):
        write(n=n)
    assert verify().faults == []
    without_guard(meddling)
    assert len(verify().faults) > 0
    with pytest.raises(CommandError):
        call_command("verify_records", "--quiet")


@pytest.mark.parametrize(
    "meddling", ["DELETE FROM core_record WHERE seq = 3", "DELETE FROM core_record WHERE subject_id = 2"]
)
def test_cutting_off_the_end_or_a_whole_chain_breaks_the_seal(meddling: str) -> None:
    for n in range(3):
        write(n=n)
    write(OTHER)
    seal(by=User.objects.system(), at=MONDAY)
    assert verify().faults == []
    without_guard(meddling)
    assert [fault.split(":")[0].split(" ")[0] for fault in verify().faults] == ["seal"]


def test_a_seal_says_nothing_twice() -> None:
    write()
    first = seal(by=User.objects.system(), at=MONDAY)
    assert first is not None
    assert first.data["rows"] == 1
    assert seal(by=User.objects.system(), at=MONDAY) is None
    write()
    second = seal(by=User.objects.system(), at=MONDAY)
    assert second is not None
    # The seal before is sealed along with the new row.
    assert (second.data["from"], second.data["rows"]) == (first.data["to"], 2)
    assert verify().seals == 2


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_its_change_is_refused() -> None:
    by = User.objects.system()
    with pytest.raises(transaction.TransactionManagementError):
        record("test.done", THING, by=by, at=MONDAY)
    assert Record.objects.count() == 0
