"""The clock of a case stands still while its dispute is mediated, and comes back with the result."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.choices import NoticeKind
from accounts.models import User
from cases.actions import resume_case
from cases.actions.holding import hold_longer, hold_still
from cases.actions.taking import take, write_down
from cases.choices import Hold, PauseReason, Urgency
from cases.models import Case
from mediation.actions.taking import tell
from mediation.choices.files import NOTICE_ENDED
from mediation.models import Mediation


def hold_case(mediation: Mediation) -> None:
    """Hold the case of MEDIATION, where it has one, before the committee is held."""
    if mediation.case_id is not None:
        take(mediation.case_id, User.objects.system())


def stand_still(mediation: Mediation, *, at: dt.datetime) -> None:
    """Let the case of the accepted MEDIATION stand still until its limit, where a case like it may: never an emergency, nor a
    category whose clock can't be paused. The house does it: who mediates is not said in a case."""
    if mediation.case_id is None or mediation.due_at is None:
        return
    by = User.objects.system()
    case = take(mediation.case_id, by)
    if case.hold or case.urgency == Urgency.EMERGENCY or not case.category.pausable or not case.can_move("suspend"):
        return
    changes = hold_still(case, Hold.SUSPENDED, cause=PauseReason.IN_MEDIATION, until=mediation.due_at, by=by, at=at)
    write_down("cases.suspended", case, changes, by=by, at=at, note=mediation.no)


def stand_longer(mediation: Mediation, *, at: dt.datetime) -> None:
    """The limit of MEDIATION was moved: so long its case stands still."""
    if mediation.case_id is None or mediation.due_at is None:
        return
    by = User.objects.system()
    case = take(mediation.case_id, by)
    if _stands_for_mediation(case):
        changes = hold_longer(case, until=mediation.due_at)
        write_down("cases.suspended", case, changes, by=by, at=at, note=mediation.no)


def give_back(mediation: Mediation, *, at: dt.datetime) -> None:
    """MEDIATION is over: its case runs on with what was left of its time, and whoever handed it over hears the result's kind."""
    if mediation.case_id is None:
        return
    by = User.objects.system()
    case = take(mediation.case_id, by)
    with override(settings.LANGUAGE_CODE):
        outcome = str(mediation.get_outcome_display())
        note = _("Mediation %(no)s is over: %(outcome)s.") % {"no": mediation, "outcome": outcome}
    if _stands_for_mediation(case):
        resume_case(case=case, note=note, by=by, at=at)
    people = [mediation.entered_by_id]
    tell(mediation, people, NoticeKind.PROGRESS, NOTICE_ENDED, at, key="ended", leading=case.no, event=outcome)


def _stands_for_mediation(case: Case) -> bool:
    return case.hold == Hold.SUSPENDED and case.pauses.filter(ended_at=None, cause=PauseReason.IN_MEDIATION).exists()
