"""What comes with a report: photos and a voice note, with the case or not at all."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.actions.marking import mark_of
from cases.actions.pictures import Shot, decode, develop, new_files, write
from cases.actions.voices import Sound, listen, new_voice, write_voice
from cases.choices import REPORT_PHOTO_LIMIT, PhotoKind
from cases.models import Case, Photo, VoiceNote
from gridgov.core.errors import Invalid

Names = tuple[str, str]
# A record to be written: its verb, its case, what it says.
Row = tuple[str, Any, dict[str, Any]]


@dataclass(frozen=True)
class Evidence:
    """Decoded and checked, with names for the files; nothing is written yet."""

    shots: Sequence[tuple[PhotoKind, Shot, Names]] = ()
    voice: tuple[Sound, str] | None = None

    def keep(self, case: Case, *, by: User, at: dt.datetime, taken_at: dt.datetime | None = None) -> list[Row]:
        """Write the files and their rows; answers what is to be recorded. In the transaction of the case."""
        rows: list[Row] = []
        for kind, shot, names in self.shots:
            photo = keep_photo(case, kind, shot, names, by=by, at=at, taken_at=taken_at)
            photo.save(force_insert=True)
            rows.append(("cases.photo_added", case, told(photo)))
        if self.voice is not None:
            sound, name = self.voice
            write_voice(name, sound)
            note = VoiceNote.objects.create(
                case=case, file=name, mime=sound.mime, sha256=sound.sha256, bytes=len(sound.content), by=by, at=at
            )
            rows.append(("cases.voice_added", case, {"voice": note.pk, "sha256": note.sha256}))
        return rows


@contextmanager
def gathered(
    *, at: dt.datetime, photos: Sequence[BinaryIO] = (), after: Sequence[BinaryIO] = (), voice: BinaryIO | None = None
) -> Iterator[Evidence]:
    """Read all that comes, before any row is locked. If anything inside fails, no file is left. Raises Invalid."""
    if len(photos) + len(after) > REPORT_PHOTO_LIMIT:
        message = _("A report has at most %(count)s photos.") % {"count": REPORT_PHOTO_LIMIT}
        raise Invalid(message, code="too_many", field="photos")
    shots = [(PhotoKind.BEFORE, shot) for shot in _different(photos, "photos")]
    shots += [(PhotoKind.AFTER, shot) for shot in _different(after, "after")]
    sound = listen(voice) if voice is not None else None
    with ExitStack() as files:
        held = [(kind, shot, files.enter_context(new_files(at))) for kind, shot in shots]
        yield Evidence(held, (sound, files.enter_context(new_voice(at, sound))) if sound else None)


def _different(uploads: Sequence[BinaryIO], field: str) -> list[Shot]:
    """UPLOADS decoded, the same picture once."""
    found: dict[str, Shot] = {}
    try:
        for upload in uploads:
            shot = decode(upload)
            found.setdefault(shot.sha256, shot)
    except Invalid as refusal:
        refusal.field = field
        raise
    return list(found.values())


def keep_photo(
    case: Case, kind: str, shot: Shot, names: Names, *, by: User, at: dt.datetime, taken_at: dt.datetime | None
) -> Photo:
    """Write SHOT under NAMES, marked if a worker took it; answers the row, unsaved."""
    point = None if case.lng is None or case.lat is None else (case.lng, case.lat)
    marked = rules.marks_photos(by)
    mark = mark_of(grid=case.grid.name, point=point, by=by, at=at, taken_at=taken_at) if marked else []
    picture = develop(shot, mark)
    write(names, picture)
    return Photo(
        case=case, kind=kind, file=names[0], thumb=names[1], sha256=shot.sha256, width=picture.width,
        height=picture.height, bytes=len(picture.full), by=by, at=at, taken_at=taken_at,
    )  # fmt: skip


def told(photo: Photo) -> dict[str, Any]:
    """What the record of a photo says."""
    return {"photo": photo.pk, "kind": photo.kind, "sha256": photo.sha256}
