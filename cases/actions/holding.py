"""Standing still and running on: suspension 挂起 ends by itself, parking 挂账 is looked at again on its review day."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import User
from cases import rules
from cases.actions import moving
from cases.actions.asking import wait_on
from cases.actions.people import leads_at
from cases.actions.striking import catch_up
from cases.actions.taking import AGAIN, is_free, notices, take, write_down
from cases.choices import NOTICE_RESUMED, NOTICE_REVIEW, Hold, Level, PauseReason
from cases.models import Application, Case, Pause
from gridgov.core import jobs
from gridgov.core.errors import Invalid

KIND = "cases.pause"


def hold_still(
    case: Case, hold: Hold, *, cause: PauseReason, until: dt.datetime, plan: str = "", application: Application | None = None,
    by: User, at: dt.datetime,
) -> dict[str, list[Any]]:  # fmt: skip
    """Let the locked CASE stand still UNTIL then; answers what changed. Other rooms suspend a case like this too."""
    changes = case.move("suspend" if hold == Hold.SUSPENDED else "park", hold=hold, hold_until=until)
    pause = Pause.objects.create(
        case=case, kind=hold, cause=cause, plan=plan, application=application, by=by, started_at=at, until=until
    )
    catch_up(case, at=at)
    moving.stand_still(case, reason=str(cause.value), by=by, at=at)
    jobs.promise(KIND, pause.pk, due_at=until)
    return changes


def hold_longer(case: Case, *, until: dt.datetime) -> dict[str, list[Any]]:
    """Let the locked CASE, which stands still, do so UNTIL then; answers what changed. Other rooms, whose limits move, too."""
    pause = case.pauses.select_for_update().get(ended_at=None)
    pause.change(until=until, reviews=pause.reviews + 1)
    jobs.rearm(KIND, {pause.pk: until})
    return case.change(hold_until=until, version=case.version + 1)


@transaction.atomic
def resume_case(*, case: Case | int, note: str = "", by: User, at: dt.datetime) -> Case:
    """Run on before the day, with what was left of the time."""
    case = take(case, by, "resume")
    rules.can_resume(by, case).insist()
    _run_on(case, note, by=by, at=at)
    return case


def end_open_pause(case: Case, *, by: User, at: dt.datetime) -> dict[str, Any]:
    """Part of other verbs: if CASE stands still, its clocks run on; answers the values that its row gets. A suspension was
    over on its day, even if nobody has looked yet: a worker that was down wins nobody time."""
    if not case.hold:
        return {}
    pause: Pause = case.pauses.get(ended_at=None)
    over = min(at, pause.until) if pause.kind == Hold.SUSPENDED else at
    clock = moving.run_on(case, by=by, at=over)
    pause.change(ended_at=over, ended_by=by)
    moved = {"due_at": clock.due_at, "provisional": clock.provisional} if clock else {}
    return {"hold": "", "hold_until": None, **moved}


@transaction.atomic
def review_parked(*, case: Case | int, until: dt.datetime, note: str, by: User, at: dt.datetime) -> Case:
    """A parked case was looked at and stays parked, until the next review day. NOTE says how the plan goes."""
    case = take(case, by, "resume")
    rules.can_review(by, case).insist()
    if case.hold != Hold.PARKED:
        raise Invalid(_("This case is not parked."), code="not_parked")
    if not note.strip():
        raise Invalid(_("Say how the plan goes."), field="note")
    if until <= at:
        raise Invalid(_("Name a day that lies ahead."), field="until")
    changes = hold_longer(case, until=until)
    write_down("cases.reviewed", case, changes, by=by, at=at, note=note.strip())
    return case


@transaction.atomic
def end_pause(*, pause: int, by: User, at: dt.datetime) -> dt.datetime | None:
    """The day of a pause has come: a suspended case runs on by itself, of a parked one the street is reminded.
    Answers when to look again, if the day was moved meanwhile."""
    row = Pause.objects.filter(pk=pause, ended_at=None).first()
    if row is None:
        return None
    if not is_free(row.case_id):
        return at + AGAIN
    case = take(row.case_id, by)
    row = Pause.objects.select_for_update().get(pk=pause)
    if row.ended_at is not None:
        return None
    if row.until > at:
        return row.until
    if row.kind == Hold.PARKED:
        people = leads_at(case, Level.STREET, localdate(at))
        key = f"pause:{row.pk}:{row.reviews}"
        notify(notices(case, people, NoticeKind.NEAR, NOTICE_REVIEW, at, key=key), at=at)
        return None
    _run_on(case, "", by=by, at=at)
    return None


def _run_on(case: Case, note: str, *, by: User, at: dt.datetime) -> None:
    changes = case.move("resume", **end_open_pause(case, by=by, at=at))
    wait_on(case)
    write_down("cases.resumed", case, changes, by=by, at=at, note=note.strip())
    people = [case.lead_order.handler_id] if case.lead_order and case.lead_order.handler_id else []
    notify(notices(case, people, NoticeKind.PROGRESS, NOTICE_RESUMED, at), at=at)
