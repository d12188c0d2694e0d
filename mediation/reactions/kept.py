"""Which files the room's rows need: what was signed or scanned, and the volumes that somebody exported."""

from collections.abc import Iterator

from django.conf import settings

from gridgov.core.media import names_files
from mediation.actions.volume import file_of
from mediation.models import Paper, Signature, Volume


@names_files("signatures")
def signature_files() -> Iterator[str]:
    return Signature.objects.exclude(file="").order_by("pk").values_list("file", flat=True).iterator()


@names_files("papers")
def paper_files() -> Iterator[str]:
    return Paper.objects.order_by("pk").values_list("file", flat=True).iterator()


@names_files("volumes")
def volume_files() -> Iterator[str]:
    for row in Volume.objects.exclude(finished_at=None).order_by("pk").iterator():
        yield str(file_of(row).relative_to(settings.MEDIA_ROOT))
