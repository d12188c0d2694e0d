"""Bringing people's data under the key that seals today: what stood in clear, and what an older key sealed.

Goes through a table in pieces while the house serves. A piece is one short transaction over rows that nobody else holds; those
that are held come in a later round, and what somebody writes meanwhile is written under today's key anyway. So it may be broken
off at any moment and begun anew, and loses nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from gridgov.core import secrets
from gridgov.core.sealed import HEAD, MARK, Closed, SealedField, is_current

PIECE = 500
# Rounds for rows that somebody held, and how long to wait before each, in seconds.
ROUNDS, WAIT = 20, 0.25


@dataclass(frozen=True)
class Standing:
    """How many texts of people's data stand in `clear`, are sealed by an `older` key, or `lost`: by one that is not set."""

    texts: int = 0
    clear: int = 0
    older: int = 0
    lost: int = 0


@dataclass
class Tally:
    """Rows `sealed` so far, those that no key opens (`lost`), and those that somebody `held` to the end."""

    sealed: int = 0
    lost: int = 0
    held: int = 0


def sealed_models() -> list[tuple[type[Model], list[SealedField]]]:
    """Every model with sealed columns, and these."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.local_concrete_fields if isinstance(field, SealedField)]
        if fields:
            found.append((model, fields))
    return found


def standing() -> Standing:
    """How the house's texts stand: one pass over each column."""
    parts = [
        f"SELECT CASE WHEN {name} LIKE '{MARK}________.%' THEN SUBSTRING({name}, 2, {HEAD - 2}) ELSE '' END AS key"  # noqa: S608
        f" FROM {_quoted(model._meta.db_table)} WHERE {name} <> ''"
        for model, fields in sealed_models()
        for name in _names(fields)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, count(*) FROM ({' UNION ALL '.join(parts)}) AS texts GROUP BY key")  # noqa: S608
        by_key: Counter[str] = Counter(dict(cursor.fetchall()))
    today, *older = secrets.key_names()
    return Standing(
        texts=by_key.total(),
        clear=by_key.pop("", 0),
        older=sum(by_key[key] for key in older),
        lost=sum(count for key, count in by_key.items() if key != today and key not in older),
    )


def reseal_all(*, piece: int = PIECE, pause: float = 0, told: Callable[[str, Tally], None] | None = None) -> Tally:
    """Seal what isn't sealed by the key of today, PIECE rows at once, with so many seconds' PAUSE after each. TOLD is called after
    each piece with the model's label and what was done so far."""
    whole = Tally()
    for model, fields in sealed_models():
        lost: set[Any] = set()
        for _round in range(ROUNDS):
            for done, unread in _pieces(model, fields, piece):
                whole.sealed += done
                lost |= unread
                if told is not None:
                    told(model._meta.label, whole)
                time.sleep(pause)
            held = _count(model, fields) - len(lost)
            if held <= 0:
                break
            time.sleep(WAIT)
        whole.lost += len(lost)
        whole.held += max(held, 0)
    return whole


def _pieces(model: type[Model], fields: list[SealedField], size: int) -> Iterator[tuple[int, set[Any]]]:
    """Once through the table: after each piece how many rows were sealed, and the keys of those that can't be opened."""
    last: Any = 0
    while True:
        with transaction.atomic():
            rows = _taken(model, fields, last, size)
            new = {row[0]: _anew(fields, row[1:]) for row in rows}
            lost = {key for key, texts in new.items() if texts is None}
            _write(model, fields, {key: texts for key, texts in new.items() if texts is not None})
        if not rows:
            return
        last = rows[-1][0]
        yield len(new) - len(lost), lost


def _taken(model: type[Model], fields: list[SealedField], last: Any, size: int) -> list[tuple]:
    """The next rows that need it and that nobody holds, held until the transaction ends: (key, text as it stands, …)."""
    key = _key_of(model)
    sql = (
        f"SELECT {key}, {', '.join(_names(fields))} FROM {_quoted(model._meta.db_table)}"  # noqa: S608
        f" WHERE {key} > %s AND ({_behind(fields)}) ORDER BY {key} LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [last, *[_today()] * len(fields), size])
        return cursor.fetchall()


def _anew(fields: list[SealedField], raws: tuple[str | None, ...]) -> list[str | None] | None:
    """RAWS under the key of today; None where one of them can't be opened."""
    name, new = secrets.key_names()[0], []
    for field, raw in zip(fields, raws, strict=True):
        if raw is None or is_current(raw, name):
            new.append(raw)
            continue
        text = field.opened(raw)
        if isinstance(text, Closed):
            return None
        # As long as it is: what once fitted into the column is not refused now.
        new.append(field.closed(text, checked=False))
    return new


def _write(model: type[Model], fields: list[SealedField], new: dict[Any, list[str | None]]) -> None:
    if not new:
        return
    key = _key_of(model)
    sets = ", ".join(f"{name} = given.c{number}" for number, name in enumerate(_names(fields)))
    columns = ", ".join(f"c{number}" for number in range(len(fields)))
    sql = (
        f"UPDATE {_quoted(model._meta.db_table)} AS held SET {sets}"  # noqa: S608
        f" FROM unnest(%s::bigint[]{', %s::text[]' * len(fields)}) AS given (k, {columns}) WHERE held.{key} = given.k"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(new), *(list(texts) for texts in zip(*new.values(), strict=True))])


def _count(model: type[Model], fields: list[SealedField]) -> int:
    sql = f"SELECT count(*) FROM {_quoted(model._meta.db_table)} WHERE {_behind(fields)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [_today()] * len(fields))
        return int(cursor.fetchone()[0])


def _behind(fields: list[SealedField]) -> str:
    """SQL of a row that isn't wholly sealed by the key of today, which is asked for once for each field."""
    return " OR ".join(f"({name} <> '' AND LEFT({name}, {HEAD}) <> %s)" for name in _names(fields))


def _names(fields: list[SealedField]) -> list[str]:
    return [_quoted(str(field.column)) for field in fields]


def _key_of(model: type[Model]) -> str:
    return _quoted(str(model._meta.pk.column))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _today() -> str:
    return f"{MARK}{secrets.key_names()[0]}."
