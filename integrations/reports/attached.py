"""Pictures that go along with what a partner is told: put down by their keys, and given an address when they are sent, for
addresses hold for some minutes only and a message may wait for a day."""

import datetime as dt
from typing import Any

from django.conf import settings

from accounts.models import User
from cases.choices import PhotoKind
from cases.models import Photo
from cases.reports.links import PHOTO, link_to

# Stands in a message in the place of its pictures until it is sent.
_PLACE = "$photos"
MOST = 10


def attached(case: int, kind: PhotoKind) -> dict[str, Any]:
    """`attachments` and `attachment_urls` of a message about CASE; nothing where it has no such pictures."""
    photos = Photo.objects.filter(case=case, kind=kind).order_by("-pk").values_list("pk", flat=True)[:MOST]
    if not (keys := sorted(photos)):
        return {}
    return {"attachments": {_PLACE: keys}, "attachment_urls": {_PLACE: keys, "bare": True}}


def linked(said: Any, *, user: User, at: dt.datetime) -> Any:
    """SAID with addresses for USER, who must see them still, in the places of pictures."""
    if isinstance(said, list):
        return [linked(part, user=user, at=at) for part in said]
    if not isinstance(said, dict):
        return said
    if _PLACE not in said:
        return {name: linked(part, user=user, at=at) for name, part in said.items()}
    photos = Photo.objects.visible_to(user).filter(pk__in=said[_PLACE]).order_by("pk")
    found = [
        {"id": str(photo.pk), "mime": "image/jpeg", "url": settings.PUBLIC_ORIGIN + link_to(PHOTO, photo.pk, photo.stamp, user=user, at=at)}
        for photo in photos
    ]  # fmt: skip
    return [one["url"] for one in found] if said.get("bare") else found
