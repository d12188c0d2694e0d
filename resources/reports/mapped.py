"""Resources as a layer of the one map."""

import hashlib
from typing import Any

from django.db.models import Count, Max
from django.urls import reverse

from accounts.models import User
from grids.queries import scope_of
from resources import rules
from resources.models import Resource

Places = list[dict[str, Any]]


def mapped(user: User) -> Places:
    """What is in use and has a place, of what USER sees: one query."""
    rows = Resource.objects.visible_to(user).in_use().exclude(lng=None).order_by("id").defer("search")
    page = reverse("admin:resources_resource_change", args=[0])
    return [
        {
            "at": [row.lng, row.lat], "kind": row.kind, "name": row.name, "lines": _lines(row),
            "url": page.replace("/0/", f"/{row.pk}/"),
        }
        for row in rows
    ]  # fmt: skip


def _lines(row: Resource) -> list[str]:
    phone = row.contact_phone if rules.is_contact_shown(row) else ""
    return [words for words in (row.offers, row.place, row.hours, phone) if words]


def stamp_of(user: User) -> str:
    """Equal as long as `mapped` answers the same; one query."""
    told = Resource.objects.visible_to(user).aggregate(count=Count("pk"), last=Max("changed_at"))
    trees = sorted({node.tree_id for node in scope_of(user).nodes})
    return hashlib.sha256(f"{trees} {told['count']} {told['last']}".encode()).hexdigest()[:16]
