"""What is kept for a while only: answers under a key, and uploads that nobody fetched."""

import datetime as dt

from gridgov.core import idempotency, uploads
from gridgov.core.jobs import handler
from gridgov.core.models import Job, KeptAnswer


@handler("core.tidy_answers", every=dt.timedelta(hours=6))
def tidy_answers(jobs: list[Job], at: dt.datetime) -> None:
    """Who has not asked again for so long has had the answer."""
    KeptAnswer.objects.filter(at__lt=at - idempotency.KEPT).delete()


@handler("core.tidy_uploads", every=dt.timedelta(hours=1))
def tidy_uploads(jobs: list[Job], at: dt.datetime) -> None:
    """Files whose report never came."""
    while uploads.drop_leftovers(at):
        pass
