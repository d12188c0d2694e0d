"""The source as syntax trees, for rules that are about how the house is built."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = (
    "accounts",
    "grids",
    "resources",
    "cases",
    "door",
    "fieldwork",
    "volunteers",
    "mediation",
    "privacy",
    "integrations",
)
# Tools and processes: not rooms, but part of the house.
PARTS = ("gridgov", "gridgov/core", "gridgov/demo", "gridgov/up")
# Shelves below the faces, where the clock is not read.
INNER = frozenset({"choices", "rules", "queries", "models", "actions", "reports", "jobs", "reactions"})


@dataclass(frozen=True)
class Module:
    """A Python file: its path from the root, and its tree."""

    path: str
    tree: ast.Module
    lines: int

    @property
    def shelf(self) -> str:
        """'actions' for cases/actions.py and for cases/actions/orders.py; 'jobs' for gridgov/core/jobs.py."""
        parts = self.path.removesuffix(".py").removeprefix("gridgov/").split("/")
        return parts[1] if len(parts) > 1 else parts[0]

    @property
    def room(self) -> str:
        return "gridgov/core" if self.path.startswith("gridgov/core/") else self.path.split("/")[0]


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file that is shipped, migrations left out."""
    return tuple(_read(path) for top in ("gridgov", *ROOMS) for path in sorted((ROOT / top).rglob("*.py"))
                 if "migrations" not in path.parts)  # fmt: skip


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n"))


def dotted(node: ast.AST) -> str:
    """'timezone.now' for that expression; calls and subscripts inside a chain are left out: 'Case.objects.filter.update'."""
    names = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    if isinstance(node, ast.Name):
        names.append(node.id)
    return ".".join(reversed(names))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a module itself, not those of its classes."""
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def called(node: ast.AST) -> set[str]:
    """Last names of everything that is called inside NODE."""
    return {dotted(inner.func).rpartition(".")[2] for inner in ast.walk(node) if isinstance(inner, ast.Call)}
