"""What else the one map shows than borders and cases: a layer each, of what its list shows too."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grids.choices import LEVELS, PostKind
from grids.models import PartyOrg, Post, Unit
from resources.choices import ICONS, ResourceKind
from resources.reports.mapped import mapped, stamp_of

Places = list[dict[str, Any]]


@dataclass(frozen=True)
class PlaceLayer:
    """Places of one kind; each has a point (`at`) or the code of the grid that it stands on, a name and lines of text. Where
    they are of several `kinds`, each says its own; of a layer with a `stamp` the browser keeps what it got while that is equal."""

    label: Any
    icon: str
    places: Callable[[User, str, dt.date], Places]
    by_grid: bool = True
    kinds: Mapping[str, tuple[Any, str]] = field(default_factory=dict)
    stamp: Callable[[User], str] | None = None


def _units(user: User, level: str, on: dt.date) -> Places:
    rows = Unit.objects.visible_to(user).filter(is_active=True, lng__isnull=False).order_by("name")
    return [
        {
            "at": [unit.lng, unit.lat], "name": unit.name, "lines": [str(unit.get_kind_display()), unit.phone],
            "url": reverse("admin:grids_unit_change", args=[unit.pk]),
        }
        for unit in rows
    ]  # fmt: skip


def _posts(user: User, level: str, on: dt.date) -> Places:
    """Who stands on each grid of the level itself."""
    rows = (
        Post.objects.visible_to(user)
        .current(on)
        .filter(grid__kind__in=LEVELS[level])
        .order_by("grid__code", "kind", "pk")
    )
    held = rows.values_list("grid__code", "grid__name", "kind", "user__full_name")
    lines = [(code, name, f"{PostKind(kind).label} {person}") for code, name, kind, person in held]
    return _by_grid(lines, reverse("admin:grids_post_changelist"))


def _party(user: User, level: str, on: dt.date) -> Places:
    rows = (
        PartyOrg.objects.visible_to(user)
        .current(on)
        .filter(grids__kind__in=LEVELS[level])
        .order_by("grids__code", "lft")
    )
    return _by_grid(rows.values_list("grids__code", "grids__name", "name"), reverse("admin:grids_partyorg_changelist"))


def _by_grid(lines: Iterable[tuple[str, str, str]], url: str) -> Places:
    """LINES of (code, grid, text) as one place for each grid."""
    found: dict[str, dict[str, Any]] = {}
    for code, name, text in lines:
        place = found.setdefault(
            code, {"grid": code, "name": name, "lines": [], "url": f"{url}?{urlencode({'at': code})}"}
        )
        place["lines"].append(text)
    return list(found.values())


LAYERS = {
    "units": PlaceLayer(_("units"), "apartment", _units, by_grid=False),
    "resources": PlaceLayer(
        _("resources"), "inventory", lambda user, level, on: mapped(user), by_grid=False, stamp=stamp_of,
        kinds={kind.value: (kind.label, ICONS[kind]) for kind in ResourceKind},
    ),
    "posts": PlaceLayer(_("people on posts"), "badge", _posts),
    "party": PlaceLayer(_("party organisations"), "flag", _party),
}  # fmt: skip
