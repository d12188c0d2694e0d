"""The wall screen 大屏: pages of numbers that turn by themselves. No person, no case and no address is on it.

The page is a frame; it asks for the numbers every so often, and keeps the last ones when nobody answers.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.reports import Kind, Wall, WallRow, figure_of, shown_value, value_of, wall
from cases.reports.queues import BY_NAME
from cases.rules import sees_figures

# Lines that can be read from five metres.
ROWS = 8
# Of many units only those that matter most are shown: nobody waits for the tenth page.
MOST_PAGES = 3
_MONTH = (
    "on_time_rate",
    "grid_solved_rate",
    "satisfaction_rate",
    "response_rate",
    "self_found_rate",
    "mean_handling_time",
)


@require_safe
def wall_page(request: HttpRequest) -> HttpResponse:
    """The frame. Whoever sees figures may hang it up."""
    if not sees_figures(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    return TemplateResponse(request, "cases/wall.html")


@require_safe
def wall_data(request: HttpRequest) -> HttpResponse:
    """What the pages show; 304 where it is what the reader has."""
    user: Any = request.user
    at = timezone.now()
    late, near = (BY_NAME[name].holds(user, at) for name in ("late", "near"))
    found = wall(by=user, at=at, today=timezone.localdate(at), near=near, late=late)
    if found is None:
        raise PermissionDenied
    pages = wall_pages(found)
    tag = hashlib.sha256(json.dumps(pages, sort_keys=True).encode()).hexdigest()[:32]
    answer = JsonResponse({"pages": pages}, headers={"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"})
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def wall_pages(found: Wall) -> list[dict[str, Any]]:
    """The pages as plain data, in words for the reader: tiles, a chart, tables of a few lines each."""
    return [
        _now(found), _month(found.month), *_tables(_("Communities and grids"), found.places), _trend(found),
        *_tables(_("Units"), found.units),
    ]  # fmt: skip


def _now(found: Wall) -> dict[str, Any]:
    _day, today = found.days[-1]
    counts, done = found.now, _("Today")
    return _tiles(_("Now"), [
        _tile(_("open cases"), counts.get("open", 0)), _tile(_("time is running out"), counts.get("near", 0), "near"),
        _tile(_("overdue"), counts.get("late", 0), "late"), _tile(f"{done} · {_('reported')}", today.get("reported", 0)),
        _tile(f"{done} · {_('completed')}", today.get("completed", 0)), _tile(f"{done} · {_('closed')}", today.get("closed", 0)),
    ])  # fmt: skip


def _month(sums: Mapping[str, int]) -> dict[str, Any]:
    tiles = []
    for name in _MONTH:
        figure = figure_of(name, sums)
        about = figure.definition
        share = f"{figure.numerator} / {figure.denominator}" if about.kind == Kind.RATE else ""
        aim = _("aim %(percent)s%%") % {"percent": about.target} if about.target else ""
        tone = {None: "", True: "good", False: "late"}[figure.reached]
        note = " · ".join(part for part in (share, aim) if part)
        tiles.append(_tile(str(about.label), shown_value(about.kind, figure.value), tone, note))
    return _tiles(_("This month"), tiles)


def _tile(label: str, value: Any, tone: str = "", note: str = "") -> dict[str, str]:
    """TONE colours it: near, late, good. A zero has none."""
    return {"label": label, "value": str(value), "tone": tone if value else "", "note": note}


def _tiles(title: str, tiles: list[dict[str, str]]) -> dict[str, Any]:
    return {"kind": "tiles", "title": title, "tiles": tiles}


def _tables(title: str, rows: list[WallRow]) -> list[dict[str, Any]]:
    """A page for each few lines; what is overdue first, so that the first page is the one that matters."""
    worst = sorted(rows, key=lambda row: (-row.now.get("late", 0), -row.now.get("near", 0), -row.now.get("open", 0)))
    heads = [_("open"), _("time is running out"), _("overdue"), _("on time this month")]
    pages = [worst[start : start + ROWS] for start in range(0, len(worst), ROWS)][:MOST_PAGES]
    return [
        {
            "kind": "table", "title": title, "part": f"{number} / {len(pages)}" if len(pages) > 1 else "", "heads": heads,
            "rows": [{"label": row.label, "cells": _cells(row)} for row in page],
        }
        for number, page in enumerate(pages, start=1)
    ]  # fmt: skip


def _cells(row: WallRow) -> list[dict[str, str]]:
    counts = [(row.now.get(name, 0), tone) for name, tone in (("open", ""), ("near", "near"), ("late", "late"))]
    cells = [{"text": str(count), "tone": tone if count else ""} for count, tone in counts]
    return [*cells, {"text": value_of("on_time_rate", row.month)[0], "tone": ""}]


def _trend(found: Wall) -> dict[str, Any]:
    names = (("reported", _("reported")), ("completed", _("completed")))
    series = [{"label": label, "values": [sums.get(name, 0) for _day, sums in found.days]} for name, label in names]
    return {
        "kind": "trend", "title": _("The last %(days)s days") % {"days": len(found.days)},
        "labels": [f"{day:%m-%d}" for day, _sums in found.days], "series": series,
    }  # fmt: skip


admin.site.pages += [  # type: ignore[attr-defined]
    path("wall/", admin.site.admin_view(wall_page), name="wall"),
    path("wall/data/", admin.site.admin_view(wall_data), name="wall_data"),
]
