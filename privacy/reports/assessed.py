"""Which processing needs an impact assessment (PIPL 55), which has one, and which is due for review."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gridgov.core import keeping
from privacy.models import Assessment

# Lists that leave the house as files.
LISTS = "accounts.download"
# Processing that is no kind of data: giving out, entrusting, publishing (PIPL 55 III).
OTHER: dict[str, Promise] = {
    "export.api": _("other systems that read by API"),
    "export.partners": _("exchange with partners (12345, city management)"),
    "export.channels": _("notices brought by others (short messages, work chats)"),
    "export.published": _("results and pictures published to everybody"),
}


@dataclass(frozen=True)
class Line:
    """A kind of processing with the assessment in force. `needed`: the law asks for one."""

    name: str
    title: Any
    why: Any
    needed: bool
    row: Assessment | None

    @property
    def missing(self) -> bool:
        return self.needed and self.row is None


def _why(kind: keeping.Kind) -> Any:
    """Why the law asks for an assessment of KIND; '' where it doesn't."""
    if kind.sensitive:
        return _("sensitive personal information (PIPL 55 I)")
    return _("given out, entrusted or published (PIPL 55 III)") if kind.name == LISTS else ""


def processing() -> list[tuple[str, Any]]:
    """(name, title) of everything that can be assessed."""
    return [*((kind.name, kind.title) for kind in keeping.kinds()), *OTHER.items()]


def title_of(name: str) -> Any:
    return dict(processing()).get(name, name)


def register() -> list[Line]:
    """All kinds of processing, those that need an assessment first. One query."""
    rows = {row.kind: row for row in Assessment.objects.in_force().for_list()}
    lines = [
        Line(
            kind.name,
            kind.title,
            _why(kind),
            bool(_why(kind)),
            rows.get(kind.name),
        )
        for kind in keeping.kinds()
    ]
    lines += [
        Line(name, title, _("given out, entrusted or published (PIPL 55 III)"), True, rows.get(name))
        for name, title in OTHER.items()
    ]
    return sorted(lines, key=lambda line: not line.needed)


def due(day: dt.date) -> int:
    """How many are to be reviewed by DAY."""
    return Assessment.objects.to_review(day).count()
