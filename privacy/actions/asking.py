"""A person asks: at the counter, by the residents' door, by the own page; asks again; fetches the copy; and is forgotten."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.calendar import LimitUnit, due_after
from gridgov.core.codes import code_of, digest
from gridgov.core.jobs import promise
from gridgov.core.locks import advisory_lock
from gridgov.core.looking import record_look
from gridgov.core.phones import plain_phone
from gridgov.core.records import record
from grids.models import Grid
from privacy import rules
from privacy.actions.telling import tell_office
from privacy.choices import (
    ANSWER_DAYS,
    NOTICE_REQUEST,
    NOTICE_REQUEST_LATE,
    NOTICE_REQUEST_NEAR,
    REMIND_DAYS,
    WORDS_CHARS,
    RequestState,
    Source,
    Verified,
)
from privacy.models import Request
from privacy.reports.copied import copy_file

KIND = "privacy.request"
MOST = 500


@dataclass(frozen=True)
class Asked:
    """Who asks for what, of the street GRID. VERIFIED where it was proved already, by the request that is asked again."""

    grid: Grid
    name: str
    phone: str
    asks: Sequence[str]
    words: str = ""
    source: str = Source.DESK
    verified: str = ""
    user: User | None = None


@transaction.atomic
def take_request(*, asked: Asked, by: User, at: dt.datetime, again_of: Request | None = None) -> tuple[Request, str]:
    """Take down what somebody asks; the row, and the code by which the person follows it, which is shown this once."""
    rules.can_take_request(by, asked.grid, asked.source).insist()
    rules.fits_request(asked.asks, asked.name, asked.phone).insist()
    advisory_lock(KIND)
    day = f"{localdate(at):%Y%m%d}"
    serial = Request.objects.filter(no__startswith=f"GX{day}").count() + 1
    code = code_of(secrets.token_urlsafe(24))
    due = due_after(asked.grid.code, at, ANSWER_DAYS, LimitUnit.WORK_DAY).at
    row = Request(
        no=f"GX{day}{serial:03}", grid=asked.grid, source=asked.source, asks=list(dict.fromkeys(asked.asks)), received_at=at, due_at=due,
        entered_by=by, user=asked.user, code_digest=digest(code), again_of=again_of,
    )  # fmt: skip
    row.who, row.contact = asked.name.strip(), plain_phone(asked.phone)
    row.words = asked.words.strip()[:WORDS_CHARS]
    if asked.verified:
        row.state, row.verified, row.verified_by, row.verified_at = (
            RequestState.VERIFIED,
            Verified(asked.verified),
            by,
            at,
        )
    row.save()
    data = {"asks": row.asks, "source": row.source, "verified": row.verified, "again_of": again_of and again_of.no}
    record("privacy.requested", row, by=by, at=at, data=data)
    promise(KIND, row.pk, due_at=due_after(asked.grid.code, at, REMIND_DAYS, LimitUnit.WORK_DAY).at)
    tell_office(row, NOTICE_REQUEST, "new", at)
    return row, code


@transaction.atomic
def ask_again(*, request: Request | int, words: str, by: User, at: dt.datetime) -> tuple[Request, str]:
    """The person doesn't accept a refusal: a request of its own, of what was refused, decided anew. BY is the door, or staff."""
    row: Request = Request.objects.select_related("grid").locked(request)
    parts = list(row.parts.all())
    rules.can_ask_again(row, parts, row.again.exists()).insist()
    refused = [part.ask for part in parts if not part.granted]
    asked = Asked(row.grid, row.person_name, row.person_phone, refused, words, row.source, row.verified, row.user)
    return take_request(asked=asked, by=by, at=at, again_of=row)


@transaction.atomic
def remind_of_request(*, request: int, by: User, at: dt.datetime) -> dt.datetime | None:
    """Ten working days are over, or fifteen; the office hears of it. When to look again; None once it is answered or told late."""
    row = Request.objects.filter(pk=request).select_related("grid").first()
    if row is None:
        return None
    row = Request.objects.select_related("grid").locked(row)
    if row.state == RequestState.ANSWERED:
        return None
    if at < row.due_at:
        tell_office(row, NOTICE_REQUEST_NEAR, "near", at)
        return row.due_at
    tell_office(row, NOTICE_REQUEST_LATE, "late", at)
    record("privacy.request_late", row, by=by, at=at)
    return None


@transaction.atomic
def copy_out(*, request: Request | int, whole: bool, by: User, at: dt.datetime) -> bytes:
    """Hand the copy out, once: a ZIP (privacy.reports.copied), WHOLE for the person. One that can't be made counts as not fetched.
    Raises Conflict for a second time."""
    row: Request = Request.objects.select_related("grid").locked(request)
    rules.can_fetch_copy(row, at).insist()
    row.change(copied_at=at)
    record_look("privacy.copied", row, by=by, at=at)
    return copy_file(row, at, whole=whole)


def forget_requests(*, by: User, at: dt.datetime) -> int:
    """Strike out who asked and in what words, once the time is over; how many. That it was asked and answered stays."""
    due = list(Request.objects.filter(forget_at__lte=at).order_by("forget_at").values_list("pk", flat=True)[:MOST])
    for key in due:
        _forget(key, by=by, at=at)
    return len(due)


@transaction.atomic
def _forget(key: int, *, by: User, at: dt.datetime) -> None:
    row: Request = Request.objects.select_related("grid").locked(key)
    row.change(who="", contact="", words="", answer="", code_digest="", user=None, forget_at=None)
    record("privacy.request_forgotten", row, by=by, at=at)
