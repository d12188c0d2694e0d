"""Every word a person reads can be read in Chinese, and English stays the key."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import AutoField, Field, Model
from django.utils.functional import Promise
from django.utils.translation import override

from gridgov.core.management.commands import messages
from tests.house.exemptions import Exemption, judge
from tests.house.source import PARTS, ROOMS, ROOT, Module, modules

CHINESE = re.compile("[㐀-鿿]")
PLACES = re.compile(r"%\([a-z_]+\)[0-9]*[sdf]|%%|%[sd]|\{\w*\}")
# Brands, keys and units that are the same in Chinese.
SAME = frozenset({"Alt + N", "Alt + S", "OSM", "%(name)s: %(said)s", "%(role)s: %(who)s"})

DATA_IN_CHINESE = {
    "accounts/queries.py": Exemption("the name of the system's own account: a row, not a label"),
    "cases/forms/matter_sheet.py": Exemption(
        "the column names of the office's own lists, read and written as they are"
    ),
    "gridgov/core/days_sheet.py": Exemption("the column names of the office's own lists, read and written as they are"),
    "gridgov/core/personal.py": Exemption("what names, number plates and homes look like, in patterns"),
    "gridgov/core/sheet.py": Exemption("a date as people write it"),
    "gridgov/core/search.py": Exemption("the range of Chinese characters in a pattern"),
    "gridgov/openapi_settings.py": Exemption("what the API is for"),
    "gridgov/settings.py": Exemption("the names of the languages"),
    "gridgov/up/banner.py": Exemption("speaks both languages at once, before Django is there"),
    "grids/forms/post_sheet.py": Exemption("the column names of the office's own lists, read and written as they are"),
    "grids/forms/roster.py": Exemption("the column names of the office's own lists, read and written as they are"),
    "grids/forms/sheet.py": Exemption("the column names of the office's own lists, read and written as they are"),
    "resources/forms/sheet.py": Exemption("the column names of the office's own lists, read and written as they are"),
}
UNLABELLED = {
    "accounts.ApiKey": Exemption(
        "`name`, `revoked` and `expiry_date` are the package's; the desk shows them under words of its own"
    ),
    "accounts.ClientCalls": Exemption("rows of `client` stand on the client's own page"),
    "accounts.Notice": Exemption("shown as its sentence; key, text, params and subject are never labelled"),
    "cases.Category": Exemption("`key` is for programs"),
    "cases.Case": Exemption("`version` and `search` are for programs"),
    "cases.LedgerEntry": Exemption("`data` is shown as sentences"),
    "mediation.Paper": Exemption("`file` is a path that nobody is shown"),
    "mediation.Signature": Exemption("`file` is a path that nobody is shown, `digest` for programs"),
    "cases.Photo": Exemption("`file` and `thumb` are paths that nobody is shown"),
}


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(messages.catalogue())))


def test_every_message_is_in_the_catalogue_and_none_is_left_over() -> None:
    wanted = set(messages.wanted())
    found = {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in entries()}
    faults = {message[1]: "is said, but not in the catalogue" for message in wanted - found}
    faults |= {message[1]: "is in the catalogue, but nobody says it" for message in found - wanted}
    judge(faults, {}, "locale/ is up to date (make messages, then translate):")


def test_every_message_is_translated() -> None:
    faults = {}
    for entry in entries():
        said = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if entry.fuzzy or entry.obsolete or not all(said):
            faults[entry.msgid] = "has no translation"
        elif entry.msgid not in SAME and not CHINESE.search(said[0]):
            faults[entry.msgid] = f"is not Chinese: {said[0]!r}"
        elif any(sorted(PLACES.findall(text)) != sorted(PLACES.findall(entry.msgid)) for text in said):
            faults[entry.msgid] = f"the places differ: {said[0]!r}"
        elif entry.msgid.startswith("\n") != said[0].startswith("\n"):
            faults[entry.msgid] = f"begins differently: {said[0]!r}"
    judge(faults, {}, "Every message has its Chinese, with the same places to fill:")


def test_chinese_sentences_have_chinese_punctuation() -> None:
    half = re.compile("[㐀-鿿”][,:;?!()]|[,;?!()][㐀-鿿“]")
    faults = {e.msgid: e.msgstr for e in entries() if half.search(re.sub("<[^>]*>", "", e.msgstr))}
    judge(faults, {}, "Full-width punctuation next to Chinese:")


def test_what_is_said_better_is_said_by_django() -> None:
    assert {("", message) for message in messages.BETTER} <= messages.translated_elsewhere()


def test_the_compiled_catalogue_is_the_catalogue() -> None:
    path = messages.catalogue()
    compiled = path.with_suffix(".mo").read_bytes()
    assert compiled == polib.pofile(str(path)).to_binary(), "django.mo is stale. Run: make messages"


def test_the_command_merges(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It keeps what is translated, asks for what is new, drops what is gone, and twice is once."""
    lost, *kept = entries()
    old = polib.POFile(wrapwidth=-1)
    old.extend([*kept, polib.POEntry(msgid="nobody says this any more", msgstr="无人再说")])
    path = tmp_path / "zh_Hans" / "django.po"
    path.parent.mkdir()
    old.save(str(path))
    monkeypatch.setattr(messages, "catalogue", lambda: path)
    call_command("messages")
    said = capsys.readouterr().out.splitlines()
    found = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}
    assert (None, "nobody says this any more") not in found
    assert not found[lost.msgctxt, lost.msgid].translated() and f"  {lost.msgid!r}" in said
    assert all(
        found[key].translated()
        for entry in kept
        if entry.translated() and (key := (entry.msgctxt, entry.msgid)) in found
    )
    assert said[0].startswith(f"{len(found)} messages, ") and said[0].endswith(f" {len(said) - 1} without translation")
    first = path.read_bytes(), path.with_suffix(".mo").read_bytes()
    call_command("messages")
    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == first


def _parts_of_decorators(module: Module) -> set[int]:
    """Nodes inside a decorator: in the API these are summaries, which are Chinese on purpose."""
    return {
        id(inner)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        for decorator in node.decorator_list
        for inner in ast.walk(decorator)
    }


def _docstrings(module: Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = [node.body for node in ast.walk(module.tree) if isinstance(node, owners)]
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


def test_no_chinese_stands_in_the_code() -> None:
    """Except in the demo, in summaries of the API, and where it is data."""
    faults = {}
    for module in modules():
        if module.path.startswith("gridgov/demo/"):
            continue
        passed = _docstrings(module)
        if module.shelf == "api":
            passed |= _parts_of_decorators(module)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed:
                continue
            if CHINESE.search(node.value):
                faults[module.path] = f"line {node.lineno}: {node.value!r}; write English and translate it"
    judge(faults, DATA_IN_CHINESE, "Chinese belongs into the catalogue:")


def ours() -> list[type[Model]]:
    rooms = {name.replace("/", ".") for name in (*ROOMS, *PARTS)}
    return [model for model in apps.get_models() if model._meta.app_config.name in rooms]


def _unlabelled(field: Field) -> bool:
    if isinstance(field, AutoField) or not field.editable or getattr(field, "primary_key", False):
        return False
    return not isinstance(field.verbose_name, Promise)


def test_models_and_their_fields_have_names_in_chinese() -> None:
    faults = {}
    with override("zh-hans"):
        for model in ours():
            meta, wrong = model._meta, []
            if not {"verbose_name", "verbose_name_plural"} <= meta.original_attrs.keys():
                wrong.append("has no verbose_name or verbose_name_plural of its own")
            names = [meta.verbose_name, meta.verbose_name_plural]
            wrong += [f"{name!r} is not Chinese" for name in map(str, names) if not CHINESE.search(name)]
            for field in meta.local_fields + meta.local_many_to_many:
                if _unlabelled(field):
                    wrong.append(f"{field.name} has no label")
                elif isinstance(field.verbose_name, Promise) and not CHINESE.search(str(field.verbose_name)):
                    wrong.append(f"{field.name} is labelled {str(field.verbose_name)!r}")
            if wrong:
                faults[meta.label] = "; ".join(wrong)
    judge(faults, UNLABELLED, "Every model and every field that is shown has a label, in Chinese too:")


def test_choices_are_in_chinese() -> None:
    faults = {}
    with override("zh-hans"):
        for model in ours():
            for field in model._meta.local_fields:
                for value, label in field.flatchoices:
                    if not CHINESE.search(str(label)):
                        faults[f"{model._meta.label}.{field.name}={value}"] = f"reads {str(label)!r}"
    judge(faults, {}, "Every choice has its Chinese:")


def test_the_glossary_names_what_there_is() -> None:
    """docs/glossary.md speaks of the code as it is: every identifier in its middle column occurs in the source."""
    known = {
        name
        for module in modules()
        for node in ast.walk(module.tree)
        for name in (
            getattr(node, "id", ""),
            getattr(node, "attr", ""),
            getattr(node, "name", ""),
            getattr(node, "arg", ""),
        )
    }
    rows = re.findall(r"^\|[^|]+\|([^|]+)\|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name.split(".")[-1] for row in rows for name in re.findall(r"`([\w.]+)`", row)}
    assert len(named) > 50
    assert sorted(named - known) == []


def test_scripts_say_nothing_by_themselves() -> None:
    """A script takes its words from the page: no sentence stands in static/*.js."""
    sentence = re.compile(r"""(["'`])(?:(?!\1).)*(?:[㐀-鿿]|[A-Z][a-z]+ [a-z]+ [a-z]+)(?:(?!\1).)*\1""")
    faults = {}
    for path in sorted((ROOT / "static").glob("[!v]*/*.js")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.strip().startswith(("//", "*", "/*")) and (found := sentence.search(line)):
                faults[path.relative_to(ROOT).as_posix()] = f"says {found[0]}; hand it over from the template"
    judge(faults, {}, "Scripts say nothing by themselves:")
