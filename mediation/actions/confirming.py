"""The parties ask the court together to confirm what they agreed on (司法确认, 人民调解法 33)."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.choices import NoticeKind
from accounts.models import User
from gridgov.core import jobs
from gridgov.core.calendar import WorkCalendar
from gridgov.core.records import record
from mediation.actions.agreements import CONFIRM_NEAR, moment_of
from mediation.actions.taking import directors_of, mediators_of, take, tell
from mediation.choices.deeds import CONFIRM_WARNING, NOTICE_CONFIRM_NEAR, Confirmation
from mediation.models import Agreement, Mediation
from mediation.rules import dates
from mediation.rules import performing as rules


@transaction.atomic
def ask_court(*, mediation: Mediation | int, on: dt.date, court: str, by: User, at: dt.datetime) -> Agreement:
    """Write down that all parties asked COURT together ON that day. Raises Invalid for a day after the last one."""
    held = _held(mediation, by)
    rules.check_asked(on, court, held, localdate(at)).insist()
    return _note(held, Confirmation.ASKED, on, by=by, at=at, court=court.strip(), court_no="")


@transaction.atomic
def note_ruling(
    *, mediation: Mediation | int, confirmed: bool, on: dt.date, court_no: str = "", by: User, at: dt.datetime
) -> Agreement:
    """Write down what the court said. Raises Conflict where none is asked, Invalid for days that can't be."""
    held = _held(mediation, by)
    rules.check_ruling(on, court_no, held, localdate(at)).insist()
    said = Confirmation.CONFIRMED if confirmed else Confirmation.REJECTED
    return _note(held, said, on, by=by, at=at, court_no=court_no.strip())


def _held(mediation: Mediation | int, by: User) -> Agreement:
    row = take(mediation, by, "confirm")
    rules.has_agreement(row).insist()
    held: Agreement = Agreement.objects.get(mediation=row)
    held.mediation = row
    return held


def _note(held: Agreement, said: Confirmation, on: dt.date, *, by: User, at: dt.datetime, **values: str) -> Agreement:
    row = held.mediation
    held.change(confirmation=said, confirmation_on=on, **values)
    row.change(version=row.version + 1)
    record("mediation.confirmation", row, by=by, at=at, data={"state": said, "on": on.isoformat()})
    return held


def remind_of_court(*, agreement: int, at: dt.datetime) -> dt.datetime | None:
    """Tell the mediators that the days to ask the court run out, unless it was asked; answers when to look again, where the
    last day has moved meanwhile."""
    held = Agreement.objects.filter(pk=agreement, confirmation=Confirmation.NONE).for_list().first()
    if held is None or held.confirm_by is None or held.confirm_by < localdate(at):
        return None
    due = moment_of(held.confirm_by) - CONFIRM_WARNING
    if due > at:
        return due
    words = {"key": "confirm", "day": held.confirm_by.isoformat()}
    tell(
        held.mediation,
        mediators_of(held.mediation) or directors_of(held.mediation),
        NoticeKind.NEAR,
        NOTICE_CONFIRM_NEAR,
        at,
        **words,
    )
    return None


@transaction.atomic
def reckon_anew(*, by: User, at: dt.datetime) -> int:
    """Reckon the last days to ask the court anew, by the calendar as it is now; how many moved. Those that are over stay."""
    still = Agreement.objects.filter(confirm_by__gte=localdate(at), confirmation=Confirmation.NONE)
    wanted = list(still.order_by("mediation").values_list("mediation", "effective_on"))
    if not wanted:
        return 0
    spans = [dates.last_days(effective) for _pk, effective in wanted if effective is not None]
    days = WorkCalendar.of("", min(first for first, _last in spans), max(last for _first, last in spans))
    return sum(_move(pk, dates.confirm_by(effective, days), by=by, at=at) for pk, effective in wanted if effective)


def _move(pk: int, until: dt.date, *, by: User, at: dt.datetime) -> bool:
    row: Mediation = Mediation.objects.for_list().locked(pk)
    held = Agreement.objects.get(mediation=row)
    if not held.change(confirm_by=until):
        return False
    jobs.rearm(CONFIRM_NEAR, {held.pk: moment_of(until) - CONFIRM_WARNING})
    record("mediation.confirmation_moved", row, by=by, at=at, data={"confirm_by": until.isoformat()})
    return True
