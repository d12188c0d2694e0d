"""What hangs on grids that end goes on in those that take their place: posts, bindings, party coverage."""

import datetime as dt
from collections.abc import Collection, Sequence
from copy import copy
from typing import Any

from django.db.models import Q
from django.db.models.base import ModelState

from accounts.models import User
from gridgov.core.models import LockingQuerySet
from gridgov.core.records import Subject, record, record_all, record_many, subject_type
from grids.actions.bindings import insert
from grids.actions.posts import told
from grids.models import Binding, ContactCard, Grid, PartyOrg, Post

BECAUSE = "grids.redrawn"
DAY = dt.timedelta(days=1)
# What of a row may differ once it stands elsewhere, or as one with another.
HANDED: dict[type, tuple[str, ...]] = {
    Post: ("grid", "valid_from", "valid_to", "is_public_contact", "public_phone"),
    Binding: ("grid", "valid_from", "valid_to", "matters"),
}


def hand_over(
    grids: Sequence[Grid],
    heirs: Sequence[Grid],
    without: Sequence[Collection[int]],
    on: dt.date,
    by: User,
    at: dt.datetime,
) -> None:
    """From the day ON, what is in force on GRIDS goes on in each of HEIRS: all bindings and party organisations, and the
    posts but for those (keys) that each is WITHOUT."""
    posts = _going_on(Post.objects.all(), grids, on)
    given: list[Post] = []
    for heir, left in zip(heirs, without, strict=True):
        given += _joined([_anew(post, on, heir) for post in posts if post.pk not in left], "user_id", "kind")
    new = _settle("posts", posts, given, on, by, at)
    for post in new:
        post.save()
    record_many("posts.given", ((post, {**told(post), "because": BECAUSE}) for post in new), by=by, at=at)
    bindings = _going_on(Binding.objects.all(), grids, on)
    bound = [row for heir in heirs for row in _joined([_anew(binding, on, heir) for binding in bindings], "post_id")]
    insert(_settle("bindings", bindings, bound, on, by, at), by, at)
    _hand_coverage(grids, heirs, on, by, at)


def _going_on(rows: LockingQuerySet, grids: Sequence[Grid], on: dt.date) -> list[Any]:
    """Those of ROWS on GRIDS that hold on the day ON or later, as they are now, locked."""
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    return list(rows.filter(going_on, grid__in=grids).select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _settle(what: str, rows: Sequence[Any], wanted: Sequence[Any], on: dt.date, by: User, at: dt.datetime) -> list[Any]:
    """Let ROWS of the old grids go on as those WANTED (copies by `_joined`); answer what of these is still to be made.

    A row that has begun ends the day before ON. One that hasn't was never held on the old grid: it goes along itself, once,
    with whatever points to it. Where two of those become one the second is taken away. One that nobody takes is emptied to
    its first day.
    """
    waiting = {row.pk: row for row in rows if row.valid_from >= on}
    moved: set[int] = set()
    into: dict[int, Any] = {}
    made: list[Any] = []
    said: list[Any] = []
    for row in wanted:
        own = next((waiting.pop(key) for key in row.of if key in waiting), None)
        if own is None:
            made.append(row)
            continue
        changes = own.change(**{name: getattr(row, name) for name in HANDED[type(own)]})
        said.append((f"{what}.moved", own, {"changes": changes, "because": BECAUSE}))
        moved.add(own.pk)
        into |= dict.fromkeys(row.of, own)
    for row in rows:
        if row.pk in waiting and row.pk in into:
            gone = Subject(subject_type(row), row.pk, row.scope_code)
            said.append((f"{what}.ended", gone, {"into": into[row.pk].pk, "because": BECAUSE}))
            _take_away(row, into[row.pk], at)
        elif row.pk not in moved:
            changes = row.change(valid_to=max(on - DAY, row.valid_from))
            said.append((f"{what}.ended", row, {"changes": changes, "because": BECAUSE}))
    record_all(said, by=by, at=at)
    return made


def _take_away(row: Any, into: Any, at: dt.datetime) -> None:
    """Delete ROW, which never began; its cards are those of INTO from now on, which keeps its own if it has one."""
    if isinstance(row, Post):
        cards = ContactCard.objects.filter(post=row)
        if ContactCard.objects.standing().filter(post=into).exists():
            cards.standing().update(revoked_at=at)
        cards.update(post=into)
    row.delete()


def _hand_coverage(grids: Sequence[Grid], heirs: Sequence[Grid], on: dt.date, by: User, at: dt.datetime) -> None:
    """Organisations that cover one of GRIDS and don't end before ON cover all of HEIRS instead."""
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    keys = PartyOrg.objects.filter(going_on, grids__in=grids).values_list("pk", flat=True)
    for key in sorted(set(keys)):
        org: PartyOrg = PartyOrg.objects.locked(key)
        before = list(org.grids.order_by("code").values_list("code", flat=True))
        org.grids.remove(*grids)
        org.grids.add(*heirs)
        after = list(org.grids.order_by("code").values_list("code", flat=True))
        record("party.covers", org, by=by, at=at, data={"grids": [before, after], "because": BECAUSE})


def _anew(row: Any, on: dt.date, grid: Grid) -> Any:
    """A copy of ROW, unsaved, on GRID and not before ON; `of` are the keys of the rows that it stands for."""
    made = copy(row)
    made.pk, made._state, made.of = None, ModelState(), [row.pk]
    made.grid, made.valid_from = grid, max(on, row.valid_from)
    return made


def _joined(rows: list[Any], *same: str) -> list[Any]:
    """ROWS of the same whose days meet as one: who held a post on both of two merged grids holds it once."""
    found: list[Any] = []
    for row in sorted(rows, key=lambda row: (*(getattr(row, name) for name in same), row.valid_from)):
        last: Any = found[-1] if found else None
        alike = last is not None and all(getattr(last, name) == getattr(row, name) for name in same)
        if not alike or (last.valid_to is not None and last.valid_to + DAY < row.valid_from):
            found.append(row)
            continue
        last.of += row.of
        last.valid_to = None if None in {last.valid_to, row.valid_to} else max(last.valid_to, row.valid_to)
        if isinstance(row, Binding):  # no matters means all of them
            last.matters = sorted({*last.matters, *row.matters}) if last.matters and row.matters else []
        else:
            # A number goes on the public page only from where it was released.
            released = [one for one in (last, row) if one.is_public_contact] or [last, row]
            last.public_phone = next((one.public_phone for one in released if one.public_phone), "")
            last.is_public_contact |= row.is_public_contact
    return found
