"""The ground of those who have some, as the workbench shows it: grids and posts, communities, the map."""

import datetime as dt
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from accounts.models import User
from cases.admin.page import tiles
from cases.reports.queues import LATE, Community, has_streets
from grids.choices import GridKind
from grids.models import Grid, Post
from grids.queries import scope_of
from grids.reports.staff import is_unhandy
from grids.reports.standing import staffs

MOST_DRAWN = 1500


def ground_of(user: User, communities: list[dict[str, Any]], now: dt.datetime) -> dict[str, Any]:
    """Numbers of grids and posts, and the map with its COMMUNITIES; nothing for those without ground."""
    scope = scope_of(user)
    if not scope.nodes:
        return {}
    ground = Grid.objects.filter(scope.under(), valid_to=None).order_by()
    counted = list(ground.values_list("kind").annotate(many=Count("pk"), unhandy=Count("pk", filter=is_unhandy())))
    kinds = {kind: many for kind, many, _unhandy in counted}
    posts = Post.objects.current(timezone.localdate(now)).order_by().filter(grid__in=ground.values("pk"))
    held = posts.aggregate(
        posts=Count("pk"), people=Count("user", distinct=True), staffed=Count("grid", distinct=True, filter=staffs())
    )
    return {
        "kinds": [(kind.value, kind.label, kinds.get(kind, 0)) for kind in GridKind if kind != GridKind.STREET],
        "posts": held,
        "vacant": sum(kinds.values()) - held["staffed"],
        "unhandy": sum(unhandy for _kind, _many, unhandy in counted),
        "grids_url": reverse("admin:grids_grid_changelist"),
        "street_map": {
            "notes": _notes(communities),
            "kinds": _layers(sum(kinds.values())),
            "tiles": tiles(),
            "hideEmpty": True,
        },
    }


def _layers(grids: int) -> list[str]:
    """What the map draws, the communities last and on top, for they answer the pointer; micro-grids while a page can
    carry them."""
    drawn = [GridKind.STREET, GridKind.DEDICATED, GridKind.COMPREHENSIVE, GridKind.TOTAL]
    return [kind.value for kind in ([GridKind.MICRO, *drawn] if grids <= MOST_DRAWN else drawn)]


def communities_of(user: User, counted: list[Community]) -> list[dict[str, Any]]:
    """Open and overdue cases of each community, or street, with the lists of them."""
    url, place = reverse("admin:cases_case_changelist"), "grid" if has_streets(user) else "community"
    return [
        {
            "code": row.code, "name": row.name, "open": row.open, "late": row.late,
            "open_url": f"{url}?{place}={row.code}&state=open",
            "late_url": f"{url}?{place}={row.code}&queue={LATE}",
        }
        for row in counted
    ]  # fmt: skip


def _notes(communities: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the map says about each community, and how it colours those with overdue cases."""
    return {
        row["code"]: {
            "text": _t("%(name)s: %(open)s open, %(late)s overdue") % row,
            "url": row["open_url"],
            "style": {"fillColor": "#dc2626", "fillOpacity": 0.16} if row["late"] else {},
        }
        for row in communities
    }
