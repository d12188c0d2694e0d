"""What the page of the one map knows before it asks for anything: levels, figures, layers, addresses, words."""

import datetime as dt
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CASE_ROLES
from accounts.models import User
from cases.admin.looks import LIGHT_ICONS
from cases.admin.map_layers import LAYERS
from cases.admin.page import tiles
from cases.choices import OPEN_STATES, CaseState, Light, Tier
from cases.forms import DAYS_BACK, SPANS
from grids.choices import LEVELS, GridKind
from grids.models import Grid
from grids.reports import stamps

# More borders than this come community by community, as the map is moved.
MOST_AT_ONCE = 2000
# What can colour the map; the first three are about cases.
FIGURES = {
    "open": gettext_lazy("open cases"),
    "late": gettext_lazy("overdue cases"),
    "reported": gettext_lazy("reported cases"),
    "vacant": gettext_lazy("posts vacant"),
    "uncovered": gettext_lazy("not covered by the party"),
}
OF_CASES = ("open", "late", "reported")


def map_page(user: User, now: dt.datetime) -> dict[str, Any]:
    """The context of cases/map.html; two queries and the scope's."""
    today = localdate(now)
    sees_cases = user.role in CASE_ROLES
    figures = {name: label for name, label in FIGURES.items() if sees_cases or name not in OF_CASES}
    levels = _levels(user, today)
    return {
        "title": _("One map"), "now": now, "levels": levels, "figures": figures, "sees_cases": sees_cases,
        "layers": LAYERS, "spans": SPANS, "tiers": Tier, "states": [CaseState(state) for state in CaseState if state in OPEN_STATES],
        "lights": [(light, LIGHT_ICONS[light]) for light in (Light.LATE, Light.NEAR, Light.CALM, Light.HELD, Light.DONE)],
        "days_back": DAYS_BACK,
        "map_data": {
            "levels": levels, "borders": _borders(user, today), "figures": list(figures), "sees": sees_cases,
            "today": today.isoformat(), "daysBack": DAYS_BACK, "tiles": tiles(), "urls": _urls(), "links": _links(),
            "icons": {light.value: icon for light, icon in LIGHT_ICONS.items()},
            "lights": {light.value: str(light.label) for light in Light},
            "kinds": {kind.value: str(kind.label) for kind in GridKind},
            "names": {name: str(label) for name, label in FIGURES.items()},
            "layerIcons": {name: layer.icon for name, layer in LAYERS.items()}, "words": _words(),
            "byGrid": [name for name, layer in LAYERS.items() if layer.by_grid],
            "placeKinds": {
                kind: {"label": str(label), "icon": icon}
                for layer in LAYERS.values() for kind, (label, icon) in layer.kinds.items()
            },
        },
    }  # fmt: skip


def _levels(user: User, today: dt.date) -> list[dict[str, Any]]:
    """The levels on which USER has ground, the widest first."""
    rows = Grid.objects.ground_of(user).current(today).order_by().values("kind").annotate(n=Count("pk"))
    counts = dict(rows.values_list("kind", "n"))
    sums = {level: sum(counts.get(kind, 0) for kind in kinds) for level, kinds in LEVELS.items()}
    return [{"name": level, "label": str(GridKind(level).label), "count": n} for level, n in sums.items() if n]


def _borders(user: User, today: dt.date) -> dict[str, Any]:
    """By level, the address of the borders that USER sees; those above the own ground are drawn as a frame."""
    found = stamps(Grid.objects.visible_to(user).current(today))
    return {
        level: {"url": reverse("admin:cases_map_borders", args=[level, stamp]), "count": count, "pieces": count > MOST_AT_ONCE}
        for level, (count, stamp) in found.items()
    }  # fmt: skip


def _urls() -> dict[str, Any]:
    return {
        "figures": reverse("admin:cases_map_figures"), "points": reverse("admin:cases_map_points"),
        "case": reverse("admin:cases_map_case", args=[0]), "sheet": reverse("admin:cases_map_sheet"),
        "places": {layer: reverse("admin:cases_map_places", args=[layer]) for layer in LAYERS},
    }  # fmt: skip


def _links() -> dict[str, str]:
    """The list behind each number; {code}, {day} and {span} are the map's to fill in."""
    cases, grids = reverse("admin:cases_case_changelist"), reverse("admin:grids_grid_changelist")
    return {
        "open": f"{cases}?grid={{code}}&state=open", "open_past": f"{cases}?grid={{code}}&stood=open.{{day}}",
        "late": f"{cases}?grid={{code}}&queue=late", "late_past": f"{cases}?grid={{code}}&stood=late.{{day}}",
        "reported": f"{cases}?grid={{code}}&stood=reported.{{day}}.{{span}}",
        "grids": f"{grids}?under={{code}}&in_force=1",
        **{name: f"{grids}?under={{code}}&standing={name}" for name in ("staffed", "vacant", "covered", "uncovered")},
        "posts": f"{reverse('admin:grids_post_changelist')}?under={{code}}",
        "party": f"{reverse('admin:grids_partyorg_changelist')}?under={{code}}",
    }  # fmt: skip


def _words() -> dict[str, str]:
    """What the scripts say; {n} and the like are theirs to fill in."""
    return {
        "all": _("all grids"), "asOf": _("as of {day}"), "choose": _("Choose a grid on the map, or find it by its name."),
        "clear": _("Choose none"), "clusters": _("{n} cases, {late} overdue"), "copied": _("The link is copied."),
        "covered": _("covered by the party"),
        "failed": _("The map could not fetch this. Please try again."), "grid": _("grid"), "gridCount": _("{n} grids"),
        "grids": _("grids"), "more": _("Only the {n} that are due first are drawn. Zoom in to see all."),
        "noBorder": _("No border is drawn for it."), "now": _("Posts and party as of today."),
        "party": _("party organisations"), "pause": _("Pause"),
        "people": _("people on posts"), "play": _("Play"), "rest": _("on no grid of this level"),
        "staffed": _("posts filled"), "sum": _("sum"), "toCase": _("Open the case"), "toList": _("To the list"), "toPage": _("To the page"),
        "today": _("today"), "tree": _("grids below"), "zoomIn": _("Zoom in"), "zoomOut": _("Zoom out"),
        "zoomTo": _("Zoom to it"),
    }  # fmt: skip
