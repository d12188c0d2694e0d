"""Voice notes: told by their first bytes, kept as they came; nothing but a short recording gets in."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from cases.actions.pictures import remove
from cases.choices import VOICE_BYTES
from gridgov.core.errors import Invalid

# What telephones record, told by how it begins.
_BEGINNINGS = (
    ("audio/webm", 0, b"\x1aE\xdf\xa3"),
    ("audio/ogg", 0, b"OggS"),
    ("audio/mp4", 4, b"ftyp"),
    ("audio/wav", 8, b"WAVE"),
    ("audio/mpeg", 0, b"ID3"),
    ("audio/mpeg", 0, b"\xff\xfb"),
    ("audio/aac", 0, b"\xff\xf1"),
    ("audio/aac", 0, b"\xff\xf9"),
    ("audio/amr", 0, b"#!AMR"),
)


@dataclass(frozen=True)
class Sound:
    """A recording ready to be kept."""

    content: bytes
    mime: str
    sha256: str


def listen(upload: BinaryIO) -> Sound:
    """Read what somebody sends as a voice note. Raises Invalid."""
    content = upload.read(VOICE_BYTES + 1)
    if len(content) > VOICE_BYTES:
        raise Invalid(
            _("A voice note may have at most a minute and %(size)s MB.") % {"size": 1}, code="too_large", field="voice"
        )
    for mime, place, beginning in _BEGINNINGS:
        if content[place : place + len(beginning)] == beginning:
            return Sound(content, mime, hashlib.sha256(content).hexdigest())
    raise Invalid(_("This is not a recording that can be played."), code="not_a_voice", field="voice")


@contextmanager
def new_voice(at: dt.datetime, sound: Sound) -> Iterator[str]:
    """A name for SOUND's file, which is taken away again if anything inside fails."""
    name = f"voices/{at:%Y/%m}/{uuid.uuid4().hex}.{sound.mime.partition('/')[2]}"
    try:
        yield name
    except BaseException:
        remove(name)
        raise


def write_voice(name: str, sound: Sound) -> None:
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sound.content)
