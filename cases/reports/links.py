"""Addresses under which a picture or a voice note can be fetched for some minutes without signing in.

Another system hands them to what loads files for it, and needn't hand out its key. An address says for whom it was made and
which file it means; when it is followed, that account must still see the case, and the file must still be the one that
everybody sees: a cover that was laid over it since ends the address. The file under a cover has no such address.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from accounts.rules.clients import still_holds
from cases import rules
from cases.models import Photo, VoiceNote

LIFE = dt.timedelta(minutes=10)
PHOTO, THUMB, VOICE = "photo", "thumb", "voice"
_SIGNER = signing.Signer(salt="cases.links")


@dataclass(frozen=True)
class Linked:
    """A file that may be handed out, and what it is called."""

    path: Path
    mime: str
    name: str


def link_to(kind: str, pk: int, stamp: str, *, user: User, at: dt.datetime) -> str:
    """The address of the file of the row PK of KIND for USER; STAMP as of Photo.stamp, '' for what never changes."""
    until = int((at + LIFE).timestamp())
    return reverse("linked-file", args=[_SIGNER.sign_object([kind, pk, stamp, user.pk, until])])


def links_of(photo: Photo, *, user: User, at: dt.datetime) -> dict[str, Any]:
    """What is shown beside PHOTO: the addresses of the picture and of its small copy, and how long they hold."""
    return {
        "link": link_to(PHOTO, photo.pk, photo.stamp, user=user, at=at),
        "thumb_link": link_to(THUMB, photo.pk, photo.stamp, user=user, at=at),
        "link_until": at + LIFE,
    }


def linked(token: str, at: dt.datetime) -> Linked | None:
    """The file that TOKEN leads to at the moment AT; None where it leads nowhere, or not any more."""
    try:
        kind, pk, stamp, owner, until = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=owner).first()
    if user is None or at.timestamp() >= until or not still_holds(user, at):
        return None
    if kind == VOICE:
        voice = VoiceNote.objects.visible_to(user).select_related("case__reporter").filter(pk=pk).first()
        if voice is None or not rules.can_hear(user, voice.by_id, getattr(voice.case, "reporter", None)):
            return None
        return Linked(settings.MEDIA_ROOT / voice.file, voice.mime, f"{pk}.{voice.mime.rpartition('/')[2]}")
    photo = Photo.objects.visible_to(user).filter(pk=pk).first()
    if photo is None or photo.stamp != stamp:
        return None
    file = photo.thumb if kind == THUMB else photo.file
    return Linked(settings.MEDIA_ROOT / file, "image/jpeg", f"{pk}-{stamp}.jpg")
