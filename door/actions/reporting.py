"""Taking a resident's report in, or somebody's "me too"; each is answered with a number and a code."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction

from accounts.models import User
from cases.actions import Report, report_case
from cases.models import Case
from door import rules
from door.choices import CONTACT_AT_MOST, SlipKind
from door.models import Slip
from gridgov.core.codes import code_of, digest
from gridgov.core.records import record


@dataclass(frozen=True)
class Handed:
    """What is handed to the resident: the slip, and the code that is shown this once."""

    slip: Slip
    code: str


@transaction.atomic
def take_report(
    *, key: str, report: Report, photos: Sequence[BinaryIO] = (), consent: str = "", by: User, at: dt.datetime
) -> Handed:
    """Take REPORT in with its PHOTOS. The code follows from KEY, the random one that came with the form, so that whoever
    sends the form once more (gridgov.core.idempotency) is told the same.

    Raises Invalid like report_case, and where contact data comes without CONSENT, the version of the notice agreed to.
    """
    rules.fit_contact(report.reporter_name, report.reporter_phone, consent).insist()
    case = report_case(report=report, photos=photos, by=by, at=at)
    named = bool(report.reporter_name or report.reporter_phone)
    return _hand(key, case, SlipKind.REPORT, consent=consent if named else "", by=by, at=at)


@transaction.atomic
def join_report(
    *, key: str, case: int, name: str = "", phone: str = "", consent: str = "", by: User, at: dt.datetime
) -> Handed:
    """Say "me too" to an open CASE. Raises Conflict where it is not open any more."""
    rules.fit_contact(name, phone, consent).insist()
    held: Case = Case.objects.select_related("category", "grid").defer("search").locked(case)
    rules.can_join(held).insist()
    named = consent if name or phone else ""
    return _hand(key, held, SlipKind.ME_TOO, name=name, phone=phone, consent=named, by=by, at=at)


def _hand(
    key: str, case: Case, kind: SlipKind, *, by: User, at: dt.datetime, consent: str, name: str = "", phone: str = ""
) -> Handed:
    code = code_of(key)
    slip = Slip.objects.create(
        case=case, kind=kind, code_digest=digest(code), made_at=at, name=name, phone=phone, consent=consent,
        consented_at=at if consent else None, expires_at=at + CONTACT_AT_MOST if consent else None,
    )  # fmt: skip
    record("door.slip_given", slip, by=by, at=at, data={"case": case.no, "kind": kind, "consent": consent})
    return Handed(slip, code)
