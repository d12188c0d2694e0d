"""A volume is exported: asked for, printed by the courier without a transaction open, handed out to whoever asked, dropped after a day."""

import datetime as dt
import uuid
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User
from gridgov.core.jobs import promise
from mediation.actions.looking import look_at
from mediation.actions.taking import take, write_down
from mediation.choices.papers import VOLUME_KEPT, Ending
from mediation.models import Mediation, Volume
from mediation.reports.volume import Printed, Progress, documents_of, print_volume
from mediation.reports.writing import as_docx
from mediation.rules.papers import can_ask_volume, can_take_volume

KIND = "mediation.volume"


@transaction.atomic
def ask_volume(*, mediation: Mediation | int, ending: str = Ending.PDF, by: User, at: dt.datetime) -> Volume:
    """Ask for the volume of one file as a file; the courier prints it. Raises Conflict while others are under way."""
    held = take(mediation, by)
    can_ask_volume(Volume.objects.filter(user=by, finished_at=None, expires_at__gt=at).count()).insist()
    volume = Volume.objects.create(
        mediation=held, user=by, ending=Ending(ending), at=at, file=uuid.uuid4(), expires_at=at + VOLUME_KEPT
    )
    look_at(mediation=held, what="export", by=by, at=at)
    promise(KIND, volume.pk, due_at=at)
    return volume


def make_volume(*, volume: int, at: dt.datetime) -> Printed | None:
    """Print VOLUME, noting how far it is; no transaction is open. None where nobody wants it any more, or may have it."""
    row = Volume.objects.select_related("user").filter(pk=volume, finished_at=None, expires_at__gt=at).first()
    if row is None or not row.user.is_active:
        return None
    mediation = Mediation.objects.visible_to(row.user).filter(pk=row.mediation_id).first()
    if mediation is None:
        return None
    if row.ending == Ending.DOCX:
        first, *more = documents_of(mediation, row.at)
        return Printed(as_docx(first, row.user, *more), 0)
    return print_volume(mediation, row.user, row.at, _noting(row))


def _noting(row: Volume) -> Progress:
    """Writes down how many of the papers are laid in, some at a time."""

    def note(laid: int, pieces: int) -> None:
        if laid % 5 == 0 or laid in {1, pieces}:
            Volume.objects.filter(pk=row.pk).update(laid=laid, pieces=pieces)

    return note


@transaction.atomic
def finish_volume(*, volume: int, printed: Printed | None, by: User, at: dt.datetime) -> None:
    """Keep what was PRINTED for whoever asked; drop the row where nothing was."""
    row = Volume.objects.filter(pk=volume, finished_at=None).select_for_update(no_key=True).first()
    if row is None:
        return
    held: Mediation = Mediation.objects.for_list().locked(row.mediation_id)
    if printed is None:
        row.delete()
        write_down("mediation.volume_dropped", held, by=by, at=at, volume=volume)
        return
    path = file_of(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(printed.content)
    path.chmod(0o600)
    row.change(finished_at=at, pages=printed.pages, bytes=len(printed.content), laid=row.pieces)
    write_down("mediation.volume_made", held, by=by, at=at, volume=row.pk, ending=row.ending, pages=printed.pages)


@transaction.atomic
def take_volume(*, volume: int, by: User, at: dt.datetime) -> Volume:
    """Hand VOLUME out, and note it. Raises Volume.DoesNotExist for somebody else's or a file that BY reads no more, Conflict."""
    row: Volume = Volume.objects.visible_to(by).for_list().get(pk=volume)
    can_take_volume(row, at).insist()
    look_at(mediation=row.mediation, what="volume", by=by, at=at)
    return row


@transaction.atomic
def drop_volumes(*, by: User, at: dt.datetime) -> int:
    """Delete what is kept no longer, file and row; how many."""
    rows = list(Volume.objects.filter(expires_at__lte=at).order_by("mediation_id", "pk").select_for_update(no_key=True))
    for row in rows:
        held: Mediation = Mediation.objects.for_list().locked(row.mediation_id)
        write_down("mediation.volume_dropped", held, by=by, at=at, volume=row.pk)
        transaction.on_commit(partial(file_of(row).unlink, missing_ok=True))
    Volume.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def file_of(row: Volume) -> Path:
    """Where it lies; media are never served by their path."""
    return Path(settings.MEDIA_ROOT) / "mediation" / "volumes" / f"{row.file}.{row.ending}"
