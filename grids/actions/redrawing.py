"""Splitting a grid and merging grids from a day on: at once, or planned and carried out when the day comes.

The old grids end the day before and keep their codes, their closed cases and their figures; those in their place get
codes of their own. What hangs on the old goes along (grids.actions.handing).
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from gridgov.core.calendar import CHINA
from gridgov.core.errors import Conflict, Invalid, Refusal
from gridgov.core.jobs import promise, withdraw
from gridgov.core.records import record
from grids import rules
from grids.actions.borders import border_fields
from grids.actions.grids import next_code, put_under
from grids.actions.handing import hand_over
from grids.actions.tree import insist_clean, tree_write
from grids.choices import NOTICE_REDRAW_FAILED, NOTICE_REDRAWN, RedrawKind, RedrawState
from grids.models import Grid, PartyOrg, Redrawing
from grids.queries import scope_of
from grids.reports import Coverage, compare, geojson_of, join, moving, stored
from grids.rules.redrawing import can_end_for, can_merge, can_redraw, can_split

KIND = "grids.redraw"  # of the job that carries out a plan


@dataclass(frozen=True, slots=True)
class Part:
    """A grid to be. Without a CODE it gets the next free one. `children`: codes of the grids below the old one that it
    takes over. Every post of the old grid goes on in it, but for those in `without` (their keys)."""

    name: str
    code: str = ""
    border: dict[str, Any] | None = None
    households: int | None = None
    children: tuple[str, ...] = ()
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What takes the place of the old grids; `rest` is the number of the part that takes what has no place of its own."""

    kind: str
    parts: tuple[Part, ...]
    rest: int = 0

    @classmethod
    def read(cls, kind: str, kept: dict[str, Any]) -> "Plan":
        """As a `Redrawing` keeps it."""
        lists = ("children", "without")
        parts = [{**part, **{name: tuple(part[name]) for name in lists}} for part in kept["parts"]]
        return cls(kind, tuple(Part(**part) for part in parts), kept["rest"])


def split_grid(
    *,
    grid: Grid,
    parts: Sequence[Part],
    by: User,
    at: dt.datetime,
    on: dt.date | None = None,
    rest: int = 0,
    seen: str = "",
) -> Redrawing:
    """Let PARTS take the place of GRID from the day ON (today): at once, or by a job when the day comes.

    The parts cover GRID's border exactly, and each of the grids below goes whole to one of them. SEEN is the mark of
    what whoever decides was shown (reports.moving). Raises Forbidden, Invalid, or Conflict where GRID has moved on.
    """
    plan = Plan(RedrawKind.SPLIT, tuple(parts), rest)
    return _redraw([grid.pk], plan, on, seen, by, at)


def merge_grids(
    *,
    grids: Iterable[Grid],
    name: str,
    by: User,
    at: dt.datetime,
    on: dt.date | None = None,
    code: str = "",
    households: int | None = None,
    without: Iterable[int] = (),
    seen: str = "",
) -> Redrawing:
    """Let one grid take the place of GRIDS, neighbours of one parent and kind, from the day ON; else as `split_grid`."""
    plan = Plan(RedrawKind.MERGE, (Part(name, code, None, households, without=tuple(without)),))
    return _redraw([grid.pk for grid in grids], plan, on, seen, by, at)


def withdraw_redrawing(*, redrawing: Redrawing, by: User, at: dt.datetime) -> Redrawing:
    """Take a plan back before its day comes."""
    with tree_write(Grid, by):
        redrawing = Redrawing.objects.locked(redrawing)
        can_redraw(by, scope_of(by, timezone.localdate(at)), redrawing.street).insist()
        if redrawing.state != RedrawState.PLANNED:
            raise Conflict(_("This is planned no more."))
        redrawing.change(state=RedrawState.WITHDRAWN, ended_at=at)
        withdraw(KIND, [redrawing.pk])
        record("redrawings.withdrawn", redrawing, by=by, at=at)
    return redrawing


def carry_out(*, redrawing: int, by: User, at: dt.datetime) -> None:
    """Do what was planned, its day having come. What can't be done any more is said to whoever planned it, and nothing
    is changed."""
    with tree_write(Grid, by):
        row: Redrawing = Redrawing.objects.locked(redrawing)
        if row.state != RedrawState.PLANNED:
            return
        text, reason = NOTICE_REDRAWN, ""
        try:
            with transaction.atomic():
                _carry_out(row, by, at)
        except Refusal as refusal:
            text, reason = NOTICE_REDRAW_FAILED, str(refusal)[:500]
            row.change(state=RedrawState.FAILED, ended_at=at, reason=reason)
            record("redrawings.failed", row, by=by, at=at, data={"reason": reason})
        names = "、".join(row.before.order_by("code").values_list("name", flat=True))
        told = {"name": names, "reason": reason}
        about: Any = {"subject_type": "grids.redrawing", "subject_id": row.pk, "at": at, "params": told, "text": text}
        notify([Notice(user_id=row.planned_by_id, kind=NoticeKind.SYSTEM, key=f"redrawing:{row.pk}", **about)], at=at)


def _redraw(keys: list[int], plan: Plan, on: dt.date | None, seen: str, by: User, at: dt.datetime) -> Redrawing:
    today = timezone.localdate(at)
    on = on or today
    with tree_write(Grid, by):
        grids = _held(keys)
        scope = scope_of(by, today)
        for grid in grids:
            can_redraw(by, scope, grid).insist()
            can_end_for(grid, on, today).insist()
        plan = _checked(grids, plan, on)
        if seen and seen != moving(grids, on).mark:
            raise Conflict(_("Meanwhile something else hangs on it. Look again at what moves."), code="changed")
        if Redrawing.objects.planned().filter(before__in=grids).exists():
            raise Conflict(_("It is planned already to redraw this grid. Take that plan back first."), code="planned")
        row = Redrawing(kind=plan.kind, on=on, street=Grid.objects.street_of(grids[0]), planned_by=by, planned_at=at)
        row.plan = {"parts": [asdict(part) for part in plan.parts], "rest": plan.rest}
        row.save()
        row.before.set(grids)
        told = {"kind": plan.kind, "on": on.isoformat(), "grids": [grid.code for grid in grids], "plan": row.plan}
        record("redrawings.planned", row, by=by, at=at, data=told)
        if on == today:
            _carry_out(row, by, at)
        else:
            promise(KIND, row.pk, due_at=dt.datetime.combine(on, dt.time(), CHINA))
    return row


def _held(keys: Iterable[int]) -> list[Grid]:
    """The grids, each once, locked, by code."""
    rows = Grid.objects.select_for_update(no_key=True, of=("self",)).select_related("parent")
    return list(rows.filter(pk__in=set(keys)).order_by("code"))


def _checked(grids: list[Grid], plan: Plan, on: dt.date) -> Plan:
    """PLAN, with the border of a merged grid, once it is sure that it fits GRIDS as they are now."""
    if plan.kind == RedrawKind.MERGE:
        can_merge(grids).insist()
        plan = replace(plan, parts=(replace(plan.parts[0], border=_joined(grids)),))
    else:
        can_split(grids[0], len(plan.parts), plan.rest).insist()
    for part in plan.parts:
        _unsaved(grids[0], part, on)
    if plan.kind == RedrawKind.SPLIT:
        _check_ground(grids[0], plan.parts, on)
        _check_children(grids[0], plan.parts, on)
    return plan


def _joined(grids: list[Grid]) -> dict[str, Any] | None:
    drawn = [grid for grid in grids if grid.shape is not None]
    if drawn and len(drawn) < len(grids):
        bare = next(grid for grid in grids if grid.shape is None)
        raise Invalid(_("“%(name)s” has no border. Draw it first.") % {"name": bare.name}, field="grids")
    return geojson_of(join([stored(grid.shape) for grid in drawn])) if drawn else None


def _check_ground(grid: Grid, parts: Sequence[Part], on: dt.date) -> None:
    """The parts share the ground of GRID: no gap, no overlap, nothing beyond."""
    shapes = {str(n): stored(border_fields(part.border)["shape"]) for n, part in enumerate(parts, 1) if part.border}
    if grid.shape is None:
        if shapes:
            raise Invalid(_("“%(name)s” has no border. Draw it first.") % {"name": grid.name}, field="parts")
        return
    if len(shapes) < len(parts):
        raise Invalid(_("Each part needs its border."), field="parts")
    _insist_whole(compare(grid.code, on, stored(grid.shape), shapes))
    for n, part in enumerate(parts, 1):
        below = Grid.objects.filter(parent=grid, code__in=part.children).exclude(shape=None)
        cells = {code: stored(shape) for code, shape in below.values_list("code", "shape")}
        found = compare(str(n), on, shapes[str(n)], cells)
        if found.beyond:
            patch = found.beyond[0]
            words = {"code": patch.codes[0], "part": part.name, "area": f"{patch.area_m2:.0f}"}
            raise Invalid(_("%(code)s lies with %(area)s m² outside of “%(part)s”.") % words, field="parts")


def _insist_whole(found: Coverage) -> None:
    faults = (
        (found.gaps, _("The parts leave %(area)s m² of the grid out.")),
        (found.overlaps, _("Two parts overlap on %(area)s m².")),
        (found.beyond, _("A part lies with %(area)s m² beyond the grid.")),
    )
    for patches, message in faults:
        if patches:
            raise Invalid(message % {"area": f"{sum(patch.area_m2 for patch in patches):.0f}"}, field="parts")


def _check_children(grid: Grid, parts: Sequence[Part], on: dt.date) -> None:
    """Each of the grids below goes to exactly one part."""
    given = [code for part in parts for code in part.children]
    there = {child.code: child.name for child in moving([grid], on).children}
    for code, name in there.items():
        if given.count(code) != 1:
            words = {"name": name, "code": code}
            raise Invalid(_("“%(name)s” (%(code)s) must go to one of the parts.") % words, field="parts")
    for code in given:
        if code not in there:
            raise Invalid(_("There is no grid %(code)s below it.") % {"code": code}, field="parts")


def _unsaved(old: Grid, part: Part, on: dt.date) -> Grid:
    """PART as a grid in OLD's place, its fields checked."""
    grid = Grid(
        parent=old.parent,
        kind=old.kind,
        micro_type=old.micro_type,
        code=part.code,
        name=part.name.strip(),
        households=part.households,
        valid_from=on,
        **border_fields(part.border),
    )
    insist_clean(grid, exclude=("parent", "superseded_by", "border", "code"))
    if part.code:
        rules.check_code(part.code, old.kind, old.micro_type, old.parent.code if old.parent else "").insist()
        if Grid.objects.filter(code=part.code).exists():
            raise Conflict(_("The code %(code)s is in use or was once.") % {"code": part.code}, field="code")
    return grid


def _carry_out(row: Redrawing, by: User, at: dt.datetime) -> None:
    """Make the new grids, hand over to them, end the old. Inside `tree_write`, the row locked."""
    grids = _held(row.before.values_list("pk", flat=True))
    plan = Plan.read(row.kind, row.plan)
    for grid in grids:
        can_end_for(grid, row.on, row.on).insist()
    plan = _checked(grids, plan, row.on)
    found = moving(grids, row.on)
    heirs = [_found(grids[0], part, row, by, at) for part in plan.parts]
    whose = {code: heir for heir, part in zip(heirs, plan.parts, strict=True) for code in part.children}
    for child in found.children:
        put_under(Grid.objects.locked(child), Grid.objects.locked(whose.get(child.code, heirs[0])), by, at)
    with tree_write(PartyOrg, by):
        hand_over(grids, heirs, [part.without for part in plan.parts], row.on, by, at)
    merged = plan.kind == RedrawKind.MERGE
    for grid in grids:
        # The tree's numbers have changed since it was read; only these two columns are written.
        changes = grid.change(valid_to=row.on - dt.timedelta(days=1), superseded_by=heirs[0] if merged else None)
        told = {"changes": changes, "redrawing": row.pk, "to": [heir.pk for heir in heirs], "rest": heirs[plan.rest].pk}
        told["codes"] = [heir.code for heir in heirs]
        record("grids.merged" if merged else "grids.split", grid, by=by, at=at, data=told)
    row.after.set(heirs)
    row.change(state=RedrawState.DONE, ended_at=at)
    record("redrawings.done", row, by=by, at=at, data={"to": [heir.code for heir in heirs]})


def _found(old: Grid, part: Part, row: Redrawing, by: User, at: dt.datetime) -> Grid:
    """A new grid beside OLD."""
    parent: Grid = Grid.objects.locked(old.parent)
    rules.can_hold_child(parent, row.on).insist()
    grid = _unsaved(old, part, row.on)
    grid.parent, grid.code = parent, part.code or next_code(old.kind, old.micro_type, parent)
    grid.save()
    told = {"kind": grid.kind, "code": grid.code, "name": grid.name, "parent": parent.code, "redrawing": row.pk}
    record("grids.founded", grid, by=by, at=at, data=told)
    return grid
