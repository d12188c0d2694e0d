"""What hangs on grids that end goes on in those that take their place: posts, bindings, party coverage."""

import datetime as dt
from collections.abc import Collection, Sequence
from copy import copy
from typing import Any

from django.db.models import Q
from django.db.models.base import ModelState

from accounts.models import User
from gridgov.core.records import record, record_many
from grids.actions.bindings import insert, let_end
from grids.actions.posts import told
from grids.models import Binding, Grid, PartyOrg, Post

BECAUSE = "grids.redrawn"
DAY = dt.timedelta(days=1)


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
    posts = _end_posts(grids, on, by, at)
    given: list[Post] = []
    for heir, left in zip(heirs, without, strict=True):
        given += _joined([_anew(post, on, heir) for post in posts if post.pk not in left], "user_id", "kind")
    for post in given:
        post.save()
    record_many("posts.given", ((post, {**told(post), "because": BECAUSE}) for post in given), by=by, at=at)
    _hand_bindings(grids, heirs, on, by, at)
    _hand_coverage(grids, heirs, on, by, at)


def _end_posts(grids: Sequence[Grid], on: dt.date, by: User, at: dt.datetime) -> list[Post]:
    """End the posts on GRIDS the day before ON; they are answered as they were."""
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    held = Post.objects.select_for_update(no_key=True, of=("self",)).filter(going_on, grid__in=grids).order_by("pk")
    before, ended = [], []
    for post in held:
        before.append(copy(post))
        changes = post.change(valid_to=max(on - DAY, post.valid_from))
        ended.append((post, {"changes": changes, "because": BECAUSE}))
    record_many("posts.ended", ended, by=by, at=at)
    return before


def _hand_bindings(grids: Sequence[Grid], heirs: Sequence[Grid], on: dt.date, by: User, at: dt.datetime) -> None:
    going_on = Q(valid_to=None) | Q(valid_to__gte=on)
    before = list(Binding.objects.filter(going_on, grid__in=grids).order_by("pk"))
    let_end(Binding.objects.filter(grid__in=grids), on - DAY, because=BECAUSE, by=by, at=at)
    made = [b for heir in heirs for b in _joined([_anew(binding, on, heir) for binding in before], "post_id")]
    insert(made, by, at)


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
    """A copy of ROW, unsaved, on GRID and not before ON."""
    made = copy(row)
    made.pk, made._state = None, ModelState()
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
        last.valid_to = None if None in {last.valid_to, row.valid_to} else max(last.valid_to, row.valid_to)
        if isinstance(row, Binding):  # no matters means all of them
            last.matters = sorted({*last.matters, *row.matters}) if last.matters and row.matters else []
        else:
            # A number goes on the public page only from where it was released.
            released = [one for one in (last, row) if one.is_public_contact] or [last, row]
            last.public_phone = next((one.public_phone for one in released if one.public_phone), "")
            last.is_public_contact |= row.is_public_contact
    return found
