"""What happened to a case: every record about it in words, with what it changed from what to what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext

from accounts.choices import Role
from accounts.models import User
from cases.choices import LOOKS, CardLevel, Cause, Clock, Verb
from cases.models import Case, Category
from gridgov.core.models import Record
from grids.models import Grid

# The columns a reader cares about, in the order of the page; the others are bookkeeping (moments that the line itself has,
# counts, what the addressee says already).
_SHOWN = (
    "state", "category", "tier", "urgency", "grid", "due_at", "hold", "hold_until", "outcome", "reject_reason", "card",
    "excluded", "result", "reply",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A column that was changed, with its values in words; "—" for none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened to a case. `seq` is its place in the case's history."""

    seq: int
    at: dt.datetime
    verb: Verb
    by: str
    note: str
    to: str
    changes: tuple[Change, ...] = ()


def timeline(case: Case) -> list[TimelineRow]:
    """Everything recorded about CASE, oldest first; one query, and one each for categories and grids it no longer has."""
    return _told(case, _records(case).order_by("seq"))


def news(case: Case, seen: int, by: User) -> list[TimelineRow]:
    """What others have done to CASE since its history had SEEN lines, oldest first. Looks change nothing, and what the house
    does by itself (cards, breaches) overtakes nobody."""
    rows = _records(case).filter(seq__gt=seen).exclude(actor=by).exclude(actor__role=Role.SYSTEM)
    return _told(case, rows.exclude(verb__in=LOOKS).order_by("seq"))


def history_length(case: Case) -> int:
    """How many lines the history of CASE has; what `news` counts from."""
    return _records(case).order_by("-seq").values_list("seq", flat=True).first() or 0


def _records(case: Case) -> "QuerySet[Record]":
    return Record.objects.filter(subject_type="cases.case", subject_id=case.pk).select_related("actor")


def _told(case: Case, records: Iterable[Record]) -> list[TimelineRow]:
    rows = list(records)
    names = _names(case, rows)
    return [
        TimelineRow(
            row.seq, localtime(row.at), Verb(row.verb), str(row.actor), _note(row.data), row.data.get("to", ""),
            _changes(row.data, names),
        )
        for row in rows
    ]  # fmt: skip


def _note(data: dict[str, Any]) -> str:
    """What a record says in words; of a breach, which clock ran out; of a card, which and why."""
    if "cause" in data:
        return f"{CardLevel(data['card']).label} · {Cause(data['cause']).label}"
    if "rule" in data:
        return f"{CardLevel(data['card']).label} · {gettext(data['rule'])}"
    return str(Clock(data["clock"]).label) if "clock" in data else data.get("note", "")


def _changes(data: dict[str, Any], names: dict[tuple[str, int], str]) -> tuple[Change, ...]:
    changed = data.get("changes", {})
    found = []
    for name in _SHOWN:
        if name in changed:
            field: Field = Case._meta.get_field(name)  # type: ignore[assignment]
            before, after = (_in_words(field, value, names) for value in changed[name])
            found.append(Change(str(field.verbose_name), before, after))
    return tuple(found)


def _in_words(field: Field, value: Any, names: dict[tuple[str, int], str]) -> str:
    if field.is_relation:
        return names.get((field.name, value), "—")
    if field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    elif isinstance(value, bool):
        value = gettext("yes") if value else gettext("no")
    elif value and field.get_internal_type() == "DateTimeField":
        value = f"{localtime(dt.datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return "—" if value in (None, "") else str(value)


def _names(case: Case, rows: Iterable[Record]) -> dict[tuple[str, int], str]:
    """(column, id) → name, of the categories and grids that ROWS tell of. Those the case has now are read already."""
    named = {("category", case.category_id): case.category.label, ("grid", case.grid_id): case.grid.name}
    ids = {
        (name, pk) for row in rows for name in ("category", "grid") for pk in row.data.get("changes", {}).get(name, ())
    } - named.keys()
    if others := [pk for name, pk in ids if name == "category"]:
        named |= {("category", row.pk): row.label for row in Category.objects.filter(pk__in=others)}
    if others := [pk for name, pk in ids if name == "grid"]:
        named |= {("grid", row.pk): row.name for row in Grid.objects.filter(pk__in=others).only("name")}
    return named
