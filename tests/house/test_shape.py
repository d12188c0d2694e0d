"""Files lie where they belong, are short, and say what they are for."""

import ast
import re

from tests.house.exemptions import Exemption, judge
from tests.house.source import PARTS, ROOMS, ROOT, dotted, modules

LONGEST = 400
LONG_FILES = {}
SIGNALS = {
    "accounts/reactions.py": Exemption("Django's own user_logged_in; what follows from it is a recorded verb"),
    "gridgov/core/apps.py": Exemption("Django's own post_migrate, to promise the standing jobs; no event of ours"),
}


def test_every_room_has_a_charter_of_one_sentence_and_nothing_else() -> None:
    faults = {}
    for room in (*ROOMS, *PARTS):
        path = f"{room}/__init__.py"
        tree = next(module.tree for module in modules() if module.path == path)
        charter = ast.get_docstring(tree) or ""
        if len(tree.body) != 1 or not charter:
            faults[path] = "holds its charter, one docstring, and nothing else"
        elif "\n" in charter or not charter.endswith(".") or ". " in charter:
            faults[path] = f"the charter is one sentence on one line: {charter!r}"
    judge(faults, {}, "A room says in one sentence what it is for:")


def test_every_module_says_what_it_is_for() -> None:
    """Apps, models and empty package marks speak for themselves."""
    silent = ("__init__.py", "apps.py", "models.py")
    faults = {
        module.path: "has no docstring"
        for module in modules()
        if not module.path.endswith(silent)
        and "/commands/" not in module.path  # a command says it in `help`
        and ast.get_docstring(module.tree) is None
    }
    judge(faults, {}, "A module begins with what it is for:")


def test_no_drawer_for_odds_and_ends() -> None:
    drawer = re.compile(r"(utils?|helpers?|common|misc|services|selectors|signals)(\.py)?")
    faults = {
        module.path: "name it after what it does"
        for module in modules()
        if any(drawer.fullmatch(part) for part in module.path.split("/"))
    }
    judge(faults, {}, "House rule 'left at the door':")


def test_no_file_is_long() -> None:
    ours = (*ROOMS, "gridgov", "templates", "static", "tests", "bench", "deploy")
    paths = [p for top in ours for p in (ROOT / top).rglob("*") if p.suffix in {".py", ".html", ".js", ".css", ".sh"}]
    faults = {}
    for path in paths:
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" in name or name.startswith("static/vendor/"):
            continue
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST:
            faults[name] = f"has {lines} lines; split it where it holds two ideas"
    judge(faults, LONG_FILES, f"No file is longer than {LONGEST} lines:")


def test_no_signals_carry_our_own_events() -> None:
    """Up by record: whoever wants to hear reacts with @on (gridgov.core.records)."""
    faults = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith((".signals", "django.dispatch")):
                faults[module.path] = f"imports {node.module}; record, and react with @on"
            if isinstance(node, ast.Call) and dotted(node.func).endswith(".send_robust"):
                faults[module.path] = "sends a signal; record, and react with @on"
    judge(faults, SIGNALS, "No Django signals for our own events:")
