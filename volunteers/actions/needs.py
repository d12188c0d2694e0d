"""Needs for help: entered by an organiser for a resident, from a case, or by the number of a care plan; answered by projects."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Case
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from grids.models import Grid
from volunteers.choices.work import MOST_PLACES, NeedSource, NeedState
from volunteers.models import Need, Project
from volunteers.rules import projects as rules
from volunteers.rules.organising import can_organise


@transaction.atomic
def enter_need(
    *,
    grid: Grid,
    words: str,
    case: Case | None = None,
    reference: str = "",
    skill: str = "",
    people: int = 1,
    wanted_on: dt.date | None = None,
    by: User,
    at: dt.datetime,
) -> Need:
    """Write down that help is needed on GRID: because of CASE, of the care plan REFERENCE, or of neither, for a resident. Who needs it
    is never written here. Raises Forbidden, Invalid."""
    can_organise(by, grid).insist()
    rules.fit_words(words, "words").insist()
    rules.fit_skills([skill] if skill else []).insist()
    if case is not None and reference:
        raise Invalid(_("A need comes from a case or from a care plan, not from both."), field="reference")
    if not 1 <= people <= MOST_PLACES:
        raise Invalid(_("Between 1 and %(count)s people.") % {"count": MOST_PLACES}, field="people")
    source = NeedSource.CASE if case else NeedSource.CARE if reference.strip() else NeedSource.RESIDENT
    row = Need.objects.create(
        grid=grid, source=source, case=case, reference=reference.strip(), words=words.strip(), skill=skill, people=people,
        wanted_on=wanted_on, entered_by=by, entered_at=at,
    )  # fmt: skip
    record("volunteers.need_entered", row, by=by, at=at, data={"source": source})
    return row


@transaction.atomic
def take_up_need(*, need: Need | int, project: Project | int, by: User, at: dt.datetime) -> Need:
    """Let PROJECT answer the need. Raises Forbidden, Invalid for a project elsewhere, Conflict."""
    held: Project = Project.objects.for_list().locked(project)
    row: Need = Need.objects.for_list().locked(need)
    rules.can_move_need(by, row, NeedState.TAKEN).insist()
    rules.can_take_up(by, row, held).insist()
    row.change(state=NeedState.TAKEN, project=held)
    record("volunteers.need_taken_up", row, by=by, at=at, data={"project": held.pk})
    return row


@transaction.atomic
def meet_need(*, need: Need | int, by: User, at: dt.datetime) -> Need:
    """The help was given. Raises Forbidden, Conflict."""
    row: Need = Need.objects.for_list().locked(need)
    rules.can_move_need(by, row, NeedState.MET).insist()
    row.change(state=NeedState.MET)
    record("volunteers.need_met", row, by=by, at=at)
    return row


@transaction.atomic
def drop_need(*, need: Need | int, reason: str, by: User, at: dt.datetime) -> Need:
    """No help is needed any more, or none can be given. Raises Forbidden, Invalid without a reason, Conflict."""
    row: Need = Need.objects.for_list().locked(need)
    rules.can_move_need(by, row, NeedState.DROPPED).insist()
    rules.fit_words(reason, "reason").insist()
    row.change(state=NeedState.DROPPED, reason=reason.strip())
    record("volunteers.need_dropped", row, by=by, at=at, data={"reason": row.reason})
    return row


@transaction.atomic
def reopen_need(*, need: Need | int, by: User, at: dt.datetime) -> Need:
    """It waits for help again. Raises Forbidden, Conflict."""
    row: Need = Need.objects.for_list().locked(need)
    rules.can_move_need(by, row, NeedState.OPEN).insist()
    row.change(state=NeedState.OPEN, project=None, reason="")
    record("volunteers.need_reopened", row, by=by, at=at)
    return row
