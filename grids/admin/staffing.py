"""Posts by grid: the tree with those who serve it, vacancies and doubles, and the numbers of each community."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.exporting import hand_out
from grids import rules
from grids.admin.ground import address, ground_of, grounds_beside
from grids.choices import MOST_HOUSEHOLDS, SOLE_POSTS, GridKind, PostKind, StaffGap
from grids.forms.staff_sheet import GROUPS, write_staffing
from grids.models import Grid
from grids.queries import scope_of
from grids.reports import Holder, StaffLine, by_community, loads, staffing

PAGE = "admin:grids_post_by_grid"
ANY = "any"
MOST_LINES = 400
MOST_LOADS = 30


def address_of(grid: Grid) -> str:
    """Where GRID stands among its neighbours."""
    return f"{_address(at=grid.code)}#g{grid.pk}"


def _address(**given: str) -> str:
    return address(PAGE, **given)


def show_staffing(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?gap= a kind of gap or “any”, ?format= csv or xlsx."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    if ground is None:
        return _page(request, page, {"nothing": True})
    gap = request.GET.get("gap", "")
    gap = gap if gap == ANY or gap in StaffGap.values else ""
    every = staffing(ground.top, timezone.localdate())
    lines = [line for line in every if ground.shows(line.community)]
    found = [line for line in lines if not gap or (line.gaps if gap == ANY else gap in line.gaps)]
    if ending := request.GET.get("format"):
        ending = "csv" if ending == "csv" else "xlsx"
        return hand_out(request, write_staffing(found, ending), f"posts-by-grid-{timezone.localdate():%Y%m%d}", ending)
    at = ground.shown.code
    # All of a street is too much to read: its communities first, and the lines where something particular is asked for.
    summary = ground.shown.kind == GridKind.STREET and not gap
    may = bool(rules.can_staff(request.user, scope_of(request.user), ground.top, None))
    context = {
        "ground": ground, "gap": gap, "grounds": grounds_beside(request.user, ground, PAGE),
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
