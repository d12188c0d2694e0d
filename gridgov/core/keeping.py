"""What the house keeps about people, each kind declared once by the room that keeps it: why, on what ground, how long, who sees
it, how it is found, copied out and struck out (PIPL 个人信息保护法 17, 19, 44–50, 51, 55).

A room registers its kinds in its `reactions`; the room `privacy`, which stands above, reads them for its pages, and answers here
what only it knows: terms that the office has changed, rows that a court or a dispute keeps from deletion.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from django.db import transaction
from django.db.models import Min, QuerySet

from gridgov.core.errors import YES, Verdict
from gridgov.core.locks import advisory_lock
from gridgov.core.models import KeepingRun, Record
from gridgov.core.questions import Question
from gridgov.core.records import Subject, record

# What a run of a kind's job leaves behind.
STRUCK, RUN = "core.struck_out", "core.keeping"


@dataclass(frozen=True)
class Person:
    """Whom something is looked for about: a phone as digits, and a name where one is known."""

    phone: str
    name: str = ""


@dataclass(frozen=True)
class Term:
    """How long a kind is kept: `days` after the event that `since` names in words, by `reason` (a law, or why). The office may
    set LEAST to MOST days; both None where the law or the thing itself leaves no choice. `days` None: as `since` says."""

    days: int | None
    since: Any
    reason: Any
    least: int | None = None
    most: int | None = None

    @property
    def is_open(self) -> bool:
        return self.least is not None


@dataclass(frozen=True)
class Ways:
    """How a kind's rows are found and handled. `find(person)` answers rows that are still there; `label(row)` names one without
    a word about the person; `copy(row)` is all there is about the person, as plain values by name."""

    find: Callable[[Person], QuerySet] | None = None
    label: Callable[[Any], str] = str
    # The code of the grid it lies on; "" for what lies on none.
    scope: Callable[[Any], str] = lambda row: getattr(row, "scope_code", "")
    copy: Callable[[Any], dict[str, Any]] | None = None
    # The admin page (app_model) on whose page of the row it is corrected.
    page: str = ""
    page_key: Callable[[Any], int] = lambda row: row.pk
    # (row, by=, at=) → None: strike it out before its time; and why not, where the law says no.
    erase: Callable[..., Any] | None = None
    unerasable: Any = ""
    # What a hold on this kind's rows is called after: rows of the same `held` stand and fall together.
    held: str = ""
    # The key of the thing a hold is put on, of a row.
    holding: Callable[[Any], int] = lambda row: row.pk


@dataclass(frozen=True)
class Going:
    """How a kind ends by itself: the standing `job`, the action it calls, and what would go at an instant, oldest by `moment`."""

    job: str
    forget: Callable[..., int]
    due: Callable[[dt.datetime], QuerySet]
    moment: str
    # (days more, by a change of the term): moves what stands already.
    move: Callable[[int], int] | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of data about people. `basis` is the ground of PIPL 13; `public` ones stand in the residents' notice."""

    name: str
    title: Any
    purpose: Any
    basis: Any
    where: Any
    seen_by: Any
    term: Term
    sensitive: bool = False
    public: bool = False
    # By consent that can be taken back.
    consented: bool = False
    # Only counted where somebody asks what there is: who keeps the file answers.
    confidential: bool = False
    # The kind whose term holds for this one, too.
    follows: str = ""
    ways: Ways = field(default_factory=Ways)
    going: Going | None = None

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


_kinds: dict[str, Kind] = {}
# () → {kind: days} that the office has set in place of a term's own.
terms: Question[[], dict[str, int]] = Question()
# (what holds are put on) → the keys of the things that are held.
holds: Question[[str], set[int]] = Question()


def keeps(kind: Kind) -> None:
    """Register KIND."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    """All of them, room by room, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kind_of(name: str) -> Kind:
    """Raises KeyError for a kind that nobody keeps."""
    return _kinds[name]


def days_of(name: str) -> int:
    """How many days NAME is kept now: what the office has set, else the term's own. A query, where the office can set it."""
    kind = _kinds[_kinds[name].follows or name]
    name = kind.name
    assert kind.term.days is not None, name
    changed = {name: days for answer in terms.ask() for name, days in answer.items()} if kind.term.is_open else {}
    return changed.get(name, kind.term.days)


def term_of(name: str) -> dt.timedelta:
    """`days_of` as a span."""
    return dt.timedelta(days=days_of(name))


def held(what: str) -> set[int]:
    """The keys of the things of WHAT ("cases.case") that must not be deleted now. One query."""
    return {key for answer in holds.ask(what) for key in answer}


def can_strike(what: str, key: int) -> Verdict:
    """Nobody deletes what a court or a dispute still needs, not even for the person concerned (PIPL 47)."""
    from django.utils.translation import gettext as _

    if key not in held(what):
        return YES
    return Verdict.clash(_("This is kept for a dispute or a court for now: nothing of it is deleted."), "held")


# --- the end of it ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ahead:
    """What would go today: how many, and since when the oldest of them might have gone."""

    count: int
    oldest: dt.datetime | None


def ahead(kind: Kind, at: dt.datetime) -> Ahead:
    """What KIND's job would strike out AT; nothing is changed. One query, and those of its holds and terms."""
    if kind.going is None:
        return Ahead(0, None)
    rows = kind.going.due(at).order_by()
    found = rows.aggregate(oldest=Min(kind.going.moment))
    return Ahead(rows.count(), found["oldest"])


def run(name: str, *, by: Any, at: dt.datetime) -> int:
    """Let what is due of the kind NAME be forgotten by its room's action; that it ran is noted, and recorded where something went."""
    going = _kinds[name].going
    assert going is not None, name
    count = going.forget(by=by, at=at)
    KeepingRun.objects.update_or_create(kind=name, defaults={"at": at})
    if count:
        with transaction.atomic():
            advisory_lock(RUN, name)
            record(STRUCK, subject_of(name), by=by, at=at, data={"kind": name, "count": count})
    return count


def subject_of(name: str) -> Subject:
    """What records about the keeping of the kind NAME are about."""
    return Subject(RUN, crc32(name.encode()))


def runs(name: str = "") -> QuerySet[Record]:
    """The reports of runs that struck something out, the newest first; of one kind where it is named."""
    rows = Record.objects.filter(subject_type=RUN, verb=STRUCK)
    return (rows.filter(subject_id=subject_of(name).pk) if name else rows).order_by("-id")


def last_runs() -> dict[str, dt.datetime]:
    """{kind: when it ran last, by its job or by hand}; a kind that never ran isn't there. One query."""
    return dict(KeepingRun.objects.values_list("kind", "at"))
