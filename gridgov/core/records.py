"""Writing records, hearing them, sealing and verifying them."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from gridgov.core.jobs import handler, promise_many
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Job, Record, Recordable
from gridgov.core.visible import all_visible

Reaction = Callable[[Record], None]
_listeners: dict[str, dict[str, Reaction]] = {}
# What was just recorded, with the row or stand-in it is about, as the verb left it.
Told = tuple[Record, "Recordable | Subject"]
_everywhere: list[Callable[[Sequence[Told]], None]] = []


def on(verb: str) -> Callable[[Reaction], Reaction]:
    """Register a reaction to records of VERB. It runs as a job after the commit, at least once, in its own transaction."""

    def register(reaction: Reaction) -> Reaction:
        _listeners.setdefault(verb, {})[f"{reaction.__module__}.{reaction.__name__}"] = reaction
        return reaction

    return register


def each(listener: Callable[[Sequence[Told]], None]) -> Callable[[Sequence[Told]], None]:
    """Register LISTENER to all records. It is called within the verb's transaction and pays for every verb: what it writes
    stands or falls with the verb, what it breaks breaks the verb. For what must not be missed; everything else reacts (`on`)."""
    _everywhere.append(listener)
    return listener


@dataclass(frozen=True)
class Subject:
    """Stands in for a row where the thing recorded is none: a calendar, a seal, an import."""

    kind: str
    pk: int
    scope_code: str = ""


def subject_type(subject: Recordable | Subject) -> str:
    return subject.kind if isinstance(subject, Subject) else str(subject._meta.label_lower)


def record(
    verb: str, subject: Recordable | Subject, *, by: Any, at: dt.datetime, data: dict[str, Any] | None = None
) -> Record:
    """Write down that BY did VERB to SUBJECT at AT.

    Call it in the transaction of the change, while the subject's row is locked: that lock is what keeps the chain of
    the subject in one line. Personal data in DATA must be masked already.
    """
    return record_all([(verb, subject, data or {})], by=by, at=at)[0]


def record_all(
    rows: Iterable[tuple[str, Recordable | Subject, dict[str, Any]]], *, by: Any, at: dt.datetime
) -> list[Record]:
    """`record` for many (verb, subject, data) in order, in two statements at most. What somebody sent is kept without signs that
    are not seen."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a record belongs into the transaction of its change")
    told = list(rows)
    records = Record.objects.bulk_create(
        Record(
            verb=verb,
            actor_id=by.pk,
            at=at,
            scope=subject.scope_code,
            data=all_visible(data),
            subject_type=subject_type(subject),
            subject_id=subject.pk,
        )
        for verb, subject, data in told
    )
    for listener in _everywhere:
        listener([(row, subject) for row, (_verb, subject, _data) in zip(records, told, strict=True)])
    promise_many(
        Job(kind="core.react", key=f"{row.pk}:{name}", due_at=at, payload={"record": row.pk, "reaction": name})
        for row in records
        for name in _listeners.get(row.verb, ())
    )
    return records


def record_many(
    verb: str, subjects: Iterable[tuple[Recordable | Subject, dict[str, Any]]], *, by: Any, at: dt.datetime
) -> list[Record]:
    """`record_all` with one verb."""
    return record_all([(verb, subject, data) for subject, data in subjects], by=by, at=at)


@handler("core.react")
def _react(jobs: list[Job], at: dt.datetime) -> None:
    for job in jobs:
        row = Record.objects.get(pk=job.payload["record"])
        _listeners[row.verb][job.payload["reaction"]](row)


# --- proof -----------------------------------------------------------------------------------------------------------

# Spelled out here and in migration 0002. The verifier must not trust a function that lives in the database it checks.
DIGEST = """sha256({r}.prev || convert_to(concat_ws(E'\\x1f',
    {r}.seq, extract(epoch FROM {r}.at), {r}.verb, {r}.actor_id, {r}.subject_type, {r}.subject_id, {r}.scope,
    {r}.data::text), 'UTF8'))"""

_BROKEN = f"""
    SELECT id, subject_type, subject_id, seq FROM (
        SELECT r.*, lag(r.hash, 1, ''::bytea) OVER chain AS before, row_number() OVER chain AS place,
               {DIGEST.format(r="r")} AS digest
        FROM core_record r WINDOW chain AS (PARTITION BY subject_type, subject_id ORDER BY seq)
    ) checked
    WHERE prev <> before OR seq <> place OR hash <> digest ORDER BY id LIMIT 100
"""  # noqa: S608 - no outside text in it
_SPAN = """SELECT count(*), sha256(coalesce(string_agg(hash, ''::bytea ORDER BY id), ''::bytea))
           FROM core_record WHERE id > %s AND id <= %s"""
SEAL = "core.seal"
VERIFIED = "core.verification"


@dataclass(frozen=True)
class Proof:
    """What `verify` found: rows read, seals compared, and a sentence per fault."""

    rows: int
    seals: int
    faults: list[str]


def seal(*, by: Any, at: dt.datetime) -> Record | None:
    """Write the digest of all records since the last seal; None when there are none. Keeps writers out for a moment.

    Removing a whole chain, or the end of one, leaves no broken link; it breaks the seal.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        cursor.execute("LOCK TABLE core_record IN SHARE MODE")
        last = Record.objects.filter(subject_type=SEAL).order_by("seq").last()
        start = last.data["to"] if last else 0
        cursor.execute("SELECT coalesce(max(id), 0) FROM core_record")
        end = cursor.fetchone()[0]
        cursor.execute(_SPAN, [start, end])
        count, digest = cursor.fetchone()
        # A seal that would only cover the seal before it says nothing new.
        if count == 0 or (last and count == 1 and end == last.pk):
            return None
        data = {"from": start, "to": end, "rows": count, "digest": bytes(digest).hex()}
        return record("core.sealed", Subject(SEAL, 0), by=by, at=at, data=data)


@handler("core.seal", every=dt.timedelta(days=1), chore=True)
def _seal_daily(jobs: list[Job], at: dt.datetime) -> None:
    seal(by=get_user_model().objects.system(), at=at)


def verify() -> Proof:
    """Recompute every chain and every seal; slow on purpose, about 100 k rows a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_record")
        rows = cursor.fetchone()[0]
        cursor.execute(_BROKEN)
        faults = [
            f"record {pk}: {kind}:{subject} broken at place {seq}" for pk, kind, subject, seq in cursor.fetchall()
        ]
        seals = list(Record.objects.filter(subject_type=SEAL).order_by("seq"))
        expected_start = 0
        for row in seals:
            cursor.execute(_SPAN, [row.data["from"], row.data["to"]])
            count, digest = cursor.fetchone()
            if row.data["from"] != expected_start:
                faults.append(f"seal {row.pk}: starts after {row.data['from']}, expected {expected_start}")
            if (count, bytes(digest).hex()) != (row.data["rows"], row.data["digest"]):
                faults.append(
                    f"seal {row.pk}: {row.data['rows']} rows were sealed, {count} rows stand there now or differ"
                )
            expected_start = row.data["to"]
    return Proof(rows=rows, seals=len(seals), faults=faults)


@transaction.atomic
def verify_and_note(*, by: Any, at: dt.datetime) -> Proof:
    """`verify`, with a record of what it found, so that whoever asks later needn't read everything again."""
    advisory_lock(VERIFIED)
    proof = verify()
    data = {"rows": proof.rows, "seals": proof.seals, "faults": len(proof.faults)}
    record("core.verified", Subject(VERIFIED, 0), by=by, at=at, data=data)
    return proof


@handler("core.verify", every=dt.timedelta(days=7), chore=True)
def _verify_weekly(jobs: list[Job], at: dt.datetime) -> None:
    verify_and_note(by=get_user_model().objects.system(), at=at)
