"""Lists that are made at once and name people who work here: each is recorded, and says in its head and foot for whom it was made,
when, and under which number of the record. In CSV there is no place beside the rows, and the list must be read in again; there the
record alone says it. Larger lists, and all about residents, go by `accounts.actions.ask_download`, which marks both.
"""

import datetime as dt
import io
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gridgov.core.locks import advisory_lock
from gridgov.core.looking import record_look
from gridgov.core.models import Record
from gridgov.core.records import Subject
from gridgov.core.sheet import download

EXPORTED = "core.exported"


def hand_out(request: HttpRequest, content: bytes, name: str, ending: str) -> HttpResponse:
    """The file NAME as a download of whoever asks, recorded and marked."""
    by, at = request.user, timezone.now()
    row = note_export(file=f"{name}.{ending}", by=by, at=at)
    return download(marked(content, mark_of(by, at, row)) if ending == "xlsx" else content, name, ending)


@transaction.atomic
def note_export(*, file: str, by: Any, at: dt.datetime) -> Record:
    """Write down that BY takes FILE out of the house."""
    advisory_lock(EXPORTED, by.pk)
    return record_look(EXPORTED, Subject(EXPORTED, by.pk), by=by, at=at, data={"what": file})


def mark_of(by: Any, at: dt.datetime, row: Record) -> str:
    words = {"name": by.full_name, "account": by.username, "time": f"{localtime(at):%Y-%m-%d %H:%M}", "no": row.pk}
    return _("Made for %(name)s (%(account)s) at %(time)s, recorded as no. %(no)s. Not to be passed on.") % words


def marked(content: bytes, mark: str) -> bytes:
    """An XLSX with MARK in head and foot of each page, and in its properties; its cells stay as they are."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    book.properties.creator = mark
    for sheet in book.worksheets:
        # In these, & begins a code of its own.
        sheet.oddHeader.center.text = sheet.oddFooter.center.text = mark.replace("&", "&&")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
