"""Loading much into tables that stand bare meanwhile: indexes built once at the end cost a fraction of a million
insertions each, and a foreign key added at the end checks all rows by one join."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from cases.actions.folding import COUNTED

_KEYS = """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
           WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY conname"""
# Unique indexes guard something and stay; partial ones are small, and their conditions come back spelled differently.
_INDEXES = """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
              WHERE NOT indisunique AND indpred IS NULL AND indrelid::regclass::text = ANY(%s) ORDER BY 1"""
MEMORY = "256MB"  # for building an index


@contextmanager
def bare(tables: Iterable[str]) -> Iterator[None]:
    """Take foreign keys and plain indexes off TABLES, and put them back after; inside one transaction.

    PostgreSQL validates each key as it is put back, so that a wrong row fails the whole load. Nobody else can read or
    write the tables until the transaction ends.
    """
    names = list(tables)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checks that wait would forbid to alter the tables
        cursor.execute("SET LOCAL maintenance_work_mem = %s", [MEMORY])
        cursor.execute(_KEYS, [names])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for table, key, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
        yield
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, key, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")


@contextmanager
def uncounted() -> Iterator[None]:
    """Leave off counting for the figures (ADR 0005) inside one transaction; whoever does so counts anew after. Counting a
    million cases at once takes a fraction of writing down each."""
    with connection.cursor() as cursor:
        for table in COUNTED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in COUNTED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
