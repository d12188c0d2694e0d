"""Whether the trees are whole: numbers against parent keys, codes and kinds against the tables."""

import re
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from grids.choices import CHILDREN, CODE_DIGITS, PARTY_CHILDREN, SEQUENCES
from grids.models import Grid, PartyOrg


@dataclass(frozen=True)
class TreeFault:
    """One thing wrong with one row. `mendable`: numbering the tree anew puts it right."""

    model: str
    pk: int
    name: str
    message: str
    mendable: bool


# The numbers are right if every row lies inside its parent, is as wide as what hangs on it, and touches no sibling.
_NUMBERS = """
    WITH RECURSIVE walk AS (
        SELECT id, ARRAY[id] AS path FROM {table} WHERE parent_id IS NULL
        UNION ALL
        SELECT c.id, w.path || c.id FROM walk w JOIN {table} c ON c.parent_id = w.id
    ), sizes AS (
        SELECT above AS id, count(*) AS size FROM walk, unnest(path) AS above GROUP BY above
    ), judged AS (
        SELECT t.id, s.size IS NULL AS unreached,
            NOT (CASE WHEN t.parent_id IS NULL THEN t.lft = 1 AND t.level = 0
                 ELSE t.tree_id = p.tree_id AND t.level = p.level + 1 AND p.lft < t.lft AND t.rght < p.rght END)
            OR t.rght - t.lft + 1 <> 2 * s.size
            OR t.lft <= coalesce(lag(t.rght) OVER (PARTITION BY t.parent_id, t.tree_id ORDER BY t.lft), 0)
                AND t.parent_id IS NOT NULL
            OR t.parent_id IS NULL AND count(*) OVER (PARTITION BY t.parent_id, t.tree_id) > 1 AS wrong
        FROM {table} t LEFT JOIN {table} p ON p.id = t.parent_id LEFT JOIN sizes s ON s.id = t.id
    )
    SELECT j.id, t.name, j.unreached FROM judged j JOIN {table} t USING (id) WHERE j.wrong OR j.unreached ORDER BY j.id
"""


def tree_faults() -> list[TreeFault]:
    """Everything wrong with both trees; empty when they are whole. Reads all rows."""
    return [
        *_wrong_numbers(Grid),
        *_wrong_numbers(PartyOrg),
        *_wrong_grids(),
        *_wrong_chains(),
    ]


def _wrong_numbers(model: type[Grid] | type[PartyOrg]) -> list[TreeFault]:
    label = model._meta.label_lower
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS.format(table=model._meta.db_table))
        return [
            TreeFault(
                label,
                pk,
                name,
                _("hangs on itself: no root is above it") if unreached else _("wrong numbers in the tree"),
                mendable=not unreached,
            )
            for pk, name, unreached in cursor.fetchall()
        ]


def _wrong_grids() -> list[TreeFault]:
    """Grids whose code or parent doesn't suit their kind. A moved grid keeps its old prefix, but never its street's."""
    found = []
    fields = ("pk", "name", "code", "kind", "micro_type", "parent__kind", "parent__code")
    for pk, name, code, kind, micro_type, parent_kind, parent_code in Grid.objects.order_by("pk").values_list(*fields):
        first, last = SEQUENCES.get(micro_type or kind, (0, 999))
        checks = {
            _("a code of the wrong length"): re.fullmatch(rf"[0-9]{{{CODE_DIGITS[kind]}}}", code) is None,
            _("the code's last digits belong to another kind"): not first <= int(code[-3:]) <= last,
            _("a parent of the wrong kind"): kind not in CHILDREN[parent_kind or ""],
            _("the code of another street"): parent_code is not None and code[:9] != parent_code[:9],
        }
        found += [TreeFault("grids.grid", pk, name, message, mendable=False) for message, bad in checks.items() if bad]
    return found


def _wrong_chains() -> list[TreeFault]:
    return [
        TreeFault("grids.partyorg", pk, name, _("a parent of the wrong kind"), mendable=False)
        for pk, name, kind, parent_kind in PartyOrg.objects.values_list("pk", "name", "kind", "parent__kind")
        if kind not in PARTY_CHILDREN[parent_kind or ""]
    ]
