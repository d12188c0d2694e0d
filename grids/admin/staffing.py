"""Posts by grid: the tree with those who serve it, vacancies and doubles, and the numbers of each community."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.choices import Role
from gridgov.core.sheet import download
from grids import rules
from grids.choices import MOST_HOUSEHOLDS, SOLE_POSTS, GridKind, PostKind, StaffGap
from grids.forms.staff_sheet import GROUPS, write_staffing
from grids.models import Grid
from grids.queries import heavy, path_to, scope_of
from grids.reports import Holder, StaffLine, by_community, loads, staffing

ANY = "any"
MOST_LINES = 400
MOST_LOADS = 30


def address_of(grid: Grid) -> str:
    """Where GRID stands among its neighbours."""
    return f"{_address(at=grid.code)}#g{grid.pk}"


def _address(**given: str) -> str:
    asked = {name: value for name, value in given.items() if value}
    return reverse("admin:grids_post_by_grid") + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True)
class Ground:
    """What the page is about: `top`, as far up as the reader's posts reach, and the part of it that is `shown`."""

    top: Grid
    shown: Grid

    def shows(self, line: StaffLine) -> bool:
        return self.shown.kind != GridKind.TOTAL or line.community == self.shown.code


def ground_of(user: Any, code: str) -> Ground | None:
    """The community that the grid CODE lies in, or without a code all that USER oversees; None for who oversees nothing.
    Raises Http404 for what USER doesn't oversee."""
    scope, everywhere = scope_of(user), user.role == Role.SYSTEM_ADMIN
    if not code:
        codes = sorted((node.code for node in scope.nodes), key=lambda one: (len(one), one))
        if everywhere:
            streets = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code")
            codes = list(streets.values_list("code", flat=True)[:1])
        if not codes:
            return None
        code = codes[0]
    path = [grid for grid in path_to(code) if everywhere or scope.covers(grid)] if code.isdecimal() else []
    if not path:
        raise Http404
    return Ground(path[0], next((grid for grid in path if grid.kind == GridKind.TOTAL), path[0]))


def show_staffing(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?gap= a kind of gap or “any”, ?format= csv or xlsx."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    if ground is None:
        return _page(request, page, {"nothing": True})
    gap = request.GET.get("gap", "")
    gap = gap if gap == ANY or gap in StaffGap.values else ""
    every = staffing(ground.top, timezone.localdate())
    lines = [line for line in every if ground.shows(line)]
    found = [line for line in lines if not gap or (line.gaps if gap == ANY else gap in line.gaps)]
    if ending := request.GET.get("format"):
        ending = "csv" if ending == "csv" else "xlsx"
        return download(write_staffing(found, ending), f"posts-by-grid-{timezone.localdate():%Y%m%d}", ending)
    at = ground.shown.code
    # All of a street is too much to read: its communities first, and the lines where something particular is asked for.
    summary = ground.shown.kind == GridKind.STREET and not gap
    may = bool(rules.can_staff(request.user, scope_of(request.user), ground.top, None))
    context = {
        "ground": ground, "gap": gap, "streets": _streets(request.user, ground),
        "tabs": _tabs(lines, at, gap),
        "communities": _communities(every) if summary else [],
        "lines": [] if summary else [_line(line, may) for line in found[:MOST_LINES]],
        "more": 0 if summary else max(len(found) - MOST_LINES, 0),
        "summary": summary, "columns": [_("leads"), _("full-time"), _("part-time and members"), _("others")],
        "loads": loads(lines)[:MOST_LOADS], "may": may,
        "up": _address(at=ground.top.code) if ground.shown.pk != ground.top.pk else "",
        "sheet": _address(at=at, gap=gap, format="xlsx"), "csv": _address(at=at, gap=gap, format="csv"),
    }  # fmt: skip
    return _page(request, page, context)


def _streets(user: Any, ground: Ground) -> list[dict[str, Any]]:
    """The streets to choose among, where there are several."""
    scope = scope_of(user)
    if user.role != Role.SYSTEM_ADMIN and len(scope.grids.get(GridKind.STREET, ())) < 2:
        return []
    rows = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).defer(*heavy("")).order_by("code")
    seen = [grid for grid in rows if user.role == Role.SYSTEM_ADMIN or scope.covers(grid)]
    return [{"name": s.name, "url": _address(at=s.code), "current": s.pk == ground.top.pk} for s in seen]


def _tabs(lines: list[StaffLine], at: str, gap: str) -> list[dict[str, Any]]:
    """All grids, those with a gap, and each kind of gap, with how many grids show it."""
    choices = [("", _("all grids"), len(lines)), (ANY, _("only gaps"), sum(bool(line.gaps) for line in lines))]
    choices += [(kind.value, str(kind.label), sum(kind in line.gaps for line in lines)) for kind in StaffGap]
    return [
        {"label": label, "count": count, "url": _address(at=at, gap=value), "current": value == gap}
        for value, label, count in choices
    ]


def _communities(lines: list[StaffLine]) -> list[dict[str, Any]]:
    """A row for each community, its numbers leading to the grids that they count."""
    return [
        {
            "name": one.name, "grids": one.grids, "people": one.people, "url": _address(at=one.code),
            "gaps": [(gap, count, _address(at=one.code, gap=gap.value)) for gap, count in one.gaps.items()],
        }
        for one in by_community(lines)
        if one.code
    ]  # fmt: skip


def _line(line: StaffLine, may: bool) -> dict[str, Any]:
    named = [[holder for holder in line.holders if holder.kind in kinds] for kinds in GROUPS.values()]
    return {
        "line": line, "url": reverse("admin:grids_grid_change", args=[line.pk]),
        "cells": [[_holder(holder, may) for holder in group] for group in named],
        "give": reverse("admin:grids_grid_do", args=[line.pk, "give-post"]) if may else "",
    }  # fmt: skip


def _holder(holder: Holder, may: bool) -> dict[str, Any]:
    do = (
        {name: reverse("admin:grids_post_do", args=[holder.post, name]) for name in ("hand-over", "end")} if may else {}
    )
    return {
        "holder": holder, "url": reverse("admin:grids_post_change", args=[holder.post]),
        "hand_over": do.get("hand-over"), "end": do.get("end"), "gaps": sorted(holder.gaps),
        # A lead's kind follows from the grid's, a full-time worker's from the column.
        "says_kind": holder.kind not in {*SOLE_POSTS, PostKind.GRID_WORKER_FT},
    }  # fmt: skip


def _page(request: HttpRequest, page: Any, context: dict[str, Any]) -> HttpResponse:
    base = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": _("Posts by grid"),
        "gaps": list(StaffGap),
    }
    base["most_households"] = MOST_HOUSEHOLDS
    return render(request, "grids/staffing.html", {**base, **context})
