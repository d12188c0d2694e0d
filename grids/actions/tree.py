"""The two nested sets: one writer at a time, and how their numbers are made anew from the parent keys."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from accounts.models import User
from gridgov.core.errors import Faults
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record
from grids import rules
from grids.models import Grid, PartyOrg
from grids.queries import forget_scope

KEEP: Any = ...  # "leave as it is", where None means something of its own


def hold_tree(model: type[models.Model]) -> None:
    """Take the lock of MODEL's tree until the outermost transaction ends."""
    advisory_lock("grids.tree", model._meta.label_lower)


@contextmanager
def tree_write(model: type[models.Model], by: User) -> Iterator[None]:
    """The only place where MODEL's tree may be written: a transaction, and the tree's lock taken before any row is read.

    The lock is held until the outermost transaction ends. Six writers without it left a fifth of the nodes wrong.
    """
    with transaction.atomic():
        hold_tree(model)
        yield
    forget_scope(by)


# A tree's rows in the order of their keys: place in the row of siblings, path of places, number of rows below.
# {order} and {table} are ours; the roots come as a parameter.
_REBUILD = """
    WITH RECURSIVE siblings AS (
        SELECT id, parent_id, row_number() OVER (PARTITION BY parent_id ORDER BY {order}) AS place FROM {table}
    ), walk AS (
        SELECT id, id AS root, tree_id, ARRAY[id] AS path, ARRAY[]::bigint[] AS places, 0 AS depth
        FROM {table} WHERE parent_id IS NULL AND id = ANY(%s)
        UNION ALL
        SELECT s.id, w.root, w.tree_id, w.path || s.id, w.places || s.place, w.depth + 1
        FROM walk w JOIN siblings s ON s.parent_id = w.id
    ), sizes AS (
        SELECT above AS id, count(*) - 1 AS below FROM walk, unnest(path) AS above GROUP BY above
    ), numbers AS (
        SELECT w.id, w.tree_id, w.depth, s.below,
               2 * row_number() OVER (PARTITION BY w.root ORDER BY w.places) - w.depth - 1 AS lft
        FROM walk w JOIN sizes s USING (id)
    )
    UPDATE {table} t SET lft = n.lft, rght = n.lft + 2 * n.below + 1, level = n.depth, tree_id = n.tree_id
    FROM numbers n
    WHERE n.id = t.id AND (t.lft, t.rght, t.level, t.tree_id)
        IS DISTINCT FROM (n.lft, n.lft + 2 * n.below + 1, n.depth, n.tree_id)
"""
_NUMBER_ROOTS = """
    UPDATE {table} t SET tree_id = n.place FROM (
        SELECT id, row_number() OVER (ORDER BY tree_id, id) AS place FROM {table} WHERE parent_id IS NULL
    ) n WHERE n.id = t.id AND t.tree_id <> n.place
"""
_ORDER = {Grid: "code", PartyOrg: "id"}


def rebuild(model: type[Grid] | type[PartyOrg], roots: Iterable[int]) -> int:
    """Number the trees under ROOTS (keys) anew from the parent keys; how many rows were wrong. Inside `tree_write`."""
    sql = _REBUILD.format(table=model._meta.db_table, order=_ORDER[model])
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(roots)])
        return int(cursor.rowcount)


def next_tree_id(model: type[Grid] | type[PartyOrg]) -> int:
    return 1 + (model.objects.aggregate(last=models.Max("tree_id"))["last"] or 0)


def mend_tree(*, by: User, at: dt.datetime) -> dict[str, int]:
    """Make both trees' numbers follow their parent keys again; rows corrected by tree. Parent keys stay as they are."""
    rules.can_mend(by).insist()
    mended = {}
    for model in (Grid, PartyOrg):
        with tree_write(model, by):
            with connection.cursor() as cursor:
                cursor.execute(_NUMBER_ROOTS.format(table=model._meta.db_table))
                count = cursor.rowcount
            count += rebuild(model, model.objects.filter(parent=None).values_list("pk", flat=True))
            label = model._meta.label_lower
            if count:
                record("grids.tree_mended", Subject(f"{label}.tree", 0), by=by, at=at, data={"rows": count})
            mended[label] = count
    return mended


def insist_clean(row: models.Model, *, exclude: Iterable[str] = ()) -> None:
    """Raise Faults for values of a new ROW that its fields don't take."""
    try:
        row.clean_fields(exclude={"lft", "rght", "tree_id", "level", *exclude})
    except ValidationError as error:
        raise Faults(error.message_dict) from None


def cleaned(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """VALUES as MODEL's fields take them, without those to KEEP. Raises Faults for what they don't take."""
    found, faults = {}, {}
    for name, value in values.items():
        if value is KEEP:
            continue
        try:
            found[name] = model._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            faults[name] = list(error.messages)
    if faults:
        raise Faults(faults)
    return found
