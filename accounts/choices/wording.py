"""The wording of notices: which there are, what may be filled in, and how a wording is written by people.

A wording is kept as gettext keeps it, "Case %(no)s …"; people see and write the places by their names, "Case {case number} …".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    NOTICE_CALENDAR,
    NOTICE_DIGEST,
    NOTICE_DOWNLOAD,
    NOTICE_STAND_IN,
    NOTICE_STOOD_IN_FOR,
    NoticeKind,
)
from accounts.choices.signing import NOTICE_FACTOR_RESET, NOTICE_LOCKED
from gridgov.core.questions import Question

PLACE = re.compile(r"%\((\w+)\)s")
_WRITTEN = re.compile(r"\{([^{}]*)\}")
# A notice without it can't be found again.
NUMBER = "no"
LONGEST = 200


@dataclass(frozen=True)
class Place:
    """Something filled in: what people call it, and what may stand there."""

    label: Any
    sample: Any


PLACES: dict[str, Place] = {
    "no": Place(_("case number"), "20260907000123"),
    "number": Place(_("number of the certificate"), "990101001-R2026-00001"),
    "partner": Place(_("exchange partner"), _("12345 hotline")),
    "answer": Place(_("answer"), _("extended")),
    "title": Place(_("title"), _("Street lamp out at Peach Lane 3")),
    "reason": Place(_("reason given"), _("not our lamp, it belongs to the park")),
    "note": Place(_("note given"), _("the residents are waiting")),
    "who": Place(_("who asks"), _("Li Ming")),
    "unit": Place(_("name of the unit"), _("Water Company")),
    "tier": Place(_("tier raised to"), "C"),
    "share": Place(_("share of the time"), "80"),
    "day": Place(_("day meant"), "2026-09-07"),
    "time": Place(_("time meant"), "09-07 09:00"),
    "ended": Place(_("time of the end"), "13:00"),
    "due": Place(_("answer due"), "09-09 18:00"),
    "leading": Place(_("leading case number"), "20260907000007"),
    "reopen": Place(_("number of the case to reopen"), "20260907000123"),
    "until": Place(_("last day for it"), "2026-09-30"),
    "name": Place(_("name"), _("Li Ming")),
    "first": Place(_("first day off"), "2026-09-07"),
    "last": Place(_("last day of it"), "2026-09-11"),
    "count": Place(_("how many"), "5"),
    "rows": Place(_("rows"), "120"),
    "kinds": Place(_("kinds and numbers"), _("new order 3 · overdue 2")),
    "category": Place(_("category"), _("Street lamps")),
    "grid": Place(_("grid"), _("Peach Lane grid 3")),
    "deadline": Place(_("deadline"), "09-09 18:00"),
    "event": Place(_("what happened"), _("new order")),
    "kind": Place(_("kind of data"), _("accounts of those who work here")),
}


@dataclass(frozen=True)
class NoticeTemplate:
    """A notice that the house tells: its msgid, the kind it comes under, and where it is read if not in the inbox."""

    text: str
    kind: NoticeKind
    where: Any = ""

    @property
    def key(self) -> str:
        """A short name of its own, for addresses."""
        return blake2b(self.text.encode(), digest_size=5).hexdigest()

    @property
    def places(self) -> list[str]:
        """Names of what is filled in, in their order."""
        return list(dict.fromkeys(PLACE.findall(self.text)))


# Every room names the notices it tells.
notice_templates: Question[[], list[NoticeTemplate]] = Question()


@notice_templates.answers
def _own() -> list[NoticeTemplate]:
    told = {
        NoticeKind.SYSTEM: (
            NOTICE_STAND_IN,
            NOTICE_STOOD_IN_FOR,
            NOTICE_CALENDAR,
            NOTICE_DOWNLOAD,
            NOTICE_LOCKED,
            NOTICE_FACTOR_RESET,
        ),
        NoticeKind.DIGEST: (NOTICE_DIGEST,),
    }
    return [NoticeTemplate(text, kind) for kind, texts in told.items() for text in texts]


def all_templates() -> dict[str, NoticeTemplate]:
    """Every notice there is by its key, kind by kind."""
    order = list(NoticeKind)
    found = [one for answer in notice_templates.ask() for one in answer]
    return {one.key: one for one in sorted(found, key=lambda one: order.index(one.kind))}


def as_written(wording: str) -> str:
    """WORDING as people read and write it, with the places by their names in the reader's language."""
    return PLACE.sub(lambda match: f"{{{PLACES[match[1]].label}}}", wording).replace("%%", "%")


def as_kept(written: str) -> str:
    """What people WROTE as it is kept. A place that is none stays in its braces."""
    names = {str(place.label): name for name, place in PLACES.items()} | {name: name for name in PLACES}

    def place(match: re.Match[str]) -> str:
        name = names.get(match[1].strip())
        return f"%({name})s" if name else match[0]

    return _WRITTEN.sub(place, written.strip().replace("%", "%%"))


def strange_places(kept: str, template: NoticeTemplate) -> list[str]:
    """Places in KEPT that TEMPLATE doesn't fill, as they were written."""
    own = set(template.places)
    beside = [f"{{{PLACES[name].label}}}" for name in PLACE.findall(kept) if name not in own]
    return list(dict.fromkeys([*beside, *(match[0] for match in _WRITTEN.finditer(kept))]))


def samples(template: NoticeTemplate) -> Mapping[str, str]:
    return {name: str(PLACES[name].sample) for name in template.places}
