"""A new version migrates while the old one serves: no migration since the last release takes away what old processes use, or holds a
table that everybody writes for as long as the table is large (docs/upgrading.md).

What is released stands in deploy/released.json; `python -m tests.house.test_migrations` writes it anew when a release is made.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from tests.house.exemptions import Exemption, Exemptions, judge
from tests.house.source import ROOT

RELEASED = ROOT / "deploy" / "released.json"
# Tables that grow with the work of a street and are written all the time.
HOT = frozenset(
    {"core.record", "core.job", "core.answer", "accounts.notice", "cases.case", "cases.order", "cases.deadline", "cases.ledgerentry",
     "cases.photo", "cases.reporter", "integrations.delivery", "fieldwork.trailpoint"}
)  # fmt: skip
# By migration: what is meant, and why it does no harm.
MEANT: Exemptions = {
    "cases.0020_sealed_reporters": Exemption(
        "before the first release; wider text rewrites nothing, and its rows are sealed by a command"
    ),
}
_SQL = {
    r"\bDROP\s+COLUMN\b": "drops a column that old processes read",
    r"\bRENAME\b": "renames what old processes know by its old name",
    r"\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b": "rewrites the table under a lock",
    r"\bSET\s+NOT\s+NULL\b": "reads the whole table under a lock; add a NOT VALID constraint and validate it",
    r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)": "builds an index while nobody can write; CONCURRENTLY, with atomic = False",
    r"\bLOCK\s+TABLE\b": "locks a table",
    r"\bTRUNCATE\b": "locks a table",
}


def leaves() -> dict[str, str]:
    """The newest migration of each of our apps, by name."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    ours = {config.label for config in apps.get_app_configs() if str(ROOT) == str(config.path)[: len(str(ROOT))]}
    return {app: name for app, name in sorted(graph.leaf_nodes()) if app in ours and "site-packages" not in _path(app)}


def _path(app: str) -> str:
    from django.apps import apps

    return str(apps.get_app_config(app).path)


def since_the_release() -> Iterator[tuple[str, Any]]:
    """("cases.0020_x", its Migration) of what came after what was released."""
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    released = json.loads(RELEASED.read_text())["migrations"]
    known = {node for leaf in released.items() if leaf in graph.nodes for node in graph.forwards_plan(leaf)}
    for app, name in sorted(graph.nodes):
        if app in leaves() and (app, name) not in known:
            yield f"{app}.{name}", graph.nodes[app, name]


def faults_of(app: str, operation: Any) -> Iterator[str]:
    """What is wrong with OPERATION of a migration of APP while old processes run."""
    kind = type(operation).__name__
    table = f"{app}.{getattr(operation, 'model_name', getattr(operation, 'name', '')) or ''}".lower()
    field = getattr(operation, "field", None)
    if kind == "SeparateDatabaseAndState":
        for one in operation.database_operations:
            yield from faults_of(app, one)
    if kind in {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable"}:
        yield f"{kind} {table}: old processes still ask for it; stop using it in one release, take it away in the next"
    many = bool(getattr(field, "many_to_many", False))
    if (
        kind == "AddField"
        and not many
        and not field.null
        and not field.has_db_default()
        and not getattr(field, "generated", False)
    ):
        yield f"AddField {table}.{operation.name}: old processes insert without it; null=True or db_default"
    if kind == "AlterField" and table in HOT:
        yield f"AlterField {table}.{operation.name}: may rewrite or read the whole table under a lock"
    if kind in {"AddIndex", "AlterUniqueTogether"} and table in HOT:
        yield f"{kind} {table}: nobody can write while it is built; AddIndexConcurrently, with atomic = False"
    if kind == "AddConstraint" and table in HOT:
        yield f"AddConstraint {table}: reads the whole table under a lock; AddConstraintNotValid, then ValidateConstraint"
    if kind == "RunSQL":
        yield from (
            f"RunSQL: {why}"
            for text in _texts(operation.sql)
            for sql, why in _SQL.items()
            if re.search(sql, text, re.IGNORECASE)
        )


def _texts(sql: Any) -> Iterator[str]:
    if isinstance(sql, str):
        yield sql
    else:
        yield from (one if isinstance(one, str) else one[0] for one in sql)


def test_old_processes_live_on_while_a_new_version_migrates() -> None:
    faults: dict[str, str] = {}
    for name, migration in since_the_release():
        created = {
            f"{migration.app_label}.{one.name}".lower()
            for one in migration.operations
            if type(one).__name__ == "CreateModel"
        }
        told = [
            fault
            for operation in migration.operations
            if f"{migration.app_label}.{getattr(operation, 'model_name', '')}".lower() not in created
            for fault in faults_of(migration.app_label, operation)
        ]
        if told:
            faults[name] = "; ".join(told)
    judge(faults, MEANT, "A migration must let the version before it work on (docs/upgrading.md):")


def test_what_does_harm_is_known() -> None:
    """The rule itself, on operations that once would have hurt."""
    from django.db import migrations, models

    plain = models.CharField(max_length=8, default="")
    harmful = [
        migrations.AddField("job", "x", plain),
        migrations.RemoveField("job", "request"),
        migrations.RenameField("job", "key", "name"),
        migrations.AddIndex("job", models.Index(fields=["key"], name="x")),
        migrations.AlterField("job", "key", models.TextField()),
        migrations.RunSQL("ALTER TABLE core_job ALTER COLUMN key SET NOT NULL"),
        migrations.RunSQL(["CREATE INDEX x ON core_job (key)"]),
    ]
    assert [len(list(faults_of("core", one))) for one in harmful] == [1] * len(harmful)
    harmless = [
        migrations.AddField("job", "x", models.CharField(max_length=8, default="", db_default="")),
        migrations.AddField("job", "y", models.DateTimeField(null=True)),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON core_job (key)"),
    ]
    assert [fault for one in harmless for fault in faults_of("core", one)] == []


def main() -> None:
    """Write down what is released: the leaves of now, and the commit."""
    import subprocess

    import django

    django.setup()
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()
    version = import_module("gridgov.settings").VERSION
    RELEASED.write_text(json.dumps({"version": version, "commit": commit, "migrations": leaves()}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
