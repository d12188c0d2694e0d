"""Brings locale/ up to date with the source, without gettext's own tools: `make messages`."""

import io
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import templatize

LOCALE = "zh_Hans"
NOT_SHOWN = {"tests", "bench", "migrations", "node_modules"}
# Packages whose pages people see and which have no Chinese, or not all: what they lack is ours to say.
PACKAGES = ("unfold", "leaflet", "django_filters", "drf_standardized_errors", "rest_framework.authtoken")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# context, singular, plural ("" for none)
Key = tuple[str, str, str]
# What Django translates itself, and an office would say better.
BETTER = (
    " By %(filter_title)s ",
    "%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?",
    "0 of %(cnt)s selected",
    "Add %(name)s",
    "Add %s",
    "Add another %(model)s",
    "Change %s",
    "Filter",
    "Items must be selected in order to perform actions on them. No items have been changed.",
    "Log out",
    "Please enter the correct %(username)s and password for a staff account. Note that both fields may be "
    "case-sensitive.",
    "Please enter your old password, for security’s sake, and then enter your new password twice so we can verify you "
    "typed it in correctly.",
    "Remove from sorting",
    "Run the selected action",
    "Save and add another",
    "Toggle sorting",
    "View %s",
    "You don’t have permission to view or edit anything.",
    "Your password can’t be a commonly used password.",
    "Your password can’t be entirely numeric.",
    "Your password can’t be too similar to your other personal information.",
    "Your password was changed.",
)


def catalogue() -> Path:
    """The .po file; the .mo lies beside it."""
    return Path(settings.BASE_DIR) / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def wanted() -> dict[Key, set[str]]:
    """Every message of ours and of the packages' that nobody else translates, with the files that say it."""
    root = Path(settings.BASE_DIR)
    ours = extract(root, [f.parent for f in root.glob("*/__init__.py")] + [root / "templates"])
    ours |= {("", message, ""): {"django"} for message in BETTER}
    known = translated_elsewhere()
    for name in PACKAGES:
        folder = Path(find_spec(name).origin).parent  # type: ignore[union-attr, arg-type]
        for key in extract(folder.parent, [folder]):
            if key not in ours and (key[0], key[1]) not in known:
                ours[key] = {name}
            elif key in ours and name not in ours[key]:
                ours[key].add(name)
    return ours


def extract(root: Path, folders: Iterable[Path]) -> dict[Key, set[str]]:
    """The messages in the Python files and templates of FOLDERS, each with the files (below ROOT) that say it."""
    from babel.messages.extract import extract as babel_extract

    found: dict[Key, set[str]] = {}
    for path in _files(root, folders):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # What is no message is blanked out; indentation is no Python's.
            source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
        lines = io.BytesIO(source.encode())
        for _line, message, _comments, context in babel_extract("python", lines, keywords=KEYWORDS):
            singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
            if singular:
                key = (context or "", singular.replace("\r\n", "\n"), plural)
                found.setdefault(key, set()).add(path.relative_to(root).as_posix())
    return found


def _files(root: Path, folders: Iterable[Path]) -> Iterator[Path]:
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html"} and not NOT_SHOWN & set(path.relative_to(root).parts):
                yield path


def translated_elsewhere() -> set[tuple[str, str]]:
    """What Django and the installed packages translate themselves, as (context, singular)."""
    import django
    import polib

    folders = [Path(django.__file__).parent / "conf"] + [Path(app.path) for app in apps.get_app_configs()]
    files = [folder / "locale" / LOCALE / "LC_MESSAGES" / "django.mo" for folder in folders]
    return {(e.msgctxt or "", e.msgid) for f in files if f.exists() for e in polib.mofile(str(f)) if e.msgid}


class Command(BaseCommand):
    """Merge the messages of source and templates into the .po file and compile it; say what is not translated yet."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        import polib

        path = catalogue()
        old = {_key(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
        new = polib.POFile(wrapwidth=-1)
        new.metadata = {
            "Language": LOCALE,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
        for key, files in sorted(wanted().items(), key=lambda item: (item[0][1], item[0])):
            new.append(_entry(key, files, old.get(key)))
        missing = [entry.msgid for entry in new if not entry.translated()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{new}\n", encoding="utf-8")
        path.with_suffix(".mo").write_bytes(new.to_binary())
        gone = len(old.keys() - {_key(entry) for entry in new})
        self.stdout.write(f"{len(new)} messages, {gone} dropped, {len(missing)} without translation")
        for message in missing:
            self.stdout.write(f"  {message!r}")


def _key(entry: Any) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def _entry(key: Key, files: set[str], old: Any) -> Any:
    """The entry for KEY with OLD's translation, if there is one."""
    import polib

    context, singular, plural = key
    entry = polib.POEntry(
        msgctxt=context or None,
        msgid=singular,
        msgid_plural=plural,
        occurrences=[(file, "") for file in sorted(files)],
        flags=["python-format"] if "%" in singular + plural else [],
        comment=old.comment if old else "",
        tcomment=old.tcomment if old else "",
    )
    if plural:
        entry.msgstr_plural = dict(old.msgstr_plural) if old else {0: ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry
