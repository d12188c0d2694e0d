"""Party coverage: of each community's grids how many have their organisation, and which have none."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.admin.ground import TENDERS, address, ground_of, grounds_beside
from grids.choices import GridKind, PartyKind
from grids.reports import PartyLine, PartyShare, party_lines, party_shares

PAGE = "admin:grids_partyorg_coverage"
MOST_LINES = 400
# The kinds that cover the grids of a community, as the columns show them.
COLUMNS = (PartyKind.COMMUNITY_COMMITTEE, PartyKind.BRANCH, PartyKind.GROUP)


def show_party(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?kind= of organisation, ?without=1 for grids that have none."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    base = {**page.admin_site.each_context(request), "opts": page.opts, "title": _("Party coverage")}
    if ground is None:
        return render(request, "grids/party_coverage.html", {**base, "nothing": True})
    kind = request.GET.get("kind", "")
    kind = kind if kind in PartyKind.values else ""
    without = request.GET.get("without") == "1"
    every = party_lines(ground.top, timezone.localdate())
    lines = [line for line in every if ground.shows(line.community)]
    found = [line for line in lines if kind in ("", line.needed) and not (without and line.orgs)]
    summary = ground.shown.kind == GridKind.STREET and not (kind or without)
    may = request.user.role in TENDERS
    context = {
        "ground": ground, "grounds": grounds_beside(request.user, ground, PAGE), "summary": summary,
        "tabs": _tabs(lines, ground.shown.code, kind, without),
        "columns": [kind.label for kind in COLUMNS],
        "communities": _communities(every, ground.shown.code) if summary else [],
        "lines": [] if summary else [_line(line, may) for line in found[:MOST_LINES]],
        "more": 0 if summary else max(len(found) - MOST_LINES, 0),
        "up": address(PAGE, at=ground.top.code) if ground.shown.pk != ground.top.pk else "",
    }  # fmt: skip
    return render(request, "grids/party_coverage.html", {**base, **context})


def _tabs(lines: list[PartyLine], at: str, kind: str, without: bool) -> list[dict[str, Any]]:
    """All grids, and those of each kind that have none."""
    bare = [line for line in lines if not line.orgs]
    tabs = [(_("all grids"), len(lines), "", False), (_("without any"), len(bare), "", True)]
    tabs += [
        (_("without %(kind)s") % {"kind": one.label}, sum(line.needed == one for line in bare), one.value, True)
        for one in PartyKind
        if any(line.needed == one for line in lines)
    ]
    return [
        {
            "label": label, "count": count, "current": (value, only) == (kind, without),
            "url": address(PAGE, at=at, kind=value, without="1" if only else ""),
        }
        for label, count, value, only in tabs
    ]  # fmt: skip


def _communities(lines: list[PartyLine], street: str) -> list[dict[str, Any]]:
    """A row for each community and one for all of them, whose numbers lead to the grids without."""
    names = {line.code: line.name for line in lines if line.kind == GridKind.TOTAL}
    rows = [
        {"name": names[code], "url": address(PAGE, at=code), "cells": _cells(shares, code)}
        for code, shares in party_shares(lines).items()
        if code
    ]
    for line in lines:
        line.community = ""
    (whole,) = party_shares(lines).values()
    return [*rows, {"name": _("all together"), "url": "", "cells": _cells(whole, street)}]


def _cells(shares: list[PartyShare], at: str) -> list[dict[str, Any]]:
    by_kind = {share.kind: share for share in shares}
    return [
        {
            "share": by_kind.get(kind, PartyShare(kind, 0, 0, 0)),
            "url": address(PAGE, at=at, kind=kind.value, without="1"),
        }
        for kind in COLUMNS
    ]  # fmt: skip


def _line(line: PartyLine, may: bool) -> dict[str, Any]:
    found = f"{reverse('admin:grids_partyorg_add')}?kind={line.needed.value}&grids={line.pk}"
    return {
        "line": line, "url": reverse("admin:grids_grid_change", args=[line.pk]), "found": found if may else "",
        "orgs": [(org, reverse("admin:grids_partyorg_change", args=[org.pk])) for org in line.orgs],
    }  # fmt: skip
