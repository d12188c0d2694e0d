"""Pictures that come with an order: noted with it, fetched by a courier, kept like those of everybody, and never lost unseen."""

import datetime as dt
import hashlib
import io

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import actions as cases
from cases.choices import PhotoKind
from gridgov.core import jobs
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.models import Job
from gridgov.core.records import record
from integrations.choices.hotline import FETCH, FILE_TRIES, FIRST_WAIT, MOST_FILES, SOURCE_CHARS, FileState
from integrations.models.hotline import PartnerFile, PartnerOrder
from integrations.rules import hotline as rules


def note_files(order: PartnerOrder, sources: list[tuple[str, str]], at: dt.datetime) -> None:
    """Promise to fetch what ORDER has at SOURCES, (where it lies, its SHA-256 or ''), each once however often it is named."""
    known = set(order.files.values_list("source", flat=True))
    new = {source: digest for source, digest in sources if source not in known}
    rows = []
    for number, (source, digest) in enumerate(new.items(), len(known)):
        refusal = rules.can_be_fetched(order.partner, source, number).refusal
        state = {"state": FileState.REVIEW, "reason": str(refusal)[:300]} if refusal else {}
        rows.append(PartnerFile(order=order, source=source[:SOURCE_CHARS], digest=digest[:64].lower(), at=at, **state))
        if number >= MOST_FILES:
            break  # one row says that there were more
    made = PartnerFile.objects.bulk_create(rows)
    jobs.promise_many(Job(kind=FETCH, key=str(row.pk), due_at=at) for row in made if row.state == FileState.WAITING)


def file_to_fetch(pk: int) -> PartnerFile | None:
    """The picture PK if it is still to be fetched and has a case to go to."""
    rows = PartnerFile.objects.select_related("order__partner__account")
    return rows.filter(pk=pk, state=FileState.WAITING, order__case__isnull=False).first()


def keep_file(*, file: PartnerFile, content: bytes, at: dt.datetime) -> None:
    """CONTENT becomes a photo of the case, decoded and encoded anew like all others; where it can't, somebody must look."""
    order = file.order
    assert order.case_id is not None
    try:
        with transaction.atomic():
            if file.digest and hashlib.sha256(content).hexdigest() != file.digest:
                raise Invalid(_("It is not what its digest says."), code="bad_digest")
            photo = cases.add_photo(
                case=order.case_id, kind=PhotoKind.BEFORE, upload=io.BytesIO(content), by=order.partner.account, at=at
            )
    except Refusal as refusal:
        if refusal.code == "duplicate":
            _settle(file, FileState.KEPT, "", at)
            return
        _settle(file, FileState.REVIEW, str(refusal), at)
        return
    file.change(photo=photo)
    _settle(file, FileState.KEPT, "", at)


def note_missed(*, file: PartnerFile, why: str, final: bool, at: dt.datetime) -> dt.datetime | None:
    """It was not to be had. Answers when it is tried again; after the last try, or where trying again is FINAL, somebody must
    look at it."""
    tries = file.tries + 1
    if final or tries >= FILE_TRIES:
        file.change(tries=tries)
        _settle(file, FileState.REVIEW, why, at)
        return None
    file.change(tries=tries, reason=why[:300])
    return at + FIRST_WAIT * 2 ** (tries - 1)


def _settle(file: PartnerFile, state: FileState, why: str, at: dt.datetime) -> None:
    file.change(state=state, reason=why[:300], done_at=at if state == FileState.KEPT else None)
    if state == FileState.REVIEW:
        record("integrations.file_held_up", file, by=file.order.partner.account, at=at, data={"reason": file.reason})


@transaction.atomic
def refetch_file(*, file: PartnerFile, by: User, at: dt.datetime) -> PartnerFile:
    """Try a picture once more that somebody had to look at."""
    rules.can_review(by).insist()
    row = PartnerFile.objects.visible_to(by).select_related("order__partner").locked(file)
    rules.can_refetch(row).insist()
    row.change(state=FileState.WAITING, tries=0, reason="")
    jobs.rearm(FETCH, {row.pk: at})
    record("integrations.file_refetched", row, by=by, at=at)
    return row


@transaction.atomic
def drop_file(*, file: PartnerFile, reason: str, by: User, at: dt.datetime) -> PartnerFile:
    """It is not needed; why is recorded."""
    rules.can_review(by).insist()
    row = PartnerFile.objects.visible_to(by).locked(file)
    rules.can_drop_file(row, reason).insist()
    row.change(state=FileState.DROPPED, done_at=at)
    record("integrations.file_dropped", row, by=by, at=at, data={"note": reason.strip()[:300]})
    return row
