"""Which row stands in an address: of a street's world, or none at all."""

import re
import uuid
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from cases.reports.links import PHOTO, link_to
from tests.access.places import Place
from tests.access.world import NO_CODE, NO_ID, NO_UUID, World

# Of addresses whose number isn't that of a row of the API or of the desk's model: the model, and the attribute that is asked by.
BY_PATTERN: tuple[tuple[str, str, str], ...] = (
    (r"^/api/v1/photos/", "cases.Photo", "pk"),
    (r"^/api/v1/voices/", "cases.VoiceNote", "pk"),
    (r"^/api/v1/mediation-papers/", "mediation.Paper", "pk"),
    (r"^/api/v1/mediation-signatures/", "mediation.Signature", "pk"),
    (r"^/api/v1/mediation-documents/", "mediation.Mediation", "pk"),
    (r"^/m/cases/|^/m/field/visit/", "cases.Case", "pk"),
    (r"^/admin/cases/case/bulk/{pk}", "cases.Bulk", "pk"),
    (r"^/admin/cases/case/saved/", "accounts.SavedList", "pk"),
    (r"^/m/applications/", "cases.Application", "pk"),
    (r"^/m/field/patrol/", "fieldwork.Patrol", "pk"),
    (r"^/m/grid/|^/g/{code}/$", "grids.Grid", "code"),
    (r"^/m/notices/", "grids.GridNotice", "pk"),
    (r"^/m/groups/|^/g/{code}/group", "grids.GroupLink", "pk"),
    (r"^/m/me/channels/", "integrations.OwnChannel", "pk"),
    (r"^/m/volunteer/hours/", "volunteers.HoursEntry", "pk"),
    (r"^/m/volunteer/exchange/", "volunteers.Good", "pk"),
    (r"^/m/volunteer/exchanged/", "volunteers.Redemption", "pk"),
    (r"^/m/volunteer/shifts/", "volunteers.Shift", "pk"),
    (r"^/m/volunteer/posts/", "volunteers.GovernancePost", "pk"),
    (r"^/m/volunteer/claims/", "volunteers.Claim", "pk"),
    (r"^/m/volunteer/papers/", "volunteers.Certificate", "pk"),
    (r"^/m/mediation/parties/", "mediation.Party", "pk"),
    (r"^/m/mediation/sessions/", "mediation.Session", "pk"),
    (r"^/m/mediation/{pk}", "mediation.Mediation", "pk"),
    (r"^/m/inbox/", "accounts.Notice", "pk"),
    (r"^/(?:m|admin)/me/sign-in/sessions/", "accounts.Session", "pk"),
    (r"^/m/uploads/", "core.Upload", "pk"),
    (r"^/sso/mine/", "accounts.Identity", "pk"),
    (r"^/v/p/", "volunteers.Project", "pk"),
    (r"^/v/c/", "volunteers.Certificate", "code"),
    (r"^/v/honours/", "volunteers.Certificate", "no"),
    (r"^/card/", "grids.ContactCard", "token"),
    (r"^/results/{no}/photos", "cases.Photo", "pk"),
    (r"^/admin/accounts/download/", "accounts.Download", "pk"),
)
# Arguments that name no row: which of several pages it is.
PLAIN = {
    "order": "cases.order", "resource": "cases", "format": "json", "way": "none", "verb": "edit", "kind": "application",
    "level": "total", "stamp": "0", "layer": "venues", "app_label": "cases", "operation": "dispatch", "path": "none", "url": "none",
}  # fmt: skip
OWN, NONE = "own", "none"


def url_of(place: Place, world: World | None) -> str:
    """The address of PLACE with the row of WORLD in it; without a world, of a row that there is not."""
    url = place.template
    for name in place.names:
        url = url.replace(f"{{{name}}}", str(_argument(place, name, world)), 1)
    return url


def is_of_a_row(place: Place) -> bool:
    """Whether its address names a row."""
    return any(name not in PLAIN or name == "order" for name in place.names)


def _argument(place: Place, name: str, world: World | None) -> Any:  # noqa: PLR0911
    template = place.template
    if name == "token" and template.startswith("/api/v1/files/"):
        return _link(world)
    if name == "content_type_id":
        return ContentType.objects.get_for_model(apps.get_model("cases.case")).pk
    if name == "order":
        return world.more["cases.order"].pk if world else NO_ID
    if name == "review":
        return world.rows["teams"].reviews.first().pk if world else NO_ID
    if name in {"name"} and template.startswith("/m/"):
        return "accept" if "/cases/" in template else "decide"
    if name == "name":
        return "urge"
    if name in PLAIN:
        return PLAIN[name]
    found = _row(place, name, world)
    if found is not None:
        return found
    return (
        NO_UUID
        if "key" in name or template.startswith("/m/uploads")
        else NO_CODE
        if name in {"code", "no", "token"}
        else NO_ID
    )


def _link(world: World | None) -> str:
    if world is None:
        return NO_CODE
    photo = world.row("cases.photo")
    told = link_to(PHOTO, photo.pk, photo.stamp, user=world.cast.street, at=timezone.now())
    return told.removesuffix("/").rpartition("/")[2]


def _row(place: Place, name: str, world: World | None) -> Any:  # noqa: PLR0911
    if world is None:
        return None
    route = re.match(r"/api/v1/(figures/snapshots|[\w-]+)/{", place.template)
    if route and route[1] in world.rows:
        if route[1] in {"cases", "notices"}:
            return world.row(f"{'cases.case' if route[1] == 'cases' else 'accounts.notice'}").pk
        row = world.rows[route[1]]
        return row.code if route[1] == "categories" else row.pk
    if name == "partner":
        return world.row("integrations.partner").code
    for pattern, label, by in BY_PATTERN:
        if re.search(pattern, place.template):
            row = world.row(label)
            return (
                None
                if row is None
                else getattr(row, by if name not in {"pk"} else "pk")
                if hasattr(row, by)
                else row.pk
            )
    found = re.match(r"/admin/(\w+)/(\w+)/{", place.template)
    if found and found[1] in apps.app_configs:
        row = world.row(f"{found[1]}.{found[2]}")
        return None if row is None else row.pk
    if name == "object_id":
        return world.row("cases.case").pk
    if name == "key" and place.template.startswith("/t/"):
        return world.more.get("link", uuid.UUID(NO_UUID))
    if name == "code":
        return world.cast.place.micros[0].code
    if name in {"no", "number"}:
        return world.row("cases.case").no
    return None
