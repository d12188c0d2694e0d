"""What is kept for a while only: answers under a key, and uploads that nobody fetched."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from gridgov.core import idempotency, uploads
from gridgov.core.jobs import handler
from gridgov.core.media import names_files
from gridgov.core.models import Job, KeptAnswer, Upload


@handler("core.tidy_answers", every=dt.timedelta(hours=6))
def tidy_answers(jobs: list[Job], at: dt.datetime) -> None:
    """Who has not asked again for so long has had the answer."""
    KeptAnswer.objects.filter(at__lt=at - idempotency.KEPT).delete()


@handler("core.tidy_uploads", every=dt.timedelta(hours=1))
def tidy_uploads(jobs: list[Job], at: dt.datetime) -> None:
    """Files whose report never came."""
    while uploads.drop_leftovers(at):
        pass


@names_files("uploads")
def upload_files() -> Iterator[str]:
    """What no verb has taken yet. One still on its way may be longer by now than its row says, which is all that counts."""
    for row in Upload.objects.filter(used_at=None, received__gt=0).order_by("pk").iterator():
        yield str(uploads.file_of(row).relative_to(settings.MEDIA_ROOT))
