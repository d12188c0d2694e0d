"""What has changed since a position: events as they were recorded, and the rows that they changed as they are now."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from gridgov.core.calendar import CHINA
from gridgov.core.models import Record
from gridgov.core.positions import Line, Position, Reader
from grids.models import Grid
from grids.queries import scope_of
from integrations.reports.resources import GRID, SUBJECTS, Resource, seen
from integrations.reports.rows import by_key

# Records that tell of looking and not of the case.
UNTOLD = frozenset({"cases.revealed", "cases.printed", "cases.photo_revealed", "cases.phone_searched"})
# What an event says beside its verb: words of a list, numbers and moments. Nobody's name, and nothing anybody wrote.
TOLD = frozenset({
    "state", "tier", "urgency", "channel", "category", "category_id", "grid", "grid_id", "street", "total", "comprehensive",
    "unit", "unit_id", "order", "lead_order", "lead_order_id", "part", "kind", "clock", "level", "card", "round", "rework_count",
    "hold", "hold_until", "due_at", "breached_at", "started_at", "accepted_at", "dispatched_at", "signed_at", "completed_at",
    "verified_at", "closed_at", "provisional", "outcome", "reject_reason", "excluded", "urged", "extended", "score", "solved",
    "photo", "leading", "leading_id", "households", "valid_from", "valid_to", "codes", "is_active", "area_prefix",
})  # fmt: skip
LONGEST_WORD = 40


@dataclass(frozen=True)
class Page:
    """What a step along the feed brought: lines, where the next step begins, and whether there is one already."""

    lines: list[dict[str, Any]]
    position: Position
    more: bool


def ground_of(user: User) -> str:
    """A digest of where USER stands. With another ground one sees other rows, of whose changes no record tells."""
    scope = scope_of(user)
    parts = [
        user.pk,
        user.role,
        *sorted(n.pk for n in scope.nodes),
        "u",
        *sorted(scope.units),
        *sorted(scope.districts),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def events(user: User, reader: Reader, position: Position, limit: int) -> Page:
    """Up to LIMIT records after POSITION, those about what USER sees."""
    found, position, more = reader.after(position, SUBJECTS, limit)
    visible = {kind: seen(user, kind, keys) for kind, keys in _subjects(found).items()}
    lines = [_event(line) for line in found if line.subject in visible[line.kind] and line.verb not in UNTOLD]
    return Page(lines, position, more)


def changes(user: User, resource: Resource, reader: Reader, position: Position, limit: int, at: dt.datetime) -> Page:
    """Of up to LIMIT records after POSITION: {key, rows} for every subject, with all the rows of RESOURCE that USER sees of
    it now. No rows where it left the ground of USER, and nothing at all about what never was there."""
    found, position, more = reader.after(position, [resource.kind], limit)
    keys = {line.subject for line in found} | _moved_along(found)
    rows = by_key(resource, user, keys, at=at)
    empty = [key for key, values in rows.items() if not values]
    shown = seen(user, resource.kind, set(empty)) if resource.key != "pk" else set()
    known = shown | _left(user, resource.kind, set(empty) - shown)
    lines = [{"key": key, "rows": rows[key]} for key in sorted(keys) if rows[key] or key in known]
    return Page(lines, position, more)


def _subjects(lines: list[Line]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for line in lines:
        found.setdefault(line.kind, set()).add(line.subject)
    return found


def _moved_along(lines: list[Line]) -> set[int]:
    """Grids below one that was put elsewhere: nothing is recorded about them, and some left or came."""
    moved = [line.subject for line in lines if line.kind == GRID and line.verb == "grids.moved"]
    found: set[int] = set()
    for grid in Grid.objects.filter(pk__in=moved).only("tree_id", "lft", "rght"):
        found |= set(Grid.objects.under(grid).values_list("pk", flat=True))
    return found


def _left(user: User, kind: str, keys: set[int]) -> set[int]:
    """Those of the subjects KEYS about which something was recorded while they lay on the ground of USER."""
    if not keys:
        return set()
    records = Record.objects.filter(subject_type=kind, subject_id__in=keys, scope__in=_ground_ever(user))
    return set(records.order_by().values_list("subject_id", flat=True).distinct())


def _ground_ever(user: User) -> set[str]:
    """The codes of the grids on the ground of USER, and of those that lay there before they were put elsewhere."""
    above = Q(pk__in=[])
    for node in scope_of(user).nodes:
        above |= Q(data__from__above__contains=node.pk)
    moved = Record.objects.filter(above, subject_type=GRID, verb="grids.moved").values("subject_id")
    found = set(Grid.objects.ground_of(user).order_by().values_list("code", flat=True))
    for grid in Grid.objects.filter(pk__in=moved).only("tree_id", "lft", "rght"):
        found |= set(Grid.objects.under(grid).values_list("code", flat=True))
    return found


def _event(line: Line) -> dict[str, Any]:
    changed = line.data.get("changes")
    return {
        "id": line.id,
        "at": line.at.astimezone(CHINA),
        "verb": line.verb,
        "subject": line.kind,
        "key": line.subject,
        "grid": line.scope,
        "changes": {k: v for k, v in changed.items() if _is_told(k, v)} if isinstance(changed, dict) else {},
        "data": {k: v for k, v in line.data.items() if _is_told(k, v)},
    }


def _is_told(name: str, value: Any) -> bool:
    """Whether an event says what NAME holds."""
    if name not in TOLD:
        return False
    if isinstance(value, list):
        return all(_is_told(name, part) for part in value)
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and len(value) <= LONGEST_WORD)
