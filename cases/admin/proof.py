"""What each matter asks for in proof, many at once: a grid of switches, of which only those that were moved are changed."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext

from cases import actions, rules
from cases.admin import looks
from cases.choices import Tier
from cases.models import Category
from gridgov.core.errors import Invalid

# How a row says, on its way back, how its switches stood when they were shown: "12:01100".
_WAS = re.compile(r"(\d{1,18}):([01]{5})", re.ASCII)


@dataclass(frozen=True)
class Row:
    """A matter with its switches as (name, label, on)."""

    category: Category
    tier: str
    was: str
    switches: list[tuple[str, str, bool]]


def proof_page(request: HttpRequest, page: Any) -> HttpResponse:
    """The switches of all matters, of a group, a tier, or those that hold some words; POST moves them."""
    may = bool(rules.can_change_category(request.user))
    if request.method == "POST":
        return _move(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "tier", "group", "only")}
    rows = _found(asked)
    labels = [(name, str(Category._meta.get_field(name).verbose_name)) for name in actions.SWITCHES]
    shown = [_row(row, labels) for row in rows]
    groups = [(group, list(found)) for group, found in groupby(shown, key=lambda row: row.category.parent)]
    return TemplateResponse(request, "cases/proof.html", {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _t("Proof rules"), "groups": groups, "count": len(rows),
        "labels": labels, "asked": asked, "tiers": [tier for tier in Tier if tier], "may": may, "here": request.get_full_path(),
        "all_groups": Category.objects.filter(level=1), "page": reverse("admin:cases_category_proof"),
        "need": [(name, label, sum(getattr(row, name) for row in rows)) for name, label in labels],
    })  # fmt: skip


def _found(asked: dict[str, str]) -> list[Category]:
    if asked["tier"] not in {"", *Tier.values} or asked["only"] not in {"", *actions.SWITCHES}:
        raise Http404
    rows = (
        Category.objects.filter(level=2)
        .select_related("parent")
        .order_by("parent__sort_order", "parent__code", "sort_order", "code")
    )
    if asked["q"]:
        words = asked["q"]
        rows = rows.filter(Q(code=words) | Q(name__icontains=words) | Q(name_en__icontains=words))
    if asked["tier"]:
        rows = rows.filter(tier=asked["tier"])
    if asked["group"]:
        rows = rows.filter(parent__code=asked["group"])
    return list(rows.filter(**{asked["only"]: True}) if asked["only"] else rows)


def _row(row: Category, labels: list[tuple[str, str]]) -> Row:
    states = [(name, label, bool(getattr(row, name))) for name, label in labels]
    was = "".join("01"[on] for _name, _label, on in states)
    return Row(row, looks.tier_chip(row), f"{row.pk}:{was}", states)


def _move(request: HttpRequest) -> HttpResponse:
    """Move the switches that differ from how they were shown; what somebody else has moved meanwhile stays moved."""
    wanted: dict[int, dict[str, bool]] = {}
    ticked = {name: set(request.POST.getlist(name)) for name in actions.SWITCHES}
    for text in request.POST.getlist("was"):
        match = _WAS.fullmatch(text)
        if match is None:
            raise Invalid(_t("This page was not sent as it was shown. Please open it again."))
        moved = {
            name: match[1] in ticked[name]
            for name, bit in zip(actions.SWITCHES, match[2], strict=True)
            if (match[1] in ticked[name]) != (bit == "1")
        }
        if moved:
            wanted[int(match[1])] = moved
    changed = actions.switch_categories(switches=wanted, by=request.user, at=timezone.now())
    if changed:
        said = ngettext("%(count)d matter is changed.", "%(count)d matters are changed.", changed)
        messages.success(request, said % {"count": changed})
    else:
        messages.info(request, _t("Nothing was moved."))
    return HttpResponseRedirect(request.get_full_path())
