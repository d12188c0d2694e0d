"""How a template is written down, and who may change one.

A line is a paragraph; one that begins with `# ` is the title, `## ` a heading, `>> ` stands to the right, `>< ` in the middle,
`| label | value |` is a line of a form. `{name}` is a place: filled in where the paper is written.
"""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from mediation.choices.papers import BODY_CHARS

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from grids.queries import Scope

PLACE = re.compile(r"\{([^{}\n]*)\}")


def unknown_places(body: str, known: Collection[str]) -> list[str]:
    """The places in BODY that nothing stands for, in their order; a brace without its other half is one, too."""
    found = dict.fromkeys(name for name in PLACE.findall(body) if name not in known)
    lone = re.search(r"[{}]", PLACE.sub("", body))
    return [*found, *([lone.group()] if lone else [])]


def crowded_places(body: str, parts: Collection[str]) -> list[str]:
    """Those of PARTS (places that become several lines) which don't stand alone on theirs."""
    crowded = [line for line in body.splitlines() if not PLACE.fullmatch(line.strip())]
    return [name for line in crowded for name in PLACE.findall(line) if name in parts]


def can_write_templates(by: "User", scope: "Scope", street: "Grid") -> Verdict:
    """The street office of STREET, which is a street."""
    if by.role == Role.STREET and street.parent_id is None and scope.covers(street):
        return YES
    return Verdict.forbid(_("The texts of papers are the street office's to change."))


def can_be_template(body: str, known: Collection[str], parts: Collection[str]) -> Verdict:
    """KNOWN are the names of all places, PARTS of those that become several lines."""
    if len(body) > BODY_CHARS:
        return Verdict.reject(_("The text is too long."), "too_long", "body")
    if not any(line.startswith("# ") and line[2:].strip() for line in body.splitlines()):
        return Verdict.reject(_("The text needs a title: a line that begins with “# ”."), "no_title", "body")
    if strange := unknown_places(body, known):
        told = {"places": _braced(strange)}
        return Verdict.reject(_("Nothing stands for %(places)s.") % told, "unknown_place", "body")
    if crowded := crowded_places(body, parts):
        told = {"places": _braced(crowded)}
        return Verdict.reject(_("%(places)s needs a line of its own.") % told, "crowded_place", "body")
    return YES


def _braced(names: list[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names)
