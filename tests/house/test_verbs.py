"""Actions: keyword-only, with `by` and `at`, recorded; the only writers; and none of them reads the clock."""

import ast
from collections import defaultdict

from tests.house.exemptions import Exemption, judge
from tests.house.source import INNER, Module, called, dotted, functions, modules

RECORDERS = {"record", "record_all", "record_many", "record_look"}

# Stand among the verbs and are none.
NO_VERBS = {
    "grids/actions/tree.py:tree_write": Exemption("the lock around writes to the tree, lent to demo and bench"),
    "accounts/actions/delegations.py:find_absent": Exemption("finds whom somebody names; naming them is `delegate`"),
}
UNSIGNED = {
    "accounts/actions/notices.py:notify": Exemption(
        "a line in an inbox follows from a recorded verb and is none itself"
    ),
    "accounts/actions/notices.py:mark_read": Exemption(
        "the reader's own mark on the own notice; nobody answers for it"
    ),
    "accounts/actions/notices.py:gather_notices": Exemption("the house's own errand, not done in anybody's name"),
    "accounts/actions/notices.py:take_told": Exemption("the house hands its own lines on, in nobody's name"),
    "accounts/actions/accounts.py:note_sign_in": Exemption("whoever signs in is who does it"),
    "accounts/actions/accounts.py:note_half_in": Exemption("whoever signs in is who does it"),
    "accounts/actions/factors.py:drop_begun": Exemption("the house's own errand, not done in anybody's name"),
    "accounts/actions/entry.py:enter_by_link": Exemption("whoever comes in is who does it, and is named by the link"),
    "accounts/actions/entry.py:enter_by_code": Exemption("whoever comes in is who does it, and is named by the code"),
    "accounts/actions/entry.py:issue_entry_code": Exemption("asked for by an app's server, in the name of the account"),
    "accounts/actions/entry.py:drop_entry_passes": Exemption("the house's own errand, not done in anybody's name"),
    "accounts/actions/outside.py:enter_from_outside": Exemption("whoever comes in is who does it"),
    "accounts/actions/outside.py:bind_identity": Exemption("whose account it is does it, with its password"),
    "accounts/actions/keys.py:note_use": Exemption("whoever comes in by the key is who does it"),
    "accounts/actions/clients.py:drop_calls": Exemption("the house's own errand, not done in anybody's name"),
    **{
        f"accounts/actions/sessions.py:{verb}": Exemption(
            "a browser's session, begun and used by whoever sits before it"
        )
        for verb in ("open_session", "keep_session", "take_session", "touch_session", "leave_session", "drop_sessions")
    },
    **{
        f"accounts/actions/{verb}": Exemption(
            "whoever is at the door does it, and isn't known yet or is being made sure of"
        )
        for verb in (
            "tries.py:take_try",
            "tries.py:forget_tries",
            "tries.py:check_own_password",
            "factors.py:check_code",
        )
    },
    "accounts/actions/tries.py:drop_tries": Exemption("the house's own errand, not done in anybody's name"),
    "accounts/actions/clients.py:add_calls": Exemption("the house's own errand, not done in anybody's name"),
}
UNRECORDED = {
    "cases/actions/forgetting.py:set_reporter_expiry": Exemption(
        "follows from a recorded verb; the deletion is recorded"
    ),
    "door/actions/leaving.py:set_expiry": Exemption("follows from a recorded verb; the deletion is recorded"),
    "accounts/actions/notices.py:notify": Exemption("the verb that caused it is recorded"),
    "accounts/actions/notices.py:mark_read": Exemption("nobody answers for having read"),
    "accounts/actions/notices.py:gather_notices": Exemption("brings out what `notify` held; the verb is recorded"),
    "accounts/actions/keys.py:note_use": Exemption(
        "the minute of a key's last use; a record a request would be a flood"
    ),
    "accounts/actions/clients.py:drop_calls": Exemption("forgets old counts; what was done is recorded"),
    **{
        f"accounts/actions/sessions.py:{verb}": Exemption("the row is the log; that somebody signed in is recorded")
        for verb in ("open_session", "keep_session", "take_session", "touch_session", "leave_session", "drop_sessions")
    },
    **{
        f"accounts/actions/tries.py:{verb}": Exemption("counts; a wrong try and a lock are recorded by note_wrong_try")
        for verb in ("take_try", "forget_tries", "drop_tries")
    },
    "accounts/actions/clients.py:add_calls": Exemption("counts of requests; what they did is recorded by their verbs"),
    "accounts/actions/notices.py:take_told": Exemption("marks what was handed on; the verb that caused it is recorded"),
    "accounts/actions/delegations.py:find_deputy": Exemption("finds whom somebody names; naming them is `delegate`"),
    "accounts/actions/factors.py:drop_begun": Exemption(
        "forgets secrets that were never confirmed, and opened nothing"
    ),
    "accounts/actions/entry.py:drop_entry_passes": Exemption("forgets nonces; the entries themselves are recorded"),
    "fieldwork/actions/trails.py:add_points": Exemption(
        "a trail is the worker's own and is deleted after 90 days; a record of it would stay for ever"
    ),
}
CLOCKS = {
    "accounts/reactions.py": Exemption("Django's sign-in signal brings no moment along"),
    "gridgov/core/jobs.py": Exemption("the clock of the promises themselves: due now means kick now"),
    "grids/queries/__init__.py": Exemption("scope_of: posts hold today unless the caller names another day"),
    "accounts/queries.py": Exemption("stands_in_for: today unless the caller names another day, like the scope"),
    "accounts/models/people.py": Exemption("the default of User.created_at, set where the row is made"),
}
WRITERS = {
    "gridgov/core/jobs.py": Exemption("the tool that keeps promises writes its own table"),
    "gridgov/core/errands.py": Exemption("the same for promises that lead outside the house"),
    "gridgov/core/counts.py": Exemption("counts in Valkey are no rows"),
    "gridgov/core/locks.py": Exemption("seats in Valkey are no rows"),
    "gridgov/core/records.py": Exemption("the tool that records"),
    "gridgov/core/positions.py": Exemption("notes that a new era of the records began, and records it"),
    "gridgov/core/idempotency.py": Exemption("the tool that keeps answers writes its own table"),
    "gridgov/core/uploads.py": Exemption("pieces of a file are no facts yet; the verb that takes them records"),
    "gridgov/core/leftovers.py": Exemption("takes away what those two kept"),
    "gridgov/core/models.py": Exemption("Changing.change, by which actions save"),
    "gridgov/core/marked_sheet.py": Exemption("saves a workbook as a file, and no row"),
    "gridgov/core/exporting.py": Exemption("saves a workbook into memory, and no row"),
    "gridgov/core/keeping.py": Exemption("notes when it last ran; what went is recorded"),
    "mediation/reports/word.py": Exemption("saves a DOCX into memory, and no row"),
    "mediation/reports/word_marks.py": Exemption("saves a font into memory, and no row"),
    "accounts/queries.py": Exemption("UserManager.system makes the house's own account on first use"),
    "gridgov/sessions.py": Exemption("Django's names for what a session store does; it calls actions"),
}
# Methods that write, whatever they are called on; `update` also names what dicts and digests do.
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}
ROWS = {"objects", "_default_manager", "filter", "exclude", "all", "visible_to", "select_for_update"}


def public_verbs() -> list[tuple[Module, ast.FunctionDef]]:
    """What other rooms and the faces may call: functions of actions.py, or those that actions/__init__.py hands out."""
    handed_out: dict[str, set[str]] = {}
    for module in modules():
        if module.path.endswith("/actions/__init__.py"):
            imports = [node for node in module.tree.body if isinstance(node, ast.ImportFrom)]
            handed_out[module.room] = {alias.name for node in imports for alias in node.names}
    return [
        (module, function)
        for module in modules()
        if module.shelf == "actions"
        for function in functions(module.tree)
        if not function.name.startswith("_") and function.name in handed_out.get(module.room, {function.name})
    ]


def test_there_are_verbs_to_look_at() -> None:
    assert len(public_verbs()) > 30


def test_a_verb_takes_keywords_and_says_by_whom_and_when() -> None:
    faults = {}
    for module, verb in public_verbs():
        names = {argument.arg for argument in verb.args.kwonlyargs}
        problems = []
        if verb.args.args or verb.args.posonlyargs or verb.args.vararg:
            problems.append("takes positional arguments")
        problems += [f"lacks {name}=" for name in ("by", "at") if name not in names]
        if ast.get_docstring(verb) is None:
            problems.append("has no docstring")
        if problems:
            faults[f"{module.path}:{verb.name}"] = ", ".join(problems)
    judge(
        faults,
        {**NO_VERBS, **UNSIGNED},
        "A verb reads the same in every room (def verb(*, …, by, at) with a docstring):",
    )


def test_every_verb_is_recorded() -> None:
    """By itself, or by a function of the same room's actions that it calls."""
    calls: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for module in modules():
        if module.shelf == "actions":
            for function in functions(module.tree):
                calls[module.room][function.name] |= called(function)

    def records(room: str, name: str, seen: frozenset[str]) -> bool:
        inside = calls[room].get(name, set())
        return bool(inside & RECORDERS) or any(
            records(room, inner, seen | {name}) for inner in inside & calls[room].keys() - seen - {name}
        )

    faults = {
        f"{module.path}:{verb.name}": "changes the world and writes no record"
        for module, verb in public_verbs()
        if not records(module.room, verb.name, frozenset())
    }
    judge(faults, {**NO_VERBS, **UNRECORDED}, "An action records:")


def test_nothing_below_the_faces_reads_the_clock() -> None:
    """`at` is handed down, so that a verb, a rule and a test all speak of the same moment."""
    clocks = ("timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time")
    # These read it only when they are called with nothing.
    of_now = ("timezone.localdate", "timezone.localtime")
    faults = {}
    for module in modules():
        if module.shelf not in INNER or "management" in module.path:
            continue
        for node in ast.walk(module.tree):
            bare = isinstance(node, ast.Call) and not node.args and not node.keywords and dotted(node).endswith(of_now)
            if bare or (isinstance(node, ast.Attribute) and dotted(node).endswith(clocks)):
                faults[module.path] = f"reads the clock in line {node.lineno} ({dotted(node)}); take `at`"
    judge(faults, CLOCKS, "No clock below the faces:")


def test_only_actions_write() -> None:
    faults = {}
    for module in modules():
        if module.shelf == "actions" or module.path.startswith(("gridgov/demo/", "gridgov/up/")):
            continue
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            chain = dotted(node.func).split(".")
            if chain[0] == "super":
                continue
            if chain[-1] in WRITES or (chain[-1] == "update" and ROWS & set(chain)):
                faults[module.path] = f"writes in line {node.lineno} ({'.'.join(chain)}); call an action"
    judge(faults, WRITERS, "Only actions save, create, update and delete:")
