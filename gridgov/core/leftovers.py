"""What is kept for a while only: answers under a key, and uploads that nobody fetched."""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gridgov.core import idempotency, uploads
from gridgov.core.jobs import handler
from gridgov.core.keeping import Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
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


keeps(
    Kind(
        "core.record",
        _("records: who did what, when"),
        purpose=_("to answer for it, and to find out what went wrong"),
        basis=_("statutory duty (Cybersecurity Law; PIPL 13 I 3, 51)"),
        where=_("in a chain that nobody can change; personal data in it is masked"),
        seen_by=_("the auditor; who works on a thing reads its history; the person concerned who looked"),
        term=Term(
            None,
            _("for good"),
            _("logs at least six months, records of access three years; a chain can't be shortened"),
        ),
        public=True,
        ways=Ways(unerasable=_("Masked when written; a chain can't be shortened.")),
    )
)
keeps(
    Kind(
        "core.answer",
        _("answers kept so that nothing is done twice, and files on their way"),
        purpose=_("a phone that lost its network sends again"),
        basis=_("necessary for the work (PIPL 13 I 2, 3)"),
        where=_("answers without personal data; pieces of files"),
        seen_by=_("nobody"),
        term=Term(
            idempotency.KEPT.days,
            _("after they were given; files a week"),
            _("the longest that a phone waits for a network"),
        ),
    )
)
looks(Look("core.exported"))
